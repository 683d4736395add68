import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { keys } from '../../../sandbox/keys';
import { sampleId, uuidOf } from '../../../sandbox/providers/recurly/ids';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { byId } from '../facts';
import { runner } from '../run';
import { facts } from './facts';

const own = ownSandbox();
const sub = (who: string) => sampleId('subscription', who);
const by = (mode: string, value: string) => ({ subscriptionId: { __rl: true, mode, value } });

/** A run against the sandbox, which is only there once the tests run. */
function node(account: ICredentialDataDecryptedObject = {}) {
	const { recurlyApi } = facts.account(own.sandbox.url);
	return runner(
		'recurly',
		'subscription',
		{ recurlyApi: { ...recurlyApi, ...account } },
		(operation) => (operation === 'cancel' ? { when: 'periodEnd' } : {}),
	);
}
const act = async (operation: string, who: string, more: IDataObject = {}) =>
	await node().one(operation, { subscriptionId: byId(sub(who)), ...more });
const now = { when: 'immediately' };
const atTermEnd = { when: 'termEnd' };
const charged = (charge: boolean) => ({ ...now, additionalFields: { charge } });
const writes = () =>
	own.sandbox.journal('recurly').map(({ operation, record }) => [operation, record]);
const requests = (start: string) =>
	own.sandbox
		.requests()
		.map(({ method, path }) => `${method} ${String(path).replace('/recurly', '')}`)
		.filter((line) => line.startsWith(start));

describe('cancel by ID', () => {
	test.each<[string, IDataObject, string, number, number?]>([
		['ada', {}, 'scheduled', 1],
		['ben', {}, 'scheduled', 1],
		['fay', {}, 'scheduled', 1],
		['dora', {}, 'scheduled', 1],
		['dora', atTermEnd, 'scheduled', 1],
		['june', {}, 'cancelled', 1],
		['june', now, 'cancelled', 1],
		['ada', now, 'cancelled', 1],
		['emil', now, 'cancelled', 1],
		['cleo', now, 'cancelled', 1],
		['hana', {}, 'scheduled', 1],
		['hana', charged(true), 'cancelled', 1],
		['hana', charged(false), 'cancelled', 1],
		['hana', now, 'refused', 0, 0],
		['cleo', {}, 'alreadyCancelled', 0, 0],
		['gus', {}, 'alreadyCancelled', 0, 0],
		['gus', now, 'alreadyCancelled', 0, 0],
		['emil', {}, 'notCancellable', 0, 0],
		['unknown', {}, 'notFound', 0, 0],
		['ivo', {}, 'notFound', 0, 0],
	])('of %s with %j is %s', async (who, more, outcome, count, attempts = 1) => {
		const { requestedAt, ...result } = await act('cancel', who, more);
		expect(result).toMatchObject({ outcome, attempts });
		expect(requestedAt !== null).toBe(count > 0);
		expect(writes()).toHaveLength(count);
	});

	test('by UUID', async () => {
		const subscriptionId = byId(uuidOf(sub('ada')));
		expect(await node().one('cancel', { subscriptionId })).toMatchObject({ outcome: 'scheduled' });
		expect(writes()).toEqual([['cancel', sub('ada')]]);
	});

	test('by ID and by UUID at once: one request, and the second finds it done', async () => {
		const items = [{ id: sub('ada') }, { id: uuidOf(sub('ada')) }];
		const subscriptionId = byId('={{ $json.id }}');
		const both = await node().run('cancel', { subscriptionId }, { items });
		expect(both.map(({ outcome }) => outcome).sort()).toEqual(['alreadyCancelled', 'scheduled']);
		expect(requests('PUT')).toHaveLength(1);
	});

	test('at the end of the period a term that lasts longer is not billed to its end', async () => {
		const soon = await act('cancel', 'dora');
		own.sandbox.reset();
		const late = await act('cancel', 'dora', atTermEnd);
		const days =
			(Date.parse(late.effectiveAt as string) - Date.parse(soon.effectiveAt as string)) / 864e5;
		expect(days).toBeGreaterThan(150);
	});

	test('one that is canceled for the end of the term cannot end sooner, but at once', async () => {
		await act('cancel', 'dora', atTermEnd);
		expect(await act('cancel', 'dora')).toMatchObject({
			outcome: 'notCancellable',
			description: expect.stringContaining('Choose Immediately, or Resume'),
		});
		expect(await act('cancel', 'dora', now)).toMatchObject({ outcome: 'cancelled' });
		expect(writes().map(([operation]) => operation)).toEqual(['cancel', 'terminate']);
	});

	test('what was cancelled, resumed and is cancelled again ends', async () => {
		for (const [operation, outcome] of [
			['cancel', 'scheduled'],
			['resume', 'restored'],
			['cancel', 'scheduled'],
		]) {
			expect(await act(operation, 'ada')).toMatchObject({ outcome, attempts: 1 });
		}
		expect(writes()).toHaveLength(3);
	});

	test.each<[string, string, string, IDataObject, string]>([
		['terminateFuture', 'refused', 'june', now, 'notCancellable'],
		['terminateFuture', 'accepted', 'june', now, 'cancelled'],
		['cancelPaused', 'accepted', 'emil', {}, 'notCancellable'],
	])('where Recurly means %s: %s, %s with %j is %s', async (name, value, who, more, outcome) => {
		own.sandbox.settings('recurly', { assumptions: { [name]: value } });
		expect(await act('cancel', who, more)).toMatchObject({ outcome });
	});

	test('a dry run shows when it would end, and what becomes of the money', async () => {
		const preview = async (who: string, more: IDataObject) =>
			(await act('cancel', who, { dryRun: true, ...more })).wouldBe;
		expect(await preview('ada', {})).toMatchObject({ outcome: 'scheduled' });
		expect(await preview('dora', atTermEnd)).toMatchObject({
			outcome: 'scheduled',
			note: expect.stringContaining('goes on billing'),
		});
		expect(await preview('june', {})).toMatchObject({ outcome: 'cancelled' });
		expect(await preview('ada', now)).toMatchObject({
			outcome: 'cancelled',
			note: expect.stringContaining('refunds nothing'),
		});
		const additionalFields = { refund: 'full', charge: true };
		expect(await preview('hana', { ...now, additionalFields })).toMatchObject({
			note: expect.stringMatching(/refunds the last invoice in full.*billed on a last invoice/),
		});
		expect(writes()).toEqual([]);
	});

	test('two requests at once end it once, and the second reads the record', async () => {
		own.sandbox.settings('recurly', { writeMs: 200 });
		const both = await Promise.all([act('cancel', 'ada'), act('cancel', 'ada')]);
		expect(both.map(({ ended }) => ended)).toEqual([true, true]);
		expect(writes()).toHaveLength(1);
	});
});

