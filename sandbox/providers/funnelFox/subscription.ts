import type { Clock } from '../../clock';
import { manyRecords, sampleCustomer } from '../../sampleCustomers';

/** A subscription; the optional fields of the provider's schema may be missing. */
export interface Subscription {
	id: string;
	psp_id: string;
	status: string;
	profile: { id: string; email?: string; created_at: string; preview: boolean };
	payment_provider: string;
	renews: boolean;
	sandbox: boolean;
	created_at: string;
	updated_at: string;
	period_starts_at: string;
	period_ends_at?: string;
	paused_at?: string;
	cancelled_at?: string;
	cancellation_reason?: string;
	[field: string]: unknown;
}

type Fields = Partial<Subscription> & { endsIn?: number };

export const funnel = { id: 'fun_main', title: 'Main funnel', alias: 'main', type: 'default' };

const plus = { id: 'prod_plus', name: 'Plus', status: 'active' };
const pro = { id: 'prod_pro', name: 'Pro', status: 'active' };

/** An active subscription with the given fields; its period ends `endsIn` days from today. */
export function subscription(
	clock: Clock,
	name: string,
	email: string,
	{ endsIn = 12, ...fields }: Fields = {},
): Subscription {
	return {
		id: `sub_${name}`,
		psp_id: `psp_${name}`,
		status: 'active',
		profile: { id: `pro_${name}`, email, created_at: clock.midnight(-60), preview: false },
		funnel,
		funnel_version: 3,
		session: { id: `ses_${name}`, created_at: clock.midnight(-60), locale: 'en' },
		product_id: plus.id,
		product: plus,
		price: 1999,
		currency: 'USD',
		price_usd: 1999,
		billing_interval: 'month',
		billing_interval_count: 1,
		payment_provider: 'stripe',
		renews: true,
		sandbox: false,
		created_at: clock.midnight(-60),
		updated_at: clock.midnight(endsIn - 30),
		period_starts_at: clock.midnight(endsIn - 30),
		period_ends_at: clock.midnight(endsIn),
		...fields,
	};
}

/** Subscriptions of the sample customers. */
export function sampleSubscriptions(clock: Clock): Subscription[] {
	const cancelled = {
		status: 'cancelled',
		renews: false,
		cancelled_at: clock.midnight(-3),
		cancellation_reason: 'User requested cancellation',
	};
	const expired = { status: 'expired', renews: false };
	const made = (name: string, fields?: Fields, id = name) =>
		subscription(clock, id, sampleCustomer(name).email, fields);
	const profileOf = (name: string, preview = false) => ({
		id: `pro_${name}`,
		email: sampleCustomer(name).email,
		created_at: clock.midnight(-60),
		preview,
	});
	/** One of several subscriptions of a profile. */
	const oneOf = (name: string, part: string, fields: Fields = {}) =>
		made(name, { profile: profileOf(name), ...fields }, part && `${name}_${part}`);
	const yearly = { billing_interval: 'year', endsIn: 200 };
	return [
		made('ada'),
		made('ben', { status: 'trialing', endsIn: 4, trial_offer: 'free' }),
		made('cleo', cancelled),
		made('dora', { renews: false, payment_provider: 'paddle' }),
		made('emil', {
			status: 'paused',
			payment_provider: 'paypal',
			paused_at: clock.midnight(-5),
		}),
		made('fay', { status: 'unpaid', payment_provider: 'paddle', endsIn: -2 }),
		made('gus', { ...expired, endsIn: -20 }),
		made('hana', { payment_provider: 'braintree' }),
		made('ivo', { sandbox: true, profile: profileOf('ivo', true) }),
		made('june', { status: 'created', payment_provider: 'solidgate' }),
		made('kim', yearly),
		made('kim', { ...expired, endsIn: -90 }, 'kim_old'),
		oneOf('twin', '1'),
		oneOf('twin', '2', { ...yearly, product_id: pro.id, product: pro, price: 9900 }),
		oneOf('renewed', 'old', { ...expired, endsIn: -90 }),
		made('renewed'),
		oneOf('tester', '1', { sandbox: true }),
		oneOf('tester', '2', { sandbox: true, status: 'trialing', endsIn: 4 }),
		oneOf('mixed', 'test', { sandbox: true }),
		made('mixed'),
		oneOf('over', '1', { ...expired, endsIn: -30 }),
		oneOf('over', '2', cancelled),
		made('capital'),
		bare(made('bare')),
		...Array.from({ length: manyRecords.count }, (_, index) =>
			oneOf(
				'many',
				String(index + 1).padStart(3, '0'),
				index + 1 === manyRecords.running ? {} : { ...expired, endsIn: -30 },
			),
		),
	];
}

/** The subscription without its optional fields. */
function bare({ profile, ...full }: Subscription): Subscription {
	const record: Subscription = { ...full, profile: { ...profile } };
	for (const optional of ['period_ends_at', 'product', 'product_id']) delete record[optional];
	delete record.profile.email;
	return record;
}

/** State for the status page. */
export function stateLabel({ status, renews, sandbox }: Subscription): string {
	const isRunning = status === 'active' || status === 'trialing';
	const ending = isRunning && !renews ? ', does not renew' : '';
	return status + ending + (sandbox ? ', a test' : '');
}

const listFields = [
	'id',
	'psp_id',
	'status',
	'renews',
	'sandbox',
	'created_at',
	'updated_at',
	'billing_interval',
	'billing_interval_count',
	'price',
	'currency',
	'price_usd',
	'funnel_version',
	'payment_provider',
	'period_starts_at',
	'period_ends_at',
	'profile',
	'product',
];

/** The fields of a list row: without funnel, session and cancellation. */
export function reduced(record: Subscription): Record<string, unknown> {
	return Object.fromEntries(
		listFields.filter((field) => field in record).map((field) => [field, record[field]]),
	);
}
