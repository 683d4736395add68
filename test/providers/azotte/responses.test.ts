import type { Verdict } from '../../../nodes/shared/contract/verdict';
import { recordQuery, searches, searchesToReactivate } from '../../../nodes/Azotte/records';
import {
	confirmCancel,
	confirmReactivate,
	interpretConfirm,
	interpretList,
	interpretReactivate,
	interpretRequestCancel,
	isOwnError,
	predictCancel,
	storePrecondition,
	toRecordState,
} from '../../../nodes/Azotte/responses';
import { candidatesOf, firstPage, parse, response } from '../response';
import { ahead, canceled, list, ok, order, past, row, said, urn } from './vendor';

const asked = { orderIdentifier: order, customerUrn: urn };
const orders = (...rows: unknown[]) => response(200, ok({ result: rows as never }));

test.each([
	[200, said('SUBSCRIPTION_NOT_FOUND')],
	[500, said('SQL_DATABASE_FAILURE')],
	[401, ''],
])(
	'its own errors have the envelope, but for a key that is not accepted: %i %j',
	(status, body) => {
		expect(isOwnError(response(status, body))).toBe(true);
		expect(isOwnError(response(401, '<html>'))).toBe(false);
	},
);

describe('a 2xx with a code that is not known', () => {
	test.each(['ACCEPTED', 'PROCESSING', 'success', 'SUCCESS_WITH_WARNINGS', 'DONE'])(
		'%s asks the record',
		(code) => {
			for (const interpret of [interpretConfirm, interpretReactivate]) {
				expect(interpret(response(200, said(code)))).toMatchObject({
					outcome: 'unknown',
					verify: true,
				});
			}
			// The first phase changes nothing.
			expect(interpretRequestCancel(response(200, said(code)))).toMatchObject({
				outcome: 'failed',
			});
		},
	);
});

describe('an end', () => {
	const unreadable = [null, undefined, 4_070_908_800, '31.12.2099'];

	test.each(['Normal', 'EndOfPeriod'] as const)(
		'of a cancelled order without a readable time is unknown (%s)',
		(method) => {
			for (const endDate of unreadable) {
				const state = toRecordState({ ...canceled, endDate }, method)!;
				expect(state).toMatchObject({ phase: 'ended', end: { kind: 'unknown' } });
				expect(confirmCancel(state, asked)).toEqual({ outcome: 'scheduled', effectiveAt: null });
			}
		},
	);

	test('of an expired order is at once, whatever its time', () => {
		for (const endDate of unreadable) {
			expect(toRecordState(row({ state: 'Expired', endDate }))).toMatchObject({
				end: { kind: 'atOnce' },
			});
		}
	});

	test.each<[string, Array<string | number | null | undefined>, Verdict]>([
		['has no time, is at once', [null, undefined], { outcome: 'cancelled' }],
		[
			'has an unreadable time, may lie ahead: it is unknown',
			[4_070_908_800, '31.12.2099'],
			{ outcome: 'scheduled', effectiveAt: null },
		],
	])('of an order that was ended at once, and %s', (_, endDates, verdict) => {
		for (const endDate of endDates) {
			const state = toRecordState({ ...canceled, endDate }, 'Immediate')!;
			expect(confirmCancel(state, asked)).toMatchObject(verdict);
		}
	});

	test('that is pending leaves an immediate cancellation something to end', () => {
		const state = toRecordState(canceled, 'Immediate')!;
		expect(state).toMatchObject({ phase: 'active', end: { kind: 'atOnce' } });
		expect(predictCancel(state, asked)).toMatchObject({ outcome: 'cancelled' });
		expect(toRecordState(canceled, 'EndOfPeriod')).toMatchObject({
			phase: 'ended',
			end: { kind: 'at', at: ahead },
		});
	});

	test('a moment ahead is that of an immediate cancellation: clocks differ', () => {
		const endDate = new Date(Date.now() + 5_000).toISOString();
		expect(toRecordState({ ...canceled, endDate }, 'Immediate')).toMatchObject({ phase: 'ended' });
	});
});

