import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { testCredential } from '../../credentials/testCredential';
import { answering, lines } from '../wire';
import { urn, key, list, seen, run, one } from './vendor';

const azotteApi = { type: 'azotteApi', node: 'azotte' };

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

	test.each<[string, IDataObject]>([
		['https://acme.azotte.com', {}],
		['https://acme.sandbox.azotte.com', { environment: 'sandbox' }],
	])('is tested at %s', async (address, fields) => {
		const sent = answering(address, [
			200,
			{ isAvailable: true, status: { messageCode: 'SUCCESS' } },
		]);
		const data = { ...key.azotteApi, ...fields } as ICredentialDataDecryptedObject;
		expect(await testCredential(azotteApi, data)).toMatchObject({ status: 'OK' });
		expect(lines(sent)).toEqual(['POST /api/v1/c2a/customer/validate']);
	});

	test('is tested nowhere with a project that is none', async () => {
		const sent = answering('https://evil.test');
		const data = { ...key.azotteApi, projectName: 'evil.test/' };
		expect(await testCredential(azotteApi, data)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('Project Name'),
		});
		expect(lines(sent)).toEqual([]);
	});
});
