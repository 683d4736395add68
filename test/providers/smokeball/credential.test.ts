import { answering, arrived, lines } from '../wire';
import { oAuth2, one, run, token } from './vendor';

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

	test.each([
		['us', 'production', 'https://api.smokeball.com'],
		['uk', 'staging', 'https://stagingapi.smokeball.co.uk'],
		[undefined, undefined, 'https://api.smokeball.com'],
	])('of OAuth2 leads from %s and %s to %s', async (region, environment, origin) => {
		const sent = answering(origin, [200, []]);
		const credentials = oAuth2({ region, environment } as never);
		expect(await run('getAll', { authentication: 'oAuth2' }, { credentials })).toEqual([]);
		expect(sent).toHaveLength(1);
	});

	test.each([
		['', 'production'],
		['nz', 'production'],
		['constructor', 'production'],
		['us', 'sandbox'],
		[null, 'production'],
	])(
		'of OAuth2 with region "%s" and environment "%s" keeps its key',
		async (region, environment) => {
			const credentials = oAuth2({ region, environment } as never);
			expect(await one('cancel', { authentication: 'oAuth2' }, { credentials })).toMatchObject({
				outcome: 'invalid',
				message: expect.stringContaining('Choose a region and an environment'),
			});
			expect(arrived).toEqual([]);
		},
	);

	test.each(['key\nof_firm', 'key_of\u200b_firm', 'ключ_of_firm'])(
		'of OAuth2 with the API key %j, which no header can hold, keeps it',
		async (apiKey) => {
			const credentials = oAuth2({ apiKey });
			const { outcome, message } = await one(
				'cancel',
				{ authentication: 'oAuth2' },
				{ credentials },
			);
			expect(outcome).toBe('invalid');
			expect(message).toMatch(/^A key of the Smokeball credential holds .+ Nothing was sent\./);
			expect(arrived).toEqual([]);
		},
	);

	test('of OAuth2 sends its API key without the blanks around it', async () => {
		const sent = answering('https://api.smokeball.com', [200, []]);
		const credentials = oAuth2({ apiKey: ' key_of_firm\u200b\n' });
		await run('getAll', { authentication: 'oAuth2' }, { credentials });
		expect(sent[0].headers['x-api-key']).toBe('key_of_firm');
	});
});
