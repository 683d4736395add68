import { monotonicNow } from '../../nodes/shared/contract/clock';
import type { RecordState } from '../../nodes/shared/contract/record';
import type { Verdict } from '../../nodes/shared/contract/verdict';
import { beginDoubt, type Doubt } from '../../nodes/shared/model/doubt';
import { lockKey, recordLockKey } from '../../nodes/shared/model/item';
import type { ItemResult } from '../../nodes/shared/model/result';
import { Stopped } from '../../nodes/shared/run/executionContext';
import { Ledger, type SettledResult } from '../../nodes/shared/run/ledger';
import { withTargetLock, type Handover } from '../../nodes/shared/run/targetLock';
import { executeWrite } from '../../nodes/shared/write/executeWrite';
import {
	activeState,
	anyAccount,
	endedState,
	future,
	newAccount,
	past,
	SampleApi,
	writeContext,
	writeItem,
	type ItemSettings,
} from './sampleProvider';
import { onVirtualClock, type VirtualClock } from './virtualClock';

const newLedger = (context = {}, run = 0) => new Ledger(context, run, 'execution');
const readable = { onlyEvidence: false, hasKey: false };
const scheduled: ItemResult = {
	...{ outcome: 'scheduled', operation: 'cancel', target: 'sub_ada', email: 'ada@example.com' },
	...{ attempts: 1, accepted: true, effectiveAt: future },
};
const onApi = async <T>(test: (api: SampleApi, clock: VirtualClock) => Promise<T>) =>
	await onVirtualClock(async (clock) => await test(new SampleApi(clock), clock));

/** Leaves the time between two writes on this account unlocked. */
const settled = async () => await new Promise((resolve) => setImmediate(resolve));

describe('what was accepted before', () => {
	const endingAt = (at: number): ItemSettings => ({
		operation: { requestedEnd: (values) => values.at },
		values: { at },
	});

	/** Executes an item whose identity the ledger has as accepted, for these settings. */
	const repeated = async (
		before: ItemSettings,
		now: ItemSettings,
		set?: (api: SampleApi) => void,
	) =>
		await onApi(async (api) => {
			const account = anyAccount();
			const ledger = newLedger();
			ledger.markSettled(writeItem({ account, ...before }), scheduled, readable);
			api.state = endedState();
			set?.(api);
			const context = writeContext(api, { account, ledger, ...now });
			const result = await executeWrite(context);
			return { result, api, context };
		});

	test('in this run, with the same end, is repeated without a request', async () => {
		const { result, api } = await repeated({}, { values: { reason: 'price' } });
		expect(result).toMatchObject({ outcome: 'scheduled', effectiveAt: future, attempts: 1 });
		expect(api.sent).toEqual([]);
	});

	test('is repeated for the right customer only', async () => {
		const options = { expectedEmail: 'ben@example.com' };
		await expect(repeated({}, { options })).rejects.toThrow('belongs to ada@example.com');
	});

	test('with another end is read, and repeated where the record has ended', async () => {
		const { result, api } = await repeated(endingAt(2), endingAt(1));
		expect(result).toMatchObject({ outcome: 'scheduled', effectiveAt: future });
		expect(api.sent.map(({ method }) => method)).toEqual(['GET']);
	});

	test('with another end is another request, where the record has something left to end', async () => {
		const earlier = (api: SampleApi) => (api.state = activeState());
		const { result, api } = await repeated(endingAt(2), endingAt(1), earlier);
		expect(result).toMatchObject({ outcome: 'scheduled', attempts: 1, sentEarlier: true });
		expect(api.writes).toHaveLength(1);
	});

	test('is repeated where a record that is active again may not show the change yet', async () => {
		const lags = (api: SampleApi) => (api.state = activeState({ eventuallyConsistent: true }));
		const { result, api } = await repeated(endingAt(2), endingAt(1), lags);
		expect(result.outcome).toBe('scheduled');
		expect(api.writes).toEqual([]);
	});

	test('with another end is refused where the record cannot be read', async () => {
		const fails = (api: SampleApi) => (api.onRead = () => ({ status: 404, body: '' }));
		const { result, api } = await repeated(endingAt(2), endingAt(1), fails);
		expect(result).toMatchObject({
			outcome: 'refused',
			description: expect.stringContaining('another end'),
		});
		expect(result).not.toHaveProperty('credentialRejected');
		expect(api.writes).toEqual([]);
	});

	test('with another end says that the credential was rejected, where that is why it cannot be read', async () => {
		const fails = (api: SampleApi) =>
			(api.onRead = () => ({ status: 401, body: { message: 'Bad key' } }));
		const { result } = await repeated(endingAt(2), endingAt(1), fails);
		expect(result).toMatchObject({ outcome: 'refused', credentialRejected: true });
	});

	test('in an earlier run of this execution is read, and sent again only where it is active again', async () =>
		await onApi(async (api) => {
			const account = anyAccount();
			const context = {};
			const first = newLedger(context, 0);
			first.markSettled(writeItem({ account }), scheduled, { ...readable, onlyEvidence: true });
			first.close(true);
			const again = async () =>
				await executeWrite(writeContext(api, { account, ledger: newLedger(context, 1) }));
			api.state = endedState();
			expect((await again()).outcome).toBe('scheduled');
			expect(api.writes).toHaveLength(0);
			api.state = activeState();
			expect(await again()).toMatchObject({ outcome: 'scheduled', attempts: 1 });
			expect(api.writes).toHaveLength(1);
		}));

	test('with another credential counts as a doubt where the record cannot be read', async () => {
		const recordQuery = () => ({ kind: 'unreadable', reason: 'None.' }) as const;
		const operation = { recordQuery };
		const rotated = newAccount('rotated');
		const { result, api, context } = await repeated({ operation }, { operation, account: rotated });
		expect(result).toMatchObject({
			...{ outcome: 'unknown', attempts: 0, sentEarlier: true },
			description: 'An earlier attempt was accepted with another credential. None.',
		});
		expect(api.writes).toEqual([]);
		expect(context.ledger.lookup(context.item).kind).toBe('settledElsewhere');
	});

	test('with another credential is settled by the record', async () => {
		const account = newAccount('rotated');
		const ended = await repeated({}, { account });
		expect(ended.result).toMatchObject({ outcome: 'alreadyCancelled', effectiveAt: future });
		const active = await repeated({}, { account }, (api) => (api.state = activeState()));
		expect(active.result).toMatchObject({ outcome: 'scheduled', attempts: 1 });
		expect([ended.api.writes.length, active.api.writes.length]).toEqual([0, 1]);
	});
});

