import type { Clock } from '../../clock';
import {
	everydayCustomers,
	lookupCustomers,
	manyRecords,
	sampleCustomer,
} from '../../sampleCustomers';
import { sampleId } from './ids';
import { type Account, account, type Subscription, subscription, usageAddOn } from './subscription';

/** The sample records of both sites. */
export interface Samples {
	accounts: Account[];
	subscriptions: Subscription[];
	/** Records of the sandbox site; all others are of the production site. */
	inSandbox: Set<string>;
}

/** An account code that has to be encoded in a path. */
const codes: Record<string, string> = { capital: 'capital & co/7' };

/** The accounts and subscriptions of the sample customers. */
export function samples(clock: Clock): Samples {
	const accounts = new Map<string, Account>();
	const add = (name: string, email: string | null) =>
		accounts.set(name, {
			...account(clock, name, email),
			...(codes[name] && { code: codes[name] }),
		});
	for (const { name, email } of [...everydayCustomers, ...lookupCustomers]) {
		if (name !== 'nothing') add(name, name === 'bare' ? null : email);
	}
	// One address may belong to several accounts.
	add('twin_b', sampleCustomer('twin').email);
	add('mixed_test', sampleCustomer('mixed').email);
	accounts.get('fay')!.has_past_due_invoice = true;

	const of = (owner: string, fields: Parameters<typeof subscription>[3] = {}, name = owner) =>
		subscription(clock, name, accounts.get(owner)!, fields);
	const expired = (days: number): Parameters<typeof subscription>[3] => ({
		endsIn: days,
		state: 'expired',
		canceled_at: clock.midnight(days - 10),
		expires_at: clock.midnight(days),
		expiration_reason: 'canceled',
	});
	const canceled = { state: 'canceled' as const, canceled_at: clock.midnight(-3) };
	const yearly = { period: 365, endsIn: 200 };
	const trial = { trial_started_at: clock.midnight(-10), trial_ends_at: clock.midnight(4) };

	const subscriptions = [
		of('ada'),
		of('ben', { ...trial, endsIn: 4, period: 14 }),
		of('cleo', { ...canceled, expires_at: clock.midnight(12) }),
		// A term of a year that is billed each month.
		of('dora', { termEndsIn: 192 }),
		of('emil', {
			state: 'paused',
			paused_at: clock.midnight(-5),
			remaining_pause_cycles: 2,
			resume_at: clock.midnight(72),
		}),
		of('fay'),
		of('gus', expired(-20)),
		of('hana', { add_ons: [usageAddOn(clock, 'hana')] }),
		of('ivo'),
		of('june', { state: 'future', endsIn: 40, activated_at: null, active_invoice_id: null }),
		of('kim', yearly),
		of('kim', expired(-90), 'kim_old'),
		of('twin', {}, 'twin_1'),
		of('twin_b', yearly, 'twin_2'),
		of('renewed', expired(-90), 'renewed_old'),
		of('renewed'),
		of('tester', {}, 'tester_1'),
		of('tester', { ...trial, endsIn: 4, period: 14 }, 'tester_2'),
		of('mixed_test'),
		of('mixed'),
		of('over', expired(-30), 'over_1'),
		of('over', { ...expired(-3), state: 'failed', expires_at: null }, 'over_2'),
		of('capital'),
		of('bare'),
		...Array.from({ length: manyRecords.count }, (_, index) =>
			of(
				'many',
				index + 1 === manyRecords.running ? {} : expired(-30),
				`many_${String(index + 1).padStart(3, '0')}`,
			),
		),
	];
	const testAccounts = ['ivo', 'tester', 'mixed_test'];
	const testSubscriptions = ['ivo', 'tester_1', 'tester_2', 'mixed_test'];
	return {
		accounts: [...accounts.values()],
		subscriptions,
		inSandbox: new Set([
			...testAccounts.map((name) => sampleId('account', name)),
			...testSubscriptions.map((name) => sampleId('subscription', name)),
		]),
	};
}
