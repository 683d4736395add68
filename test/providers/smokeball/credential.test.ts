import type { IDataObject } from 'n8n-workflow';

import { load } from '../../host/harness';
import { expressionsFor } from '../run';
import { answering, lines } from '../wire';
import { host, one, run, token } from './vendor';

describe('the credential', () => {
	test.each([
		['https://api.smokeball.com.au', { baseUrl: 'https://api.smokeball.com.au' }],
		['https://stagingapi.smokeball.co.uk', { baseUrl: 'https://stagingapi.smokeball.co.uk' }],
		[
			'https://api.smokeball.com',
			{ baseUrl: 'custom', customBaseUrl: 'https://api.smokeball.com/' },
		],
		['http://127.0.0.1:4010/smokeball', { baseUrl: 'http://127.0.0.1:4010/smokeball' }],
	])('leads to %s', async (address, fields) => {
		const { origin, pathname } = new URL(address);
		const sent = answering(origin, [200, []]);
		const credentials = { smokeballApi: { ...token.smokeballApi, ...fields } };
		expect(await run('getAll', {}, { credentials })).toEqual([]);
		expect(lines(sent)).toEqual([`GET ${pathname.replace(/\/$/, '')}/subscriptions`]);
	});

	test('with a base URL that is none keeps its key', async () => {
		const credentials = {
			smokeballApi: { ...token.smokeballApi, baseUrl: 'http://evil.test', customBaseUrl: '' },
		};
		expect(await one('cancel', {}, { credentials })).toMatchObject({ outcome: 'invalid' });
	});

	test('is tested by reading', async () => {
		const { test: check } = (await load()).getCredential('smokeballApi').type;
		expect(check?.request.url).toBe('/subscriptions');
		expect(check?.request.method).toBeUndefined();
		const expression = await expressionsFor('smokeball');
		const of = (fields: IDataObject) =>
			expression.getParameterValue(check!.request.baseURL!, null, 0, 0, 'smokeball', [], 'manual', {
				$credentials: fields,
			} as never);
		expect(of({ baseUrl: host })).toBe(host);
		expect(of({ baseUrl: 'custom', customBaseUrl: 'https://x.test' })).toBe('https://x.test');
	});
});
