import type { RecordState } from '../../nodes/shared/contract/verdict';
import {
	verdictAfterDoubt,
	doneVerdict,
	alreadyDoneVerdict,
	notFoundVerdict,
} from '../../nodes/shared/write/preflight';
import { checkGuards, checkReplayGuard, hasGuards } from '../../nodes/shared/write/guards';
import type { WriteItem } from '../../nodes/shared/model/item';
import { verifyPlanToken, createPlanToken } from '../../nodes/shared/write/planToken';
import type { RecordReading } from '../../nodes/shared/model/recordReading';

const cancel = { effect: 'cancel' } as never;
const restore = { effect: 'restore' } as never;
const ahead = '2099-12-31T00:00:00.000Z';
const past = '2020-01-01T00:00:00.000Z';
const state = (more: Partial<RecordState> = {}): RecordState => ({
	status: 'active',
	active: true,
	endsAt: ahead,
	email: 'ada@example.com',
	version: '1',
	...more,
});
const item = (options: object = {}) =>
	({
		target: 'sub_ada',
		options,
		digest: 'digest',
		account: { baseUrl: 'https://api.example.com' },
	}) as unknown as WriteItem;

describe('a record that shows it done', () => {
	test('says when it ends or ended', () => {
		expect(doneVerdict(cancel, ahead)).toEqual({ outcome: 'scheduled', effectiveAt: ahead });
		expect(doneVerdict(cancel, past).outcome).toBe('cancelled');
		expect(doneVerdict(restore, ahead)).toEqual({ outcome: 'restored', effectiveAt: null });
		expect(alreadyDoneVerdict(cancel, ahead)).toEqual({
			outcome: 'alreadyCancelled',
			effectiveAt: ahead,
		});
		expect(alreadyDoneVerdict(restore, ahead)).toEqual({ outcome: 'restored', effectiveAt: null });
	});

	const sentAt = Date.parse('2026-11-21T10:00:00Z');
	test.each<[string, Partial<RecordState>, number | undefined, string]>([
		['that tells no time', {}, sentAt, 'scheduled'],
		['after the call', { changedAt: '2026-11-21T10:00:01Z' }, sentAt, 'scheduled'],
		[
			'a minute before it, for clocks differ',
			{ changedAt: '2026-11-21T09:59:00Z' },
			sentAt,
			'scheduled',
		],
		[
			'more than a minute before it',
			{ changedAt: '2026-11-21T09:58:59Z' },
			sentAt,
			'alreadyCancelled',
		],
		[
			'before a call of unknown time',
			{ changedAt: '2026-11-20T10:00:00Z' },
			undefined,
			'scheduled',
		],
		[
			'with another end than was asked for',
			{ matchesRequest: false },
			undefined,
			'alreadyCancelled',
		],
		['with the end that was asked for', { matchesRequest: true }, sentAt, 'scheduled'],
	])('%s settles a doubt', (_, more, at, outcome) => {
		const verdict = verdictAfterDoubt(cancel, state(more), at);
		expect(verdict).toMatchObject({ outcome, effectiveAt: ahead });
		expect(verdict.verified).toBe(outcome === 'scheduled' ? true : undefined);
	});
});

describe('a target that is not known', () => {
	const answer = { status: 404, headers: {}, body: {} };
	const missing = () => ({ outcome: 'failed', description: 'Gone.' }) as const;

	test('is what the provider says of it, where it answered', () => {
		expect(
			notFoundVerdict({ effect: 'cancel', onNotFound: missing } as never, {
				missing: true,
				answer,
			}),
		).toEqual({ outcome: 'failed', description: 'Gone.' });
		expect(notFoundVerdict(cancel, { missing: true, answer })).toEqual({ outcome: 'notFound' });
		const unsaid = { effect: 'cancel', missing: () => undefined } as never;
		expect(notFoundVerdict(unsaid, { missing: true, answer })).toEqual({ outcome: 'notFound' });
	});

	test('in a list that answered is no referral, or not found', () => {
		const referral = { effect: 'cancel', referral: true, missing } as never;
		expect(notFoundVerdict(referral, { missing: true })).toEqual({ outcome: 'nothingToCancel' });
		expect(notFoundVerdict(cancel, { missing: true })).toEqual({ outcome: 'notFound' });
		expect(notFoundVerdict(cancel, { unread: '' })).toEqual({ outcome: 'notFound' });
	});
});

