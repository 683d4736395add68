import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/chargebee/ids';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { byId } from '../facts';
import { runner } from '../run';
import { facts } from './facts';

const own = ownSandbox();
const sub = (who: string) => sampleId('sub', who);
const by = (mode: string, value: string) => ({
	subscriptionId: { __rl: true, mode, value },
});

/** A run against the sandbox, which is only there once the tests run. */
function node(account: ICredentialDataDecryptedObject = {}) {
	const { chargebeeCancellationsApi } = facts.account(own.sandbox.url);
	return runner(
		'chargebee',
		'subscription',
		{ chargebeeCancellationsApi: { ...chargebeeCancellationsApi, ...account } },
		(operation) => (operation === 'cancel' ? { when: 'periodEnd' } : {}),
	);
}
/** The site with Product Catalog 1.0. */
const classic = () =>
	node({
		site: 'acme-classic-test',
		apiKey: keys.chargebee.classicApiKey,
		baseUrl: `${own.sandbox.url}/chargebee/acme-classic-test/api/v2`,
	});
const act = async (operation: string, who: string, more: IDataObject = {}) =>
	await node().one(operation, { subscriptionId: byId(sub(who)), ...more });
const writes = () =>
	own.sandbox.journal('chargebee').map(({ operation, record }) => [operation, record]);
const requests = () =>
	own.sandbox
		.requests()
		.map(({ method, path }) => `${method} ${String(path).replace(/^.*\/api\/v2/, '')}`);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const chosen = (additionalFields: IDataObject, more: IDataObject = {}) => ({
	additionalFields,
	...more,
});

describe('cancel by ID', () => {
	test.each<[string, IDataObject, string]>([
		['ada', {}, 'scheduled'],
		['ben', {}, 'scheduled'],
		['fay', {}, 'scheduled'],
		['kim', {}, 'scheduled'],
		['ada', { when: 'immediately' }, 'cancelled'],
		['emil', { when: 'immediately' }, 'cancelled'],
		['cleo', { when: 'immediately' }, 'cancelled'],
		['ada', { when: 'date', cancelAt: inDays(40) }, 'scheduled'],
		['hana', chosen({ contractTerm: 'endOfContractTerm' }), 'scheduled'],
		['hana', chosen({ contractTerm: 'endOfBillingTerm' }), 'scheduled'],
		['hana', chosen({ contractTerm: 'immediately' }), 'cancelled'],
		['june', chosen({ unbilledCharges: 'delete' }, { when: 'immediately' }), 'cancelled'],
	])('of %s with %j is %s after one write', async (who, more, outcome) => {
		expect(await act('cancel', who, more)).toMatchObject({
			outcome,
			ended: true,
			attempts: 1,
			email: `${who}@example.com`,
		});
		expect(writes()).toEqual([['cancel', sub(who)]]);
	});

	test.each<[string, IDataObject]>([
		['cleo', {}],
		['dora', {}],
		['gus', {}],
		['gus', { when: 'immediately' }],
		['cleo', { when: 'date', cancelAt: inDays(40) }],
	])('of %s with %j finds nothing left to cancel, and writes nothing', async (who, more) => {
		expect(await act('cancel', who, more)).toMatchObject({
			outcome: 'alreadyCancelled',
			ended: true,
			effectiveAt: expect.any(String),
		});
		expect(writes()).toEqual([]);
	});

	test.each<[string, IDataObject, string]>([
		['hana', {}, 'Contract Term'],
		['june', { when: 'immediately' }, '25.00 USD'],
	])('of %s with %j needs a choice first', async (who, more, words) => {
		for (const dryRun of [true, false]) {
			expect(await act('cancel', who, { ...more, dryRun })).toMatchObject({
				outcome: 'refused',
				description: expect.stringContaining(words),
			});
		}
		expect(writes()).toEqual([]);
	});

	test('without a term there is no end of the period, and the message says so', async () => {
		expect(await act('cancel', 'emil')).toMatchObject({
			outcome: 'notCancellable',
			description: expect.stringContaining('paused'),
		});
		expect(writes()).toEqual([]);
	});

	test.each(['active', 'non_renewing'])('an end at a date may show as %s', async (status) => {
		own.sandbox.settings('chargebee', { assumptions: { specificDateStatus: status } });
		const date = { when: 'date', cancelAt: inDays(5) };
		expect(await act('cancel', 'ada', date)).toMatchObject({ outcome: 'scheduled' });
		expect(await act('cancel', 'ada', date)).toMatchObject({ outcome: 'alreadyCancelled' });
		expect(writes()).toHaveLength(1);
	});

	test.each([
		['accepted', 'scheduled'],
		['refused', 'notCancellable'],
	])(
		'an earlier date than the pending end is another request, which may be %s',
		async (secondSchedule, outcome) => {
			own.sandbox.settings('chargebee', { assumptions: { secondSchedule } });
			const date = { when: 'date', cancelAt: inDays(5) };
			expect(await act('cancel', 'cleo', date)).toMatchObject({ outcome });
		},
	);

	test('nothing is credited or refunded, whatever the settings of the site are', async () => {
		own.sandbox.settings('chargebee', { assumptions: { siteDefaults: 'moveMoney' } });
		const options = { includeResponse: true };
		const { response } = await act('cancel', 'ada', { when: 'immediately', options });
		expect(response).toMatchObject({ subscription: { status: 'cancelled' } });
		expect(response).not.toHaveProperty('credit_notes');
		expect(response).not.toHaveProperty('invoice');
	});

	test('a reason that the site requires is sent, and one that it does not have is said', async () => {
		own.sandbox.settings('chargebee', { assumptions: { reasonCode: 'mandatory' } });
		const coded = (reasonCode: string) => act('cancel', 'ada', chosen({ reasonCode }));
		expect(await coded('too expensive')).toMatchObject({
			ok: false,
			description: expect.stringContaining('cancel_reason_code'),
		});
		expect(await coded('Too expensive')).toMatchObject({ outcome: 'scheduled' });
		const [read] = await node().run('get', { subscriptionId: byId(sub('ada')) });
		expect(read.cancel_reason_code).toBe('Too expensive');
	});

	test('an unknown ID is notFound', async () => {
		for (const when of ['periodEnd', 'immediately']) {
			expect(await act('cancel', 'unknown', { when })).toMatchObject({ outcome: 'notFound' });
		}
	});
});

