import type { RecordState } from '../../nodes/shared/contract/record';
import type { RetrySafety } from '../../nodes/shared/contract/provider';
import type { Doubt } from '../../nodes/shared/model/doubt';
import type { RecordReading } from '../../nodes/shared/model/recordReading';
import type { PriorState } from '../../nodes/shared/run/ledger';
import {
	alreadyDoneVerdict,
	doneVerdict,
	explainedVerdict,
	notFoundVerdict,
	preflight,
	settlesDoubt,
	verdictAfterDoubt,
} from '../../nodes/shared/write/preflight';
import {
	activeState,
	cancelOperation,
	endedState,
	future,
	past,
	response,
	SampleApi,
	writeContext,
	writeItem,
	type ItemSettings,
} from './sampleProvider';
import { onVirtualClock } from './virtualClock';

const found = (state: RecordState): RecordReading => ({ kind: 'found', state });
const active = found(activeState());
const lagging = found(activeState({ eventuallyConsistent: true }));
const ended = found(endedState());
const missing: RecordReading = { kind: 'missing', description: 'HTTP 404: gone' };
const unreadable: RecordReading = { kind: 'unreadable', reason: 'It has no record.' };
const failed: RecordReading = {
	kind: 'failed',
	reason: 'It could not be read.',
	failure: { outcome: 'rateLimited' },
};
const ambiguous: RecordReading = { kind: 'ambiguous', candidates: ['ref_1', 'ref_2'] };
const notRead: RecordReading = { kind: 'notRead' };

const sentAt = Date.parse('2026-11-21T10:00:00Z');
const doubt: Doubt = {
	firstSentAt: sentAt,
	mayRunMs: 10_000,
	process: 'this',
	sentAtMonotonic: 0,
};
const none: PriorState = { kind: 'none' };
const inDoubt: PriorState = { kind: 'inDoubt', doubt };
const elsewhere: PriorState = { kind: 'settledElsewhere' };

/** The preflight of an item, and what was sent for it. */
const check = async (reading: RecordReading, prior: PriorState, settings: ItemSettings = {}) =>
	await onVirtualClock(async (clock) => {
		const api = new SampleApi(clock);
		const flight = await preflight(writeContext(api, settings), reading, prior);
		return { flight, sent: api.sent };
	});
const withSafety = (retrySafety: RetrySafety) => ({ operation: { retrySafety } });

describe('after an attempt without a clear response', () => {
	const why = 'An earlier attempt had no clear response.';
	const scheduled = { kind: 'go', verdict: { outcome: 'scheduled', effectiveAt: future } };
	const verified = {
		kind: 'done',
		verdict: { outcome: 'scheduled', effectiveAt: future, verified: true },
	};
	const notFound = {
		kind: 'stop',
		verdict: { outcome: 'notFound', description: 'HTTP 404: gone' },
	};
	const unknown = (...more: string[]) => ({
		kind: 'stop',
		verdict: { outcome: 'unknown', description: [why, ...more].join(' ') },
	});

	test.each<[RetrySafety, string, RecordReading, object]>([
		['verifyFirst', 'is unchanged', active, scheduled],
		['verifyFirst', 'may show a change later', lagging, unknown()],
		['verifyFirst', 'has ended', ended, verified],
		['verifyFirst', 'is missing', missing, notFound],
		['verifyFirst', 'cannot be shown', unreadable, unknown('It has no record.')],
		['verifyFirst', 'could not be read', failed, unknown('It could not be read.')],
		[
			'verifyFirst',
			'is one of several',
			ambiguous,
			unknown('Several records match: ref_1; ref_2.'),
		],
		['never', 'is unchanged', active, unknown()],
		['never', 'has ended', ended, verified],
		['never', 'is missing', missing, notFound],
		// The provider drops a second request, so that it may be sent; but not where the read failed.
		['deduplicated', 'is unchanged', active, scheduled],
		['deduplicated', 'may show a change later', lagging, scheduled],
		[
			'deduplicated',
			'cannot be shown',
			unreadable,
			{ kind: 'go', verdict: { outcome: 'cancelled', effectiveAt: null } },
		],
		['deduplicated', 'could not be read', failed, unknown('It could not be read.')],
		[
			'deduplicated',
			'is one of several',
			ambiguous,
			unknown('Several records match: ref_1; ref_2.'),
		],
	])(
		'a request of retry safety %s whose record %s ends as it must',
		async (safety, _, reading, end) => {
			const { flight, sent } = await check(reading, inDoubt, withSafety(safety));
			expect(flight).toEqual(end);
			expect(sent).toEqual([]);
		},
	);

	test('takes an end from before that attempt for an earlier one', async () => {
		const old = found(endedState({ changedAt: '2026-11-21T09:00:00Z' }));
		const { flight } = await check(old, inDoubt, withSafety('never'));
		const verdict = { outcome: 'alreadyCancelled', effectiveAt: future };
		expect(flight).toEqual({ kind: 'done', verdict });
	});

	test('sends nothing beside a guard that fails, and checks the doubt first', async () => {
		const options = { expectedEmail: 'ben@example.com' };
		await expect(check(active, inDoubt, { options })).rejects.toThrow('belongs to ada@example.com');
		const { flight } = await check(ended, inDoubt, { options });
		expect(flight).toEqual(verified);
	});
});

