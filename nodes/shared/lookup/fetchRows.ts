import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest } from '../contract/http';
import { lastPage } from '../contract/page';
import type { Verdict } from '../contract/verdict';
import { paginate, type PageResult } from '../http/paginate';
import {
	requestWithRetry,
	type RequestContext,
	type RequestResult,
} from '../http/requestWithRetry';
import { statusOf } from '../http/response';
import { interpretRead } from '../model/interpretResponse';
import type { ReadItem } from '../model/item';
import { failureMessage } from '../model/failureMessage';
import { headerColumns, type ItemOutput, type ItemResult } from '../model/result';

interface Failure {
	verdict: Verdict;
	result?: RequestResult;
}

/** Fetches the rows, page by page. @throws the signal's reason */
export async function fetchRows(item: ReadItem, context: RequestContext): Promise<ItemOutput> {
	const { index } = item;
	const pages = await fetchPages(item, item.request, context);
	const fallback =
		pages.kind === 'failed' && pages.failure.verdict.outcome === 'notFound'
			? item.operation.fallbackRequest?.(item.values)
			: undefined;
	const list = fallback ? await fetchPages(item, fallback, context) : pages;
	switch (list.kind) {
		case 'complete':
			return { kind: 'rows', index, rows: list.rows };
		case 'failed':
			return { kind: 'result', index, result: readFailed(item, list.failure) };
		case 'incomplete': {
			const verdict: Verdict = { outcome: 'failed', description: list.reason };
			return { kind: 'result', index, result: readFailed(item, { verdict }) };
		}
	}
}

const fetchPages = async (item: ReadItem, first: ApiRequest, context: RequestContext) =>
	await paginate<IDataObject, Failure>({
		first,
		limit: item.limit,
		fetch: async (request) => await fetchPage(item, request, context),
	});

async function fetchPage(
	{ provider, operation }: ReadItem,
	request: ApiRequest,
	context: RequestContext,
): Promise<PageResult<IDataObject, Failure>> {
	const result = await requestWithRetry(context, request, { safe: true });
	const read = interpretRead(result.answer, provider, (response) =>
		operation.interpret?.(response),
	);
	if (read.kind === 'failed') return { kind: 'failed', failure: { verdict: read.verdict, result } };
	const rows = operation.toRows(read.response);
	if (!rows) {
		const verdict: Verdict = { outcome: 'failed', description: 'The response holds no records.' };
		return { kind: 'failed', failure: { verdict, result } };
	}
	return { kind: 'page', rows, next: operation.nextPage?.(read.response, request) ?? lastPage };
}

function readFailed(item: ReadItem, { verdict, result }: Failure): ItemResult {
	const { outcome, description } = verdict;
	const { attempts = 0, retryAt, answer } = result ?? {};
	const httpStatus = statusOf(answer);
	const facts = { attempts, retryAt, httpStatus, description };
	return {
		...headerColumns(item),
		outcome,
		attempts,
		httpStatus,
		message: failureMessage(item, outcome, facts),
		description,
	};
}