describe('a request in doubt that may still be running', () => {
	/** A request was sent, and takes 3 s; 0.2 s later the same is asked for again. */
	const during = async (
		settingsOf: (doubt: Doubt, ledger: Ledger) => Partial<ItemSettings> & { handover?: Handover },
	) =>
		await onApi(async (api, clock) => {
			const account = anyAccount();
			const ledger = newLedger();
			const doubt = ledger.markSending(writeItem({ account }), 30_000);
			void clock.sleep(3000).then(() => (api.state = endedState()));
			clock.pass(200);
			const context = writeContext(api, { account, ...settingsOf(doubt, ledger) });
			const result = await executeWrite(context);
			return { result, api, context };
		});

	test.each<[string, Parameters<typeof during>[0]]>([
		['on Retry, whose ledger is saved', (_, ledger) => ({ ledger })],
		['in a queue on the same target', (doubt) => ({ handover: { doubt } })],
	])('is never sent again beside it: %s', async (_, settingsOf) => {
		const { result, api, context } = await during(settingsOf);
		expect(result).toMatchObject({
			...{ outcome: 'scheduled', verified: true, attempts: 0, sentEarlier: true },
		});
		expect(api.writes).toEqual([]);
		expect(api.reads.length).toBeGreaterThan(1);
		expect(context.ledger.lookup(context.item).kind).toBe('settled');
	});

	const expired = async (settings: ItemSettings & { handover?: Handover }, state = activeState()) =>
		await onApi(async (api, clock) => {
			api.state = state;
			const handover = settings.handover ?? { doubt: beginDoubt(30_000) };
			clock.pass(200);
			const context = writeContext(api, { ...settings, handover });
			const result = await executeWrite(context);
			return { result, api, context, took: clock.monotonicNow() - 1_000_000 };
		});

	test('is sent again once it cannot be running any more, and the record is unchanged', async () => {
		const { result, api } = await expired({});
		expect(result).toMatchObject({ outcome: 'scheduled', attempts: 1, sentEarlier: true });
		expect(api.writes).toHaveLength(1);
		expect(api.writes[0].at).toBeGreaterThanOrEqual(30_000);
	});

	test('is waited for where it may run longer than the one of the write before', async () =>
		await onApi(async (api) => {
			const account = anyAccount();
			const ledger = newLedger();
			ledger.markSending(writeItem({ account }), 60_000);
			const handover = { doubt: beginDoubt(10_000) };
			await executeWrite(writeContext(api, { account, ledger, handover }));
			expect(api.writes).toHaveLength(1);
			expect(api.writes[0].at).toBeGreaterThanOrEqual(60_000);
		}));

	test('is not sent again where the record proves nothing', async () => {
		for (const settings of [{ operation: { retrySafety: 'never' as const } }, {}]) {
			const lags = activeState({ eventuallyConsistent: !settings.operation });
			const { result, api } = await expired(settings, lags);
			expect(result).toMatchObject({ outcome: 'unknown', attempts: 0, sentEarlier: true });
			expect(api.writes).toEqual([]);
		}
	});

	test('keeps its doubt where it can be read no more', async () =>
		await onApi(async (api) => {
			api.onRead = () => ({ status: 404, body: 'default backend - 404' });
			const account = anyAccount();
			const ledger = newLedger();
			ledger.markSending(writeItem({ account }), 1000);
			const context = writeContext(api, { account, ledger });
			expect(await executeWrite(context)).toMatchObject({ outcome: 'unknown' });
			expect(ledger.lookup(context.item).kind).toBe('inDoubt');
			expect(api.writes).toEqual([]);
		}));

	test.each<[string, ItemSettings]>([
		['a guard refuses', { options: { expectedEmail: 'ben@example.com' } }],
		[
			'the provider makes an offer',
			{
				operation: {
					preview: () => ({
						request: { path: '/preview' },
						interpret: () => ({ outcome: 'offer' }),
						required: true,
					}),
				},
			},
		],
		[
			'a precondition fails',
			{ operation: { precondition: () => ({ outcome: 'notCancellable' }) } },
		],
	])(
		'leaves no doubt once the unchanged record has settled it, although %s',
		async (_, settings) =>
			await onApi(async (api) => {
				const account = anyAccount();
				const ledger = newLedger();
				ledger.markSending(writeItem({ account }), 1000);
				const context = writeContext(api, { ...settings, account, ledger });
				await executeWrite(context).catch(() => {});
				expect(ledger.lookup(context.item).kind).toBe('none');
				expect(api.writes).toEqual([]);
			}),
	);

	test('does not concern a dry run or a request that changes nothing', async () =>
		await onApi(async (api) => {
			const account = anyAccount();
			const ledger = newLedger();
			ledger.markSending(writeItem({ account }), 30_000);
			const dry = writeContext(api, { account, ledger, item: { dryRun: true } });
			expect(await executeWrite(dry)).toMatchObject({ outcome: 'preview' });
			expect(api.reads).toHaveLength(1);
			const operation = { retrySafety: 'safe', interpret: () => undefined } as const;
			const safe = await executeWrite(writeContext(api, { account, ledger, operation }));
			expect(safe).toMatchObject({ outcome: 'readyToConfirm' });
			expect(safe).not.toHaveProperty('sentEarlier');
		}));
});