describe('after the same was accepted with another credential', () => {
	const why = 'An earlier attempt was accepted with another credential.';
	test.each<[string, RetrySafety, RecordReading, object]>([
		[
			'stops where nothing can be read',
			'verifyFirst',
			unreadable,
			{ kind: 'stop', verdict: { outcome: 'unknown', description: `${why} It has no record.` } },
		],
		[
			'stops where the read failed',
			'verifyFirst',
			failed,
			{
				kind: 'stop',
				verdict: { outcome: 'unknown', description: `${why} It could not be read.` },
			},
		],
		[
			'stops although a second request would be dropped',
			'deduplicated',
			unreadable,
			{ kind: 'stop', verdict: { outcome: 'unknown', description: `${why} It has no record.` } },
		],
		['goes on where the record is unchanged', 'verifyFirst', active, { kind: 'go' }],
		[
			'stops at an unchanged record where that proves nothing',
			'never',
			active,
			{ kind: 'stop', verdict: { outcome: 'unknown', description: why } },
		],
		[
			'had ended before where the record has ended',
			'verifyFirst',
			ended,
			{ kind: 'done', verdict: { outcome: 'alreadyCancelled', effectiveAt: future } },
		],
	])('%s', async (_, safety, reading, end) => {
		const { flight } = await check(reading, elsewhere, withSafety(safety));
		expect(flight).toMatchObject(end);
	});
});

