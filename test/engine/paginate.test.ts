import fc from 'fast-check';

import type { ApiRequest } from '../../nodes/shared/contract/http';
import type { NextPage } from '../../nodes/shared/contract/page';
import { paginate, requestKey, type PageResult } from '../../nodes/shared/http/paginate';

const pageRequest = (page: number): ApiRequest => ({ path: '/rows', query: { page } });
const goTo = (page: number): NextPage => ({ kind: 'next', request: pageRequest(page) });
const last: NextPage = { kind: 'last' };

/** A list of these pages, and the pages that were requested. */
function list(pages: Array<PageResult<string, string>>) {
	const requested: number[] = [];
	const fetch = async ({ query }: ApiRequest) => {
		const page = Number(query?.page);
		requested.push(page);
		return await Promise.resolve(pages[page]);
	};
	return { first: pageRequest(0), fetch, requested };
}
const page = (rows: string[], next: NextPage): PageResult<string, string> => ({
	kind: 'page',
	rows,
	next,
});

test('reads every page and keeps the order of the rows', async () => {
	const { requested, ...options } = list([page(['a', 'b'], goTo(1)), page(['c'], last)]);
	expect(await paginate(options)).toEqual({ kind: 'complete', rows: ['a', 'b', 'c'] });
	expect(requested).toEqual([0, 1]);
});

test('requests no page beyond the limit, and returns no row beyond it', async () => {
	const { requested, ...options } = list([page(['a', 'b'], goTo(1)), page(['c', 'd'], goTo(2))]);
	expect(await paginate({ ...options, limit: 2 })).toEqual({ kind: 'complete', rows: ['a', 'b'] });
	expect(await paginate({ ...options, limit: 0 })).toEqual({ kind: 'complete', rows: [] });
	expect(requested).toEqual([0]);
	expect(await paginate({ ...options, limit: 3 })).toMatchObject({ rows: ['a', 'b', 'c'] });
});

test('ends at a page that names a request which was already sent', async () => {
	const { requested, ...options } = list([page(['a'], goTo(1)), page(['b'], goTo(0))]);
	expect(await paginate(options)).toEqual({ kind: 'complete', rows: ['a', 'b'] });
	expect(requested).toEqual([0, 1]);
});

test('tells requests apart by query and by body, and not by the order of the query', async () => {
	const next = (request: ApiRequest): NextPage => ({ kind: 'next', request });
	const requests: ApiRequest[] = [
		{ method: 'POST', path: '/x', query: { a: 1, b: 2 }, body: { cursor: 'one' } },
		{ method: 'POST', path: '/x', query: { a: 1, b: 2 }, body: { cursor: 'two' } },
		{ method: 'POST', path: '/x', query: { b: 2, a: 1, c: undefined }, body: { cursor: 'one' } },
	];
	let sent = 0;
	const fetch = async () =>
		await Promise.resolve(page([String(sent)], sent < 2 ? next(requests[++sent]) : last));
	expect(await paginate({ first: requests[0], fetch })).toEqual({
		kind: 'complete',
		rows: ['0', '1'],
	});
});

test('takes a request without a method for a GET', () => {
	expect(requestKey({ path: '/x' })).toBe(requestKey({ method: 'GET', path: '/x' }));
});

test('is incomplete where a page says that there is more and names no way to it', async () => {
	const { requested, ...options } = list([page(['a'], { kind: 'unknown', reason: 'No cursor.' })]);
	expect(await paginate(options)).toEqual({
		kind: 'incomplete',
		rows: ['a'],
		reason: 'No cursor.',
	});
	expect(await paginate({ ...options, limit: 1 })).toEqual({ kind: 'complete', rows: ['a'] });
	expect(requested).toEqual([0, 0]);
});

test('is incomplete after three empty pages in a row, each naming another one', async () => {
	const endless = Array.from({ length: 9 }, (_, index) =>
		page(index === 1 ? ['a'] : [], goTo(index + 1)),
	);
	const { requested, ...options } = list(endless);
	expect(await paginate({ ...options, rowName: 'match' })).toEqual({
		kind: 'incomplete',
		rows: ['a'],
		reason: '3 pages without a match came in a row, each naming another one.',
	});
	expect(requested).toEqual([0, 1, 2, 3, 4]);
});

test('hands on a failure with the rows that were read before it', async () => {
	const { fetch, first } = list([page(['a'], goTo(1)), { kind: 'failed', failure: 'HTTP 500' }]);
	expect(await paginate({ first, fetch })).toEqual({
		kind: 'failed',
		rows: ['a'],
		failure: 'HTTP 500',
	});
});

test('ends for every list of pages, and is complete only if every page was read', async () => {
	const next = fc.oneof(
		fc.nat(12).map(goTo),
		fc.constant(last),
		fc.constant<NextPage>({ kind: 'unknown', reason: 'No cursor.' }),
	);
	const pages = fc.array(fc.tuple(fc.array(fc.string(), { maxLength: 3 }), next), {
		minLength: 13,
		maxLength: 13,
	});
	await fc.assert(
		fc.asyncProperty(pages, async (given) => {
			const all = given.map(([rows, where]) => page(rows, where));
			const { requested, ...options } = list(all);
			const result = await paginate(options);
			expect(new Set(requested).size).toBe(requested.length);
			expect(result.rows).toEqual(requested.flatMap((index) => given[index][0]));
			const { next: end } = all[requested.at(-1)!] as { next: NextPage };
			const repeats = end.kind === 'next' && requested.includes(Number(end.request.query?.page));
			expect(result.kind === 'complete').toBe(end.kind === 'last' || repeats);
		}),
	);
});
