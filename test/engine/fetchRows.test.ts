import type { IDataObject } from 'n8n-workflow';

import { asObject } from '../../nodes/shared/contract/http';
import { lastPage } from '../../nodes/shared/contract/page';
import type { ReadOperation } from '../../nodes/shared/contract/provider';
import { fetchRows } from '../../nodes/shared/lookup/fetchRows';
import type { ReadItem } from '../../nodes/shared/model/item';
import { requestContext, SampleApi, writeItem, type ApiBehaviour } from './sampleProvider';
import { onVirtualClock } from './virtualClock';

/** `{rows, next}` is a page, `next` the path of the one behind it; "?": there is one, and no way to it. */
const list: ReadOperation = {
	...{ name: 'Get Many', action: 'Get many', description: 'Lists all', fields: {}, effect: 'read' },
	target: () => 'all',
	request: () => ({ path: '/rows' }),
	toRows: ({ body }) => asObject(body).rows as IDataObject[] | undefined,
	nextPage({ body }) {
		const { next } = asObject(body);
		if (next === '?') return { kind: 'unknown', reason: 'There are more rows.' };
		return next ? { kind: 'next', request: { path: String(next) } } : lastPage;
	},
};

/** What is fetched where the API responds like this, request by request. */
const fetched = async (
	answers: ApiBehaviour[],
	more: Partial<ReadOperation> = {},
	{ limit, maxAttempts = 1 }: { limit?: number; maxAttempts?: number } = {},
) =>
	await onVirtualClock(async (clock) => {
		const api = new SampleApi(clock);
		api.onRead = (earlier) => answers[earlier];
		const operation = { ...list, ...more };
		const base = writeItem({ options: { maxAttempts } });
		const item: ReadItem = {
			...{ index: 3, provider: base.provider, options: base.options, account: base.account },
			...{ operationName: 'getAll', target: 'all', email: null, reason: null, dryRun: false },
			...{ kind: 'read', operation, values: {}, limit, request: operation.request({}) },
		};
		const output = await fetchRows(item, requestContext(api, base));
		return { output, paths: api.sent.map(({ path }) => path) };
	});
const page = (ids: number[], next?: string): ApiBehaviour => ({
	status: 200,
	body: { rows: ids.map((id) => ({ id })), next },
});
const idsIn = ({ output }: Awaited<ReturnType<typeof fetched>>) =>
	output.kind === 'rows' ? output.rows.map(({ id }) => id) : output.kind;
const failed = (more: object) => ({
	kind: 'result',
	index: 3,
	result: expect.objectContaining(more),
});

test('rows come page by page, in their order', async () => {
	const all = await fetched([page([1, 2], '/rows/2'), page([3], '/rows/3'), page([4])]);
	expect(all.output).toMatchObject({ kind: 'rows', index: 3 });
	expect(idsIn(all)).toEqual([1, 2, 3, 4]);
	expect(all.paths).toEqual(['/rows', '/rows/2', '/rows/3']);
});

test('no page is requested that the limit does not need', async () => {
	const some = await fetched([page([1, 2], '/rows/2'), page([3, 4], '/rows/3')], {}, { limit: 3 });
	expect(idsIn(some)).toEqual([1, 2, 3]);
	const exact = await fetched([page([1, 2], '/rows/2')], {}, { limit: 2 });
	expect(exact.paths).toEqual(['/rows']);
});

test('a list without pages is one page', async () => {
	const all = await fetched([page([1], '/rows/2')], { nextPage: undefined });
	expect(idsIn(all)).toEqual([1]);
	expect(all.paths).toEqual(['/rows']);
});

test('an error of the server is repeated', async () => {
	const all = await fetched([{ status: 503 }, page([1])], {}, { maxAttempts: 2 });
	expect(idsIn(all)).toEqual([1]);
	expect(all.paths).toEqual(['/rows', '/rows']);
});

describe('a record that is not found', () => {
	const unknown: ApiBehaviour = { status: 404, body: { message: 'No such customer' } };
	const fallbackRequest = () => ({ path: '/lower' });

	test('is asked for once more in its other spelling', async () => {
		const all = await fetched([unknown, page([1])], { fallbackRequest });
		expect(idsIn(all)).toEqual([1]);
		expect(all.paths).toEqual(['/rows', '/lower']);
	});

	test('and that has none is an item of its own', async () => {
		for (const more of [{}, { fallbackRequest: () => undefined }]) {
			const { output, paths } = await fetched([unknown], more);
			expect(output).toEqual(
				failed({
					outcome: 'notFound',
					attempts: 1,
					httpStatus: 404,
					description: 'HTTP 404: No such customer',
					message: expect.stringContaining('Sample has no subscription with this ID'),
				}),
			);
			expect(paths).toEqual(['/rows']);
		}
	});

	test.each([
		['a refusal', { status: 400, body: { message: 'Bad filter' } }],
		['an empty list', page([])],
	])('%s is no such response', async (_, answer) => {
		expect((await fetched([answer], { fallbackRequest })).paths).toEqual(['/rows']);
	});
});

describe('a response is a failure of the item', () => {
	test('that holds no records', async () => {
		const { output } = await fetched([{ status: 200, body: { else: 1 } }]);
		expect(output).toEqual(
			failed({
				outcome: 'failed',
				httpStatus: 200,
				description: 'The response holds no records.',
				message: expect.stringContaining('The response holds no records.'),
			}),
		);
	});

	test('behind which are more rows that cannot be reached', async () => {
		const { output } = await fetched([page([1], '?')]);
		expect(output).toEqual(failed({ outcome: 'failed', description: 'There are more rows.' }));
	});

	test('that the provider gives a meaning of its own', async () => {
		const interpret = () => ({ outcome: 'unauthorized' as const, description: 'No right to list' });
		const { output } = await fetched([{ status: 200, body: {} }], { interpret });
		expect(output).toEqual(
			failed({ outcome: 'unauthorized', description: 'No right to list', httpStatus: 200 }),
		);
	});

	test('that asks for a longer wait than an item makes, with the time', async () => {
		const { output } = await fetched([{ status: 429, headers: { 'retry-after': '86400' } }]);
		expect(output).toEqual(
			failed({ outcome: 'rateLimited', message: expect.stringContaining('2026-11-22') }),
		);
	});
});
