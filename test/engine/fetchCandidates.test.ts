import { monotonicNow } from '../../nodes/shared/contract/clock';
import { asObject } from '../../nodes/shared/contract/http';
import type { NextPage } from '../../nodes/shared/contract/page';
import type { Candidate, SearchPage, TargetSearch } from '../../nodes/shared/contract/record';
import {
	candidateLabel,
	fetchCandidates,
	type SearchRequest,
} from '../../nodes/shared/lookup/fetchCandidates';
import {
	activeState,
	cancelOperation,
	future,
	provider,
	requestContext,
	SampleApi,
	writeItem,
	type ApiBehaviour,
} from './sampleProvider';
import { onVirtualClock } from './virtualClock';

/** A row as the API lists it. */
interface Row {
	id: string;
	isTest?: boolean;
}
/** The body of a page. */
interface Page {
	rows: Row[];
	unreadable?: number;
	/** A cursor; null: there is more, and no way to it. */
	next?: string | null;
}

const candidate = ({ id, isTest }: Row): Candidate => ({
	...{ id, isTest, state: activeState(), row: { id } },
});
const nextOf = (next: string | null | undefined): NextPage => {
	if (next === undefined) return { kind: 'last' };
	if (next === null) return { kind: 'unknown', reason: 'There is more, without a cursor.' };
	return { kind: 'next', request: { path: `/search/${next}` } };
};
const search: TargetSearch = {
	request: { path: '/search' },
	parse(answer): SearchPage {
		const {
			rows,
			unreadable = 0,
			next,
			missing,
		} = asObject(answer.body) as Partial<Page> & {
			missing?: boolean;
		};
		if (missing) return { kind: 'missing' };
		if (!rows) return { kind: 'notAList' };
		return { kind: 'candidates', candidates: rows.map(candidate), unreadable, next: nextOf(next) };
	},
};

/** What a search comes to where the API responds like this, page by page. */
const searched = async (
	pages: ApiBehaviour[],
	how: TargetSearch = search,
	by = 'ada@example.com',
) =>
	await onVirtualClock(async (clock) => {
		const api = new SampleApi(clock);
		api.onRead = (earlier) => pages[Math.min(earlier, pages.length - 1)];
		const item = writeItem({ options: { maxAttempts: 1 } });
		const request: SearchRequest = {
			...{ provider, operationName: 'cancel', operation: cancelOperation(), email: null },
			...{ search: how, by, reason: null, dryRun: false },
		};
		const start = monotonicNow();
		const outcome = await fetchCandidates(request, requestContext(api, item));
		return { outcome, paths: api.sent.map(({ path }) => path), start };
	});
const page = (body: Page, more: Partial<ApiBehaviour> = {}): ApiBehaviour => ({
	status: 200,
	body,
	...more,
});
const idsOf = ({ outcome }: Awaited<ReturnType<typeof searched>>) =>
	outcome.kind === 'found' ? outcome.candidates.map(({ id }) => id) : outcome.result.outcome;
const resultOf = ({ outcome }: Awaited<ReturnType<typeof searched>>) =>
	outcome.kind === 'failed' ? outcome.result : undefined;

describe('the candidates of a search', () => {
	test('are those of all pages, in their order', async () => {
		const found = await searched([
			page({ rows: [{ id: 'a' }, { id: 'b' }], next: '2' }),
			page({ rows: [{ id: 'c' }] }),
		]);
		expect(idsOf(found)).toEqual(['a', 'b', 'c']);
		expect(found.paths).toEqual(['/search', '/search/2']);
	});

	test('have the time right before the search left, however long it takes', async () => {
		const found = await searched([
			page({ rows: [{ id: 'a' }], next: '2' }, { afterMs: 1500 }),
			page({ rows: [{ id: 'b' }] }, { afterMs: 1500 }),
		]);
		const times =
			found.outcome.kind === 'found' && found.outcome.candidates.map(({ readAt }) => readAt);
		expect(times).toEqual([found.start, found.start + 1500]);
	});

	test('are each there once, although pages overlap', async () => {
		const overlapping = [
			page({ rows: [{ id: 'a' }, { id: 'b' }], next: '2' }),
			page({ rows: [{ id: 'b' }, { id: 'c' }] }),
		];
		expect(idsOf(await searched(overlapping))).toEqual(['a', 'b', 'c']);
	});

	test('are not all known where a page names one that was read already', async () => {
		const repeating = [
			page({ rows: [{ id: 'a' }], next: '2' }),
			page({ rows: [{ id: 'b' }], next: '2' }),
		];
		expect(resultOf(await searched(repeating))).toMatchObject({
			outcome: 'failed',
			description: expect.stringContaining('there may be more'),
		});
	});

	test('with IDs that differ in capitals are several', async () => {
		expect(idsOf(await searched([page({ rows: [{ id: 'aB' }, { id: 'ab' }] })]))).toEqual([
			'aB',
			'ab',
		]);
	});

	test('are test rows only where there is no real one', async () => {
		const test = { id: 't', isTest: true };
		expect(idsOf(await searched([page({ rows: [test, { id: 'a' }] })]))).toEqual(['a']);
		expect(idsOf(await searched([page({ rows: [test] })]))).toEqual(['t']);
		expect(idsOf(await searched([page({ rows: [] })]))).toEqual([]);
	});

	test('are those of the search to which the provider leads on', async () => {
		const byCustomer: TargetSearch = {
			request: { path: '/customer' },
			parse: () => ({ kind: 'continue', searches: [search] }),
		};
		const found = await searched([page({ rows: [] }), page({ rows: [{ id: 'a' }] })], byCustomer);
		expect(idsOf(found)).toEqual(['a']);
		expect(found.paths).toEqual(['/customer', '/search']);
		const gone = { status: 404, body: '' };
		expect(idsOf(await searched([gone, page({ rows: [{ id: 'a' }] })], byCustomer))).toEqual(['a']);
	});

	/** Leads from a customer's address to the searches at these paths. */
	const leadingTo = (...paths: string[]): TargetSearch => ({
		request: { path: '/customers' },
		parse: () => ({
			kind: 'continue',
			searches: paths.map((path) => ({ ...search, request: { path } })),
		}),
	});
	const none = page({ rows: [] });
	const unknown = { status: 404, body: { missing: true } };

	test('are those of all searches to which the provider leads on, each once', async () => {
		const lists = [
			page({ rows: [{ id: 'a' }], next: '2' }),
			page({ rows: [{ id: 'b' }] }),
			page({ rows: [{ id: 'b' }, { id: 'c' }] }),
		];
		const found = await searched([none, ...lists], leadingTo('/one', '/two'));
		expect(idsOf(found)).toEqual(['a', 'b', 'c']);
		expect(found.paths).toEqual(['/customers', '/one', '/search/2', '/two']);
	});

	test('are complete although one of several searches is for a customer that is gone', async () => {
		const found = [none, unknown, page({ rows: [{ id: 'a' }] })];
		expect(idsOf(await searched(found, leadingTo('/one', '/two')))).toEqual(['a']);
		expect(idsOf(await searched([none, unknown, none], leadingTo('/one', '/two')))).toBe(
			'notFound',
		);
		expect(idsOf(await searched([none], leadingTo()))).toEqual([]);
	});

	test('are not found at all where one of several searches fails', async () => {
		const lists = [none, page({ rows: [{ id: 'a' }] }), { status: 500 }];
		expect(idsOf(await searched(lists, leadingTo('/one', '/two')))).toBe('failed');
	});

	test('end where a search leads back to one that was made', async () => {
		const back: TargetSearch = {
			request: { path: '/customers' },
			parse: () => ({ kind: 'continue', searches: [back, search] }),
		};
		const found = await searched([none, page({ rows: [{ id: 'a' }] })], back);
		expect(idsOf(found)).toEqual(['a']);
		expect(found.paths).toEqual(['/customers', '/search']);
	});
});

