import type { Clock } from '../../clock';
import {
	manyRecords,
	everydayCustomers,
	lookupCustomers,
	sampleCustomer,
} from '../../sampleCustomers';
import { customer } from './customer';
import { keys } from './keys';
import { schedule } from './schedule';
import { item, subscription } from './subscription';
import { type Customer, type Schedule, seconds, type Subscription } from './wire';

/** The sample records, and which of them belong to the connected account. */
export interface Samples {
	customers: Customer[];
	subscriptions: Subscription[];
	schedules: Schedule[];
	/** The owning account by record ID, where it is not the key's own. */
	owners: Map<string, string>;
}

/** They have records in test mode only. */
const testOnly = ['ivo', 'tester'];

/** The customers and subscriptions of the sample customers. */
export function samples(clock: Clock): Samples {
	const at = (days: number) => seconds(clock.midnight(days));
	const asked = {
		comment: null,
		feedback: null,
		feedback_option: null,
		reason: 'cancellation_requested',
	};
	const over = (days: number): Partial<Subscription> => ({
		status: 'canceled',
		canceled_at: at(days),
		ended_at: at(days),
		cancellation_details: asked,
	});
	const ending = { cancel_at: at(12), canceled_at: at(-3), cancellation_details: asked };
	const expired: Partial<Subscription> = { status: 'incomplete_expired', ended_at: at(-29) };

	const customers = new Map<string, Customer>();
	for (const { name: customerName, email } of [...everydayCustomers, ...lookupCustomers]) {
		customers.set(
			customerName,
			customer(
				clock,
				customerName,
				customerName === 'bare' ? null : email,
				!testOnly.includes(customerName),
			),
		);
	}
	// Guest checkouts leave several customers with one address.
	customers.set('renewed_guest', customer(clock, 'renewed_guest', sampleCustomer('renewed').email));
	customers.set('mixed_test', customer(clock, 'mixed_test', sampleCustomer('mixed').email, false));
	const shop = customer(clock, 'ada_shop', sampleCustomer('ada').email);
	customers.set('ada_shop', shop);

	const of = (
		customerName: string,
		fields: Parameters<typeof subscription>[3] = {},
		name = customerName,
	) => subscription(clock, name, customers.get(customerName)!, fields);
	const trialEnd = { status: 'trialing', trial_end: at(4), trial_start: at(-10) };
	const hana = of('hana', { billing: 'flexible' });
	const hanasSchedule = schedule(clock, 'hana', hana);
	const kim = of('kim', { interval: 'year', endsIn: 200, amount: 19_900, billing: 'flexible' });
	kim.items.data.push({ ...item(clock, 'kim_extra', { endsIn: 12 }), subscription: kim.id });
	const shops = of('ada_shop');

	const subscriptions = [
		of('ada'),
		of('ben', { ...trialEnd, endsIn: 4, billing: 'flexible' }),
		of('cleo', { ...ending, cancel_at_period_end: true }),
		// Cancelled in the customer portal under flexible billing: the flag stays false.
		of('dora', { ...ending, billing: 'flexible' }),
		of('emil', {
			status: 'paused',
			status_details: {
				paused: {
					subscription: { type: 'trial_end_without_payment_method' },
					transitioned_at: at(-5),
					type: 'subscription',
				},
			},
		}),
		of('fay', { status: 'past_due' }),
		of('gus', { ...over(-20), endsIn: -20 }),
		{ ...hana, schedule: hanasSchedule.id },
		of('ivo'),
		of('june', { status: 'incomplete' }),
		kim,
		of('kim', { ...over(-90), endsIn: -90 }, 'kim_old'),
		of('twin', {}, 'twin_1'),
		of('twin', { interval: 'year', endsIn: 200, amount: 9900 }, 'twin_2'),
		of('renewed_guest', { ...over(-90), endsIn: -90 }, 'renewed_old'),
		of('renewed'),
		of('tester', {}, 'tester_1'),
		of('tester', { ...trialEnd, endsIn: 4 }, 'tester_2'),
		of('mixed_test'),
		of('mixed'),
		of('over', { ...over(-30), endsIn: -30 }, 'over_1'),
		of('over', expired, 'over_2'),
		of('capital'),
		of('bare'),
		...Array.from({ length: manyRecords.count }, (_, index) =>
			of(
				'many',
				index + 1 === manyRecords.running ? {} : { ...over(-30), endsIn: -30 },
				`many_${String(index + 1).padStart(3, '0')}`,
			),
		),
		shops,
	];
	return {
		customers: [...customers.values()],
		subscriptions,
		schedules: [hanasSchedule],
		owners: new Map([shop.id, shops.id].map((id) => [id, keys.connectedAccountId])),
	};
}