describe('the record of an order', () => {
	const query = recordQuery(asked);

	test('is that of the active one of several rows, else of the latest end', () => {
		const expired = row({ state: 'Expired', endDate: past });
		for (const rows of [
			[expired, row()],
			[row(), expired],
			[row({ state: undefined }), row()],
		]) {
			expect(parse(query, orders(...rows))).toMatchObject({
				kind: 'found',
				state: { status: 'Active' },
			});
		}
		expect(parse(query, orders(expired, canceled))).toMatchObject({
			kind: 'found',
			state: { status: 'Canceled' },
		});
	});

	test.each<[string, unknown[]]>([
		['a row of it has no state', [row({ state: null })]],
		['one of its rows has no state', [canceled, row({ state: 3 })]],
		['a row has no ID', [row({ orderIdentifier: undefined })]],
	])('is unreadable where %s', (_, rows) => {
		expect(parse(query, orders(...rows))).toMatchObject({ kind: 'unreadable' });
	});

	test.each([
		response(404, '<html>'),
		response(404, said('NOT_FOUND')),
		response(503, list(row())),
		response(200, said('INTERNAL_SERVER_ERROR', { result: [] as never })),
		response(200, {}),
	])('is neither there nor missing in %j', (answer) => {
		expect(parse(query, answer)).toEqual({ kind: 'notTheRecord' });
	});

	test('is missing where Azotte says so, or where the list lacks it', () => {
		expect(parse(query, response(404, said('CUSTOMER_NOT_FOUND')))).toMatchObject({
			kind: 'missing',
		});
		expect(parse(query, response(200, list()))).toEqual({ kind: 'missing' });
		expect(parse(query, orders())).toEqual({ kind: 'missing' });
	});

	test('cannot be asked for without the customer', () => {
		expect(recordQuery({ orderIdentifier: order })).toMatchObject({ kind: 'unreadable' });
	});

	test('compares IDs exactly', () => {
		expect(parse(query, orders(row({ orderIdentifier: order.toLowerCase() })))).toEqual({
			kind: 'missing',
		});
	});

	test('has a version that changes with what was bought', () => {
		const { version } = toRecordState(row())!;
		expect(toRecordState(row({ bundleName: 'Pro' }))!.version).not.toBe(version);
	});
});

describe('a search by your own customer ID', () => {
	const search = searches.externalId('4711', { orderIdentifier: '' });
	const info = (customer: object) => response(200, ok({ result: customer as never }));

	test.each([
		{ customerUrn: urn },
		{ customerUrn: urn, externalIdentifier: null },
		{ customerUrn: urn, externalIdentifier: '47110' },
		{ externalIdentifier: '4711' },
		{},
	])('does not take %j for the customer', (customer) => {
		expect(firstPage(search, info(customer))).toEqual({ kind: 'notAList' });
	});

	test('leads to the orders of exactly that customer', () => {
		for (const externalIdentifier of ['4711', 4711]) {
			const page = firstPage(
				search,
				info({ customerUrn: urn, externalIdentifier, email: 'a@b.co' }),
			);
			if (page.kind !== 'continue') throw new Error(page.kind);
			const { candidates } = candidatesOf(firstPage(page.searches[0], orders(row())));
			expect(candidates).toMatchObject([
				{ id: order, state: { email: 'a@b.co' }, values: { customerUrn: urn } },
			]);
		}
	});

	test('ends where Azotte does not know the ID', () => {
		expect(firstPage(search, response(404, said('CUSTOMER_NOT_FOUND')))).toEqual({
			kind: 'missing',
		});
	});
});

describe('a search by the customer', () => {
	const search = searches.customer(urn, { orderIdentifier: '' });

	test('names each order once, the active row of several, and counts what it cannot read', () => {
		const page = firstPage(
			search,
			orders(
				row({ state: 'Expired', endDate: past }),
				row(),
				row({ orderIdentifier: 'or_2', state: undefined }),
				row({ orderIdentifier: 4711 }),
				row({ orderIdentifier: undefined }),
				null,
			),
		);
		const { candidates, unreadable } = candidatesOf(page);
		expect(candidates).toMatchObject([{ id: order, state: { status: 'Active' }, row: row() }]);
		expect(unreadable).toBe(4);
	});

	test.each([response(503, list(row())), response(401, ''), response(200, {})])(
		'has no candidates in %j',
		(answer) => expect(firstPage(search, answer)).toEqual({ kind: 'notAList' }),
	);

	test('for a reactivation leaves out what has ended for good, unless there is nothing else', () => {
		const lost = row({ orderIdentifier: 'or_old', state: 'Canceled', endDate: past });
		const found = (...rows: unknown[]) =>
			candidatesOf(
				firstPage(searchesToReactivate.customer(urn, { orderIdentifier: '' }), orders(...rows)),
			).candidates.map(({ id }) => id);
		expect(found(lost, canceled)).toEqual([order]);
		expect(found(lost)).toEqual(['or_old']);
		expect(found(lost, { ...canceled, endDate: null })).toEqual([order]);
	});
});

test('a store order is left to the customer, and others wait for the record', () => {
	const store = toRecordState(row({ subscriptionChannel: 'InappAppStore' }))!;
	expect(storePrecondition(store)).toMatchObject({ outcome: 'customerActionRequired' });
	expect(confirmCancel(store, asked)).toMatchObject({ outcome: 'customerActionRequired' });
	const state = toRecordState(row())!;
	expect(confirmCancel(state, asked)).toMatchObject({
		outcome: 'pendingProvider',
		description: expect.stringContaining('still says "Active"'),
	});
	expect(confirmReactivate(state, { outcome: 'restored' }, asked)).toEqual({ outcome: 'restored' });
});

test('a list is a failure where the envelope says no', () => {
	expect(interpretList(response(200, list()))).toBeUndefined();
	expect(interpretList(response(200, said('CUSTOMER_NOT_FOUND')))).toMatchObject({
		outcome: 'notFound',
	});
});