describe('whether the record is read before a write', () => {
	const methods = async (settings: ItemSettings & { handover?: Handover }) =>
		await onApi(async (api) => {
			await executeWrite(writeContext(api, settings));
			return api.sent.map(({ method }) => method);
		});

	test.each<[string, ItemSettings & { handover?: Handover }]>([
		['a guard on the e-mail address', { options: { expectedEmail: 'ada@example.com' } }],
		['a guard on the status', { options: { expectedStatus: ['active'] } }],
		['a precondition', { operation: { precondition: () => undefined } }],
		['a provider that always reads', { operation: { readsBeforeWrite: () => true } }],
		['an execution that may be a repetition', { item: { mayBeReplay: true } }],
		['a write before it on this target', { handover: {} }],
	])('%s: it is', async (_, settings) => {
		expect(await methods(settings)).toEqual(['GET', 'POST']);
	});

	test('nothing that needs it: it is not', async () => {
		expect(await methods({})).toEqual(['POST']);
		expect(await methods({ operation: { readsBeforeWrite: () => false } })).toEqual(['POST']);
	});
});

describe('the record that a search has shown', () => {
	const searched = async (
		settings: ItemSettings & { handover?: Handover },
		between: (clock: VirtualClock, key: string) => Promise<void> | void = () => {},
		shown: RecordState = activeState(),
	) =>
		await onApi(async (api, clock) => {
			const { account = anyAccount() } = settings;
			const readAt = monotonicNow();
			clock.pass(10);
			await between(clock, lockKey(writeItem({ account })));
			const item = { ...settings.item, searched: { state: shown, readAt } };
			const result = await executeWrite(writeContext(api, { ...settings, account, item }));
			return { result, methods: api.sent.map(({ method }) => method) };
		});

	test('saves the read before the write', async () => {
		expect((await searched({})).methods).toEqual(['POST']);
		const { result, methods } = await searched({}, undefined, endedState());
		expect([result.outcome, methods]).toEqual(['alreadyCancelled', []]);
	});

	test('settles a request in doubt that it shows as carried out, without another read', async () => {
		const account = anyAccount();
		const ledger = newLedger();
		const sending = () => void ledger.markSending(writeItem({ account }), 30_000);
		const { result, methods } = await searched({ account, ledger }, sending, endedState());
		expect(result).toMatchObject({ outcome: 'scheduled', verified: true, sentEarlier: true });
		expect(methods).toEqual([]);
	});

	test.each<[string, ItemSettings['options']]>([
		['the e-mail address', { expectedEmail: 'ada@example.com' }],
		['the status', { expectedStatus: ['active'] }],
	])(
		'does not count for a guard on %s: the record is read right before the write',
		async (_, options) => {
			expect((await searched({ options })).methods).toEqual(['GET', 'POST']);
		},
	);

	test('counts for a guard in a dry run', async () => {
		const settings = { options: { expectedStatus: ['active'] }, item: { dryRun: true } };
		expect((await searched(settings)).methods).toEqual([]);
	});

	test('does not count after a write on the same target, or after five minutes', async () => {
		const write = async (_: VirtualClock, key: string) =>
			await withTargetLock(key, new AbortController().signal, {
				target: 'sub_ada',
				work: async () => await Promise.resolve(),
				leave: () => ({}),
			});
		expect((await searched({}, write)).methods).toEqual(['GET', 'POST']);
		expect((await searched({}, (clock) => clock.pass(300_000))).methods).toEqual(['GET', 'POST']);
		expect((await searched({ handover: {} })).methods).toEqual(['GET', 'POST']);
	});
});

