import type { Clock } from '../../clock';
import {
	manyRecords,
	everydayCustomers,
	lookupCustomers,
	sampleCustomer,
} from '../../sampleCustomers';
import { sampleId } from './ids';
import { type Customer, customer, type Subscription, subscription } from './subscription';

/** The sample records, with the state that Paddle does not show in them. */
export interface Samples {
	customers: Customer[];
	subscriptions: Subscription[];
	/** Records of the sandbox environment; all others are live. */
	inSandbox: Set<string>;
	/** Until when a subscription is locked for processing, by its ID. */
	processingUntil: Map<string, string>;
}

const minute = 60_000;

/** The customers and subscriptions of the sample customers. */
export function samples(clock: Clock): Samples {
	const customers = new Map<string, Customer>();
	for (const { name: customerName, email } of [...everydayCustomers, ...lookupCustomers]) {
		customers.set(customerName, customer(clock, customerName, email));
	}
	customers.set('mixed_test', customer(clock, 'mixed_test', sampleCustomer('mixed').email));
	// Lists leave archived customers out by default; their subscriptions stay active.
	for (const customerName of ['bare', 'over']) customers.get(customerName)!.status = 'archived';

	const of = (
		customerName: string,
		fields: Parameters<typeof subscription>[3] = {},
		name = customerName,
	) => subscription(clock, name, customers.get(customerName)!, fields);
	const stopped = { current_billing_period: null, next_billed_at: null };
	const canceled = (days: number): Partial<Subscription> => ({
		...stopped,
		status: 'canceled',
		canceled_at: clock.midnight(days),
	});
	const scheduled = (action: 'cancel' | 'pause'): Partial<Subscription> => ({
		next_billed_at: null,
		scheduled_change: { action, effective_at: clock.midnight(12), resume_at: null },
	});
	const soon = new Date(clock.now().getTime() + 20 * minute).toISOString();
	const renewsSoon = of('hana', { next_billed_at: soon });
	renewsSoon.current_billing_period = { starts_at: clock.midnight(-30), ends_at: soon };

	const subscriptions = [
		of('ada'),
		of('ben', { status: 'trialing', endsIn: 4 }),
		of('cleo', scheduled('cancel')),
		of('dora', scheduled('pause')),
		of('emil', { ...stopped, status: 'paused', paused_at: clock.midnight(-5) }),
		of('fay', { status: 'past_due' }),
		of('gus', canceled(-20)),
		renewsSoon,
		of('ivo'),
		of('june'),
		of('kim', { interval: 'year', endsIn: 200 }),
		of('kim', canceled(-90), 'kim_old'),
		of('twin', {}, 'twin_1'),
		of('twin', { interval: 'year', endsIn: 200 }, 'twin_2'),
		of('renewed', canceled(-90), 'renewed_old'),
		of('renewed'),
		of('tester', {}, 'tester_1'),
		of('tester', { status: 'trialing', endsIn: 4 }, 'tester_2'),
		of('mixed_test'),
		of('mixed'),
		of('over', canceled(-30), 'over_1'),
		of('over', canceled(-3), 'over_2'),
		of('capital'),
		of('bare'),
		...Array.from({ length: manyRecords.count }, (_, index) =>
			of(
				'many',
				index + 1 === manyRecords.running ? {} : canceled(-30),
				`many_${String(index + 1).padStart(3, '0')}`,
			),
		),
	];
	const testers = ['ivo', 'tester', 'tester_1', 'tester_2', 'mixed_test'];
	return {
		customers: [...customers.values()],
		subscriptions,
		inSandbox: new Set(testers.flatMap((name) => [sampleId('sub', name), sampleId('ctm', name)])),
		processingUntil: new Map([
			[sampleId('sub', 'june'), new Date(clock.now().getTime() + 25 * minute).toISOString()],
		]),
	};
}
