import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { sampleId as chargebeeId } from '../../sandbox/providers/chargebee/ids';
import { sampleId as paddleId } from '../../sandbox/providers/paddle/ids';
import { sampleId as recurlyId } from '../../sandbox/providers/recurly/ids';
import { sampleId as stripeId } from '../../sandbox/providers/stripe/ids';
import { ownSandbox } from '../sandbox/ownSandbox';
import { facts as chargebee } from './chargebee/facts';
import { byId } from './facts';
import { facts as paddle } from './paddle/facts';
import { facts as recurly } from './recurly/facts';
import { runner } from './run';
import { facts as stripe } from './stripe/facts';

/** What differs between the providers of subscriptions that are billed. */
interface Billing {
	account(url: string): Record<string, ICredentialDataDecryptedObject>;
	subscription(who: string): string;
	customer(who: string): string;
	/** The status of what has ended. */
	ended: string;
}

const providers: Record<string, Billing> = {
	stripe: {
		...stripe,
		subscription: (who) => stripeId('sub', who),
		customer: (who) => stripeId('cus', who),
		ended: 'canceled',
	},
	paddle: {
		...paddle,
		subscription: (who) => paddleId('sub', who),
		customer: (who) => paddleId('ctm', who),
		ended: 'canceled',
	},
	chargebee: {
		...chargebee,
		subscription: (who) => chargebeeId('sub', who),
		customer: (who) => chargebeeId('cus', who),
		ended: 'cancelled',
	},
	recurly: {
		...recurly,
		subscription: (who) => recurlyId('subscription', who),
		// An account code; "unknown" is what a template leaves behind.
		customer: (who) => (who === 'unknown' ? '4711' : who),
		ended: 'expired',
	},
};

const own = ownSandbox();

describe.each(Object.entries(providers))('%s', (name, { account, subscription: sub, ...more }) => {
	const node = () =>
		runner(name, 'subscription', account(own.sandbox.url), (operation) =>
			operation === 'cancel' ? { when: 'periodEnd' } : {},
		);
	const by = (mode: string, value: string) => ({ subscriptionId: { __rl: true, mode, value } });
	const writes = () => own.sandbox.journal(name).map(({ record }) => record);

	test.each([
		['twin@example.com', 'refused'],
		['over@example.com', 'alreadyCancelled'],
		['nothing@example.com', 'notFound'],
		['unknown@example.com', 'notFound'],
		['renewed@example.com', 'scheduled'],
		['Capital@Example.com', 'scheduled'],
		['ADA@example.com', 'scheduled'],
		['many@example.com', 'scheduled'],
	])('by e-mail, %s is %s', async (address, outcome) => {
		expect(await node().one('cancel', by('email', address))).toMatchObject({ outcome });
		expect(writes()).toHaveLength(outcome === 'scheduled' ? 1 : 0);
	});

	test.each([
		['ada', 'scheduled'],
		['over', 'alreadyCancelled'],
		['unknown', 'notFound'],
	])('by customer, %s is %s', async (who, outcome) => {
		const customer = by('customer', more.customer(who));
		expect(await node().one('cancel', customer)).toMatchObject({ outcome });
	});

	test('Cancel All ends each subscription of the address', async () => {
		const all = await node().run('cancel', {
			...by('email', 'twin@example.com'),
			options: { ifSeveral: 'all' },
		});
		expect(all.map(({ outcome }) => outcome)).toEqual(['scheduled', 'scheduled']);
		expect(new Set(writes()).size).toBe(2);
	});

	test('Expected Email and Expected Status refuse another customer and another status', async () => {
		const options: IDataObject[] = [
			{ expectedEmail: 'ada@example.com' },
			{ expectedStatus: ['paused'] },
		];
		for (const option of options) {
			const parameters = { subscriptionId: byId(sub('kim')), options: option };
			expect(await node().one('cancel', parameters)).toMatchObject({ outcome: 'refused' });
		}
		expect(writes()).toEqual([]);
	});

	test('cancel, resume and cancel again are three writes', async () => {
		const outcomes: unknown[] = [];
		for (const [index, operation] of ['cancel', 'resume', 'cancel'].entries()) {
			const parameters = { subscriptionId: byId(sub('ada')) };
			const result = await node().one(operation, parameters, { executionId: `${index}` });
			outcomes.push(result.outcome);
		}
		expect(outcomes).toEqual(['scheduled', 'restored', 'scheduled']);
		expect(writes()).toHaveLength(3);
	});

	test('resume by e-mail means what runs, and not an ended one beside it', async () => {
		const kim = by('email', 'kim@example.com');
		await node().one('cancel', kim);
		expect(await node().one('resume', kim)).toMatchObject({
			outcome: 'restored',
			target: sub('kim'),
		});
		expect(await node().one('resume', kim)).toMatchObject({ outcome: 'restored', attempts: 0 });
	});

	test('Get Many lists all states, by customer and by status, page by page', async () => {
		const list = async (filters: IDataObject) =>
			(await node().run('getAll', { returnAll: true, filters })).map(({ id }) => id);
		const customerId = more.customer('kim');
		expect((await list({ customerId })).sort()).toEqual([sub('kim'), sub('kim_old')].sort());
		expect(await list({ customerId, status: more.ended })).toEqual([sub('kim_old')]);
		own.sandbox.seed({ bulk: { provider: name, count: 250, prefix: 'shop' } });
		const all = await list({});
		expect(all.length).toBeGreaterThan(250);
		expect(new Set(all).size).toBe(all.length);
	});
});
