import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest } from '../contract/http';
import { buildUrl } from '../http/baseUrl';
import {
	requestWithRetry,
	type RequestResult,
	type RequestContext,
} from '../http/requestWithRetry';
import { isResponse } from '../http/response';
import type { ReadItem } from '../model/item';
import { interpretRead } from '../model/interpretResponse';
import { failureMessage, type ItemResult } from '../model/result';

/** Pages without a row in a row, after which a list is broken and not merely sparse. */
export const maxEmptyPages = 3;

/** Fetches the rows, page by page; a page that was already fetched (a cursor that repeats) is the end. */
export async function fetchRows(
	asked: ReadItem,
	manner: RequestContext,
): Promise<{ rows: IDataObject[] } | { result: ItemResult }> {
	const { operation, limit = Infinity } = asked;
	const rows: IDataObject[] = [];
	const fetched = new Set<string>();
	let empty = 0;
	let call: ApiRequest | undefined = asked.request;
	while (call && rows.length < limit && !fetched.has(buildUrl(manner.account, call))) {
		fetched.add(buildUrl(manner.account, call));
		const sent = await requestWithRetry(manner, call, { safe: true });
		const read = interpretRead(sent.answer, (reply) => operation.interpret?.(reply));
		if ('against' in read) {
			const { outcome, description } = read.against;
			return { result: readFailed(asked, outcome, sent, description) };
		}
		const page = operation.toRows(read.sound);
		if (!page) return { result: readFailed(asked, 'failed', sent, 'The answer holds no records.') };
		rows.push(...page);
		call = operation.nextPage?.(read.sound, call);
		empty = page.length === 0 ? empty + 1 : 0;
		if (call && empty >= maxEmptyPages) {
			const why = `${empty} pages without a record came in a row, each naming another one.`;
			return { result: readFailed(asked, 'failed', sent, why) };
		}
	}
	return { rows: rows.slice(0, limit) };
}

function readFailed(
	asked: ReadItem,
	outcome: ItemResult['outcome'],
	{ answer, attempts, retryAt }: RequestResult,
	description?: string,
): ItemResult {
	const { operationName, target, email } = asked;
	return {
		outcome,
		operation: operationName,
		target,
		email,
		attempts,
		httpStatus: isResponse(answer) ? answer.status : undefined,
		message: failureMessage(asked, outcome, attempts, retryAt),
		description,
	};
}