describe('a guard', () => {
	const seen: RecordReading = { state: state() };
	const no = (options: object, what: RecordReading = seen) => {
		try {
			checkGuards(item(options), what);
		} catch (thrown) {
			return (thrown as Error).message;
		}
		return undefined;
	};

	test('is there as soon as one of the three is set', () => {
		expect(hasGuards(item())).toBe(false);
		expect(hasGuards(item({ expectedEmail: 'a@example.com' }))).toBe(true);
		expect(hasGuards(item({ expectedStatus: ['active'] }))).toBe(true);
		expect(hasGuards(item({ planToken: 'x' }))).toBe(true);
	});

	test('that matches, in capitals and with blanks around it, lets the item go', () => {
		expect(no({})).toBeUndefined();
		expect(no({ expectedEmail: ' ADA@example.com' })).toBeUndefined();
		expect(no({ expectedStatus: ['paused', 'Active'] })).toBeUndefined();
	});

	test('that does not names both, and says what to check', () => {
		expect(no({ expectedEmail: 'ben@example.com' })).toBe(
			'"sub_ada" belongs to ada@example.com, not to ben@example.com. Nothing was sent. Check which customer is meant.',
		);
		expect(no({ expectedEmail: 'ben@example.com' }, { state: state({ email: null }) })).toContain(
			'belongs to no known e-mail address, not to ben@example.com.',
		);
		expect(no({ expectedStatus: ['paused', 'trial'] })).toContain(
			'"sub_ada" has the status "active", not "paused" or "trial".',
		);
	});

	test('that cannot be answered says no, but a missing target has an outcome of its own', () => {
		for (const options of [{ expectedEmail: 'ada@example.com' }, { expectedStatus: ['active'] }]) {
			expect(no(options, { unread: 'No look.' })).toBe(
				'"sub_ada" could not be checked: No look. Nothing was sent. Remove the expectation if you accept that.',
			);
			expect(no(options, { missing: true })).toBeUndefined();
		}
	});

	test('on what was accepted before asks for the right customer, as far as one is known', () => {
		const kept = (email: string | null) => ({ outcome: 'cancelled', attempts: 1, email }) as const;
		const ben = item({ expectedEmail: 'ben@example.com' });
		expect(() => checkReplayGuard(ben, kept('ada@example.com'))).toThrow(
			'"sub_ada" belongs to ada@example.com, not to ben@example.com.',
		);
		expect(() => checkReplayGuard(ben, kept(null))).not.toThrow();
		expect(() => checkReplayGuard(ben, kept('BEN@example.com'))).not.toThrow();
		expect(() => checkReplayGuard(item(), kept('ada@example.com'))).not.toThrow();
	});
});

describe('a plan token', () => {
	const plan = (seen: RecordReading) => createPlanToken(item(), seen);
	const no = (token: string, seen: RecordReading) => {
		try {
			verifyPlanToken(item(), seen, token);
		} catch (thrown) {
			return (thrown as Error).message;
		}
		return undefined;
	};

	test.each<[string, RecordReading]>([
		['as it was', { state: state() }],
		['without an end', { state: state({ endsAt: null }) }],
		['of a long version', { state: state({ version: 'v'.repeat(400) }) }],
		['missing', { missing: true }],
		['unread', { unread: '' }],
	])('of a record %s lets the same through, with blanks around it', (_, seen) => {
		expect(no(` ${plan(seen)}\n`, seen)).toBeUndefined();
		expect(plan(seen).length).toBeLessThan(160);
	});

	test.each<[string, RecordReading, string]>([
		[
			'another status',
			{ state: state({ status: 'paused' }) },
			'paused, 2099-12-31T00:00:00.000Z, 1',
		],
		['another end', { state: state({ endsAt: past }) }, 'active, 2020-01-01T00:00:00.000Z, 1'],
		['no end', { state: state({ endsAt: null }) }, 'active, 1'],
		['another version', { state: state({ version: '2' }) }, 'active, 2099-12-31T00:00:00.000Z, 2'],
		['nothing any more', { missing: true }, 'missing'],
		['nothing that can be read', { unread: '' }, 'unread'],
	])('refuses a record that shows %s, and tells both', (_, seen, now) => {
		expect(no(plan({ state: state() }), seen)).toBe(
			`"sub_ada" has changed since the dry run (planned: active, 2099-12-31T00:00:00.000Z, 1; now: ${now}). Nothing was sent. Make a new dry run.`,
		);
	});

	test('tells long versions apart', () => {
		const long = (end: string): RecordReading => ({
			state: state({ version: 'v'.repeat(40) + end }),
		});
		expect(no(plan(long('a')), long('b'))).toContain('has changed since the dry run');
		const short = (end: string): RecordReading => ({
			state: state({ version: 'v'.repeat(31) + end }),
		});
		expect(Buffer.from(plan(short('a')).split('.')[2], 'base64url').toString()).toContain('vva"');
	});

	test('of another request is refused', () => {
		const [form, , record] = plan({ state: state() }).split('.');
		expect(no([form, 'other', record].join('.'), { state: state() })).toBe(
			'The plan token was made for another request than "sub_ada" on https://api.example.com (planned other, now digest). Nothing was sent. Make a new dry run.',
		);
	});

	test.each([
		'',
		'plan1',
		'plan1.digest',
		'plan1.digest.x',
		'plan2.digest.W10',
		'plan1.digest.e30',
	])('of "%s" cannot be read', (token) => {
		expect(no(token, { state: state() })).toBe(
			'The plan token for "sub_ada" cannot be read. Nothing was sent. Use the planToken of a dry run as it is.',
		);
	});
});
