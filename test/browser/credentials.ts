import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { repository } from '../../host/paths';
import { sandboxCredentials } from '../../host/sandboxCredentials';

/** Values of a credential form. */
export interface Form {
	type: string;
	/** Display name in n8n's list. */
	displayName: string;
	/** The fields that are filled in, and their values. */
	fields: Array<{ property: INodeProperties; value: unknown }>;
	/** The fields that the form masks. */
	secret: string[];
}

const folder = path.join(repository, 'credentials');
const types = readdirSync(folder).map((file) => {
	const module = jest.requireActual<Record<string, new () => ICredentialType>>(
		path.join(folder, file),
	);
	return new (Object.values(module)[0])();
});

/** The sandbox's credential of a type. */
export function accountOf(type: string, sandbox: string) {
	const found = sandboxCredentials(sandbox).find((one) => one.type === type);
	if (!found) throw new Error(`The sandbox has no account of the type ${type}.`);
	return found;
}

/** The forms of all credential types without OAuth2, filled in for the sandbox. */
export const forms = (sandbox: string): Form[] =>
	types
		.filter(({ name }) => !/OAuth2Api$/.test(name))
		.map(({ name, displayName, properties }) => {
			const { data } = accountOf(name, sandbox);
			const fields = properties
				.map((property) => ({ property, value: data[property.name] }))
				.filter(({ property, value }) => value !== undefined && value !== property.default);
			const secret = fields
				.filter(
					({ property: { name: field, typeOptions } }) =>
						/key|token|secret/i.test(field) || typeOptions?.password,
				)
				.map(({ property }) => property.name);
			return { type: name, displayName, fields, secret };
		});
