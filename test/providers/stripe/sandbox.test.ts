import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/stripe/ids';
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
	const { stripeCancellationsApi } = facts.account(own.sandbox.url);
	return runner(
		'stripe',
		'subscription',
		{ stripeCancellationsApi: { ...stripeCancellationsApi, ...account } },
		(operation) => (operation === 'cancel' ? { when: 'periodEnd' } : {}),
	);
}
const act = async (operation: string, who: string, more: IDataObject = {}) =>
	await node().one(operation, { subscriptionId: byId(sub(who)), ...more });
const writes = () =>
	own.sandbox.journal('stripe').map(({ operation, record }) => [operation, record]);
const requests = () =>
	own.sandbox
		.requests()
		.map(({ method, path }) => `${method} ${String(path).replace('/stripe/v1', '')}`);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

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
	])('of %s with %j is %s after one write', async (who, more, outcome) => {
		expect(await act('cancel', who, more)).toMatchObject({ outcome, ended: true, attempts: 1 });
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

	test('an earlier date than the pending end is another request', async () => {
		const cancelAt = inDays(5);
		expect(await act('cancel', 'dora', { when: 'date', cancelAt })).toMatchObject({
			outcome: 'scheduled',
			effectiveAt: `${cancelAt.slice(0, 19)}.000Z`,
		});
		expect(writes()).toEqual([['cancel', sub('dora')]]);
	});

	test('an end that a schedule has to set is notCancellable, and a dry run says so', async () => {
		const advice = expect.stringContaining('Cancel or release the schedule in Stripe');
		expect(await act('cancel', 'hana', { dryRun: true })).toMatchObject({
			outcome: 'preview',
			wouldBe: { outcome: 'notCancellable', note: advice },
		});
		expect(await act('cancel', 'hana')).toMatchObject({
			ok: false,
			outcome: 'notCancellable',
			description: advice,
		});
		expect(await act('cancel', 'hana', { when: 'immediately' })).toMatchObject({
			outcome: 'cancelled',
		});
	});

	test('an unknown ID and one of the other mode are notFound', async () => {
		for (const who of ['unknown', 'ivo']) {
			for (const when of ['periodEnd', 'immediately']) {
				expect(await act('cancel', who, { when })).toMatchObject({ outcome: 'notFound' });
			}
		}
	});

	test('comment and feedback are kept by Stripe, and come out as the reason', async () => {
		const additionalFields = { comment: 'Moved away', feedback: 'switched_service' };
		for (const [who, when] of [
			['ada', 'periodEnd'],
			['kim', 'immediately'],
		]) {
			const { reason } = await act('cancel', who, { when, additionalFields });
			expect(reason).toBe('Moved away');
			const [read] = await node().run('get', { subscriptionId: byId(sub(who)) });
			expect(read.cancellation_details).toMatchObject(additionalFields);
		}
	});
});