describe('two writes on one record that address it differently', () => {
	const byEmail = { id: 'ada@example.com' };
	const byUid = { id: 'cus_1' };
	/** Reads the record before the write; it has an ID of its own. */
	const operation: ItemSettings['operation'] = { readsBeforeWrite: () => true };
	const sharedRecord = (api: SampleApi) => {
		api.state = activeState({ recordId: 'record 1' });
		api.onRead = () => undefined;
	};
	const ended = () => endedState({ recordId: 'record 1' });
	/** A write that shows in the record after some time. */
	const slowWrite = (api: SampleApi, clock: VirtualClock, ms: number) => {
		api.onWrite = () => {
			void clock.sleep(ms).then(() => (api.state = ended()));
			return { status: 200, body: { id: 'x', state: ended() }, afterMs: ms };
		};
	};

	test('at once end it once: the second reads again after the first', async () =>
		await onApi(async (api, clock) => {
			sharedRecord(api);
			slowWrite(api, clock, 2000);
			const account = anyAccount();
			const results = await Promise.all(
				[byEmail, byUid].map(
					async (values) => await executeWrite(writeContext(api, { account, operation, values })),
				),
			);
			expect(results.map(({ outcome }) => outcome)).toEqual(['scheduled', 'alreadyCancelled']);
			expect(api.writes).toHaveLength(1);
		}));

	test('end it once where the second has read it before the first ended', async () =>
		await onApi(async (api, clock) => {
			sharedRecord(api);
			slowWrite(api, clock, 100);
			const account = anyAccount();
			// The second read takes longer than the whole first write.
			api.onRead = (earlier) =>
				earlier === 1
					? { status: 200, afterMs: 5000, body: { id: 'cus_1', state: api.state } }
					: undefined;
			const results = await Promise.all(
				[byEmail, byUid].map(
					async (values) => await executeWrite(writeContext(api, { account, operation, values })),
				),
			);
			expect(results.map(({ outcome }) => outcome)).toEqual(['scheduled', 'alreadyCancelled']);
			expect(api.writes).toHaveLength(1);
		}));

	test('end it once where the second has found it by a search before the first ended', async () =>
		await onApi(async (api, clock) => {
			sharedRecord(api);
			slowWrite(api, clock, 100);
			const account = anyAccount();
			const readAt = monotonicNow();
			const state = activeState({ recordId: 'record 1' });
			clock.pass(10);
			await executeWrite(writeContext(api, { account, operation, values: byEmail }));
			clock.pass(10);
			const item = { searched: { state, readAt } };
			const second = writeContext(api, { account, operation, values: byUid, item });
			expect((await executeWrite(second)).outcome).toBe('alreadyCancelled');
			expect(api.writes).toHaveLength(1);
		}));

	/** Leaves this to the next write on the record. */
	const leaveAtRecord = async (item: ItemSettings, leaves: Handover, work = settled) =>
		await withTargetLock(recordLockKey(writeItem(item), 'record 1'), new AbortController().signal, {
			target: 'record 1',
			work,
			leave: () => leaves,
		});

	test('read it once where the second knows the doubt of the first already', async () =>
		await onApi(async (api, clock) => {
			sharedRecord(api);
			const account = anyAccount();
			const ledger = newLedger();
			const doubt = ledger.markSending(writeItem({ account }), 10_000);
			await leaveAtRecord({ account }, { doubt });
			clock.pass(10_000);
			const result = await executeWrite(writeContext(api, { account, ledger }));
			expect(result).toMatchObject({ outcome: 'scheduled', sentEarlier: true });
			expect(api.sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
		}));

	test('wait for the request in doubt of the first, although that of the second is over', async () =>
		await onApi(async (api, clock) => {
			sharedRecord(api);
			const account = anyAccount();
			const ledger = newLedger();
			ledger.markSending(writeItem({ account }), 10_000);
			clock.pass(10_000);
			await leaveAtRecord({ account }, { doubt: beginDoubt(30_000) });
			clock.pass(10);
			await executeWrite(writeContext(api, { account, ledger }));
			expect(api.writes).toHaveLength(1);
			expect(api.writes[0].at).toBeGreaterThanOrEqual(40_000);
		}));

	test('wait for the request in doubt of the second, although the first is accepted meanwhile', async () =>
		await onApi(async (api, clock) => {
			sharedRecord(api);
			const account = anyAccount();
			const ledger = newLedger();
			const readAt = monotonicNow();
			clock.pass(10);
			ledger.markSending(writeItem({ account }), 30_000);
			const first = leaveAtRecord({ account }, {}, async () => await clock.sleep(1000));
			// What the search has shown is no longer so.
			const item = { searched: { state: ended(), readAt } };
			await executeWrite(writeContext(api, { account, ledger, item }));
			await first;
			expect(api.writes).toHaveLength(1);
			expect(api.writes[0].at).toBeGreaterThanOrEqual(30_000);
		}));

	test('never go out beside one another where the first is stopped while it runs', async () =>
		await onApi(async (api, clock) => {
			sharedRecord(api);
			api.onWrite = () => {
				void clock.sleep(3000).then(() => (api.state = ended()));
				return { status: 200, afterMs: 60_000 };
			};
			const account = anyAccount();
			const stop = new AbortController();
			const first = writeContext(api, {
				account,
				operation,
				values: byEmail,
				options: { timeout: 500 },
			});
			first.request.signal = stop.signal;
			void clock.sleep(700).then(() => stop.abort(new Stopped('the execution was stopped')));
			await expect(executeWrite(first)).rejects.toThrow('the execution was stopped');
			await settled();
			const second = writeContext(api, { account, operation, values: byUid });
			expect(await executeWrite(second)).toMatchObject({ outcome: 'scheduled', verified: true });
			expect(api.writes).toHaveLength(1);
		}));

	test('never go out beside one another where those that waited for the first are stopped, too', async () =>
		await onApi(async (api, clock) => {
			sharedRecord(api);
			api.onWrite = () => {
				void clock.sleep(3000).then(() => (api.state = ended()));
				return { status: 200, afterMs: 60_000 };
			};
			const settings = { account: anyAccount(), operation, options: { timeout: 500 } };
			for (const [values, at] of [
				[byEmail, 700],
				[byUid, 1400],
			] as const) {
				const stop = new AbortController();
				const sendSignal = stop.signal;
				const context = writeContext(api, { ...settings, values, sendSignal });
				context.request.signal = stop.signal;
				void clock.sleep(at).then(() => stop.abort(new Stopped('the execution was stopped')));
				await expect(executeWrite(context)).rejects.toThrow('the execution was stopped');
				await settled();
			}
			const third = writeContext(api, { ...settings, values: { id: 'ref_1' } });
			expect(await executeWrite(third)).toMatchObject({ outcome: 'scheduled', verified: true });
			expect(api.writes).toHaveLength(1);
		}));
});

describe('after another write of this process got the same accepted a moment ago', () => {
	const follows = async (
		accepted: Partial<SettledResult>,
		settings: ItemSettings = {},
		{ request, ageMs = 0, state }: { request?: string; ageMs?: number; state?: RecordState } = {},
	) =>
		await onApi(async (api) => {
			// The record does not show it yet.
			api.state = state ?? activeState();
			const account = anyAccount();
			const item = writeItem({ ...settings, account });
			const result = { outcome: 'scheduled', attempts: 1, ...accepted } as SettledResult;
			const handover = {
				accepted: {
					request: request ?? item.requestHash,
					at: monotonicNow() - ageMs,
					result,
				},
			};
			const context = writeContext(api, { ...settings, account, handover });
			return { result: await executeWrite(context), writes: api.writes.length };
		});
	const description = 'Sample accepted the same request a moment ago.';

	test('a cancellation that ends is already cancelled', async () => {
		const { result, writes } = await follows({ effectiveAt: future });
		expect(result).toMatchObject({
			...{ outcome: 'alreadyCancelled', effectiveAt: future, attempts: 0, description },
			email: 'ada@example.com',
		});
		expect(writes).toBe(0);
	});

	test.each<[Partial<SettledResult>]>([
		[{ outcome: 'pendingProvider' }],
		[{ outcome: 'cancelled', planContinues: true }],
		[{ outcome: 'scheduled', planContinues: true, effectiveAt: future }],
	])('what does not end is repeated as it is: %j', async (accepted) => {
		const { result, writes } = await follows(accepted);
		expect(result).toMatchObject({ ...accepted, description, attempts: 0 });
		expect(writes).toBe(0);
	});

	test('a restoration is restored', async () => {
		const operation: ItemSettings['operation'] = { effect: 'restore' };
		const outcome = 'restored';
		const { result } = await onApi(async (api) => {
			api.state = endedState();
			const account = anyAccount();
			const { requestHash: request } = writeItem({ account, operation });
			const result = { outcome, attempts: 1 } as SettledResult;
			const accepted = { request, at: monotonicNow(), result };
			const context = writeContext(api, { account, operation, handover: { accepted } });
			return { result: await executeWrite(context) };
		});
		expect(result).toMatchObject({ outcome, description });
	});

	test('another request is sent', async () => {
		const { result, writes } = await follows({}, {}, { request: 'another identity' });
		expect(result).toMatchObject({ outcome: 'scheduled', attempts: 1 });
		expect(writes).toBe(1);
	});

	// Reading the record takes a millisecond.
	test.each<[number, string, ItemSettings, RecordState, number]>([
		[9998, 'is unchanged', {}, activeState(), 0],
		[9999, 'is unchanged', {}, activeState(), 1],
		[9999, 'may show it later', {}, activeState({ eventuallyConsistent: true }), 0],
		[9999, 'proves nothing', { operation: { retrySafety: 'never' } }, activeState(), 0],
		[
			9999,
			'cannot be shown',
			{ operation: { recordQuery: () => ({ kind: 'unreadable', reason: 'None.' }) } },
			activeState(),
			0,
		],
	])(
		'%i ms before the read: where the record %s, it is sent as often as it must',
		async (ageMs, _, settings, state, expected) => {
			const { result, writes } = await follows({}, settings, { ageMs, state });
			expect(writes).toBe(expected);
			expect(result.outcome).toBe(expected === 0 ? 'alreadyCancelled' : 'scheduled');
		},
	);

	test('a guard is checked first', async () => {
		const options = { expectedEmail: 'ben@example.com' };
		await expect(follows({}, { options })).rejects.toThrow('belongs to ada@example.com');
	});
});

describe('the end without a request', () => {
	const executed = async (settings: ItemSettings, set: (api: SampleApi) => void = () => {}) =>
		await onApi(async (api) => {
			set(api);
			const context = writeContext(api, settings);
			const result = await executeWrite(context);
			return { result, writes: api.writes.length, prior: context.ledger.lookup(context.item).kind };
		});
	const dryRun = { item: { dryRun: true } };

	test('of a dry run is a preview, and nothing for the ledger', async () => {
		const { result, writes, prior } = await executed(dryRun);
		expect(result).toMatchObject({ outcome: 'preview', attempts: 0, effectiveAt: future });
		expect([writes, prior]).toEqual([0, 'none']);
	});

	test('of a dry run is a preview also where the provider predicts that it refuses', async () => {
		const operation: ItemSettings['operation'] = { predict: () => ({ outcome: 'notCancellable' }) };
		const { result } = await executed({ ...dryRun, operation });
		expect(result).toMatchObject({
			outcome: 'preview',
			preview: { wouldBe: { outcome: 'notCancellable' } },
		});
	});

	test('of a dry run on a missing target is not found', async () => {
		const { result } = await executed(dryRun, (api) => {
			api.onRead = () => ({ status: 404, body: { message: 'No subscription sub_ada' } });
		});
		expect(result).toMatchObject({ outcome: 'notFound', dryRun: true });
	});

	test('of a record that had ended is kept by the ledger', async () => {
		const settings = { operation: { readsBeforeWrite: () => true } };
		const { result, prior } = await executed(settings, (api) => {
			api.state = endedState({ end: { kind: 'at', at: past } });
		});
		expect(result).toMatchObject({ outcome: 'alreadyCancelled', effectiveAt: past });
		expect(prior).toBe('settled');
	});

	test('of several records is refused, and names them', async () => {
		const recordQuery = () =>
			({
				kind: 'request',
				request: { path: '/referrals' },
				parse: () => ({ kind: 'ambiguous' as const, candidates: ['ref_1', 'ref_2'] }),
			}) as const;
		const operation = { recordQuery, readsBeforeWrite: () => true };
		const { result, writes } = await executed({ operation });
		expect(result).toMatchObject({
			outcome: 'refused',
			description: 'Several records match: ref_1; ref_2.',
			message: expect.stringMatching(/Nothing was sent\.$/),
		});
		expect(writes).toBe(0);
	});

	test('of a required preview keeps its response where that is the point', async () => {
		const preview = () => ({
			request: { path: '/subscriptions/preview' },
			interpret: (): Verdict => ({ outcome: 'offer' }),
			required: true,
		});
		const { result, writes, prior } = await executed({ operation: { preview } });
		expect(result).toMatchObject({ outcome: 'offer', response: { id: 'preview' } });
		expect([writes, prior]).toEqual([0, 'none']);
	});

	test('of what may charge twice in a repeated execution is refused', async () => {
		const settings: ItemSettings = {
			operation: { retrySafety: 'never' },
			item: { mayBeReplay: true },
		};
		const { result, writes } = await executed(settings);
		expect(result).toMatchObject({
			outcome: 'refused',
			description: expect.stringContaining('This execution may repeat an earlier one'),
			email: 'ada@example.com',
		});
		expect(writes).toBe(0);
	});
});