describe('on a site with plans and addons', () => {
	const ivo = { subscriptionId: byId(sub('ivo')) };

	test('the record decides what the requests are called', async () => {
		expect(await classic().one('cancel', ivo)).toMatchObject({ outcome: 'scheduled' });
		expect(requests()).toEqual([
			`GET /subscriptions/${sub('ivo')}`,
			`POST /subscriptions/${sub('ivo')}/cancel_subscription_estimate`,
			`POST /subscriptions/${sub('ivo')}/cancel`,
		]);
		expect(await classic().one('resume', ivo)).toMatchObject({ outcome: 'restored' });
	});

	test('so it does where the search has shown it', async () => {
		const found = by('email', 'ivo@example.com');
		expect(await classic().one('cancel', found)).toMatchObject({ outcome: 'scheduled' });
	});
});

describe('resume', () => {
	test.each(['cleo', 'dora'])('removes the end of %s', async (who) => {
		expect(await act('resume', who)).toMatchObject({ outcome: 'restored', attempts: 1 });
		const [read] = await node().run('get', { subscriptionId: byId(sub(who)) });
		expect(read).not.toHaveProperty('cancelled_at');
		expect(writes()).toEqual([['resume', sub(who)]]);
	});

	test('without a pending end there is nothing to do', async () => {
		expect(await act('resume', 'ada')).toMatchObject({ outcome: 'restored', attempts: 0 });
		expect(writes()).toEqual([]);
	});

	test('starts one again that has ended, where the user says so', async () => {
		expect(await act('resume', 'gus')).toMatchObject({ outcome: 'notCancellable', attempts: 0 });
		const reactivate = chosen({ ifEnded: 'reactivate', billingCycles: 6 });
		expect(await act('resume', 'gus', reactivate)).toMatchObject({ outcome: 'restored' });
		const [read] = await node().run('get', { subscriptionId: byId(sub('gus')) });
		expect(read).toMatchObject({ status: 'active', remaining_billing_cycles: 6 });
	});
});

