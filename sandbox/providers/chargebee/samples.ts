import type { Clock } from '../../clock';
import {
	everydayCustomers,
	lookupCustomers,
	manyRecords,
	sampleCustomer,
} from '../../sampleCustomers';
import { sampleId } from './ids';
import { type Charge, charge } from './money';
import {
	type Customer,
	customer,
	type Fields,
	midnight,
	type Subscription,
	subscription,
} from './subscription';

/** The sample records, with what Chargebee does not show in them. */
export interface Samples {
	customers: Customer[];
	subscriptions: Subscription[];
	/** IDs of the records of the site with plans and addons; all others are on the site with items. */
	classic: string[];
	/** The charges that are not on an invoice yet, by the subscription's ID. */
	charges: Map<string, Charge[]>;
}

/** The customers and subscriptions of the sample customers. */
export function samples(clock: Clock): Samples {
	const at = (days: number) => midnight(clock, days);
	const customers = new Map<string, Customer>();
	for (const { name, email } of [...everydayCustomers, ...lookupCustomers]) {
		customers.set(name, customer(clock, name, name === 'bare' ? undefined : email));
	}
	customers.set('mixed_test', customer(clock, 'mixed_test', sampleCustomer('mixed').email));
	// An address need not be unique.
	customers.set('renewed_old', customer(clock, 'renewed_old', sampleCustomer('renewed').email));
	const classicNames = ['ivo', 'tester', 'tester_1', 'tester_2', 'mixed_test'];

	const of = (customerName: string, fields: Fields = {}, name = customerName) =>
		subscription(clock, name, customers.get(customerName)!, {
			...(classicNames.includes(customerName) && { catalog: 'plans' as const }),
			...fields,
		});
	const inTrial = {
		status: 'in_trial',
		trial_start: at(-10),
		trial_end: at(4),
		endsIn: 4,
	} as const;
	const scheduled = (days: number): Fields => ({
		cancelled_at: at(days),
		cancel_schedule_created_at: at(-1),
		remaining_billing_cycles: 0,
		next_billing_at: undefined,
	});
	const cancelled = (days: number): Fields => ({
		status: 'cancelled',
		cancelled_at: at(days),
		endsIn: days,
		next_billing_at: undefined,
		created_at: at(days - 60),
	});
	const contract = {
		id: 'contract_hana',
		status: 'active' as const,
		contract_start: at(-165),
		contract_end: at(200),
		billing_cycle: 12,
		action_at_term_end: 'renew' as const,
		total_contract_value: 12 * 1999,
		total_contract_value_before_tax: 12 * 1999,
		cancellation_cutoff_period: 30,
		created_at: at(-165),
		subscription_id: sampleId('sub', 'hana'),
		object: 'contract_term',
	};
	const withCharges = of('june');
	const withoutTerm = {
		current_term_start: undefined,
		current_term_end: undefined,
		next_billing_at: undefined,
	};

	const subscriptions = [
		of('ada'),
		of('ben', inTrial),
		of('cleo', { ...scheduled(12), status: 'non_renewing' }),
		of('dora', { ...inTrial, ...scheduled(4) }),
		of('emil', { ...withoutTerm, status: 'paused', pause_date: at(-5) }),
		of('fay', { due_invoices_count: 1, due_since: at(-3), total_dues: 1999 }),
		of('gus', cancelled(-20)),
		of('hana', { contract_term: contract }),
		of('ivo'),
		withCharges,
		of('kim', { interval: 'year', endsIn: 200 }),
		of('kim', cancelled(-90), 'kim_old'),
		of('twin', {}, 'twin_1'),
		of('twin', { interval: 'year', endsIn: 200 }, 'twin_2'),
		of('renewed_old', cancelled(-90)),
		of('renewed'),
		of('tester', {}, 'tester_1'),
		of('tester', inTrial, 'tester_2'),
		of('mixed_test'),
		of('mixed'),
		of('over', cancelled(-30), 'over_1'),
		of('over', cancelled(-3), 'over_2'),
		of('capital'),
		of('bare'),
		...Array.from({ length: manyRecords.count }, (_, index) =>
			of(
				'many',
				index + 1 === manyRecords.running ? {} : cancelled(-30),
				`many_${String(index + 1).padStart(3, '0')}`,
			),
		),
	];
	const usage = { amount: 2500, description: 'Extra seats', now: at(-2) };
	return {
		customers: [...customers.values()],
		subscriptions,
		classic: classicNames.flatMap((name) => [sampleId('sub', name), sampleId('cus', name)]),
		charges: new Map([[withCharges.id, [charge(withCharges, usage)]]]),
	};
}
