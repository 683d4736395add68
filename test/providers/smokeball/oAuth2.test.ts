import nock from 'nock';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { load } from '../../host/harness';
import { expressionsFor } from '../run';
import { answering, arrived, lines, unasked, type Prepared } from '../wire';
import { answer, id, oAuth2, one, patches, problem, record, run, smokeball } from './vendor';

describe('OAuth2', () => {
	const sandboxed = { authentication: 'oAuth2', options: { maxAttempts: 2 } };
	const basic = `Basic ${Buffer.from('client_of_firm:secret_of_firm').toString('base64')}`;

	test('signs with the token, and adds the API key itself', async () => {
		smokeball([200, record()], [200, answer()]);
		expect(await one('cancel', sandboxed, { credentials: oAuth2() })).toMatchObject({
			outcome: 'scheduled',
		});
		expect(arrived.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
		for (const { headers } of arrived) {
			expect(headers).toMatchObject({
				'x-api-key': 'key_of_firm',
				authorization: 'Bearer old_token',
			});
		}
	});

	test('renews an expired token and sends again what was turned away', async () => {
		smokeball([200, record()], [401, problem(401, 'Expired.')], [200, answer()]);
		const renewal = nock('https://auth.smokeball.com', { reqheaders: { authorization: basic } })
			.post('/oauth2/token', {
				grant_type: 'refresh_token',
				refresh_token: 'refresh_token_of_firm',
			})
			.reply(200, { access_token: 'new_token', expires_in: 3600, token_type: 'Bearer' });
		const done = await one('cancel', sandboxed, { credentials: oAuth2() });
		expect(done).toMatchObject({ outcome: 'scheduled', attempts: 1 });
		expect(renewal.isDone()).toBe(true);
		expect(patches().map(({ headers, body }) => [headers.authorization, body])).toEqual([
			['Bearer old_token', { cancellationType: 'PeriodEnd' }],
			['Bearer new_token', { cancellationType: 'PeriodEnd' }],
		]);
		expect(patches()[1].headers['x-api-key']).toBe('key_of_firm');
	});

	test('keeps the empty object of a resumption', async () => {
		smokeball([401], [202, { id }]);
		nock('https://auth.smokeball.com')
			.post('/oauth2/token')
			.reply(200, { access_token: 'new_token', token_type: 'Bearer' });
		expect(await one('resume', sandboxed, { credentials: oAuth2() })).toMatchObject({
			outcome: 'restored',
		});
		expect(patches().map(({ body }) => body)).toEqual([{}, {}]);
	});

	test.each<[number, IDataObject]>([
		[400, { error: 'invalid_grant' }],
		[401, { error: 'invalid_client' }],
	])('that cannot be renewed (%i) is unauthorized, and nothing was done', async (status, body) => {
		smokeball([200, record()], [401, problem(401, 'Expired.')]);
		nock('https://auth.smokeball.com').post('/oauth2/token').reply(status, body);
		expect(await one('cancel', sandboxed, { credentials: oAuth2() })).toMatchObject({
			outcome: 'unauthorized',
		});
		expect(arrived).toHaveLength(2);
		expect(patches()).toHaveLength(1);
	});

	test('that is renewed and still turned away is unauthorized', async () => {
		// n8n 1.x asks once more, with the same token.
		const refused: Prepared = [401, problem(401, 'No scope.')];
		smokeball([200, record()], [401], refused, refused);
		nock('https://auth.smokeball.com')
			.post('/oauth2/token')
			.reply(200, { access_token: 'new_token', token_type: 'Bearer' });
		expect(await one('cancel', sandboxed, { credentials: oAuth2() })).toMatchObject({
			outcome: 'unauthorized',
			httpStatus: 401,
		});
		expect(
			patches().filter(({ headers }) => headers.authorization === 'Bearer old_token'),
		).toHaveLength(1);
		expect(unasked().length).toBeLessThanOrEqual(1);
	});

	test('that was never connected is unauthorized, and nothing is sent', async () => {
		const credentials = oAuth2({ oauthTokenData: undefined as never });
		expect(await one('cancel', sandboxed, { credentials })).toMatchObject({
			outcome: 'unauthorized',
		});
		expect(arrived).toHaveLength(0);
	});

	test.each<[number, string]>([
		[400, 'notCancellable'],
		[404, 'notFound'],
		[403, 'unauthorized'],
	])('answered %i is %s, with the words of Smokeball', async (status, outcome) => {
		const refused = [status, problem(status, 'In its own words.')] as Prepared;
		const reads: Prepared[] = [status === 400 ? [200, record()] : refused];
		smokeball([200, record()], refused, ...reads);
		expect(await one('cancel', sandboxed, { credentials: oAuth2() })).toMatchObject({
			outcome,
			httpStatus: status,
			description: `HTTP ${status}: In its own words.`,
		});
		expect(patches()).toHaveLength(1);
	});

	test('asks for client credentials with the client ID in the form, too', async () => {
		smokeball([200, record()], [200, answer()]);
		const asked = nock('https://auth.smokeball.com', { reqheaders: { authorization: basic } })
			.post('/oauth2/token', /^grant_type=client_credentials&client_id=client_of_firm(&scope=)?$/)
			.reply(200, { access_token: 'machine_token', expires_in: 3600, token_type: 'Bearer' });
		const credentials = oAuth2({
			grantType: 'clientCredentials',
			oauthTokenData: undefined as never,
			scope: '',
		});
		expect(await one('cancel', sandboxed, { credentials })).toMatchObject({ outcome: 'scheduled' });
		expect(asked.isDone()).toBe(true);
		expect(arrived.map(({ headers }) => headers.authorization)).toEqual([
			'Bearer machine_token',
			'Bearer machine_token',
		]);
	});

	test.each<[IDataObject, string]>([
		[{}, 'https://api.smokeball.com'],
		[{ region: 'au' }, 'https://api.smokeball.com.au'],
		[{ region: 'uk', environment: 'staging' }, 'https://stagingapi.smokeball.co.uk'],
		[{ baseUrl: 'https://api.smokeball.com/acc_1' }, 'https://api.smokeball.com/acc_1'],
	])('with %j leads to %s', async (fields, address) => {
		const { origin, pathname } = new URL(address);
		const sent = answering(origin, [200, []]);
		const credentials = oAuth2(fields as ICredentialDataDecryptedObject);
		expect(await run('getAll', { authentication: 'oAuth2' }, { credentials })).toEqual([]);
		expect(lines(sent)).toEqual([`GET ${pathname.replace(/\/$/, '')}/subscriptions`]);
	});

	test('derives where to sign in from region and environment', async () => {
		const { properties } = (await load()).getCredential('smokeballOAuth2Api').type;
		const expression = await expressionsFor('smokeball');
		const derived = (name: string, fields: IDataObject) =>
			expression.getParameterValue(
				properties.find((property) => property.name === name)!.default as string,
				null,
				0,
				0,
				'smokeball',
				[],
				'manual',
				{},
				undefined,
				false,
				fields as never,
			);
		const us = { region: 'us', environment: 'production' };
		expect(derived('authUrl', us)).toBe('https://auth.smokeball.com/oauth2/authorize');
		expect(derived('accessTokenUrl', us)).toBe('https://auth.smokeball.com/oauth2/token');
		expect(derived('accessTokenUrl', { region: 'uk', environment: 'staging' })).toBe(
			'https://datastaging-auth.smokeball.co.uk/oauth2/token',
		);
		expect(derived('accessTokenUrl', { region: 'au', environment: 'production' })).toBe(
			'https://auth.smokeball.com.au/oauth2/token',
		);
		expect(
			derived('accessTokenUrl', { ...us, authBaseUrl: 'http://127.0.0.1:4010/smokeball/' }),
		).toBe('http://127.0.0.1:4010/smokeball/oauth2/token');
		expect(derived('additionalBodyProperties', { clientId: 'a"b' })).toBe('{"client_id":"a\\"b"}');
	});
});
