import { reditus } from '../../../nodes/Reditus/provider';
import {
	churnPrecondition,
	interpretChurn,
	isOwnError,
	nextPage,
	parseList,
	predictChurn,
	toRecordState,
} from '../../../nodes/Reditus/responses';
import type { WriteOperation } from '../../../nodes/shared/contract/provider';
import { parse, response, stateOnly } from '../response';
import { churnedAt, referral } from './vendor';

const churn = reditus.operations.churn as WriteOperation;
const ada = 'ada@example.com';
const page = (data: unknown[], pagination: object = { page: 1, has_more: false }) =>
	response(200, { data, meta: { pagination } });
const another = (state: string, more = {}) => ({ ...referral(state, more), id: '4712' });
const error = (status: number, details: unknown) =>
	response(status, { errors: [{ title: 'Error', details }] });

test.each([error(404, 'Referral not found'), error(400, { amount: ['must be an integer'] })])(
	'its own errors are those that the documents show: %j',
	(answer) => expect(isOwnError(answer)).toBe(true),
);

describe('a query by address', () => {
	test('finds a single referral, and the spelling that Reditus knows', () => {
		expect(parseList(page([referral('paid', { email: ' Ada@Example.com ' })]), ada)).toMatchObject({
			kind: 'found',
			state: {
				phase: 'active',
				recordId: '4711',
				values: { referralEmail: 'Ada@Example.com' },
			},
		});
	});

	test('leaves the referrals of other addresses out', () => {
		const other = another('paid', { email: 'ben@example.com' });
		expect(parseList(page([other, referral('paid')]), ada)).toMatchObject({ kind: 'found' });
		expect(parseList(page([other]), ada)).toEqual({ kind: 'notTheRecord' });
	});

	test('of several is ambiguous, with a name of each', () => {
		expect(parseList(page([referral('paid'), another('converted')]), ada)).toEqual({
			kind: 'ambiguous',
			candidates: [
				'ada@example.com · paid · since 2024-09-11 · 4711',
				'ada@example.com · converted · since 2024-09-11 · 4712',
			],
		});
	});

	test('of several that have all churned is the last of them', () => {
		const earlier = another('churned', { state_set_at: 1 });
		expect(parseList(page([earlier, referral('churned')]), ada)).toMatchObject({
			kind: 'found',
			state: { phase: 'ended', end: { kind: 'at', at: churnedAt } },
		});
	});

	test('of one that a list names twice is that one', () => {
		expect(parseList(page([referral('paid'), referral('paid')]), ada)).toMatchObject({
			kind: 'found',
		});
	});

	test.each([
		['without an address', page([referral('paid', { email: null })])],
		['without a state', page([referral('paid', { state: null })])],
		['without an ID', page([{ ...referral('paid'), id: undefined }])],
		['on a page that goes on', page([referral('paid')], { page: 1, has_more: true })],
		['on a page that goes on nowhere', page([referral('paid')], { has_more: true })],
	])('that meets a row %s is unreadable', (_, answer) => {
		expect(parseList(answer, ada)).toMatchObject({ kind: 'unreadable' });
	});

	test('that finds none in other capitals is asked once more in lower case', () => {
		const again = parse(
			churn.recordQuery({ referralEmail: 'Ada@Example.com' }, stateOnly),
			page([]),
		);
		if (again.kind !== 'continue' || again.query.kind !== 'request') throw new Error(again.kind);
		expect(again.query.request.query).toMatchObject({ email_eq: ada });
		expect(parse(again.query, page([]))).toEqual({ kind: 'missing' });
		expect(parse(churn.recordQuery({ referralEmail: ada }, stateOnly), page([]))).toEqual({
			kind: 'missing',
		});
	});

	test('is made before every churn by address, and by nothing else', () => {
		expect(churn.readsBeforeWrite!({ referralEmail: ada })).toBe(true);
		expect(churn.readsBeforeWrite!({ referralId: '4711' })).toBe(false);
	});
});

describe('a query by ID', () => {
	const query = churn.recordQuery({ referralId: '4711' }, stateOnly);

	test.each([
		response(404, '<html>'),
		response(404, { message: 'no Route matched with those values' }),
		response(404),
		error(404, 'Route not found'),
		response(200, { data: { ...referral('churned'), id: '4712' } }),
		response(503, { data: referral('churned') }),
	])('neither finds it nor misses it in %j', (answer) => {
		expect(parse(query, answer)).toEqual({ kind: 'notTheRecord' });
	});

	test('misses it in the words of Reditus only', () => {
		expect(parse(query, error(404, 'Referral not found'))).toEqual({
			kind: 'missing',
			description: 'HTTP 404: Referral not found',
		});
	});
});

describe('a churn', () => {
	const refused = (state: string) => error(422, `Referral in state '${state}' cannot be churned`);

	test.each(['clicked', 'rejected', 'expired'])('of a %s referral has nothing to do', (state) => {
		const record = toRecordState(referral(state))!;
		for (const verdict of [
			churnPrecondition(record),
			predictChurn(record),
			interpretChurn(refused(state), { referralUid: 'user_1' }),
		]) {
			expect(verdict).toEqual({
				outcome: 'nothingToCancel',
				clause: `never became a paying referral ("${state}"), nothing to churn`,
				description: expect.stringContaining(state),
			});
		}
	});

	test.each([
		[refused('churned'), 'alreadyCancelled'],
		[error(422, 'Referral has already churned'), 'alreadyCancelled'],
		[error(422, 'Referral cannot be churned'), 'notCancellable'],
	])('that is refused with %j is %s, and asks the record', (answer, outcome) => {
		expect(interpretChurn(answer, { referralId: '4711' })).toMatchObject({ outcome, verify: true });
	});

	test.each([response(404, '<html>'), response(422, { message: 'No' }), response(400, '')])(
		'is not told anything by %j',
		(answer) => expect(interpretChurn(answer, { referralId: '4711' })).toBeUndefined(),
	);
});

describe('the next page', () => {
	const request = { path: '/v1/referrals', query: { state_eq: 'paid', page: 1 } };
	test.each<[object | undefined, string]>([
		[{ page: 1, has_more: true }, 'next'],
		[{ page: 1, has_more: false }, 'last'],
		[undefined, 'last'],
		[{ has_more: true }, 'unknown'],
		[{ page: '1', has_more: true }, 'unknown'],
		[{ page: 1, has_more: 'yes' }, 'unknown'],
	])('after %j is %s', (pagination, kind) => {
		expect(nextPage(page([referral('paid')], pagination), request).kind).toBe(kind);
	});

	test('keeps the filters', () => {
		expect(nextPage(page([referral('paid')], { page: 3, has_more: true }), request)).toEqual({
			kind: 'next',
			request: { path: '/v1/referrals', query: { state_eq: 'paid', page: 4 } },
		});
		expect(nextPage(page([], { page: 3, has_more: true }), request).kind).toBe('unknown');
	});
});