describe('resume', () => {
	test.each(['cleo', 'dora'])(
		'clears the end of %s, in the way in which it was set',
		async (who) => {
			expect(await act('resume', who)).toMatchObject({ outcome: 'restored', attempts: 1 });
			const [read] = await node().run('get', { subscriptionId: byId(sub(who)) });
			expect(read).toMatchObject({ cancel_at: null, cancel_at_period_end: false });
			expect(writes()).toEqual([['resume', sub(who)]]);
		},
	);

	test('a dry run shows the request that clears it', async () => {
		expect(await act('resume', 'dora', { dryRun: true })).toMatchObject({
			outcome: 'preview',
			request: { body: { cancel_at: '' } },
		});
		expect(await act('resume', 'cleo', { dryRun: true })).toMatchObject({
			request: { body: { cancel_at_period_end: false } },
		});
	});

	test('without a pending end there is nothing to do', async () => {
		expect(await act('resume', 'ada')).toMatchObject({ outcome: 'restored', attempts: 0 });
		expect(writes()).toEqual([]);
	});

	test('an ended one is notCancellable, and nothing is sent', async () => {
		expect(await act('resume', 'gus')).toMatchObject({
			outcome: 'notCancellable',
			description: expect.stringContaining('cannot bring it back'),
			attempts: 0,
		});
		expect(writes()).toEqual([]);
	});

	test('by e-mail of a customer whose subscriptions have all ended is notCancellable', async () => {
		expect(await node().one('resume', by('email', 'over@example.com'))).toMatchObject({
			outcome: 'notCancellable',
			attempts: 0,
		});
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

	test('a customer of the other mode with the same address does not count', async () => {
		expect(await node().one('cancel', by('email', 'mixed@example.com'))).toMatchObject({
			outcome: 'scheduled',
		});
	});

	test('a key of test mode finds the rows of test mode', async () => {
		const test = node({ secretKey: keys.stripe.testSecretKey });
		expect(await test.one('cancel', by('email', 'ivo@example.com'))).toMatchObject({
			outcome: 'scheduled',
		});
		const [row] = await test.run('get', by('email', 'ivo@example.com'));
		expect(row).toMatchObject({ livemode: false, isTest: true });
	});

	test('without the permission to read customers the message names it', async () => {
		const key = keys.stripe.keyWithoutCustomers;
		const { outcome, description } = await node({ secretKey: key }).one(
			'cancel',
			by('email', 'ada@example.com'),
		);
		expect(outcome).toBe('unauthorized');
		expect(description).toContain('rak_customer_read');
		expect(writes()).toEqual([]);
	});

	test('with the immediate end as the request, an ending one is meant', async () => {
		const cleo = by('email', 'cleo@example.com');
		expect(await node().one('cancel', cleo)).toMatchObject({ outcome: 'alreadyCancelled' });
		expect(await node().one('cancel', { ...cleo, when: 'immediately' })).toMatchObject({
			outcome: 'cancelled',
		});
	});
});

describe('by customer ID', () => {
	const customer = (who: string) => by('customer', sampleId('cus', who));

	test('several that run are refused', async () => {
		expect(await node().one('cancel', customer('twin'))).toMatchObject({ outcome: 'refused' });
	});

	test('an unknown customer is notFound where Stripe lists nothing, too', async () => {
		own.sandbox.settings('stripe', { assumptions: { unknownCustomer: 'emptyList' } });
		expect(await node().one('cancel', customer('unknown'))).toMatchObject({ outcome: 'notFound' });
	});
});

describe('the guards', () => {
	test('Expected Email reads the customer, and only then', async () => {
		const options = { expectedEmail: 'Ada@example.com' };
		expect(await act('cancel', 'ada', { options })).toMatchObject({
			outcome: 'scheduled',
			email: 'ada@example.com',
		});
		expect(requests().filter((line) => line.startsWith('GET /customers/'))).toHaveLength(1);
		own.sandbox.reset();
		expect(await act('cancel', 'ada')).toMatchObject({ outcome: 'scheduled', email: null });
		expect(requests().filter((line) => line.startsWith('GET /customers/'))).toEqual([]);
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

	test('Expected Status compares the status of Stripe', async () => {
		const options = { expectedStatus: ['past_due'] };
		expect(await act('cancel', 'ada', { options })).toMatchObject({ outcome: 'refused' });
		expect(await act('cancel', 'fay', { options })).toMatchObject({ outcome: 'scheduled' });
	});
});

describe('what a dry run says of money', () => {
	const note = async (who: string, more: IDataObject) => {
		const { wouldBe } = await act('cancel', who, { dryRun: true, ...more });
		return (wouldBe as IDataObject).note as string | undefined;
	};
	const now = (additionalFields: IDataObject = {}) => ({ when: 'immediately', additionalFields });

	test('at the end of the period it moves none, and nothing is asked', async () => {
		expect(await note('ada', {})).toBeUndefined();
		expect(requests().filter((line) => line.includes('create_preview'))).toEqual([]);
	});

	test('immediately it credits only where the fields say so', async () => {
		expect(await note('ada', now())).toMatch(
			/^Nothing is refunded or credited\..*nothing to charge/,
		);
		expect(await note('ada', now({ invoiceNow: true, prorate: true }))).toMatch(
			/credits \d+\.\d\d USD to the customer's balance\.$/,
		);
	});

	test('at a date within the period it follows the proration behavior', async () => {
		const date = { when: 'date', cancelAt: inDays(3) };
		const additionalFields = { prorationBehavior: 'create_prorations' };
		expect(await note('ada', date)).toContain('nothing to charge or credit');
		expect(await note('ada', { ...date, additionalFields })).toMatch(/credits \d+\.\d\d USD/);
	});

	test('a key without the permission for invoices gets the dry run without the amount', async () => {
		const secretKey = keys.stripe.keyWithoutCustomers;
		const result = await node({ secretKey }).one('cancel', {
			subscriptionId: byId(sub('ada')),
			dryRun: true,
			...now(),
		});
		expect(result).toMatchObject({
			outcome: 'preview',
			wouldBe: { outcome: 'cancelled', note: expect.stringContaining('rak_invoice_read') },
		});
		expect(writes()).toEqual([]);
	});
});

test('a key of an organization and one of a platform name the account', async () => {
	const organization = { secretKey: keys.stripe.organizationKey, accountId: keys.stripe.accountId };
	const parameters = { subscriptionId: byId(sub('ada')) };
	expect(await node(organization).one('cancel', parameters)).toMatchObject({
		outcome: 'scheduled',
	});
	const connected = { accountId: keys.stripe.connectedAccountId };
	const shop = { subscriptionId: byId(sub('ada_shop')) };
	expect(await node(connected).one('cancel', shop)).toMatchObject({ outcome: 'scheduled' });
	expect(await node().one('cancel', shop)).toMatchObject({ outcome: 'notFound' });
});

test('a key that may only read is unauthorized, and the message names the permission', async () => {
	const { outcome, description } = await node({ secretKey: keys.stripe.keyReadOnly }).one(
		'cancel',
		{
			subscriptionId: byId(sub('ada')),
		},
	);
	expect(outcome).toBe('unauthorized');
	expect(description).toContain('rak_subscription_write');
});
