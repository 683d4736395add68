import type { WriteOperation } from '../../nodes/shared/contract/provider';
import type { Verdict } from '../../nodes/shared/contract/verdict';
import { pauseAccount } from '../../nodes/shared/http/rateLimiter';
import type { RecordReading } from '../../nodes/shared/model/recordReading';
import { Stopped } from '../../nodes/shared/run/executionContext';
import { toKey } from '../../nodes/shared/model/item';
import type { ItemResult } from '../../nodes/shared/model/result';
import { submitWrite } from '../../nodes/shared/write/submitWrite';
import type { WriteContext } from '../../nodes/shared/write/writeContext';
import {
	activeState,
	anyAccount,
	cancelOperation,
	endedState,
	future,
	SampleApi,
	writeContext,
	type ApiBehaviour,
	type ItemSettings,
} from './sampleProvider';
import { onVirtualClock, type VirtualClock } from './virtualClock';

const notRead: RecordReading = { kind: 'notRead' };
const active: RecordReading = { kind: 'found', state: activeState() };

interface Scenario extends ItemSettings {
	before?: RecordReading;
	doubted?: boolean;
	sendSignal?: AbortSignal;
	writes?: Array<ApiBehaviour | undefined>;
	reads?: ApiBehaviour;
	prepare?: (context: WriteContext, clock: VirtualClock, api: SampleApi) => void;
}

/** Submits one write; further writes are carried out at once. */
const submitted = async ({ before = notRead, doubted = false, ...scenario }: Scenario) =>
	await onVirtualClock(async (clock) => {
		const api = new SampleApi(clock);
		api.onWrite = (earlier) => scenario.writes?.[earlier];
		api.onRead = () => scenario.reads;
		const context = writeContext(api, scenario);
		scenario.prepare?.(context, clock, api);
		let result: ItemResult | undefined;
		let thrown: Error | undefined;
		try {
			result = await submitWrite(context, before, doubted);
		} catch (error) {
			thrown = error as Error;
		}
		const prior = context.ledger.lookup(context.item).kind;
		return { result, thrown, prior, api, writes: api.writes.length, context };
	});

const silent: ApiBehaviour = { status: 200, afterMs: 60_000 };
const verified = { outcome: 'scheduled', effectiveAt: future, verified: true, accepted: true };

test('an accepted write is sent once, and the ledger knows of it', async () => {
	const { result, prior, writes, api } = await submitted({});
	expect(result).toMatchObject({
		...{ outcome: 'scheduled', effectiveAt: future, attempts: 1, accepted: true, httpStatus: 200 },
	});
	expect(result).not.toHaveProperty('verified');
	expect([prior, writes, api.reads.length]).toEqual(['settled', 1, 0]);
});

test('an item is in doubt from the moment its request leaves', async () => {
	const seen: string[] = [];
	await submitted({
		prepare({ item, ledger }, clock) {
			void clock.sleep(0).then(() => seen.push(ledger.lookup(item).kind));
		},
		writes: [{ status: 200, afterMs: 100 }],
	});
	expect(seen).toEqual(['inDoubt']);
});

