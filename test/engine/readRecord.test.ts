import { Stopped } from '../../nodes/shared/run/executionContext';
import { beginDoubt, mayRunForMs } from '../../nodes/shared/model/doubt';
import type { WriteOperation } from '../../nodes/shared/contract/provider';
import type { RecordQuery } from '../../nodes/shared/contract/record';
import type { RecordReading } from '../../nodes/shared/model/recordReading';
import { readAfterError, readRecord, readUntilSettled } from '../../nodes/shared/write/readRecord';
import type { WriteContext } from '../../nodes/shared/write/writeContext';
import {
	activeState,
	endedState,
	response,
	SampleApi,
	writeContext,
	type ApiBehaviour,
	type ItemSettings,
} from './sampleProvider';
import { onVirtualClock } from './virtualClock';

const never = new AbortController().signal;
const oneAttempt: ItemSettings = { options: { maxAttempts: 1 } };

/** What reading the record comes to where the API responds like this. */
const readingOf = async (
	behaviour: ApiBehaviour | undefined,
	settings: ItemSettings = oneAttempt,
) =>
	await onVirtualClock(async (clock) => {
		const api = new SampleApi(clock);
		api.onRead = () => behaviour;
		return await readRecord(writeContext(api, settings), never);
	});

describe('reading a record', () => {
	test('finds it, and sends nothing but the read', async () =>
		await onVirtualClock(async (clock) => {
			const api = new SampleApi(clock);
			const reading = await readRecord(writeContext(api), never);
			expect(reading).toEqual({ kind: 'found', state: activeState() });
			expect(api.sent.map(({ method, path }) => [method, path])).toEqual([
				['GET', '/subscriptions/sub_ada'],
			]);
		}));

	test('misses it only in the words of the provider', async () => {
		const message = 'No subscription sub_ada';
		expect(await readingOf({ status: 404, body: { message } })).toEqual({ kind: 'missing' });
	});

	test.each<[string, unknown]>([
		['an empty body', ''],
		['the text of a router', 'default backend - 404'],
		["a gateway's error", { message: 'no Route matched with those values' }],
		['a web page', '<html>404</html>'],
		["the provider's words about another one", { message: 'No subscription sub_ben' }],
	])('does not take a 404 with %s for a missing record', async (_, body) => {
		expect(await readingOf({ status: 404, body })).toMatchObject({
			kind: 'failed',
			reason: expect.stringMatching(/^The record could not be read: HTTP 404.*\.$/),
			failure: { outcome: 'refused', status: 404 },
		});
	});

	test.each<[number, unknown, string]>([
		[401, { message: 'Bad key' }, 'unauthorized'],
		[403, { message: 'Bad key' }, 'unauthorized'],
		[403, '<html>Are you a human?</html>', 'refused'],
		[429, { message: 'Slow down' }, 'rateLimited'],
		[302, {}, 'refused'],
		[500, { message: 'Oh' }, 'refused'],
	])('fails with status %i and the body %j: %s', async (status, body, outcome) => {
		const headers = status === 429 ? { 'retry-after': '1' } : {};
		expect(await readingOf({ status, body, headers })).toMatchObject({
			kind: 'failed',
			failure: { outcome, status },
		});
	});

	test('fails with a record that comes with an error status', async () => {
		const body = { id: 'sub_ada', state: endedState() };
		expect((await readingOf({ status: 503, body })).kind).toBe('failed');
	});

	test.each<[string, unknown]>([
		['another record', { id: 'sub_ben', state: endedState() }],
		['a text', 'OK'],
		['nothing', ''],
	])('fails with a 2xx that holds %s', async (_, body) => {
		expect(await readingOf({ status: 200, body })).toMatchObject({
			kind: 'failed',
			reason: expect.stringContaining('the response is not the record (HTTP 200'),
			failure: { outcome: 'refused' },
		});
	});

	test('fails without a response, and hands on when the account may be used again', async () => {
		expect(await readingOf({ status: 200, afterMs: 60_000 })).toMatchObject({
			kind: 'failed',
			reason: 'The record could not be read: no answer in time.',
			failure: { outcome: 'refused' },
		});
		const headers = { 'retry-after': '600' };
		expect(await readingOf({ status: 429, headers })).toMatchObject({
			failure: { outcome: 'rateLimited', retryAt: '2026-11-21T10:10:00.001Z' },
		});
	});

	test('reads again after an error, because a read changes nothing', async () =>
		await onVirtualClock(async (clock) => {
			const api = new SampleApi(clock);
			api.onRead = (earlier) =>
				earlier < 2 ? { status: 500, body: { message: 'Internal server error' } } : undefined;
			expect((await readRecord(writeContext(api), never)).kind).toBe('found');
			expect(api.reads).toHaveLength(3);
		}));

	test('says why a provider cannot show the record, without a request', async () =>
		await onVirtualClock(async (clock) => {
			const api = new SampleApi(clock);
			const unreadable = { kind: 'unreadable', reason: 'It has no record.' } as const;
			const settings = { operation: { recordQuery: () => unreadable } };
			expect(await readRecord(writeContext(api, settings), never)).toEqual(unreadable);
			expect(api.sent).toEqual([]);
		}));

	test('follows the provider to another query, whose reading counts', async () =>
		await onVirtualClock(async (clock) => {
			const api = new SampleApi(clock);
			// Only the first one does not know the customer.
			api.onRead = (earlier) => ({ status: earlier === 0 ? 404 : 200, body: {} });
			const lower: RecordQuery = {
				kind: 'request',
				request: { path: '/subscriptions/ada' },
				parse: () => ({ kind: 'ambiguous', candidates: ['ref_1', 'ref_2'] }),
			};
			const upper: RecordQuery = {
				kind: 'request',
				request: { path: '/subscriptions/ADA' },
				parse: () => ({ kind: 'continue', query: lower }),
			};
			const context = writeContext(api, { operation: { recordQuery: () => upper } });
			expect(await readRecord(context, never)).toMatchObject({ kind: 'ambiguous' });
			expect(api.sent.map(({ path }) => path)).toEqual([
				'/subscriptions/ADA',
				'/subscriptions/ada',
			]);
		}));

	test('says whether the e-mail address is compared, so that no request is made for nothing', async () => {
		const needFor = async (expectedEmail?: string) => {
			const recordQuery = jest.fn(() => ({ kind: 'unreadable', reason: 'None.' }) as const);
			await readingOf(undefined, { operation: { recordQuery }, options: { expectedEmail } });
			return recordQuery.mock.lastCall;
		};
		expect(await needFor()).toEqual([{ id: 'sub_ada' }, { email: false }]);
		expect(await needFor('ada@example.com')).toEqual([{ id: 'sub_ada' }, { email: true }]);
	});

	test.each([200, 404, 410])(
		'finds what the provider says it has removed, with status %i, as ended',
		async (status) => {
			const recordQuery = (): RecordQuery => ({
				kind: 'request',
				request: { path: '/x' },
				parse: () => ({ kind: 'removed' }),
			});
			expect(await readingOf({ status }, { operation: { recordQuery } })).toEqual({
				kind: 'found',
				state: {
					...{ status: 'removed', phase: 'ended', end: { kind: 'atOnce' } },
					...{ email: null, version: 'removed' },
				},
			});
		},
	);

	test('takes a record whose state cannot be told for failed, so that what needs it sends nothing', async () => {
		const recordQuery = (): RecordQuery => ({
			kind: 'request',
			request: { path: '/x' },
			parse: () => ({ kind: 'unreadable', reason: 'Without a status.' }),
		});
		expect(await readingOf(undefined, { operation: { recordQuery } })).toEqual({
			kind: 'failed',
			reason: 'Without a status.',
			failure: { outcome: 'refused' },
		});
	});
});

