import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { ICredentialType } from 'n8n-workflow';
import { repository } from '../../host/paths';
import { sandboxCredentials } from '../../host/sandboxCredentials';

/** How one kind of credential is filled in by hand. */
export interface Form {
	type: string;
	/** As n8n names it in its list. */
	displayName: string;
	/** By the name of the field. */
	data: Record<string, string>;
	/** The fields that nobody may read over a shoulder. */
	secret: string[];
}

const folder = path.join(repository, 'credentials');
const types = readdirSync(folder).map((file) => {
	const module = jest.requireActual<Record<string, new () => ICredentialType>>(
		path.join(folder, file),
	);
	return new (Object.values(module)[0])();
});

/** The sandbox's account of a type. */
export function accountOf(type: string, sandbox: string) {
	const found = sandboxCredentials(sandbox).find((one) => one.type === type);
	if (!found) throw new Error(`The sandbox has no account of the type ${type}.`);
	return found;
}

/** Every kind of credential that is filled in by hand, for the sandbox; with OAuth2 one signs in. */
export const forms = (sandbox: string): Form[] =>
	types
		.filter(({ name }) => !/OAuth2Api$/.test(name))
		.map(({ name, displayName }) => {
			const data = accountOf(name, sandbox).data as Record<string, string>;
			const secret = Object.keys(data).filter((field) => /key|token|secret/i.test(field));
			return { type: name, displayName, data, secret };
		});