describe('a response that leaves doubt is settled by the record', () => {
	const page = '<html>Bad gateway</html>';
	const unclear: Array<[string, ApiBehaviour]> = [
		['no response', silent],
		...[502, 503, 504, 520, 522, 524].map((status): [string, ApiBehaviour] => [
			`a page of a gateway with status ${status}`,
			{ status, body: page },
		]),
		...[500, 503].map((status): [string, ApiBehaviour] => [
			`a gateway's JSON with status ${status}`,
			{ status, body: { error: 'upstream timed out' } },
		]),
		["a 504 in the provider's form", { status: 504, body: { message: 'It took too long' } }],
		['a 302', { status: 302, headers: { location: 'https://other.example' } }],
		['a 303', { status: 303, body: '' }],
		['a 408', { status: 408, body: '' }],
		["a 408 in the provider's form", { status: 408, body: { message: 'It took too long' } }],
		['a 404 of a router', { status: 404, body: 'default backend - 404' }],
		['a 410 without a body', { status: 410, body: '' }],
		['a 2xx that is not the record', { status: 200, body: { status: 'PROCESSING' } }],
		['a 204', { status: 204, body: '' }],
		['a 202 with a web page', { status: 202, body: '<html>Done</html>' }],
	];

	test.each(unclear)(
		'%s: a change that shows 2.5 s later is verified, and sent once',
		async (_, behaviour) => {
			const { result, prior, writes } = await submitted({
				writes: [{ ...behaviour, endsAfterMs: 2500 }],
			});
			expect(result).toMatchObject({ ...verified, attempts: 1 });
			expect([writes, prior]).toEqual([1, 'settled']);
		},
	);

	test.each(unclear)(
		'%s: without a readable record it stays unknown, and is sent once',
		async (_, behaviour) => {
			const { result, prior, writes } = await submitted({
				writes: [behaviour],
				reads: { status: 404, body: '' },
			});
			expect(result).toMatchObject({
				outcome: 'unknown',
				attempts: 1,
				description: expect.stringMatching(/The record could not be read: [^"]*$/),
			});
			expect([writes, prior]).toEqual([1, 'inDoubt']);
		},
	);

	test.each(unclear.filter(([, { status, afterMs }]) => status >= 500 || afterMs))(
		'%s: an unchanged record lets it be sent again, as soon as the first one cannot be running',
		async (_, behaviour) => {
			const { result, writes, api } = await submitted({ writes: [behaviour] });
			expect(result).toMatchObject({ outcome: 'scheduled', attempts: 2 });
			expect(writes).toBe(2);
			expect(api.writes[1].at).toBeGreaterThanOrEqual(30_000);
		},
	);

	test.each(unclear.filter(([, { status, afterMs }]) => status < 500 && !afterMs))(
		'%s: an unchanged record leaves it unknown, and it is not sent again',
		async (_, behaviour) => {
			const { result, prior, writes } = await submitted({ writes: [behaviour] });
			expect(result).toMatchObject({
				outcome: 'unknown',
				description: expect.stringMatching(/It was read afterwards: still "active"\.$/),
			});
			expect([writes, prior]).toEqual([1, 'inDoubt']);
		},
	);

	test('a missing record, in the words of the provider, ends it', async () => {
		const { result, prior } = await submitted({
			writes: [silent],
			reads: { status: 404, body: { message: 'No subscription sub_ada' } },
		});
		expect([result?.outcome, prior]).toEqual(['notFound', 'none']);
	});

	test('a record that has another end than was asked for had ended before', async () => {
		const { result } = await submitted({
			writes: [silent],
			reads: {
				status: 200,
				body: { id: 'sub_ada', state: endedState({ matchesRequest: false }) },
			},
		});
		expect(result).toMatchObject({ outcome: 'alreadyCancelled' });
	});

	test('a record that may show the change later proves nothing', async () => {
		const state = activeState({ eventuallyConsistent: true });
		const { result, writes } = await submitted({
			writes: [silent],
			reads: { status: 200, body: { id: 'sub_ada', state } },
		});
		expect([result?.outcome, writes]).toEqual(['unknown', 1]);
	});

	test('a request that is never repeated is not sent again for an unchanged record', async () => {
		const { result, writes } = await submitted({
			operation: { retrySafety: 'never' },
			writes: [silent],
		});
		expect([result?.outcome, writes]).toEqual(['unknown', 1]);
	});

	test('attempts end at the limit of the item', async () => {
		const { result, prior, writes } = await submitted({
			options: { maxAttempts: 2 },
			writes: [silent, silent, silent],
		});
		expect(result).toMatchObject({ outcome: 'failed', attempts: 2 });
		expect([writes, prior]).toEqual([2, 'none']);
	});
});

test('attempts of all kinds count together', async () => {
	const limited = { status: 429, body: {} };
	const { result, writes } = await submitted({
		options: { maxAttempts: 2 },
		writes: [silent, limited, limited],
	});
	expect(result).toMatchObject({ outcome: 'rateLimited', attempts: 2 });
	expect(writes).toBe(2);
});

describe('a request in doubt whose record has changed to something else', () => {
	const elsewhere: ApiBehaviour = {
		status: 200,
		body: { id: 'sub_ada', state: activeState({ version: '2' }) },
	};
	const refused: ApiBehaviour = { status: 422, body: { message: 'Not now' } };

	test('is sent again, because what was asked for has not happened', async () => {
		const { result, writes } = await submitted({
			before: active,
			writes: [silent],
			reads: elsewhere,
		});
		expect([result?.outcome, writes]).toEqual(['scheduled', 2]);
	});

	test.each<[string, Scenario]>([
		['no attempt is left', { options: { maxAttempts: 1 }, writes: [silent] }],
		['the next one is refused', { writes: [silent, refused] }],
	])('stays in doubt where %s: it may be what has changed it', async (_, scenario) => {
		const { result, prior } = await submitted({ before: active, reads: elsewhere, ...scenario });
		expect([result?.outcome, prior]).toEqual(['unknown', 'inDoubt']);
	});
});

describe("an error of the provider's own", () => {
	const own500: ApiBehaviour = { status: 500, body: { message: 'Oh' } };

	test('is settled by one read after half a second, and sent again if nothing has changed', async () => {
		const { result, api } = await submitted({ writes: [own500] });
		expect(result).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		expect(api.reads).toHaveLength(1);
		expect(api.writes[1].at).toBeLessThan(1000);
	});

	test('is verified where the record has changed', async () => {
		const { result, writes } = await submitted({ writes: [{ ...own500, endsAfterMs: 1 }] });
		expect(result).toMatchObject(verified);
		expect(writes).toBe(1);
	});

	test('is not sent again where the provider says that it cannot help', async () => {
		const forbidsRetry = () => true;
		const { result, writes, api } = await submitted({
			provider: { forbidsRetry },
			writes: [own500],
		});
		expect(result).toMatchObject({ outcome: 'failed', attempts: 1 });
		expect([writes, api.reads.length]).toEqual([1, 1]);
	});
});

describe('a provider that drops a second request with the same key', () => {
	const operation: ItemSettings['operation'] = {
		retrySafety: 'deduplicated',
		recordQuery: () => ({ kind: 'unreadable', reason: 'None.' }),
	};

	test('gets it again with the same key where nothing can be read', async () => {
		const { result, api } = await submitted({ operation, writes: [silent] });
		expect(result).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		expect(new Set(api.writes.map(({ key }) => key)).size).toBe(1);
	});

	test('does not get it again where the record shows the change', async () => {
		const { result, writes } = await submitted({
			operation: { retrySafety: 'deduplicated' },
			writes: [{ ...silent, endsAfterMs: 1 }],
		});
		expect(result).toMatchObject(verified);
		expect(writes).toBe(1);
	});

	test('leaves a doubt that a refusal of the second request does not end', async () => {
		const refused = { status: 422, body: { message: 'Not now' } };
		const { result, prior, writes } = await submitted({ operation, writes: [silent, refused] });
		expect(result).toMatchObject({ outcome: 'unknown', attempts: 2 });
		expect([writes, prior]).toEqual([2, 'inDoubt']);
	});

	test('does not get it again after a 2xx', async () => {
		const writes = [{ status: 200, body: {} }];
		const { result, api } = await submitted({ operation, writes });
		expect(result?.outcome).toBe('unknown');
		expect(api.writes).toHaveLength(1);
	});
});

describe('a refusal that the provider keeps for the idempotency key', () => {
	const busy: ApiBehaviour = { status: 422, body: { message: 'Busy' } };
	const operation: ItemSettings['operation'] = {
		retrySafety: 'deduplicated',
		interpret: (answer) =>
			answer.status === 422
				? { outcome: 'failed', verify: true, needsNewKey: true }
				: cancelOperation().interpret!(answer, {}),
	};
	const keysOf = (api: SampleApi) => api.writes.map(({ key }) => key);

	test('is settled by one read, and sent again with another key if nothing has changed', async () => {
		const { result, api, context } = await submitted({ operation, writes: [busy, busy] });
		expect(result).toMatchObject({ outcome: 'scheduled', attempts: 3 });
		const { idempotencyKey: first } = context.item;
		expect(keysOf(api)).toEqual([first, toKey(first, 1), toKey(first, 2)]);
		expect(api.reads).toHaveLength(2);
		expect(api.writes[1].at).toBeLessThan(1000);
	});

	test('has the same keys in the same order when the execution is repeated', async () => {
		const account = anyAccount();
		const [first, second] = [
			await submitted({ operation, account, writes: [busy, busy] }),
			await submitted({ operation, account, writes: [busy, busy] }),
		];
		expect(keysOf(first.api)).toEqual(keysOf(second.api));
	});

	test('had nothing left to do where another request has ended it meanwhile', async () => {
		const { result, writes } = await submitted({
			operation,
			writes: [{ ...busy, endsAfterMs: 1 }],
		});
		expect(result).toMatchObject({ outcome: 'alreadyCancelled', effectiveAt: future });
		expect(writes).toBe(1);
	});

	test('is waited for where an earlier request in doubt may be the one that is running', async () => {
		const { result, api } = await submitted({ operation, doubted: true, writes: [busy] });
		expect(result).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		expect(api.writes[1].at).toBeGreaterThanOrEqual(30_000);
	});

	test('ends the item where the record cannot be read', async () => {
		const reads = { status: 404, body: '' };
		const { result, prior } = await submitted({ operation, writes: [busy], reads });
		expect(result).toMatchObject({ outcome: 'failed', attempts: 1 });
		expect(prior).toBe('none');
	});

	test('ends the item as failed once no attempt is left', async () => {
		const options = { maxAttempts: 2 };
		const { result, prior } = await submitted({ operation, options, writes: [busy, busy] });
		expect(result).toMatchObject({ outcome: 'failed', attempts: 2 });
		expect(prior).toBe('none');
	});
});

describe('a response that denies what the record showed a moment ago', () => {
	const saying = (outcome: Verdict['outcome']): ItemSettings => ({
		operation: { interpret: ({ status }) => (status === 204 ? { outcome } : undefined) },
	});
	const denied = { status: 204, body: '' };
	const denials = ['nothingToCancel', 'alreadyCancelled', 'notFound'] as const;

	test.each(denials)(
		'that there is something to end (%s) is unknown where it is unchanged',
		async (outcome) => {
			const { result, writes, prior } = await submitted({
				...saying(outcome),
				before: active,
				writes: [denied],
			});
			expect(result).toMatchObject({ outcome: 'unknown', attempts: 1 });
			expect([writes, prior]).toEqual([1, 'inDoubt']);
		},
	);

	test.each(denials)(
		'(%s) had nothing left to do where the record has ended since',
		async (outcome) => {
			const { result, writes } = await submitted({
				...saying(outcome),
				before: active,
				writes: [{ ...denied, endsAfterMs: 3000 }],
			});
			expect(result).toMatchObject({ outcome: 'alreadyCancelled', effectiveAt: future });
			expect(writes).toBe(1);
		},
	);

	test.each(denials.slice(0, 2))('(%s) is believed where no record was read', async (outcome) => {
		const { result, api } = await submitted({ ...saying(outcome), writes: [denied] });
		expect(result?.outcome).toBe(outcome);
		expect(api.reads).toHaveLength(0);
	});

	test('is believed where the record showed nothing to end', async () => {
		const { result } = await submitted({
			...saying('alreadyCancelled'),
			before: { kind: 'found', state: endedState() },
			writes: [denied],
		});
		expect(result?.outcome).toBe('alreadyCancelled');
	});

	test("in the provider's own 404 is unknown, too, and not sent again", async () => {
		const { result, writes } = await submitted({
			before: active,
			writes: [{ status: 404, body: { message: 'No subscription sub_ada' } }],
		});
		expect([result?.outcome, writes]).toEqual(['unknown', 1]);
	});
});

describe('a response that is believed only with the record', () => {
	const saying = (verdict: Verdict): ItemSettings => ({
		operation: { interpret: () => ({ ...verdict, verify: true }) },
	});
	const conflict = { status: 409, body: { message: 'Known' } };

	test('and says accepted counts where the record shows it, and is unknown where it does not', async () => {
		const said = saying({ outcome: 'cancelled' });
		const shown = await submitted({ ...said, writes: [{ ...conflict, endsAfterMs: 0 }] });
		expect(shown.result).toMatchObject(verified);
		const unchanged = await submitted({ ...said, writes: [conflict] });
		expect(unchanged.result?.outcome).toBe('unknown');
		expect([unchanged.writes, unchanged.prior]).toEqual([1, 'inDoubt']);
	});

	test('and says accepted is trusted where nothing can be read', async () => {
		const { result, prior } = await submitted({
			...saying({ outcome: 'cancelled' }),
			writes: [conflict],
			reads: { status: 500, body: { message: 'Oh' } },
		});
		expect(result).toMatchObject({ outcome: 'cancelled', accepted: true });
		expect(prior).toBe('settled');
	});

	test('and says that there was nothing to do counts where the record has ended', async () => {
		const said = saying({ outcome: 'alreadyCancelled' });
		const { result } = await submitted({ ...said, writes: [{ ...conflict, endsAfterMs: 0 }] });
		expect(result).toMatchObject({ outcome: 'alreadyCancelled', effectiveAt: future });
	});

	test('and says that there was nothing to do is a refusal where the record is unchanged', async () => {
		const said = saying({ outcome: 'alreadyCancelled', description: 'Known' });
		const { result, prior } = await submitted({ ...said, writes: [conflict] });
		expect(result).toMatchObject({ outcome: 'notCancellable', description: 'Known' });
		expect(prior).toBe('none');
	});

	test('is read of a provider that says nothing of responses itself', async () => {
		const { result } = await submitted({ operation: { interpret: undefined } });
		expect(result).toMatchObject(verified);
	});

	test('and refuses had nothing left to do where the record has ended', async () => {
		const refused = { status: 422, body: { message: 'Not now' }, endsAfterMs: 0 };
		const { result, prior } = await submitted({ writes: [refused] });
		expect(result).toMatchObject({ outcome: 'alreadyCancelled', effectiveAt: future });
		expect(result).not.toHaveProperty('accepted');
		expect(prior).toBe('settled');
	});

	test('and refuses is trusted where the record is unchanged', async () => {
		const { result, prior, api } = await submitted({
			writes: [{ status: 422, body: { message: 'Not now' } }],
		});
		expect(result).toMatchObject({
			outcome: 'notCancellable',
			description: 'HTTP 422: Not now',
		});
		expect([prior, api.reads.length]).toEqual(['none', 1]);
		// It has ended the request, so that nothing is waited for.
		expect(api.reads[0].at).toBe(1);
	});

	test('and refuses is explained by what the record adds, and only then', async () => {
		const explainRefusal: WriteOperation['explainRefusal'] = (verdict, { renewsAt }) =>
			renewsAt ? { ...verdict, description: `Come back at ${renewsAt}.` } : undefined;
		const locked = { status: 409, body: { message: 'Locked' } };
		const scenario = { operation: { explainRefusal }, writes: [locked] };
		const reads = (more: object) => ({
			status: 200,
			body: { id: 'sub_ada', state: activeState(more) },
		});
		expect(
			(await submitted({ ...scenario, reads: reads({ renewsAt: future }) })).result,
		).toMatchObject({ outcome: 'notCancellable', description: `Come back at ${future}.` });
		expect((await submitted({ ...scenario, reads: reads({}) })).result).toMatchObject({
			description: 'HTTP 409: Locked',
		});
		const accepted = await submitted({ operation: { explainRefusal } });
		expect(accepted.result).toMatchObject({ outcome: 'scheduled' });
		expect(accepted.result?.description).toBeUndefined();
	});

	test('and refuses in a 2xx is not believed without it', async () => {
		const interpret = () => ({ outcome: 'failed', description: 'REJECTED' }) as const;
		const carriedOut = { status: 200, body: {}, endsAfterMs: 0 };
		const { result, api } = await submitted({ operation: { interpret }, writes: [carriedOut] });
		expect(result).toMatchObject({ outcome: 'alreadyCancelled' });
		expect(api.reads).toHaveLength(1);
	});
});

describe('a 403', () => {
	const strict: ItemSettings = { provider: { forbidsSingleRecords: true } };
	const archived: ApiBehaviour = { status: 403, body: { message: 'This record is archived' } };

	test('to a credential that can read the record is about that record', async () => {
		const { result, prior } = await submitted({ ...strict, writes: [archived] });
		expect(result).toMatchObject({
			outcome: 'notCancellable',
			description: 'HTTP 403: This record is archived',
		});
		expect(result).not.toHaveProperty('credentialRejected');
		expect(prior).toBe('none');
	});

	test.each([
		['could not read it before either', notRead],
		['could read it before', active],
	])('to a credential that %s, and cannot now, is about the credential', async (_, before) => {
		const { result } = await submitted({ ...strict, before, writes: [archived], reads: archived });
		expect(result).toMatchObject({ credentialRejected: true, outcome: 'unauthorized' });
	});

	test('to a credential that could read the record before is about that record, if no answer comes now', async () => {
		const { result } = await submitted({
			...{ ...strict, before: active, writes: [archived] },
			reads: { status: 503, body: 'Busy' },
		});
		expect(result).toMatchObject({ outcome: 'notCancellable' });
		expect(result).not.toHaveProperty('credentialRejected');
	});

	test('of a provider that forbids no single record is about the credential', async () => {
		const { result, api } = await submitted({ writes: [archived] });
		expect(result?.outcome).toBe('unauthorized');
		expect(api.reads).toEqual([]);
	});

	test('with a web page has failed, and is not about the credential', async () => {
		const { result } = await submitted({ writes: [{ status: 403, body: '<html>Human?</html>' }] });
		expect(result).toMatchObject({
			outcome: 'failed',
			description: 'HTTP 403: a web page instead of an API answer',
		});
		expect(result).not.toHaveProperty('credentialRejected');
	});
});

describe('an earlier doubt that the record has not settled', () => {
	const settings: ItemSettings = { operation: { retrySafety: 'deduplicated' } };
	const lags = {
		status: 200,
		body: { id: 'sub_ada', state: activeState({ eventuallyConsistent: true }) },
	};

	test('lets no refusal be believed without the record', async () => {
		const { result, prior } = await submitted({
			...settings,
			doubted: true,
			prepare: ({ ledger, item }) => void ledger.markSending(item, 1000),
			writes: [{ status: 401, body: { message: 'Bad key' } }],
			reads: lags,
		});
		expect([result?.outcome, prior]).toEqual(['unknown', 'inDoubt']);
	});

	test('is not ended by a 429', async () => {
		const { result, prior } = await submitted({
			...settings,
			options: { maxAttempts: 1 },
			doubted: true,
			prepare: ({ ledger, item }) => void ledger.markSending(item, 1000),
			writes: [{ status: 429, body: {} }],
			reads: lags,
		});
		expect([result?.outcome, prior]).toEqual(['unknown', 'inDoubt']);
	});

	test('stays, and the item ends, where the account is limited for longer than an item waits', async () => {
		const { result, prior, writes } = await submitted({
			...settings,
			writes: [silent],
			reads: lags,
			prepare({ item: { account } }, clock) {
				const pause = { ms: 3_600_000, source: 'provider' } as const;
				void clock
					.sleep(20_000)
					.then(() => pauseAccount(account.rateLimitKey, pause, account.rateLimits));
			},
		});
		expect(result).toMatchObject({ outcome: 'unknown', attempts: 1 });
		expect([writes, prior]).toEqual([1, 'inDoubt']);
	});

	test('is ended by a request that is accepted', async () => {
		const { result, prior } = await submitted({ ...settings, doubted: true });
		expect([result?.outcome, prior]).toEqual(['scheduled', 'settled']);
	});
});

describe('a limited request', () => {
	const limited: ApiBehaviour = { status: 429, body: {}, headers: { 'retry-after': '20' } };

	test('is sent again after its Retry-After, and leaves no doubt meanwhile', async () => {
		const seen: string[] = [];
		const { result, api } = await submitted({
			writes: [limited],
			prepare({ item, ledger }, clock) {
				void clock.sleep(5000).then(() => seen.push(ledger.lookup(item).kind));
			},
		});
		expect(result).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		expect(api.writes[1].at).toBeGreaterThanOrEqual(20_000);
		expect(seen).toEqual(['none']);
	});

	const stopped = async (more: Scenario = {}) => {
		const stop = new AbortController();
		return await submitted({
			writes: [limited],
			sendSignal: stop.signal,
			...more,
			prepare(context, clock, api) {
				more.prepare?.(context, clock, api);
				void clock
					.sleep(5000)
					.then(() => stop.abort(new Stopped('an earlier item stopped the run')));
			},
		});
	};

	test('that is stopped while it waits says that it was sent, and was not accepted', async () => {
		const { result, prior, writes } = await stopped({ before: active });
		expect(result).toMatchObject({
			outcome: 'skipped',
			attempts: 1,
			email: 'ada@example.com',
			description:
				'Sample has not accepted it yet, and it was not tried again, because an earlier item stopped the run.',
		});
		expect(result?.message).not.toContain('Nothing was sent');
		expect([writes, prior]).toEqual([1, 'none']);
	});

	test('is not told of where no request has ever left', async () => {
		const cause = { isAxiosError: true, code: 'ECONNREFUSED' };
		const stop = new AbortController();
		const { thrown, result } = await submitted({
			options: { maxAttempts: 10 },
			sendSignal: stop.signal,
			prepare(_, clock, api) {
				api.onWrite = () => {
					throw Object.assign(new Error('refused'), { cause });
				};
				void clock.sleep(2000).then(() => stop.abort(new Stopped('the execution was stopped')));
			},
		});
		expect(thrown).toBeInstanceOf(Stopped);
		expect(result).toBeUndefined();
	});

	test('that is stopped with an earlier doubt keeps that doubt', async () => {
		const { thrown, prior } = await stopped({
			operation: { retrySafety: 'deduplicated' },
			doubted: true,
			prepare: ({ ledger, item }) => void ledger.markSending(item, 1000),
		});
		expect(thrown).toBeInstanceOf(Stopped);
		expect(prior).toBe('inDoubt');
	});
});

describe('stopping', () => {
	test('before a request has left sends nothing, and says so', async () => {
		const sendSignal = AbortSignal.abort(new Stopped('the execution was stopped'));
		const { thrown, writes, prior } = await submitted({ sendSignal });
		expect(thrown).toBeInstanceOf(Stopped);
		expect([writes, prior]).toEqual([0, 'none']);
	});

	test('other items lets what was sent be settled, and sends nothing again', async () => {
		const stop = new AbortController();
		const { result, writes } = await submitted({
			sendSignal: stop.signal,
			writes: [{ ...silent, endsAfterMs: 35_000 }],
			prepare(_, clock) {
				void clock
					.sleep(100)
					.then(() => stop.abort(new Stopped('an earlier item stopped the run')));
			},
			options: { timeout: 40_000 },
		});
		expect(result).toMatchObject(verified);
		expect(writes).toBe(1);
	});

	test('other items ends an unchanged one as failed, without another attempt', async () => {
		const stop = new AbortController();
		const { result, writes, prior } = await submitted({
			sendSignal: stop.signal,
			writes: [silent],
			prepare(_, clock) {
				void clock
					.sleep(100)
					.then(() => stop.abort(new Stopped('an earlier item stopped the run')));
			},
		});
		expect(result).toMatchObject({ outcome: 'failed', attempts: 1 });
		expect([writes, prior]).toEqual([1, 'none']);
	});

	test('the execution ends the wait at once, and leaves the doubt with its age', async () => {
		const stop = new AbortController();
		let stoppedAt = 0;
		const { thrown, api, context } = await submitted({
			writes: [silent],
			options: { timeout: 5000 },
			prepare(write, clock) {
				write.request.signal = stop.signal;
				void clock.sleep(6000).then(() => {
					stoppedAt = clock.now();
					stop.abort(new Stopped('the execution was stopped'));
				});
			},
		});
		expect(thrown).toBeInstanceOf(Stopped);
		expect(api.writes).toHaveLength(1);
		expect(context.ledger.doubtOf(context.item)).toMatchObject({
			firstSentAt: stoppedAt - 6000,
			mayRunMs: 10_000,
		});
	});
});

describe('a write whose record is read after it was accepted', () => {
	const confirm = jest.fn((state?: { status: string }): Verdict =>
		state ? { outcome: 'cancelled' } : { outcome: 'pendingProvider' },
	);
	beforeEach(() => confirm.mockClear());

	test('has the outcome that the record shows', async () => {
		const { result, api } = await submitted({ operation: { confirm } });
		expect(result).toMatchObject({ outcome: 'cancelled', accepted: true, attempts: 1 });
		expect(api.reads).toHaveLength(1);
	});

	test('is accepted before that read, which may fail', async () => {
		const seen: string[] = [];
		const { result, prior } = await submitted({
			operation: { confirm },
			options: { maxAttempts: 1 },
			reads: { status: 500, afterMs: 1000 },
			prepare({ item, ledger }, clock) {
				void clock.sleep(500).then(() => seen.push(ledger.lookup(item).kind));
			},
		});
		expect([result?.outcome, prior]).toEqual(['pendingProvider', 'settled']);
		expect(seen).toEqual(['settled']);
	});

	test('is accepted although the execution is stopped during that read', async () => {
		const stop = new AbortController();
		const { result, prior } = await submitted({
			operation: { confirm },
			reads: { status: 500, body: { message: 'Internal server error' } },
			prepare(write, clock) {
				write.request.signal = stop.signal;
				void clock.sleep(700).then(() => stop.abort(new Stopped('the execution was stopped')));
			},
		});
		expect([result?.outcome, prior]).toEqual(['pendingProvider', 'settled']);
	});

	test('is not read where the provider does not need it for that verdict', async () => {
		const needsConfirmation = () => false;
		const { api } = await submitted({ operation: { confirm, needsConfirmation } });
		expect([api.reads.length, confirm.mock.calls.length]).toEqual([0, 0]);
	});

	test('counts once', async () => {
		const { context } = await submitted({ operation: { confirm, retrySafety: 'deduplicated' } });
		expect(context.ledger.acceptances(context.item.identity)).toBe(1);
	});
});

test('a request is sent in the spelling under which the record is known', async () => {
	const state = activeState({ values: { id: 'sub_Ada' } });
	const { api, context } = await submitted({ before: { kind: 'found', state } });
	expect(api.writes[0]).toMatchObject({
		path: '/subscriptions/sub_Ada/cancel',
		key: context.item.idempotencyKey,
	});
});

test('a request that changes nothing is repeated freely, and the ledger does not hold it', async () => {
	const operation: ItemSettings['operation'] = { retrySafety: 'safe', interpret: () => undefined };
	const { result, prior, writes, api } = await submitted({
		operation,
		writes: [silent, { status: 500, body: '' }, { status: 200, body: { reasons: [] } }],
	});
	expect(result).toMatchObject({ outcome: 'readyToConfirm', attempts: 3 });
	expect([writes, api.reads.length, prior]).toEqual([3, 0, 'none']);
});
