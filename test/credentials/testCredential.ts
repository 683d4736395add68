import { CredentialTestContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
	INodeType,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { load } from '../host/harness';

/** Tests a credential as n8n does when a user saves it. */
export async function testCredential(
	{ type, node }: { type: string; node: string },
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const { description, methods } = (await load()).getNode(node).type as INodeType;
	const { testedBy } = description.credentials!.find(({ name }) => name === type)!;
	// n8n 1.x takes no argument here.
	const context = new CredentialTestContext({} as IWorkflowExecuteAdditionalData);
	return await methods!.credentialTest![testedBy as string].call(
		context as ICredentialTestFunctions,
		{ id: 'c', name: 'Account', type, data },
	);
}