describe('reading until a doubt is settled', () => {
	/** When the record was read, and what came of it; the request in doubt left `ageMs` ago. */
	const polled = async (
		set: (api: SampleApi) => void,
		{ ageMs = 0, timeout = 30_000, jump = 0, responded = false } = {},
	) =>
		await onVirtualClock(async (clock) => {
			const api = new SampleApi(clock);
			set(api);
			const doubt = beginDoubt(timeout);
			clock.pass(ageMs);
			const start = clock.monotonicNow();
			if (jump !== 0) void clock.sleep(1500).then(() => clock.setWallClock(jump));
			const context = writeContext(api, oneAttempt);
			const given = responded ? response(504) : undefined;
			const reading = await readUntilSettled(context, doubt, never, given);
			return {
				kind: reading.kind,
				status: reading.kind === 'found' ? reading.state.status : undefined,
				reads: api.reads.map(({ at }) => at - ageMs),
				took: clock.monotonicNow() - start,
				left: mayRunForMs(doubt),
			};
		});
	const endsAfter = (ms: number) => (api: SampleApi) => {
		api.onRead = (earlier) => (earlier === 0 ? { status: 200, endsAfterMs: ms } : undefined);
	};

	test('reads at once where no response asks to wait, and ends with the change', async () => {
		const { reads, status, took } = await polled(endsAfter(2500));
		expect(status).toBe('cancelled');
		expect(reads[0]).toBe(0);
		expect(took).toBeGreaterThan(2500);
		expect(took).toBeLessThan(10_000);
	});

	test('waits before the first read after a response', async () => {
		const { reads } = await polled(endsAfter(1), { responded: true });
		expect(reads[0]).toBeGreaterThanOrEqual(500);
	});

	test('reads an unchanged record until its request cannot be running any more', async () => {
		const { status, took, left } = await polled(() => {});
		expect(status).toBe('active');
		expect(took).toBeGreaterThanOrEqual(30_000);
		expect(took).toBeLessThan(30_010);
		expect(left).toBe(0);
	});

	test('waits for what is left of a request that was sent earlier, and for nothing more', async () => {
		const { took, status } = await polled(() => {}, { ageMs: 22_000 });
		expect(status).toBe('active');
		expect(took).toBeGreaterThanOrEqual(8000);
		expect(took).toBeLessThan(8010);
		const old = await polled(() => {}, { ageMs: 40_000 });
		expect(old).toMatchObject({ status: 'active', reads: [0] });
	});

	test('waits ten seconds at least, however short the timeout is', async () => {
		const { took } = await polled(() => {}, { timeout: 500 });
		expect(took).toBeGreaterThanOrEqual(10_000);
	});

	test.each([40_000, -40_000])('does not end by a wall clock that jumps by %i ms', async (jump) => {
		const { took, status } = await polled(() => {}, { jump });
		expect(status).toBe('active');
		expect(took).toBeGreaterThanOrEqual(30_000);
		expect(took).toBeLessThan(30_010);
	});

	test('reads on after a failed read, and comes out as failed in the end', async () => {
		const { kind, took } = await polled((api) => {
			api.onRead = () => ({ status: 503, body: 'unavailable' });
		});
		expect(kind).toBe('failed');
		expect(took).toBeGreaterThanOrEqual(30_000);
	});

	test.each<[string, ApiBehaviour]>([
		['that is missing', { status: 404, body: { message: 'No subscription sub_ada' } }],
		['that has ended', { status: 200, body: { id: 'sub_ada', state: endedState() } }],
	])('ends at once with a record %s', async (_, behaviour) => {
		const { reads, took } = await polled((api) => {
			api.onRead = () => behaviour;
		});
		expect(reads).toHaveLength(1);
		expect(took).toBeLessThan(10);
	});

	test('ends at once with the signal', async () =>
		await onVirtualClock(async (clock) => {
			const api = new SampleApi(clock);
			const stop = new AbortController();
			void clock.sleep(2000).then(() => stop.abort(new Stopped('the execution was stopped')));
			const start = clock.monotonicNow();
			const reading = readUntilSettled(writeContext(api), beginDoubt(30_000), stop.signal);
			await expect(reading).rejects.toThrow('the execution was stopped');
			expect(clock.monotonicNow() - start).toBe(2000);
		}));
});

