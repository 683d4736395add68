import fc from 'fast-check';

import type { ProviderWorld } from './models/providerModel';
import {
	brokenAnswers,
	gatewayAnswers,
	namings,
	ownAnswers,
	providerNames,
	quirks,
	type Answer,
	type Continuation,
	type Customer,
	type Execution,
	type Fault,
	type Item,
	type Quirk,
	type Rubbish,
	type World,
} from './world';

/** What expressions, spreadsheets, templates and JSON leave in the place of an identifier. */
const rubbish: Array<Rubbish['value']> = [
	...[1234567890123456789, 7615917337495251231, 1e21, -5, 4711.5, true, null],
	...['', ' ', 'undefined', 'null', 'NaN', '#N/A', '#WERT!', '1.23457E+18', 'Loading...'],
	...[
		'Ada \ud83d',
		'sub_\ud83d',
		'\ud83dada@example.com',
		'a\u200bb@example.com',
		'[object Object]',
		'{{ $json.id }}',
		'${uid}',
	],
	...['"ada@example.com"', 'a@b..c', '*@*.*', 'a@b?subject=x', '["cus_1"]', '=A1', '<uid>'],
	...['sub_1, sub_2', '2026-12-31', 'https://app.example.com/customers/4711'],
	...[['cus_1'], { id: 'cus_1' }],
];