describe('by e-mail', () => {
	test('finds the active subscription among several customers of the address', async () => {
		expect(await node().one('cancel', by('email', 'renewed@example.com'))).toMatchObject({
			outcome: 'scheduled',
			target: sub('renewed'),
			foundBy: 'renewed@example.com',
			email: 'renewed@example.com',
		});
		expect(requests().filter((line) => line.startsWith('GET /customers'))).toHaveLength(1);
		expect(requests().filter((line) => line.startsWith('GET /subscriptions'))).toHaveLength(2);
	});

	test.each([
		['mixed@example.com', 'scheduled'],
		['hana@example.com', 'refused'],
	])('%s is %s', async (address, outcome) => {
		expect(await node().one('cancel', by('email', address))).toMatchObject({ outcome });
		expect(writes()).toHaveLength(outcome === 'scheduled' ? 1 : 0);
	});

	test('capitals do not matter where Chargebee regards none', async () => {
		own.sandbox.settings('chargebee', { assumptions: { emailMatch: 'anyCase' } });
		expect(await node().one('cancel', by('email', 'ADA@Example.com'))).toMatchObject({
			outcome: 'scheduled',
			target: sub('ada'),
		});
	});

	test('with the immediate end as the request, an ending one is meant', async () => {
		const cleo = by('email', 'cleo@example.com');
		expect(await node().one('cancel', cleo)).toMatchObject({ outcome: 'alreadyCancelled' });
		expect(await node().one('cancel', { ...cleo, when: 'immediately' })).toMatchObject({
			outcome: 'cancelled',
		});
	});
});

describe('the guards', () => {
	test('Expected Email takes no other request', async () => {
		const options = { expectedEmail: 'Ada@example.com' };
		const additionalFields = { unbilledCharges: 'invoice' };
		expect(await act('cancel', 'ada', { options, additionalFields })).toMatchObject({
			outcome: 'scheduled',
		});
		expect(requests()).toHaveLength(2);
	});

	test.each([
		['kim', 'ada@example.com'],
		['bare', 'bare@example.com'],
	])('refuses %s, who is not %s', async (who, expectedEmail) => {
		expect(await act('cancel', who, { options: { expectedEmail } })).toMatchObject({
			outcome: 'refused',
		});
		expect(writes()).toEqual([]);
	});

	test('Expected Status compares the status of Chargebee', async () => {
		const options = { expectedStatus: ['in_trial'] };
		expect(await act('cancel', 'ada', { options })).toMatchObject({ outcome: 'refused' });
		expect(await act('cancel', 'ben', { options })).toMatchObject({ outcome: 'scheduled' });
	});
});

describe('what a dry run says of money', () => {
	const money = async (who: string, more: IDataObject) => {
		const { wouldBe } = await act('cancel', who, { dryRun: true, ...more });
		return (wouldBe as IDataObject).money as string | undefined;
	};
	const now = (additionalFields: IDataObject = {}) => ({ when: 'immediately', additionalFields });

	test.each<[string, IDataObject, RegExp]>([
		['ada', {}, /^charges and credits nothing$/],
		['ada', now(), /^charges and credits nothing$/],
		['ada', now({ creditOption: 'full' }), /^credits 19\.99 USD$/],
		['ada', now({ creditOption: 'prorate' }), /^credits \d+\.\d\d USD$/],
		['june', now({ unbilledCharges: 'invoice' }), /^invoices 25\.00 USD$/],
	])('of %s with %j', async (who, more, words) => {
		expect(await money(who, more)).toMatch(words);
		expect(writes()).toEqual([]);
	});
});

test('get shows one row, and lists show the rows of a customer and of a status', async () => {
	const [row] = await node().run('get', by('email', 'ada@example.com'));
	expect(row).toMatchObject({
		id: sub('ada'),
		email: 'ada@example.com',
		customer: { id: sampleId('cus', 'ada'), payment_method: '***', vat_number: '***' },
	});
	const list = async (filters: IDataObject) => {
		const rows = await node().run('getAll', { returnAll: true, filters });
		return rows.map(({ id }) => id);
	};
	const customerId = sampleId('cus', 'kim');
	expect((await list({ customerId })).sort()).toEqual([sub('kim'), sub('kim_old')].sort());
	expect(await list({ customerId, status: 'cancelled' })).toEqual([sub('kim_old')]);
	expect(await list({ customerId: sampleId('cus', 'many') })).toHaveLength(120);
});

test('a key that may only read is unauthorized', async () => {
	const account = { apiKey: keys.chargebee.apiKeyReadOnly };
	const parameters = { subscriptionId: byId(sub('ada')) };
	expect(await node(account).one('cancel', parameters)).toMatchObject({
		outcome: 'unauthorized',
		description: expect.stringContaining('no access to this operation'),
	});
	expect(await node(account).one('get', parameters)).toMatchObject({ id: sub('ada') });
});
