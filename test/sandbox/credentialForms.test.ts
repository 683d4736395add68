import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialType } from 'n8n-workflow';
import { providers } from '../../sandbox/providers';

const folder = join(__dirname, '../../credentials');
const types = readdirSync(folder)
	.filter((file) => file.endsWith('.credentials.ts'))
	.map((file) => {
		const [Type] = Object.values(
			jest.requireActual(join(folder, file)) as Record<string, new () => ICredentialType>,
		);
		return new Type();
	});
/** Fields that n8n's own OAuth2 credential adds to the form. */
const oAuth2Fields = ['Client ID', 'Client Secret'];

const names = types.map(({ displayName }) => displayName);
const forms = providers.flatMap(({ access }) => access('http://127.0.0.1:4010'));

it('the sandbox shows a form for every credential type', () => {
	expect(new Set(forms.map(({ credential }) => credential))).toEqual(new Set(names));
});

it.each(forms)(
	'the form of $credential has only fields that n8n shows',
	({ credential, fields }) => {
		const type = types.find(({ displayName }) => displayName === credential);
		const labels = type?.properties.map(({ displayName }) => displayName);
		const known = [
			...(labels ?? []),
			...(type?.extends?.includes('oAuth2Api') ? oAuth2Fields : []),
		];
		expect(known).toEqual(expect.arrayContaining(Object.keys(fields)));
	},
);