export const mostly = <T>(usual: T, ...others: T[]) =>
	fc.oneof(
		{ weight: 4, arbitrary: fc.constant(usual) },
		{ weight: 1, arbitrary: fc.constantFrom(...others) },
	);
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 5, nil: null });
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
	fc.oneof({ weight: 15, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const allQuirks = [...new Set(Object.values(quirks).flat())];

export const customer: fc.Arbitrary<Customer> = fc.record({
	state: mostly<Customer['state']>('running', 'over', 'ending', 'unknown', 'never'),
	endsInDays: sometimes(fc.constantFrom(30, 7)),
	sharesEmailWith: fc.constantFrom(null, null, 0),
	emailInCapitals: mostly(false, true),
	quirk: mostly<Customer['quirk']>('none', ...allQuirks),
});

const item: fc.Arbitrary<Item> = fc.record({
	customer: fc.constantFrom(0, 0, 1, 2),
	spelling: mostly<Item['spelling']>('exact', 'capitals', 'blanks'),
	rubbish: fc.oneof(
		{ weight: 12, arbitrary: fc.constant(null) },
		{ weight: 1, arbitrary: fc.constantFrom(...rubbish).map((value) => ({ value })) },
	),
});

const soon = fc.constantFrom(0, 0, 10, 100, 500, 1500, 3000, 8000, 12_000, 40_000);
const later = fc.constantFrom(0, 100, 3000, 20_000, 120_000, 3 * 86_400_000);

const continuation: fc.Arbitrary<Continuation> = fc.record({
	kind: fc.constantFrom('retryOnFail', 'loop', 'retryButton', 'redelivery'),
	afterMs: fc.oneof(fc.constantFrom(0, 1000, 5000), later),
	process: mostly(0, 1),
	credential: mostly(0, 1),
});

const execution: fc.Arbitrary<Execution> = fc.record({
	startMs: soon,
	process: mostly(0, 1),
	credential: mostly(0, 1),
	naming: fc.constantFrom('id', 'email', 'email', 'ownId', 'customer'),
	operation: mostly<Execution['operation']>('cancel', 'cancelAtOnce', 'cancelLater'),
	isBlind: mostly(false, true),
	items: fc.array(item, { minLength: 1, maxLength: 4 }),
	onError: fc.constantFrom('stop', 'continueRegularOutput', 'continueErrorOutput'),
	options: fc.record({
		dryRun: fc.oneof(
			{ weight: 9, arbitrary: fc.constant(false) },
			{ weight: 1, arbitrary: fc.constant(true) },
		),
		maxConcurrency: fc.constantFrom(5, 1, 2, 20),
		maxAttempts: fc.constantFrom(4, 1, 2, 3),
		timeout: fc.constantFrom(30_000, 3000, 500),
		requestsPerMinute: fc.constantFrom(null, 20, 60, 600, 6000),
		maxPerExecution: mostly(0, 1, 2, 100),
		cancelAll: mostly(false, true),
		expectedStatus: rarely(fc.constantFrom('active', 'Active', 'paid', 'cancelled')),
	}),
	stopAfterMs: fc.oneof(
		{ weight: 3, arbitrary: fc.constant(null) },
		{ weight: 1, arbitrary: soon },
	),
	crashAfterMs: rarely(soon),
	again: sometimes(
		fc.record({ afterMs: fc.constantFrom(0, 50, 400, 1500, 4000), process: mostly(0, 1) }),
	),
	next: fc.array(continuation, { maxLength: 2 }),
});

const retryAfter = fc.constantFrom(
	...['0', '1', '30', '121', '600', '-5', 'soon', '', '1795255230', '1795255230000', '2, 5'],
	'Sat, 21 Nov 2026 10:01:00 GMT',
);
const reset = fc.constantFrom('1', '30', '1795255230', '1795255230000', '-1', 'soon');
const rateLimitAnswer: fc.Arbitrary<Answer> = fc.oneof(
	retryAfter.map((text) => ({ status: 429 as const, headers: { 'retry-after': text } })),
	fc.tuple(fc.constantFrom(200 as const, 429 as const), reset).map(([status, text]) => ({
		status,
		headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': text },
	})),
);

export const anyAnswer: fc.Arbitrary<Answer> = fc.oneof(
	{ weight: 3, arbitrary: fc.constant<Answer>('own') },
	{ weight: 3, arbitrary: fc.constantFrom<Answer>(...gatewayAnswers) },
	{ weight: 3, arbitrary: fc.constantFrom<Answer>(...ownAnswers, 'odd2xx') },
	{ weight: 2, arbitrary: fc.constantFrom<Answer>(...brokenAnswers) },
	{ weight: 1, arbitrary: rateLimitAnswer },
);

const fault: fc.Arbitrary<Fault> = fc.record({
	on: fc.constantFrom('write', 'write', 'write', 'read', 'read', 'search', 'preview'),
	nth: fc.constantFrom(0, 0, 0, 1, 1, 2, 4),
	times: fc.constantFrom(1, 1, 1, 2, 4, 1000),
	reaches: fc.constantFrom(true, true, false),
	workMs: fc.constantFrom(0, 200, 1500, 3000, 8000, 25_000, 90_000),
	answer: anyAnswer,
	answerMs: fc.constantFrom(0, 100, 1500, 4000, 20_000),
});

/** Customers as this provider may have them. */
export function consistentCustomers({ provider, variant, customers }: ProviderWorld): Customer[] {
	const own: readonly Quirk[] = quirks[provider];
	const quirkOf = (quirk: Quirk) =>
		quirk === 'none' || own.includes(quirk) ? quirk : own[allQuirks.indexOf(quirk) % own.length];
	return customers
		.map((one) => ({ ...one, quirk: quirkOf(one.quirk) }))
		.map((one) => {
			if (one.state !== 'ending') return one;
			// Referrals end at once; and a record that says "cancelled" says since when or until when.
			if (['firstPromoter', 'reditus'].includes(provider)) {
				return { ...one, state: 'over' as const };
			}
			return variant.keepsStatus ? one : { ...one, endsInDays: one.endsInDays ?? 30 };
		});
}

/** Names customers that there are, in ways that the provider's node has. */
function consistent(world: World): World {
	const count = world.customers.length;
	const ways = namings[world.provider];
	const executions = world.executions.map((one) => ({
		...one,
		naming: ways.includes(one.naming) ? one.naming : (ways[1] ?? ways[0]),
		items: one.items.map((item) => ({ ...item, customer: item.customer % count })),
	}));
	const changes = world.changes.map((one) => ({ ...one, customer: one.customer % count }));
	return { ...world, customers: consistentCustomers(world), executions, changes };
}

const anyWorld: fc.Arbitrary<World> = fc.record({
	kind: fc.constant('writes'),
	provider: fc.constantFrom(...providerNames),
	variant: fc.record({
		pageSize: fc.constantFrom(100, 1),
		foldsEmails: fc.boolean(),
		keepsStatus: fc.boolean(),
		times: fc.constantFrom('utc', 'withoutOffset'),
		paging: fc.constantFrom('sound', 'sound', 'withoutCursor', 'repeatsCursor'),
		version: fc.constantFrom(1, 2),
	}),
	customers: fc.array(customer, { minLength: 1, maxLength: 3 }),
	executions: fc.array(execution, { minLength: 1, maxLength: 3 }),
	faults: fc.array(fault, { minLength: 1, maxLength: 3 }),
	changes: fc.array(
		fc.record({
			atMs: fc.oneof(soon, later),
			customer: fc.nat(3),
			kind: fc.constantFrom('reactivated', 'cancelledElsewhere'),
		}),
		{ maxLength: 2 },
	),
	clockJumps: fc.oneof(
		{ weight: 4, arbitrary: fc.constant<World['clockJumps']>([]) },
		{
			weight: 1,
			arbitrary: fc.array(
				fc.record({
					atMs: soon,
					process: fc.nat(1),
					byMs: fc.constantFrom(40_000, 7_200_000, -3_600_000),
				}),
				{ maxLength: 1 },
			),
		},
	),
	latency: mostly('steady', 'varied'),
	serverZone: fc.constantFrom('UTC', 'Asia/Tokyo', 'America/Los_Angeles'),
	seed: fc.nat(1_000_000),
});

export const worlds: fc.Arbitrary<World> = anyWorld.map(consistent);