describe('before the first attempt', () => {
	const first = async (reading: RecordReading, settings: ItemSettings = {}) =>
		(await check(reading, none, settings)).flight;

	test('goes on with an active record, and predicts its end', async () => {
		const verdict = { outcome: 'scheduled', effectiveAt: future };
		expect(await first(active)).toEqual({ kind: 'go', verdict });
		expect(await first(lagging)).toEqual({ kind: 'go', verdict });
		const unknownEnd = found(activeState({ end: { kind: 'unknown' } }));
		expect(await first(unknownEnd)).toEqual({
			kind: 'go',
			verdict: { outcome: 'scheduled', effectiveAt: null },
		});
		const atOnce = found(activeState({ end: { kind: 'atOnce' } }));
		expect(await first(atOnce)).toMatchObject({ verdict: { outcome: 'cancelled' } });
	});

	test("predicts by the provider's own rule where it has one", async () => {
		const predicted = { outcome: 'pendingProvider' } as const;
		const predict = jest.fn(() => predicted);
		const settings = { operation: { predict }, values: { reason: 'price' } };
		expect(await first(active, settings)).toEqual({ kind: 'go', verdict: predicted });
		expect(predict).toHaveBeenCalledWith(activeState(), { id: 'sub_ada', reason: 'price' });
	});

	test('predicts without a record that it ends at once, or is restored', async () => {
		expect(await first(unreadable)).toEqual({
			kind: 'go',
			verdict: { outcome: 'cancelled', effectiveAt: null },
		});
		expect(await first(notRead, { operation: { effect: 'restore' } })).toMatchObject({
			verdict: { outcome: 'restored' },
		});
	});

	test('is done where the record has ended', async () => {
		const verdict = { outcome: 'alreadyCancelled', effectiveAt: future };
		expect(await first(ended)).toEqual({ kind: 'done', verdict });
	});

	test('is done, and not ended, where the plan continues', async () => {
		expect(await first(found(endedState({ phase: 'continues' })))).toMatchObject({
			kind: 'done',
			verdict: { outcome: 'alreadyCancelled', planContinues: true },
		});
	});

	test('stops where the precondition of the provider fails; without a record it is not checked', async () => {
		const verdict = { outcome: 'notCancellable' } as const;
		const precondition = jest.fn(() => verdict);
		const settings = { operation: { precondition }, values: { reason: 'price' } };
		expect(await first(active, settings)).toEqual({ kind: 'stop', verdict });
		expect(precondition).toHaveBeenCalledWith(activeState(), { id: 'sub_ada', reason: 'price' });
		expect(await first(unreadable, settings)).toMatchObject({ kind: 'go' });
	});

	test('stops at a missing record; a customer who is no referral has nothing to cancel', async () => {
		const description = 'HTTP 404: gone';
		expect(await first(missing)).toEqual({
			kind: 'stop',
			verdict: { outcome: 'notFound', description },
		});
		expect(await first(missing, { operation: { referral: true } })).toEqual({
			kind: 'done',
			verdict: { outcome: 'nothingToCancel', description },
		});
	});

	test('stops where the read failed, and hands on when to come back', async () => {
		const retryAt = '2026-11-28T12:00:00.000Z';
		const failure = { outcome: 'rateLimited', retryAt } as const;
		expect(await first({ ...failed, failure })).toEqual({
			kind: 'stop',
			verdict: {
				outcome: 'rateLimited',
				description: 'It could not be read. It has to be read before anything is sent.',
			},
			retryAt,
		});
	});

	test('refuses where several records match, and names them', async () => {
		expect(await first(ambiguous)).toEqual({
			kind: 'stop',
			verdict: { outcome: 'refused', description: 'Several records match: ref_1; ref_2.' },
		});
	});

	test('throws the refusal of a guard before it looks at anything else in the record', async () => {
		const options = { expectedStatus: ['paused'] };
		await expect(first(ended, { options })).rejects.toThrow('has the status "cancelled"');
	});
});