describe('a search fails', () => {
	test('where the list goes on and names no way to it', async () => {
		const result = resultOf(await searched([page({ rows: [{ id: 'a' }], next: null })]));
		expect(result).toMatchObject({
			...{ outcome: 'failed', target: 'ada@example.com', attempts: 0 },
			description: 'It could not be looked up. There is more, without a cursor.',
		});
	});

	test.each([
		[1, 'One record that may be meant cannot be read.'],
		[3, '3 records that may be meant cannot be read.'],
	])('where %i of the rows cannot be read, whatever the others say', async (unreadable, words) => {
		const result = resultOf(await searched([page({ rows: [{ id: 'a' }], unreadable })]));
		expect(result).toMatchObject({
			outcome: 'failed',
			description: `It could not be looked up. ${words}`,
		});
	});

	test.each<[number, string]>([
		[300, 'failed'],
		[302, 'failed'],
		[400, 'failed'],
		[401, 'unauthorized'],
		[403, 'unauthorized'],
		[404, 'failed'],
		[409, 'failed'],
		[429, 'rateLimited'],
		[500, 'failed'],
		[503, 'failed'],
	])('with status %i as %s, whether its list has rows or none', async (status, outcome) => {
		for (const rows of [[{ id: 'a' }], []]) {
			const result = resultOf(await searched([page({ rows }, { status })]));
			expect(result).toMatchObject({
				outcome,
				description: expect.stringContaining('It could not be looked up.'),
			});
		}
	});

	test.each([400, 404, 409, 410, 422])(
		'as failed where the list itself is refused with status %i: that says nothing of the customer',
		async (status) => {
			const refused = { status, body: { message: 'No such list' } };
			const result = resultOf(await searched([refused]));
			expect(result).toMatchObject({
				outcome: 'failed',
				description: `It could not be looked up. HTTP ${status}: No such list`,
				message: expect.stringMatching(/Correct that, then run it again\.$/),
			});
		},
	);

	test.each<[string, unknown]>([
		['another object', { data: 'none' }],
		['a web page', '<html>'],
		['nothing', ''],
	])('with a 2xx that holds %s', async (_, body) => {
		expect(idsOf(await searched([{ status: 200, body }]))).toBe('failed');
	});

	test('without a response', async () => {
		const result = resultOf(await searched([page({ rows: [] }, { afterMs: 60_000 })]));
		expect(result).toMatchObject({
			outcome: 'failed',
			description: 'It could not be looked up. There was no response: no answer in time.',
		});
	});

	test('as not found only where the provider says that it does not know the customer', async () => {
		for (const status of [200, 404]) {
			const result = resultOf(await searched([{ status, body: { missing: true } }]));
			expect(result).toMatchObject({
				outcome: 'notFound',
				message: expect.stringContaining(
					'ada@example.com: Sample has no subscription with this address.',
				),
			});
			expect(result).not.toHaveProperty('description');
		}
		const byId = await searched([{ status: 404, body: { missing: true } }], search, 'cu_1');
		expect(resultOf(byId)?.message).toContain('cu_1: Sample has no subscription of this customer.');
	});
});

test('a person tells a candidate by product, status, end and ID, as far as they are known', () => {
	const one: Candidate = { id: 'sub_1', state: activeState({ end: { kind: 'unknown' } }), row: {} };
	expect(candidateLabel(one)).toBe('active · sub_1');
	expect(candidateLabel({ ...one, product: 'Pro', state: activeState() })).toBe(
		`Pro · active · until ${future.slice(0, 10)} · sub_1`,
	);
});