describe.each<[string, WriteOperation['retrySafety'], number]>([
	['is known at once', 'verifyFirst', 0],
	['waits before a request that the provider drops is sent again', 'deduplicated', 2000],
])('what a record that the provider cannot show leaves open %s', (_, retrySafety, waits) => {
	const recordQuery = () => ({ kind: 'unreadable', reason: 'None.' }) as const;
	const answer = response(503, 'Busy', { 'retry-after': '2' });

	test.each<[string, (context: WriteContext) => Promise<RecordReading>]>([
		[
			'in doubt',
			async (context) => await readUntilSettled(context, beginDoubt(30_000), never, answer),
		],
		['after an error', async (context) => await readAfterError(context, answer, 1)],
	])(
		'%s',
		async (_, read) =>
			await onVirtualClock(async (clock) => {
				const operation = { recordQuery, retrySafety };
				const context = writeContext(new SampleApi(clock), { operation });
				const start = clock.monotonicNow();
				expect((await read(context)).kind).toBe('unreadable');
				expect(clock.monotonicNow() - start).toBe(waits);
			}),
	);
});

test("after an error of the provider's own one read is enough, after its Retry-After", async () =>
	await onVirtualClock(async (clock) => {
		const api = new SampleApi(clock);
		const error = response(503, { message: 'Busy' }, { 'retry-after': '7' });
		const reading = await readAfterError(writeContext(api), error, 1);
		expect(reading.kind).toBe('found');
		expect(api.reads.map(({ at }) => at)).toEqual([7000]);
	}));
