import type { Clock } from '../../clock';
import { sampleCustomer } from '../../sampleCustomers';

/** A subscription of an API as a small company writes one for itself. */
export interface Subscription {
	id: string;
	status: 'active' | 'paused' | 'ending' | 'ended';
	ends_at: string | null;
	customer: { email: string | null };
	reason: string | null;
	updated_at: string;
	[field: string]: unknown;
}

export function subscription(
	clock: Clock,
	name: string,
	email: string | null,
	fields: Partial<Subscription> = {},
): Subscription {
	return {
		id: `own_${name}`,
		status: 'active',
		ends_at: null,
		customer: { email },
		reason: null,
		updated_at: clock.midnight(-10),
		...fields,
	};
}

/** Subscriptions of the sample customers. */
export function sampleSubscriptions(clock: Clock): Subscription[] {
	const made = (name: string, fields?: Partial<Subscription>) =>
		subscription(clock, name, sampleCustomer(name).email, fields);
	return [
		...['ada', 'ben', 'emil', 'fay', 'hana', 'ivo', 'kim'].map((name) => made(name)),
		made('cleo', { status: 'ending', ends_at: clock.midnight(20) }),
		made('dora', { status: 'paused' }),
		made('gus', { status: 'ended', ends_at: clock.midnight(-20) }),
		made('june', { status: 'locked' as never }),
		subscription(clock, 'bare', null),
	];
}