describe("the provider's own preview", () => {
	const previewed = async (
		status: number,
		body: object,
		settings: ItemSettings,
		onRead: SampleApi['onRead'] = () => ({ status, body }),
	) =>
		await onVirtualClock(async (clock) => {
			const api = new SampleApi(clock);
			api.onRead = onRead;
			const preview = (required: boolean) => () => ({
				request: { path: '/preview' },
				interpret: ({ body: said }: { body: unknown }) =>
					(said as { offer?: boolean }).offer ? ({ outcome: 'offer' } as const) : undefined,
				required,
			});
			const operation = {
				preview: preview(settings.values?.required === true),
				...settings.operation,
			};
			const flight = await preflight(writeContext(api, { ...settings, operation }), active, none);
			return { flight, paths: api.sent.map(({ path }) => path) };
		});
	const dryRun = { item: { dryRun: true } };
	const required = { values: { required: true } };

	test('is not asked for before a write that does not require it', async () => {
		const { flight, paths } = await previewed(200, {}, {});
		expect(flight).toMatchObject({ kind: 'go', verdict: { outcome: 'scheduled' } });
		expect(paths).toEqual([]);
	});

	test('says what a dry run comes to', async () => {
		const { flight, paths } = await previewed(200, { offer: true }, dryRun);
		expect(flight).toEqual({ kind: 'go', verdict: { outcome: 'offer' } });
		expect(paths).toEqual(['/preview']);
		const ready = await previewed(200, {}, dryRun);
		expect(ready.flight).toEqual({ kind: 'go', verdict: { outcome: 'readyToConfirm' } });
		const predict = () => ({ outcome: 'pendingProvider' }) as const;
		const predicted = await previewed(200, {}, { ...dryRun, operation: { predict } });
		expect(predicted.flight).toEqual({ kind: 'go', verdict: { outcome: 'pendingProvider' } });
	});

	test('is asked for what the record adds to the values', async () => {
		const preview = ({ catalog }: Record<string, unknown>) => ({
			request: { path: `/preview/${String(catalog)}` },
			interpret: () => undefined,
		});
		const reading = found(activeState({ values: { catalog: 'items' } }));
		const { sent } = await check(reading, none, { ...dryRun, operation: { preview } });
		expect(sent.map(({ path }) => path)).toEqual(['/preview/items']);
	});

	test('adds its words and what it says of money to what the provider predicts', async () => {
		const words = { description: 'Charges 5 USD.', money: 'charges 5 USD' };
		const preview = () => ({
			request: { path: '/preview' },
			interpret: () => ({ outcome: 'readyToConfirm', ...words }) as const,
		});
		const predict = () => ({ outcome: 'scheduled', description: 'No refund.' }) as const;
		const { flight } = await previewed(200, {}, { ...dryRun, operation: { preview, predict } });
		const description = 'No refund. Charges 5 USD.';
		const { money } = words;
		expect(flight).toEqual({ kind: 'go', verdict: { outcome: 'scheduled', description, money } });
	});

	test('leaves what the provider predicts of money as it is where it says nothing of it', async () => {
		const predict = () => ({ outcome: 'scheduled', money: 'no refund' }) as const;
		const { flight } = await previewed(200, {}, { ...dryRun, operation: { predict } });
		expect(flight.verdict).toEqual({ outcome: 'scheduled', money: 'no refund' });
	});

	test('is asked for again after an error, because it changes nothing', async () => {
		const { flight, paths } = await previewed(200, {}, dryRun, (earlier) =>
			earlier < 2 ? { status: 500, body: { message: 'Oh' } } : { status: 200, body: {} },
		);
		expect(flight).toEqual({ kind: 'go', verdict: { outcome: 'readyToConfirm' } });
		expect(paths).toHaveLength(3);
	});

	test('is not asked for where there is none for these values', async () => {
		const preview = () => undefined;
		const { flight, paths } = await previewed(200, {}, { ...dryRun, operation: { preview } });
		expect(flight).toMatchObject({ kind: 'go', verdict: { outcome: 'scheduled' } });
		expect(paths).toEqual([]);
	});

	test('stops a write that requires it, unless it is ready', async () => {
		expect((await previewed(200, {}, required)).flight).toMatchObject({ kind: 'go' });
		const offered = await previewed(200, { offer: true }, required);
		expect(offered.flight).toMatchObject({ kind: 'stop', verdict: { outcome: 'offer' } });
		const refused = await previewed(422, { message: 'Not now' }, required);
		expect(refused.flight).toMatchObject({
			kind: 'stop',
			verdict: { outcome: 'notCancellable', description: 'HTTP 422: Not now' },
			result: { answer: response(422, { message: 'Not now' }), attempts: 1 },
		});
	});

	test('that fails stops a dry run, too', async () => {
		const { flight } = await previewed(400, { message: 'No such step' }, dryRun);
		expect(flight).toMatchObject({ kind: 'stop', verdict: { outcome: 'failed' } });
	});
});

