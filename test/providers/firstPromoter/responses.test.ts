import { firstPromoter } from '../../../nodes/FirstPromoter/provider';
import {
	cancelPrecondition,
	interpretCancel,
	interpretRestore,
	isOwnError,
	toCancelState,
	toRecordState,
} from '../../../nodes/FirstPromoter/responses';
import type { WriteOperation } from '../../../nodes/shared/contract/provider';
import { parse, response, stateOnly } from '../response';
import { active, lead, recorded } from './vendor';

const byEmail = { email: 'ada@example.com' };
const unknownLead = response(404, { error: 'Lead not found.' });
const cancel = firstPromoter.operations.cancel as WriteOperation;
const restore = firstPromoter.operations.restore as WriteOperation;

describe('the own errors', () => {
	test.each([
		[401, ''],
		[401, 'Bad credentials'],
		[400, { message: 'Error. Email and uid can not be blank!' }],
		[403, { message: "You don't have enough rights to perform this action", code: 'forbidden' }],
		[404, { error: 'Lead not found.' }],
		[404, { message: 'Referral not found', code: 'not_found' }],
		[409, { message: "The 'cancellation' event with the id 'x' already exists." }],
		[422, { error: 'You need to find the lead/customer either by id, uid or email.' }],
		[500, { message: 'Internal server error' }],
	])('are those that the documents show: %i %j', (status, body) => {
		expect(isOwnError(response(status, body))).toBe(true);
	});
});

describe('a record', () => {
	test('that is cancelled without a readable time has ended at once', () => {
		for (const cancelled_at of [null, undefined, 1_700_000_000, '31.12.2099', 'soon']) {
			expect(toRecordState({ ...lead, cancelled_at })).toMatchObject({
				phase: 'ended',
				end: { kind: 'atOnce' },
			});
		}
	});

	test('has its ID, and a version that changes with the plan, the customer and the state', () => {
		expect(toRecordState(active)).toMatchObject({ recordId: '20738339', phase: 'active' });
		const { version } = toRecordState(active)!;
		for (const change of [{ plan_name: 'Pro' }, { uid: 'cus_2' }, { state: 'signup' }, { id: 2 }]) {
			expect(toRecordState({ ...active, ...change })!.version).not.toBe(version);
		}
	});

	test('keeps its time of change to itself where the user gives another one', () => {
		expect(toCancelState(lead)).toMatchObject({ changedAt: lead.cancelled_at });
		expect(toCancelState(lead, '2020-01-01T00:00:00.000Z')).toMatchObject({ changedAt: null });
	});

	test('is compared exactly by UID, and without regard to capitals by address', () => {
		const byUid = cancel.recordQuery({ uid: 'a9U290000004GNy' }, stateOnly);
		expect(parse(byUid, response(200, { ...active, uid: 'a9U290000004GNY' }))).toEqual({
			kind: 'notTheRecord',
		});
		const asked = cancel.recordQuery(byEmail, stateOnly);
		const found = parse(asked, response(200, { ...active, email: 'Ada@Example.com' }));
		expect(found).toMatchObject({
			kind: 'found',
			state: { email: 'Ada@Example.com', values: { email: 'Ada@Example.com' } },
		});
	});

	test.each([
		response(404, { message: 'no Route matched with those values' }),
		response(404, '<html>'),
		response(404),
		response(204),
		response(500, { error: 'Lead not found.' }),
		response(200, { ...active, email: 'ben@example.com' }),
		response(200, []),
	])('is neither there nor missing after %j', (answer) => {
		expect(parse(cancel.recordQuery(byEmail, stateOnly), answer)).toEqual({ kind: 'notTheRecord' });
	});

	test('without a state is unreadable', () => {
		const answer = response(200, { ...active, state: null });
		expect(parse(cancel.recordQuery(byEmail, stateOnly), answer)).toMatchObject({
			kind: 'unreadable',
		});
	});

	test.each(['v1', 'v2'])(
		'that is not known by an address with capitals is asked for once more in lower case (%s)',
		(apiVersion) => {
			const query = cancel.recordQuery({ apiVersion, email: 'Ada@Example.com' }, stateOnly);
			const again = parse(query, unknownLead);
			if (again.kind !== 'continue' || again.query.kind !== 'request') throw new Error(again.kind);
			expect(JSON.stringify(again.query.request)).toContain('ada');
			expect(JSON.stringify(again.query.request)).not.toContain('Ada');
			expect(parse(again.query, response(200, active))).toMatchObject({
				kind: 'found',
				state: { values: { email: 'ada@example.com' } },
			});
			expect(parse(again.query, unknownLead)).toMatchObject({ kind: 'missing' });
		},
	);
});

describe('a cancellation', () => {
	test.each(['denied', 'moved', 'pending'])('of a %s referral is not recorded', (state) => {
		expect(cancelPrecondition(toRecordState({ ...active, state })!)).toEqual({
			outcome: 'nothingToCancel',
			clause: expect.stringContaining(`"${state}"`),
			description: expect.stringContaining(`"${state}"`),
		});
		expect(() => restore.precondition!(toRecordState({ ...active, state })!, byEmail)).toThrow(
			state,
		);
	});

	test.each(['active', 'refunded', 'signup', 'subscribed'])('of a %s one is', (state) => {
		expect(cancelPrecondition(toRecordState({ ...active, state })!)).toBeUndefined();
	});

	const taken = response(409, { message: "The 'cancellation' event with the id 'x' exists." });

	test('whose event ID is known asks the record', () => {
		expect(interpretCancel(taken, byEmail, false)).toEqual({ outcome: 'cancelled', verify: true });
		expect(interpretCancel(taken, { ...byEmail, eventId: 'x' }, false)).toMatchObject({
			outcome: 'notCancellable',
			verify: true,
			description: expect.stringContaining('event with the id'),
		});
		expect(interpretCancel(taken, byEmail, true)).toBeUndefined();
	});

	test('answered 204 asks the record, and one answered in words does not', () => {
		expect(interpretCancel(response(204), byEmail, false)).toMatchObject({
			outcome: 'nothingToCancel',
			verify: true,
		});
		expect(interpretCancel(unknownLead, byEmail, false)).toMatchObject({
			outcome: 'nothingToCancel',
			verify: false,
		});
	});

	test('counts only with the record of this customer', () => {
		expect(interpretCancel(response(200, recorded), byEmail, false)).toMatchObject({
			outcome: 'cancelled',
			effectiveAt: lead.cancelled_at,
		});
		const other = response(200, { lead: { ...lead, email: 'ben@example.com' } });
		expect(interpretCancel(other, byEmail, false)).toBeUndefined();
		expect(interpretCancel(response(400, '<html>'), byEmail, false)).toBeUndefined();
	});
});

test('Reactivate counts where the lead is active', () => {
	expect(interpretRestore(response(200, active), byEmail)).toMatchObject({ outcome: 'restored' });
	expect(interpretRestore(response(200, lead), byEmail)).toMatchObject({
		outcome: 'unknown',
		verify: true,
	});
});
