import type { RecordState } from '../../nodes/shared/contract/record';
import type { Verdict } from '../../nodes/shared/contract/verdict';
import type { RecordReading } from '../../nodes/shared/model/recordReading';
import { Ledger } from '../../nodes/shared/run/ledger';
import {
	buildResult,
	dryRunResult,
	finish,
	replayResult,
	type Evidence,
} from '../../nodes/shared/write/finish';
import {
	activeState,
	endedState,
	future,
	noResponse,
	response,
	SampleApi,
	writeContext,
	writeItem,
	type ItemSettings,
} from './sampleProvider';
import { onVirtualClock } from './virtualClock';

const withState = (state: RecordState): RecordReading => ({ kind: 'found', state });
const found = (email: string | null = 'record@example.com') => withState(activeState({ email }));

describe('the result of an item at its end', () => {
	const result = (verdict: Verdict, evidence?: Evidence, options?: ItemSettings['options']) =>
		buildResult(writeItem({ options }), verdict, evidence);

	test('says that nothing was sent where a guard refused it, and nowhere else', () => {
		expect(result({ outcome: 'refused' }).message).toMatch(/ Nothing was sent\.$/);
		expect(result({ outcome: 'refused' }, { attempts: 1 }).message).not.toContain(
			'Nothing was sent',
		);
		expect(result({ outcome: 'unknown' }).message).not.toContain('Nothing was sent');
	});

	test('has a time of acceptance only where the provider took the request', async () =>
		await onVirtualClock(() => {
			expect(result({ outcome: 'cancelled' }, { accepted: true, attempts: 1 })).toMatchObject({
				accepted: true,
				attempts: 1,
				requestedAt: '2026-11-21T10:00:00.000Z',
			});
			const before = result({ outcome: 'alreadyCancelled' });
			expect(before).toMatchObject({ attempts: 0, requestedAt: null, effectiveAt: null });
			expect(before).not.toHaveProperty('accepted');
		}));

	test.each([
		['of the response first', 'response@example.com', 'record@example.com', 'response@example.com'],
		['of the record then', undefined, 'record@example.com', 'record@example.com'],
		['of the fields last', undefined, null, 'typed@example.com'],
	])('has the e-mail address %s', (_, responded, recorded, email) => {
		const verdict = { outcome: 'cancelled', email: responded } as const;
		expect(result(verdict, { reading: found(recorded) }).email).toBe(email);
	});

	test.each([
		['price', 'price'],
		[null, null],
	])("has the item's reason: %s", (reason, expected) => {
		const item = writeItem({ item: { reason } });
		expect(buildResult(item, { outcome: 'cancelled' }).reason).toBe(expected);
	});

	test('keeps a response that is an object, where the user asks for it or it is the point', () => {
		const kept = (outcome: Verdict['outcome'], options?: object, body: unknown = { id: 1 }) =>
			result({ outcome }, { answer: response(200, body) }, options).response;
		expect(kept('cancelled')).toBeUndefined();
		expect(kept('cancelled', { includeResponse: true })).toEqual({ id: 1 });
		expect(kept('cancelled', { includeResponse: true }, 'text')).toBeUndefined();
		expect(kept('notFound', { includeResponse: true })).toBeUndefined();
		// Nothing was sent, so there is none.
		expect(
			result({ outcome: 'alreadyCancelled' }, {}, { includeResponse: true }),
		).not.toHaveProperty('response');
		for (const outcome of ['readyToConfirm', 'presentation', 'offer'] as const) {
			expect(kept(outcome)).toEqual({ id: 1 });
		}
	});

	test('has the status of a response, and none where there was no response', () => {
		expect(result({ outcome: 'cancelled' }, { answer: response(200) }).httpStatus).toBe(200);
		const silent = result({ outcome: 'unknown' }, { answer: noResponse('maybe') });
		expect(silent.httpStatus).toBeUndefined();
	});

	test('says whether the read was turned away for its credential, which stops the account', () => {
		const rejected = (reading?: RecordReading) =>
			result({ outcome: 'cancelled' }, { reading }).credentialRejected;
		const failed = (outcome: 'unauthorized' | 'refused'): RecordReading => ({
			kind: 'failed',
			reason: '',
			failure: { outcome },
		});
		expect(rejected(failed('unauthorized'))).toBe(true);
		expect(rejected(failed('refused'))).toBeUndefined();
		expect(rejected({ kind: 'unreadable', reason: '' })).toBeUndefined();
		expect(rejected()).toBeUndefined();
	});

	test('hands on that it was verified, and that the plan continues', () => {
		const plain = result({ outcome: 'cancelled' });
		expect(plain).not.toHaveProperty('verified');
		expect(plain).not.toHaveProperty('planContinues');
		const more = { outcome: 'cancelled', verified: true, planContinues: true } as const;
		expect(result(more)).toMatchObject({ verified: true, planContinues: true });
	});

	test('is a failure where the user calls it one', () => {
		const fail = { alreadyCancelled: 'fail', ifNotReferral: 'fail' } as const;
		expect(result({ outcome: 'alreadyCancelled' }).outcome).toBe('alreadyCancelled');
		expect(result({ outcome: 'alreadyCancelled' }, {}, fail)).toMatchObject({
			outcome: 'notCancellable',
			description: 'It was already cancelled.',
		});
		expect(result({ outcome: 'nothingToCancel' }).outcome).toBe('nothingToCancel');
		expect(result({ outcome: 'nothingToCancel', description: 'No.' }, {}, fail)).toMatchObject({
			outcome: 'notFound',
			description: 'No.',
		});
		expect(result({ outcome: 'cancelled' }, {}, fail).outcome).toBe('cancelled');
	});
});

