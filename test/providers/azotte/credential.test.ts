import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { load } from '../../host/harness';
import { expressionsFor } from '../run';
import { answering, lines } from '../wire';
import { urn, key, list, seen, run, one } from './vendor';

describe('the credential', () => {
	test.each<[string, IDataObject]>([
		['https://acme.azotte.com/api/v1/c2a', {}],
		['https://acme.sandbox.azotte.com/api/v1/c2a', { environment: 'sandbox' }],
		['https://other.test/x', { baseUrl: 'https://other.test/x/' }],
	])('leads to %s', async (address, fields) => {
		const { origin, pathname } = new URL(address);
		const sent = answering(origin, [200, list()]);
		const azotteApi = { ...key.azotteApi, ...fields } as ICredentialDataDecryptedObject;
		expect(await run('getAll', seen, { credentials: { azotteApi } })).toHaveLength(1);
		expect(lines(sent)).toEqual([`GET ${pathname}/subscription/${urn}`]);
	});

	test.each(['', 'evil.test/', 'a.b', 'Acme', 'a@evil.test', 'a#', 'a b'])(
		'with the project "%s" keeps its key',
		async (projectName) => {
			const azotteApi = { ...key.azotteApi, projectName };
			for (const operation of ['cancel', 'getAll']) {
				expect(await one(operation, seen, { credentials: { azotteApi } })).toMatchObject({
					outcome: 'invalid',
					message: expect.stringContaining('Project Name'),
				});
			}
		},
	);

	test('is tested by a call that writes nothing, and only at Azotte', async () => {
		const loader = await load();
		const { request } = loader.getCredential('azotteApi').type.test!;
		expect(request).toMatchObject({ method: 'POST', url: '/customer/validate' });
		const expression = await expressionsFor('azotte');
		const leads = (fields: IDataObject) =>
			expression.getParameterValue(request.baseURL!, null, 0, 0, 'azotte', [], 'manual', {
				$credentials: { ...key.azotteApi, ...fields },
			} as never);
		expect(leads({})).toBe('https://acme.azotte.com/api/v1/c2a');
		expect(leads({ environment: 'sandbox' })).toBe('https://acme.sandbox.azotte.com/api/v1/c2a');
		expect(leads({ baseUrl: 'http://127.0.0.1:4010/x' })).toBe('http://127.0.0.1:4010/x');
		expect(leads({ projectName: 'evil.test/' })).toBe('');
	});
});
