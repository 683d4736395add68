import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import type { SigningCredential } from '../../nodes/shared/contract/credential';

/** Plain values by the credential's class: `FunnelFoxApi`. */
export type Plain = Record<string, ICredentialDataDecryptedObject>;

/** A class' name as that of its node or credential. */
export const camel = (name: string) => name[0].toLowerCase() + name.slice(1);

/** A new one of a class that the package exports. */
export async function made<T>(path: string, name: string): Promise<T> {
	const module = (await import(path)) as Record<string, new () => T>;
	return new module[name]();
}

/** Signs with what the credential types themselves declare, as n8n does. */
export async function credentialsHelper(credentials: Plain) {
	const types: Record<string, SigningCredential> = {};
	for (const name of Object.keys(credentials)) {
		types[camel(name)] = await made(`../../credentials/${name}.credentials`, name);
	}
	const plain = Object.fromEntries(
		Object.entries(credentials).map(([name, values]) => [camel(name), values]),
	);
	return {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		preAuthentication: async () => undefined,
		runPreAuthentication: async () => undefined,
		getDecrypted: async (_data: unknown, _details: unknown, name: string) => ({ ...plain[name] }),
		async authenticate(
			values: ICredentialDataDecryptedObject,
			name: string,
			options: IHttpRequestOptions,
		) {
			return await types[name].authenticate(values, options);
		},
	};
}
