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
	/** Where the API lives, if no base URL is given. */
	home: string;
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

/** The account with its API at this address. */
export const at = ({ data, address }: Tested, url: string): ICredentialDataDecryptedObject => ({
	...data,
	[address]: url,
});