describe('what the ledger keeps of an item at its end', () => {
	const kept = async (verdict: Verdict, settings: ItemSettings = {}) =>
		await onVirtualClock((clock) => {
			const ledger = new Ledger({}, 0, '7');
			const context = writeContext(new SampleApi(clock), { ...settings, ledger });
			ledger.markSending(context.item, 1000);
			finish(context, verdict, { attempts: 1, accepted: true });
			const { item } = context;
			return { prior: ledger.lookup(item), acceptances: ledger.acceptances(item.identity) };
		});

	test('is a success, in the words of the provider and not of the user', async () => {
		const options = { alreadyCancelled: 'fail' } as const;
		const { prior } = await kept({ outcome: 'alreadyCancelled' }, { options });
		expect(prior).toMatchObject({ kind: 'settled', result: { outcome: 'alreadyCancelled' } });
	});

	test('is nothing after a failure, and the doubt after an unknown one', async () => {
		expect((await kept({ outcome: 'failed' })).prior.kind).toBe('none');
		expect((await kept({ outcome: 'notFound' })).prior.kind).toBe('none');
		expect((await kept({ outcome: 'unknown' })).prior.kind).toBe('inDoubt');
	});

	test('is how often a request with an idempotency key was accepted', async () => {
		const deduplicated = { operation: { retrySafety: 'deduplicated' } } as const;
		expect((await kept({ outcome: 'cancelled' }, deduplicated)).acceptances).toBe(1);
		expect((await kept({ outcome: 'cancelled' })).acceptances).toBe(0);
	});

	test('is nothing of a request that changes nothing', async () => {
		await onVirtualClock((clock) => {
			const ledger = new Ledger({}, 0, '7');
			const operation = { retrySafety: 'safe' } as const;
			const context = writeContext(new SampleApi(clock), { operation, ledger });
			finish(context, { outcome: 'readyToConfirm' }, { attempts: 1 });
			expect(ledger.lookup(context.item).kind).toBe('none');
		});
	});

	const unreadable = { recordQuery: () => ({ kind: 'unreadable', reason: '' }) as const };
	const failed: RecordReading = { kind: 'failed', reason: '', failure: { outcome: 'refused' } };

	test.each<
		[string, Verdict['outcome'], RecordReading | undefined, ItemSettings['operation'], number]
	>([
		['a record that cannot be read', 'cancelled', undefined, unreadable, 1],
		['a record that was read', 'cancelled', found(), undefined, 0],
		['a record that was not read', 'cancelled', undefined, undefined, 0],
		[
			'a record that shows it only later',
			'cancelled',
			withState(activeState({ eventuallyConsistent: true })),
			undefined,
			1,
		],
		[
			'a record that shows it',
			'cancelled',
			withState(endedState({ eventuallyConsistent: true })),
			undefined,
			0,
		],
		['a pending end whose record could not be read', 'pendingProvider', failed, undefined, 1],
		['a pending end of which nothing was read', 'pendingProvider', undefined, undefined, 1],
		['a pending end whose record was read', 'pendingProvider', found(), undefined, 0],
	])(
		'outlasts a clean run only as the only evidence: %s',
		async (_, outcome, reading, operation, count) => {
			const context = {};
			await onVirtualClock((clock) => {
				const ledger = new Ledger(context, 0, '7');
				const write = writeContext(new SampleApi(clock), { operation, ledger });
				finish(write, { outcome }, { reading });
				ledger.close(true);
			});
			expect(JSON.stringify(context).match(/"kind":"settled"/g) ?? []).toHaveLength(count);
		},
	);
});

