import type { Clock } from '../../clock';
import { sampleCustomer } from '../../sampleCustomers';
import { linked, type Subscription, tier } from './shapes';

type Fields = Partial<Subscription> & { endsIn?: number };

/** An active subscription with the given fields; its period ends `endsIn` days from today. */
export function subscription(
	clock: Clock,
	id: string,
	name: string,
	{ endsIn = 12, ...fields }: Fields = {},
): Subscription {
	return {
		...linked('/subscriptions', id),
		customer: name,
		type: 0,
		productSuite: 'Smokeball',
		tier: tier('grow', 'Grow'),
		trialingTier: null,
		addOns: [],
		usages: [],
		discounts: [],
		status: 'Active',
		interval: 'Monthly',
		quantity: 5,
		createdDate: clock.midnight(-300),
		trialStatus: 'None',
		currentPeriodStartDate: clock.midnight(endsIn - 30),
		currentPeriodEndDate: clock.midnight(endsIn),
		cancellationStatus: 'None',
		...fields,
	};
}

/** Subscriptions of the sample firms. */
export function sampleSubscriptions(clock: Clock): Subscription[] {
	const made: Subscription[] = [];
	const add = (name: string, fields?: Fields) => {
		const { number } = sampleCustomer(name);
		const id = `b471682e-fa17-4e46-b7fe-${String(number).padStart(12, '0')}`;
		made.push(subscription(clock, id, name, fields));
	};
	add('ada');
	add('ben', {
		trialStatus: 'Trialing',
		trialPeriodStartDate: clock.midnight(-10),
		trialPeriodEndDate: clock.midnight(4),
		trialingTier: {
			...tier('prosper', 'Prosper'),
			cancellationStatus: 'None',
			activationDate: clock.midnight(-10),
			expirationDate: clock.midnight(4),
		},
	});
	add('cleo', {
		status: 'Canceled',
		cancellationStatus: 'Canceled',
		cancellationType: 'Immediate',
		canceledAt: clock.midnight(-3),
	});
	add('dora', {
		cancellationStatus: 'Pending',
		cancellationType: 'PeriodEnd',
		canceledAt: clock.midnight(-1),
		cancelAt: clock.midnight(12),
	});
	add('fay', { status: 'PastDue', chargeFails: true });
	add('gus', {
		status: 'Canceled',
		cancellationStatus: 'Canceled',
		cancellationType: 'PeriodEnd',
		canceledAt: clock.midnight(-20),
		chargeFails: true,
		endsIn: -20,
	});
	add('hana', { status: undefined, tier: null });
	add('kim', { interval: 'Yearly', endsIn: 200 });
	return made;
}