describe('what a record that is done says', () => {
	const cancel = cancelOperation();
	const restore = cancelOperation({ effect: 'restore' });

	test('is that it ends or ended, at once or at a time that is not known', () => {
		const end = (state: Partial<RecordState>) => doneVerdict(cancel, endedState(state));
		expect(end({})).toEqual({ outcome: 'scheduled', effectiveAt: future });
		expect(end({ end: { kind: 'at', at: past } })).toEqual({
			outcome: 'cancelled',
			effectiveAt: past,
		});
		expect(end({ end: { kind: 'atOnce' } })).toEqual({ outcome: 'cancelled', effectiveAt: null });
		expect(end({ end: { kind: 'unknown' } })).toEqual({ outcome: 'scheduled', effectiveAt: null });
		expect(end({ phase: 'continues' })).toMatchObject({ planContinues: true });
		expect(doneVerdict(restore, activeState())).toEqual({ outcome: 'restored', effectiveAt: null });
	});

	test('is, where it was so before, that there was nothing left to do', () => {
		expect(alreadyDoneVerdict(cancel, endedState())).toEqual({
			outcome: 'alreadyCancelled',
			effectiveAt: future,
		});
		expect(alreadyDoneVerdict(cancel, endedState({ phase: 'continues' }))).toMatchObject({
			planContinues: true,
		});
		expect(alreadyDoneVerdict(restore, activeState())).toEqual({
			outcome: 'restored',
			effectiveAt: null,
		});
	});

	test.each<[string, Partial<RecordState>, Doubt | undefined, string]>([
		['without a time is the work of the request', {}, doubt, 'scheduled'],
		[
			'since after the request is its work',
			{ changedAt: '2026-11-21T10:00:01Z' },
			doubt,
			'scheduled',
		],
		[
			'since a minute before the request is its work, because clocks differ',
			{ changedAt: '2026-11-21T09:59:00Z' },
			doubt,
			'scheduled',
		],
		[
			'since more than a minute before the request is not its work',
			{ changedAt: '2026-11-21T09:58:59Z' },
			doubt,
			'alreadyCancelled',
		],
		[
			'is the work of a request whose time is not known',
			{ changedAt: '2026-11-20T10:00:00Z' },
			undefined,
			'scheduled',
		],
		[
			'with another end than was asked for is not its work',
			{ matchesRequest: false },
			undefined,
			'alreadyCancelled',
		],
		['with the end that was asked for is its work', { matchesRequest: true }, doubt, 'scheduled'],
	])('after a doubt: a record that is done %s', (_, more, since, outcome) => {
		const verdict = verdictAfterDoubt(cancel, endedState(more), since);
		expect(verdict).toMatchObject({ outcome, effectiveAt: future });
		expect(verdict.verified).toBe(outcome === 'scheduled' ? true : undefined);
	});
});

test('a record explains a refusal, and nothing else does', () => {
	const explained = { outcome: 'notCancellable', description: 'Come back later.' } as const;
	const explainRefusal = jest.fn(() => explained);
	const item = writeItem({ operation: { explainRefusal }, values: { reason: 'price' } });
	const refusal = { outcome: 'failed' } as const;
	expect(explainedVerdict(item, refusal, active)).toBe(explained);
	expect(explainRefusal.mock.calls).toEqual([
		[refusal, activeState(), { id: 'sub_ada', reason: 'price' }],
	]);
	const success = { outcome: 'cancelled' } as const;
	expect(explainedVerdict(item, success, active)).toBe(success);
	expect(explainedVerdict(item, refusal, unreadable)).toBe(refusal);
	expect(explainRefusal).toHaveBeenCalledTimes(1);
});

test('a target that the provider does not know is not found, or no referral', () => {
	expect(notFoundVerdict(cancelOperation(), 'Gone.')).toEqual({
		outcome: 'notFound',
		description: 'Gone.',
	});
	expect(notFoundVerdict(cancelOperation({ referral: true }), undefined)).toEqual({
		outcome: 'nothingToCancel',
		description: undefined,
	});
});

test.each<[string, RecordReading, RetrySafety, boolean]>([
	['that has ended', ended, 'never', true],
	['that is missing', missing, 'never', true],
	['that is unchanged', active, 'verifyFirst', true],
	['that is unchanged, for a request that is never repeated', active, 'never', false],
	['that may show a change later', lagging, 'verifyFirst', false],
	['that could not be read', failed, 'verifyFirst', false],
	['that cannot be shown', unreadable, 'verifyFirst', false],
	['that is one of several', ambiguous, 'verifyFirst', false],
	['that was not read', notRead, 'verifyFirst', false],
])('a record %s settles a doubt as it must', (_, reading, retrySafety, settles) => {
	expect(settlesDoubt(writeItem({ operation: { retrySafety } }), reading)).toBe(settles);
});
