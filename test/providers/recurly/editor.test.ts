import nock from 'nock';

import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/recurly/ids';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { testCredential } from '../../credentials/testCredential';
import { at } from '../../credentials/tested';
import { pick } from '../wire';
import { facts } from './facts';
import { tested } from './tested';
import { active, list as page, one, origin } from './vendor';

const own = ownSandbox();
// The lists of these tests come from the sandbox, not from prepared responses.
beforeEach(() => nock.enableNetConnect('127.0.0.1'));

const list = async (typed?: string, token?: string) =>
	await pick('recurly', 'searchSubscriptions', facts.account(own.sandbox.url), typed, token);

describe('the list of the Subscription field', () => {
	test('shows address, product, state and end of those that have not ended', async () => {
		const { results, paginationToken } = await list();
		const ada = results.find(({ value }) => value === facts.ada);
		expect(ada?.name).toMatch(/^ada@example\.com · Plus · active · until \d{4}-\d\d-\d\d · s0/);
		const names = results.map(({ name }) => name).join();
		expect(names).toContain('paused');
		expect(names).not.toMatch(/expired|failed/);
		expect(paginationToken).toBeUndefined();
	});

	test('finds those of a typed address', async () => {
		const { results } = await list('over@example.com');
		expect(results.map(({ value }) => value).sort()).toEqual(
			['over_1', 'over_2'].map((who) => sampleId('subscription', who)).sort(),
		);
		expect((await list('unknown@example.com')).results).toEqual([]);
	});
});

describe('the next page', () => {
	const next = 'https://evil.test/subscriptions?cursor=c2%3A1&limit=3&state=live&email=';

	test('of the list is asked for at the own address', async () => {
		const scope = nock(own.sandbox.url)
			.get('/recurly/subscriptions?limit=200')
			.reply(200, page([], next))
			.get('/recurly/subscriptions')
			.query((query) => query.cursor === 'c2:1' && query.limit === '200')
			.reply(200, page([]));
		const { paginationToken } = await list();
		expect((await list('', paginationToken as string)).results).toEqual([]);
		expect(scope.isDone()).toBe(true);
	});

	test('of a search keeps the address that is searched', async () => {
		const scope = nock(origin)
			.get('/accounts')
			.query({ limit: 200, email: 'ada@example.com' })
			.reply(200, page([], next))
			.get('/accounts')
			.query((query) => query.cursor === 'c2:1' && query.email === 'ada@example.com')
			.reply(200, page([]));
		const subscriptionId = { __rl: true, mode: 'email', value: 'ada@example.com' };
		expect(await one('cancel', { subscriptionId })).toMatchObject({ outcome: 'notFound' });
		expect(scope.isDone()).toBe(true);
	});

	test('that is announced without an address leaves the search undecided', async () => {
		nock(origin)
			.get(/.*/)
			.reply(200, { ...page([]), has_more: true });
		const subscriptionId = { __rl: true, mode: 'customer', value: 'ada' };
		expect(await one('cancel', { subscriptionId })).toMatchObject({ outcome: 'failed' });
	});
});

test("another account's subscription in the list is not meant", async () => {
	nock(origin)
		.get(/.*/)
		.reply(200, page([{ ...active, account: { id: 'another', code: 'Ada' } }]));
	const subscriptionId = { __rl: true, mode: 'customer', value: 'ada' };
	expect(await one('cancel', { subscriptionId })).toMatchObject({ outcome: 'notFound' });
});

describe('the test of the credential', () => {
	const one = { ...tested[0], node: 'recurly' };
	const result = async (apiKey: string, more: object = {}) =>
		await testCredential(one, {
			...at(one, `${own.sandbox.url}/recurly`),
			region: 'us',
			apiKey,
			...more,
		});

	test.each([keys.recurly.apiKey, keys.recurly.sandboxApiKey])('accepts %s', async (key) => {
		for (const webhookKey of ['', 'webhook_key_of_the_shop']) {
			expect(await result(key, { webhookKey })).toMatchObject({ status: 'OK' });
		}
	});

	test('names a webhook key that was pasted wrongly', async () => {
		const webhookKey = '"webhook_key_of_the_shop"';
		expect(await result(keys.recurly.apiKey, { webhookKey })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/^The Webhook Key stands in quotes.*under Integrations\.$/),
		});
	});

	test('refuses a revoked key, and names the region', async () => {
		expect(await result(keys.recurly.apiKeyRevoked)).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/did not accept the API key.*region "United States"/),
		});
	});

	test('a list without a site does not confirm the key', async () => {
		nock(own.sandbox.url).get('/recurly/sites?limit=1').reply(200, page([]));
		expect(await result(keys.recurly.apiKey)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('does not confirm the API key'),
		});
	});
});
