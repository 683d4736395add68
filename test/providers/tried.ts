import { CredentialTestContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	INodeCredentialTestResult,
	INodeType,
} from 'n8n-workflow';

import { load } from '../host/harness';

/** What the editor says of a credential: the test that the node names for it, run as n8n runs it. */
export async function tried(
	node: string,
	type: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const { description, methods } = (await load()).getNode(node).type as INodeType;
	const used = description.credentials?.find(({ name }) => name === type);
	const test = methods!.credentialTest![used!.testedBy as string];
	return await test.call(new CredentialTestContext(), { id: 't', name: 't', type, data });
}
