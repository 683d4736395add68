import type { RecordState } from '../../nodes/shared/contract/verdict';
import { preflight } from '../../nodes/shared/write/preflight';
import type { WriteItem } from '../../nodes/shared/model/item';
import type { RecordReading } from '../../nodes/shared/model/recordReading';
import type { RequestContext } from '../../nodes/shared/http/requestWithRetry';

/** Nothing may be sent here. */
const manner = undefined as unknown as RequestContext;
const ahead = '2099-12-31T00:00:00.000Z';
const state = (more: Partial<RecordState> = {}): RecordState => ({
	...{ status: 'active', active: true, endsAt: ahead, email: 'ada@example.com', version: '1' },
	...more,
});
const itemWith = (repeat: string, more: object = {}) =>
	({
		...{ target: 'sub_ada', values: { reason: 'price' }, options: {}, account: {} },
		operation: { effect: 'cancel', retrySafety: repeat, ...more },
	}) as unknown as WriteItem;

const open: RecordReading = { state: state() };
const lagging: RecordReading = { state: state({ eventuallyConsistent: true }) };
const done: RecordReading = { state: state({ active: false }) };
const missing: RecordReading = { missing: true };
const page: RecordReading = {
	missing: true,
	answer: { status: 404, headers: {}, body: ' <html>' },
};
const blind: RecordReading = { unread: 'It has no record.' };
const broken: RecordReading = {
	unread: 'It could not be read.',
	failed: { outcome: 'rateLimited' },
};

const doubt = { outcome: 'unknown', description: 'An earlier try had no clear answer.' };
const [goesOn, notFound] = [{ outcome: 'scheduled' }, { outcome: 'notFound' }];
const blindly = { ...doubt, description: `${doubt.description} It has no record.` };
const unread = { ...doubt, description: `${doubt.description} It could not be read.` };

describe('after a try that had no clear answer', () => {
	test.each<[string, RecordReading, object, string | undefined]>([
		['readFirst', open, goesOn, undefined],
		['readFirst', lagging, doubt, 'other'],
		['readFirst', done, { ...goesOn, verified: true }, 'record'],
		['readFirst', missing, notFound, 'other'],
		['readFirst', page, doubt, 'other'],
		['readFirst', blind, blindly, 'other'],
		['readFirst', broken, unread, 'other'],
		['never', open, doubt, 'other'],
		['never', done, { ...goesOn, verified: true }, 'record'],
		['never', missing, notFound, 'other'],
		// The provider drops a second call, so that it may go out; but not beside a look that failed.
		['deduplicated', open, goesOn, undefined],
		['deduplicated', lagging, goesOn, undefined],
		['deduplicated', blind, { outcome: 'cancelled' }, undefined],
		['deduplicated', page, doubt, 'other'],
		['deduplicated', broken, unread, 'other'],
	])('a call that is %s finds %j', async (repeat, seen, verdict, ends) => {
		const told = await preflight(itemWith(repeat), manner, seen, { doubted: true });
		expect(told).toMatchObject({ verdict });
		expect(told.ends).toBe(ends);
	});

	test('what the record came by before that try is not its doing', async () => {
		const since = '2026-11-21T09:00:00Z';
		const seen = { state: state({ active: false, changedAt: since }) };
		const sentAt = Date.parse('2026-11-21T10:00:00Z');
		const { verdict } = await preflight(itemWith('never'), manner, seen, { doubted: true, sentAt });
		expect(verdict).toEqual({ outcome: 'alreadyCancelled', effectiveAt: ahead });
	});
});

describe('before the first try', () => {
	const first = async (seen: RecordReading, more: object = {}) =>
		await preflight(itemWith('readFirst', more), manner, seen, { doubted: false });

	test('an open record goes on, with what is to be expected', async () => {
		expect(await first(open)).toEqual({ verdict: { outcome: 'scheduled', effectiveAt: ahead } });
		expect(await first(lagging)).toEqual({ verdict: { outcome: 'scheduled', effectiveAt: ahead } });
		const expected = { outcome: 'pendingProvider' };
		const expect_ = jest.fn(() => expected);
		expect(await first(open, { predict: expect_ })).toEqual({ verdict: expected });
		expect(expect_).toHaveBeenCalledWith(state(), { reason: 'price' });
		expect(await first(open, { predict: () => undefined })).toMatchObject({ verdict: goesOn });
	});

	test('a record that shows it done ends it', async () => {
		const verdict = { outcome: 'alreadyCancelled', effectiveAt: ahead };
		expect(await first(done)).toEqual({ verdict, ends: 'record' });
	});

	test('a record of which the provider knows that it will not do ends it', async () => {
		const verdict = { outcome: 'notCancellable' };
		const before = jest.fn(() => verdict);
		expect(await first(open, { precondition: before })).toEqual({ verdict, ends: 'other' });
		expect(before).toHaveBeenCalledWith(state(), { reason: 'price' });
		expect(await first(blind, { precondition: before })).not.toHaveProperty('ends');
	});

	test('one that is missing ends it; where that is a success, as its record', async () => {
		expect(await first(missing)).toEqual({ verdict: notFound, ends: 'other' });
		expect(await first(missing, { referral: true })).toEqual({
			verdict: { outcome: 'nothingToCancel' },
			ends: 'record',
		});
	});

	test('one that could not be read sends nothing; one that nobody can read does not matter', async () => {
		const retryAt = '2026-11-28T12:00:00.000Z';
		const later: RecordReading = {
			unread: 'It could not be read.',
			failed: { outcome: 'rateLimited', retryAt },
		};
		expect(await first(later)).toEqual({
			verdict: {
				outcome: 'rateLimited',
				description: 'It could not be read. It has to be read before anything is sent.',
			},
			ends: 'other',
			retryAt,
		});
		expect(await first(blind)).toEqual({ verdict: { outcome: 'cancelled', effectiveAt: null } });
	});
});
