import { answering, lines } from '../wire';
import { one, run, token } from './vendor';

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
});