describe('resume', () => {
	test('takes back a scheduled end, and a second one has nothing to do', async () => {
		expect(await act('resume', 'cleo')).toMatchObject({ outcome: 'restored', attempts: 1 });
		expect(await act('resume', 'cleo')).toMatchObject({ outcome: 'restored', attempts: 0 });
		expect(writes()).toEqual([['reactivate', sub('cleo')]]);
	});

	test('an expired one is notCancellable, and nothing is sent', async () => {
		expect(await act('resume', 'gus')).toMatchObject({ outcome: 'notCancellable', attempts: 0 });
		expect(writes()).toEqual([]);
	});
});

describe('by e-mail', () => {
	test('reads the accounts of the address and the subscriptions of each', async () => {
		expect(await node().one('cancel', by('email', 'ada@example.com'))).toMatchObject({
			outcome: 'scheduled',
			target: sub('ada'),
			email: 'ada@example.com',
		});
		expect(requests('GET')).toEqual([
			'GET /accounts',
			`GET /accounts/${sampleId('account', 'ada')}/subscriptions`,
		]);
	});

	test('accounts of another site are not found', async () => {
		expect(await node().one('cancel', by('email', 'tester@example.com'))).toMatchObject({
			outcome: 'notFound',
		});
	});

	test('one that asks for a choice is meant as well as the one beside it', async () => {
		own.sandbox.change('recurly', sub('twin_1'), {
			add_ons: [{ add_on: { add_on_type: 'usage' } }],
		});
		const result = await node().one('cancel', { ...by('email', 'twin@example.com'), ...now });
		expect(result).toMatchObject({ outcome: 'refused' });
		expect(writes()).toEqual([]);
	});
});

test('an account code may hold any sign', async () => {
	expect(await node().one('cancel', by('customer', 'capital & co/7'))).toMatchObject({
		outcome: 'scheduled',
	});
});

describe('the guards', () => {
	test('Expected Email compares the address of the record', async () => {
		const options = { expectedEmail: 'Ada@example.com' };
		expect(await act('cancel', 'ada', { options })).toMatchObject({
			outcome: 'scheduled',
			email: 'ada@example.com',
		});
	});
});

test('no output shows what logs in as the customer', async () => {
	const options = { includeResponse: true };
	for (const dryRun of [true, false]) {
		const result = await node().run('cancel', {
			...by('email', 'ada@example.com'),
			dryRun,
			options,
		});
		expect(JSON.stringify(result)).not.toContain('sandbox_login_');
	}
	expect(requests('GET /accounts').length).toBeGreaterThan(2);
});

test('a key of another site finds nothing, and a revoked one is unauthorized', async () => {
	const subscriptionId = byId(sub('ada'));
	for (const [apiKey, outcome] of [
		[keys.recurly.sandboxApiKey, 'notFound'],
		[keys.recurly.apiKeyRevoked, 'unauthorized'],
	]) {
		expect(await node({ apiKey }).one('cancel', { subscriptionId })).toMatchObject({ outcome });
	}
	expect(writes()).toEqual([]);
});