describe('what was accepted before', () => {
	const accepted = {
		...({ outcome: 'scheduled', effectiveAt: future, attempts: 2, email: null } as const),
	};

	test('is repeated as it was, with the e-mail address that is known now', () => {
		expect(replayResult(writeItem(), accepted)).toMatchObject({
			...accepted,
			target: 'sub_ada',
			email: 'typed@example.com',
		});
		const known = { ...accepted, email: 'kept@example.com' };
		expect(replayResult(writeItem(), known).email).toBe('kept@example.com');
		expect(replayResult(writeItem(), accepted)).not.toHaveProperty('message');
	});

	test('is repeated with the plan that continues', () => {
		const trial = { ...accepted, planContinues: true };
		expect(replayResult(writeItem(), trial).planContinues).toBe(true);
	});

	test('fails where the user calls it a failure', () => {
		const before = { ...accepted, outcome: 'alreadyCancelled' } as const;
		const item = writeItem({ options: { alreadyCancelled: 'fail' } });
		expect(replayResult(item, before)).toMatchObject({
			outcome: 'notCancellable',
			description: 'It was already cancelled.',
			message:
				'typed@example.com (sub_ada): was already cancelled, which counts as a failure (Options > If Already Cancelled).',
		});
	});
});

describe('the result of a dry run', () => {
	const verdict: Verdict = { outcome: 'scheduled', effectiveAt: future };
	const dry = (settings: ItemSettings = {}) => writeItem({ ...settings, item: { dryRun: true } });

	test('is a preview with when it would end and whose it is', () => {
		expect(dryRunResult(dry(), found(), verdict)).toMatchObject({
			outcome: 'preview',
			dryRun: true,
			attempts: 0,
			email: 'record@example.com',
			effectiveAt: future,
			preview: { wouldBe: { outcome: 'scheduled', effectiveAt: future } },
		});
		const atOnce = dryRunResult(dry(), found(), { outcome: 'cancelled' });
		expect(atOnce.effectiveAt).toBeNull();
		expect(atOnce).not.toHaveProperty('planContinues');
		const trial = { outcome: 'cancelled', planContinues: true } as const;
		expect(dryRunResult(dry(), found(), trial).planContinues).toBe(true);
	});

	test('shows the failure that the user would call it', () => {
		const options = { alreadyCancelled: 'fail' } as const;
		const { preview } = dryRunResult(dry({ options }), found(), { outcome: 'alreadyCancelled' });
		expect(preview?.wouldBe).toMatchObject({ outcome: 'notCancellable' });
	});
});
