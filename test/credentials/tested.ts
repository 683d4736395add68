import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** A credential type that a provider's node tests. */
export interface Tested {
	type: string;
	/** An account, but for its base URL. */
	data: ICredentialDataDecryptedObject;
	/** The field that holds the base URL. */
	address: string;
	/** Where the API lives, if no base URL is given; absent: one has to be. */
	home?: string;
	/** The fields with secrets; absent: those named as a key or a token. */
	secrets?: string[];
	/** The secret is the whole value of a header: a scheme such as Bearer belongs to it. */
	isHeader?: true;
	/** Of an API that nothing is known of: any JSON without an error inside confirms the key. */
	anyJson?: true;
	/** The call, as the vendor documents it, and an answer that only a good key gets. */
	call: { method: string; path: string; headers: Record<string, string>; answer: unknown };
}

const folder = join(__dirname, '..', 'providers');

/** Those of every provider, from the folders of their tests; `node`: who tests it. */
export const tested: Array<Tested & { node: string }> = readdirSync(folder)
	.map((node) => ({ node, file: join(folder, node, 'tested.ts') }))
	.filter(({ file }) => existsSync(file))
	.flatMap(({ node, file }) =>
		(jest.requireActual(file) as { tested: Tested[] }).tested.map((one) => ({ ...one, node })),
	);

/** The names of the fields that hold a secret. */
export const secretFields = ({ data, secrets }: Pick<Tested, 'data' | 'secrets'>): string[] =>
	secrets ?? Object.keys(data).filter((name) => /key|token/i.test(name));

/** The account with its API at this address. */
export const at = ({ data, address }: Tested, url: string): ICredentialDataDecryptedObject => ({
	...data,
	[address]: url,
});
