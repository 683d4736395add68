import type { Clock } from '../../clock';
import { sampleCustomer } from '../../sampleCustomers';

/** A referral; responses do not contain `uid`. */
export interface Referral {
	id: string;
	uid: string;
	email: string;
	/** clicked, converted, paid, churned, rejected */
	state: string;
	/** Unix seconds, as the two below. */
	state_set_at: number;
	created_at: number;
	updated_at: number;
}

/** A referral created 60 days ago, in this state since 10 days ago. */
export function referral(clock: Clock, name: string, email: string, state: string): Referral {
	const daysAgo = (days: number) => Math.floor(Date.parse(clock.midnight(-days)) / 1000);
	return {
		id: `ref_${name}`,
		uid: `cus_${name}`,
		email,
		state,
		state_set_at: daysAgo(10),
		created_at: daysAgo(60),
		updated_at: daysAgo(10),
	};
}

/** Referrals of the sample customers. */
export function sampleReferrals(clock: Clock): Referral[] {
	// Hana is missing: a customer without a referral.
	const states: Record<string, string> = {
		ada: 'paid',
		ben: 'clicked',
		cleo: 'churned',
		dora: 'converted',
		emil: 'paid',
		fay: 'paid',
		gus: 'rejected',
		ivo: 'clicked',
		june: 'converted',
		kim: 'paid',
		twin: 'paid',
		renewed: 'paid',
		mixed: 'converted',
		capital: 'paid',
		many: 'paid',
	};
	return Object.entries(states).map(([name, state]) =>
		referral(clock, name, sampleCustomer(name).email, state),
	);
}

/** A referral in the provider's format. */
export function view(record: Referral): Record<string, unknown> {
	const { id, email, state, state_set_at, created_at, updated_at } = record;
	const attributes = { email, state, state_set_at, created_at, updated_at };
	return { id, type: 'referral', attributes };
}
