import fc from 'fast-check';

import {
	interpretCancel,
	isOwnError,
	nextPage,
	parseRecord,
	searchByEmail,
	toRecordState,
} from '../../../nodes/FunnelFox/responses';
import { candidatesOf, firstPage, nextOf, response } from '../response';
import { active, cancelled, future, past } from './vendor';

const ada = 'ada@example.com';
const search = (email = ada) =>
	searchByEmail(email, (address) => ({
		path: '/subscriptions',
		query: { 'filter[email]': address },
	}));
const page = (data: unknown[], pagination?: object) => response(200, { data, pagination });
const ended = { ...active, renews: false };

test.each([
	[401, { message: 'Unauthorized' }],
	[400, { message: 'already canceled' }],
	[404, { message: 'Subscription not found' }],
	[404, { message: 'record not found' }],
	[500, { message: 'Internal server error' }],
])('its own errors have one message: %i %j', (status, body) => {
	expect(isOwnError(response(status, body))).toBe(true);
});

describe('an end', () => {
	const unreadable = [undefined, null, 4_070_908_800, '31.12.2099', 'soon', ''];

	test('that is fixed, without a readable time, is scheduled for no time', () => {
		for (const period_ends_at of unreadable) {
			const record = { ...ended, period_ends_at };
			expect(toRecordState(record)).toMatchObject({ phase: 'ended', end: { kind: 'unknown' } });
			expect(interpretCancel(response(200, record), 'sub_1')).toMatchObject({
				outcome: 'scheduled',
				effectiveAt: null,
			});
		}
	});

	test.each(['cancelled', 'expired'])('of a %s one, without a time, is at once', (status) => {
		for (const period_ends_at of unreadable) {
			const record = { ...ended, status, period_ends_at };
			expect(toRecordState(record)).toMatchObject({ phase: 'ended', end: { kind: 'atOnce' } });
			expect(interpretCancel(response(200, record), 'sub_1')).toMatchObject({
				outcome: 'cancelled',
				effectiveAt: null,
			});
			expect(toRecordState({ ...record, cancelled_at: past })).toMatchObject({
				end: { kind: 'at', at: past },
			});
		}
	});

	test('without an offset is UTC', () => {
		expect(toRecordState({ ...cancelled, period_ends_at: '2999-12-31T00:00:00' })).toMatchObject({
			end: { kind: 'at', at: future },
		});
	});

	test('of one that is paused and does not renew meanwhile is not fixed', () => {
		expect(toRecordState({ ...ended, status: 'paused' })).toMatchObject({ phase: 'active' });
	});
});

describe('a record', () => {
	test.each([
		response(404, { message: 'no Route matched with those values' }),
		response(404, { message: 'Not Found' }),
		response(404, { message: 'Route not found' }),
		response(404, { message: 'Subscription not found', request_id: '1' }),
		response(404),
		response(200, { ...active, id: 'SUB_1' }),
		response(503, active),
		response(200, []),
	])('is neither there nor missing in %j', (answer) => {
		expect(parseRecord(answer, 'sub_1')).toEqual({ kind: 'notTheRecord' });
		expect(interpretCancel(answer, 'sub_1')).toBeUndefined();
	});

	test('is missing in the words of FunnelFox, and unreadable without a status', () => {
		expect(
			parseRecord(response(404, { message: 'Subscription not found' }), 'sub_1'),
		).toMatchObject({ kind: 'missing' });
		expect(parseRecord(response(200, { ...active, status: 1 }), 'sub_1')).toMatchObject({
			kind: 'unreadable',
		});
	});
});

test('a cancel that is refused, or whose record still runs, asks the record', () => {
	expect(interpretCancel(response(400, { message: 'already canceled' }), 'sub_1')).toMatchObject({
		outcome: 'notCancellable',
		verify: true,
	});
	expect(interpretCancel(response(400, '<html>'), 'sub_1')).toBeUndefined();
	expect(interpretCancel(response(200, active), 'sub_1')).toMatchObject({
		outcome: 'unknown',
		verify: true,
	});
});

describe('a search by address', () => {
	test('counts what it cannot read and what is not certainly of another customer', () => {
		const others = [
			{ ...active, profile: { email: 'ben@example.com' } },
			{ ...active, id: 4711, profile: { email: 'ben@example.com' } },
		];
		const unreadable = [
			{ ...active, status: undefined },
			{ ...active, id: 4711 },
			{ ...active, id: undefined },
			{ ...active, id: ' ' },
			{ ...active, profile: {} },
			{ ...active, profile: null },
			null,
			'sub_1',
		];
		fc.assert(
			fc.property(
				fc.subarray(others),
				fc.subarray(unreadable),
				fc.subarray([active, { ...active, id: 'sub_2', profile: { email: ' Ada@example.com ' } }]),
				(of, odd, own) => {
					const { candidates, ...found } = candidatesOf(
						firstPage(search(), page([...of, ...odd, ...own])),
					);
					expect(candidates.map(({ id }) => id)).toEqual(own.map(({ id }) => id));
					expect(found).toMatchObject({ unreadable: odd.length, next: { kind: 'last' } });
				},
			),
		);
	});

	test('that finds none in other capitals is made once more in lower case', () => {
		const again = firstPage(search('Ada@Example.com'), page([]));
		if (again.kind !== 'continue') throw new Error(again.kind);
		expect(again.searches[0].request.query).toEqual({ 'filter[email]': ada });
		expect(candidatesOf(firstPage(again.searches[0], page([]))).candidates).toEqual([]);
		expect(firstPage(search(), page([])).kind).toBe('candidates');
	});

	test.each([
		['a list', page([active])],
		['a list that goes on', page([], { has_more: true, next_cursor: 'x' })],
	])('with capitals that finds %s is not made again', (_, answer) => {
		expect(firstPage(search('Ada@Example.com'), answer).kind).toBe('candidates');
	});

	test.each([response(503, { data: [active] }), response(200, '<html>'), response(200, [])])(
		'has no candidates in %j',
		(answer) => expect(firstPage(search(), answer)).toEqual({ kind: 'notAList' }),
	);

	test('goes on where FunnelFox says, or cannot be completed', () => {
		const goesOn = page([active], { has_more: true, next_cursor: 'sub_1' });
		expect(nextOf(firstPage(search(), goesOn))).toEqual({
			path: '/subscriptions',
			query: { 'filter[email]': ada, cursor: 'sub_1' },
		});
		for (const next_cursor of [undefined, null, 7, '', ' ']) {
			const answer = page([active], { has_more: true, next_cursor });
			expect(candidatesOf(firstPage(search(), answer)).next).toMatchObject({ kind: 'unknown' });
		}
	});
});

test.each<[object | undefined, string]>([
	[undefined, 'last'],
	[{ has_more: false, next_cursor: 'sub_1' }, 'last'],
	[{ has_more: 'true', next_cursor: 'sub_1' }, 'unknown'],
	[{ has_more: null }, 'unknown'],
])('after a page that says %j comes %s', (pagination, kind) => {
	expect(nextPage(page([active], pagination), { path: '/subscriptions' }).kind).toBe(kind);
});
