import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { testCredential } from '../../credentials/testCredential';
import { answering, arrived, lines } from '../wire';
import { azotte, key, list, ok, one, run, seen, urn } from './vendor';

const doubtful = ['', 'evil.test/', 'a.b', 'Acme', 'a@evil.test', 'a#', 'a b'];
const places: Array<[string, IDataObject]> = [
	['https://acme.azotte.com/api/v1/c2a', {}],
	['https://acme.sandbox.azotte.com/api/v1/c2a', { environment: 'sandbox' }],
	['https://other.test/x', { baseUrl: 'https://other.test/x/' }],
];
const account = (fields: IDataObject) =>
	({ ...key.azotteApi, ...fields }) as ICredentialDataDecryptedObject;

describe('the credential', () => {
	test.each(places)('leads to %s', async (address, fields) => {
		const { origin, pathname } = new URL(address);
		const sent = answering(origin, [200, list()]);
		const azotteApi = account(fields);
		expect(await run('getAll', seen, { credentials: { azotteApi } })).toHaveLength(1);
		expect(lines(sent)).toEqual([`GET ${pathname}/subscription/${urn}`]);
	});

	test.each(places)('is tested at %s, where it leads', async (address, fields) => {
		const { origin, pathname } = new URL(address);
		const sent = answering(origin, [200, JSON.stringify({ ...ok(), isAvailable: true })]);
		expect(
			await testCredential({ type: 'azotteApi', node: 'azotte' }, account(fields)),
		).toMatchObject({ status: 'OK' });
		expect(lines(sent)).toEqual([`POST ${pathname}/customer/validate`]);
	});

	test.each(doubtful)('with the project "%s" keeps its key', async (projectName) => {
		azotte();
		const azotteApi = account({ projectName });
		for (const operation of ['cancel', 'getAll']) {
			expect(await one(operation, seen, { credentials: { azotteApi } })).toMatchObject({
				outcome: 'invalid',
				message: expect.stringContaining('Project Name'),
			});
		}
		expect(await testCredential({ type: 'azotteApi', node: 'azotte' }, azotteApi)).toEqual({
			status: 'Error',
			message: expect.stringContaining('Project Name'),
		});
		expect(arrived).toEqual([]);
	});

	test.each(['', 'Live', 'staging', null])(
		'with the environment %j keeps its key',
		async (environment) => {
			azotte();
			const azotteApi = account({ environment });
			expect(await one('getAll', seen, { credentials: { azotteApi } })).toMatchObject({
				outcome: 'invalid',
				message: expect.stringContaining('neither live nor sandbox'),
			});
			expect(await testCredential({ type: 'azotteApi', node: 'azotte' }, azotteApi)).toEqual({
				status: 'Error',
				message: expect.stringContaining('neither live nor sandbox'),
			});
			expect(arrived).toEqual([]);
		},
	);
});
