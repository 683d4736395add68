import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { tried } from '../tried';
import { answering, arrived, lines } from '../wire';
import { azotte, urn, key, list, ok, said, seen, run, one } from './vendor';

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

	const validated = 'POST /api/v1/c2a/customer/validate';
	const check = async (fields: IDataObject = {}) =>
		await tried('azotte', 'azotteApi', {
			...key.azotteApi,
			...fields,
		} as ICredentialDataDecryptedObject);

	test('is tested by asking whether an ID is free, which writes nothing', async () => {
		const sent = azotte([200, ok()]);
		expect(await check()).toEqual({ status: 'OK', message: expect.any(String) });
		expect(lines(sent)).toEqual([validated]);
		expect(sent[0]).toMatchObject({
			body: { externalId: 'n8n-credential-test' },
			headers: { 'x-api-key': 'sk_live_secret', 'x-tn': 'tenant_1' },
		});
	});

	test.each<[string, IDataObject]>([
		['https://acme.sandbox.azotte.com/api/v1/c2a', { environment: 'sandbox' }],
		['https://other.test/x', { baseUrl: 'https://other.test/x/' }],
		['http://127.0.0.1:4010/x', { baseUrl: 'http://127.0.0.1:4010/x' }],
	])('is tested at %s, where the node goes', async (address, fields) => {
		const { origin, pathname } = new URL(address);
		const sent = answering(origin, [200, ok()]);
		expect(await check(fields)).toMatchObject({ status: 'OK' });
		expect(lines(sent)).toEqual([`POST ${pathname}/customer/validate`]);
	});

	test.each<IDataObject>([{ projectName: 'evil.test/' }, { baseUrl: 'http://evil.test/x' }])(
		'with %j is not tested at all',
		async (fields) => {
			azotte();
			expect(await check(fields)).toMatchObject({ status: 'Error' });
			expect(arrived).toEqual([]);
		},
	);

	test.each<[number, unknown, string]>([
		[200, said('UNAUTHORIZED'), 'does not confirm the API key or tenant'],
		[200, '<html>', 'does not confirm the API key or tenant'],
		[200, {}, 'does not confirm the API key or tenant'],
		[401, '', 'Azotte did not accept the API key or tenant.'],
		[302, '', 'redirect to https://elsewhere.test/, which was not followed'],
	])('a test that is answered %i %j fails', async (status, body, message) => {
		azotte([status, body, { location: 'https://elsewhere.test/' }]);
		expect(await check()).toEqual({
			status: 'Error',
			message: expect.stringContaining(message),
		});
		expect(lines(arrived)).toEqual([validated]);
	});
});
