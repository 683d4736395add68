import nock from 'nock';

import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/paddle/ids';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { testCredential } from '../../credentials/testCredential';
import { at } from '../../credentials/tested';
import { pick } from '../wire';
import { facts } from './facts';
import { tested } from './tested';

const own = ownSandbox();
// The lists of these tests come from the sandbox, not from prepared responses.
beforeEach(() => nock.enableNetConnect('127.0.0.1'));

const list = async (typed?: string, page?: string, apiKey: string = keys.paddle.liveApiKey) => {
	const { paddleCancellationsApi: account } = facts.account(own.sandbox.url);
	const credentials = { paddleCancellationsApi: { ...account, apiKey } };
	return await pick('paddle', 'searchSubscriptions', credentials, typed, page);
};

describe('the list of the Subscription field', () => {
	test('shows product, status and end of those that have not ended', async () => {
		const { results, paginationToken } = await list();
		const ada = results.find(({ value }) => value === facts.ada);
		expect(ada?.name).toMatch(/^Plus · active · until \d{4}-\d\d-\d\d · ctm_.+ · sub_/);
		expect(results.map(({ name }) => name).join()).not.toContain('canceled');
		expect(paginationToken).toBeUndefined();
	});

	test('goes on from the cursor of the page before, and asks no other address', async () => {
		const next = 'https://evil.test/subscriptions?per_page=100&after=sub_01x%2F';
		const page = { data: [], meta: { pagination: { has_more: true, next } } };
		const base = own.sandbox.url;
		const scope = nock(base)
			.get('/paddle/live/subscriptions')
			.query((query) => query.after === undefined)
			.reply(200, page)
			.get('/paddle/live/subscriptions')
			.query((query) => query.after === 'sub_01x/')
			.reply(200, { data: [], meta: {} });
		const { paginationToken } = await list();
		expect(paginationToken).toBe('sub_01x/');
		expect((await list('', paginationToken as string)).results).toEqual([]);
		expect(scope.isDone()).toBe(true);
	});

	test('finds those of a typed address, archived customers included', async () => {
		const { results } = await list('over@example.com');
		expect(results.map(({ value }) => value).sort()).toEqual(
			['over_1', 'over_2'].map((who) => sampleId('sub', who)).sort(),
		);
		expect(results[0].name).toContain('over@example.com');
		expect((await list('unknown@example.com')).results).toEqual([]);
	});

	test('says that a permission is missing', async () => {
		await expect(
			list('ada@example.com', undefined, keys.paddle.apiKeyWithoutCustomers),
		).rejects.toThrow("You aren't permitted to perform this request");
	});
});

describe('the test of the credential', () => {
	const one = { ...tested[0], node: 'paddle' };
	const result = async (environment: 'live' | 'sandbox', apiKey: string, host = environment) =>
		await testCredential(one, {
			...at(one, `${own.sandbox.url}/paddle/${host}`),
			environment,
			apiKey,
		});

	test.each([
		['live', keys.paddle.liveApiKey],
		['live', keys.paddle.legacyApiKey],
		['live', keys.paddle.apiKeyWithoutCustomers],
		['sandbox', keys.paddle.sandboxApiKey],
	] as const)('of the %s environment accepts %s', async (environment, key) => {
		expect(await result(environment, key)).toMatchObject({ status: 'OK' });
	});

	test.each<['live' | 'sandbox', string, RegExp, 'live' | 'sandbox']>([
		[
			'sandbox',
			keys.paddle.liveApiKey,
			/invalid_token.*belongs to the sandbox environment/,
			'sandbox',
		],
		['live', keys.paddle.apiKeyRevoked, /did not accept the API key/, 'live'],
		['live', keys.paddle.sandboxApiKey, /for the environment "sandbox".*for "live"/, 'sandbox'],
		['live', keys.paddle.apiKeyReadOnly, /lacks the permission "subscription\.write"/, 'live'],
	])('of the %s environment refuses %s and says why', async (environment, key, words, host) => {
		expect(await result(environment, key, host)).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(words),
		});
	});

	test('a page without an account does not confirm the key', async () => {
		const api = { environment: 'production' };
		nock(own.sandbox.url)
			.get('/paddle/live/')
			.reply(200, { data: { api, caller: { account: null, permissions: null } } });
		expect(await result('live', keys.paddle.liveApiKey)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('does not confirm the API key'),
		});
	});
});
