import { errorText, type ApiRequest } from '../contract/http';
import type { RecordQuery } from '../contract/verdict';
import {
	requestWithRetry,
	type RequestResult,
	type RequestContext,
} from '../http/requestWithRetry';
import { isResponse } from '../http/response';
import type { WriteItem } from '../model/item';
import type { ReadFailure, RecordReading } from '../model/recordReading';

/** Reads the target's state. Never sends a write; a read may be repeated. */
export async function readRecord(item: WriteItem, manner: RequestContext): Promise<RecordReading> {
	const how = item.operation.recordQuery(item.values as never);
	if ('reason' in how) return { unread: how.reason };
	return readingFrom(await requestWithRetry(manner, how.request, { safe: true }), how);
}

/** Nothing but this execution's memory tells what became of a call. */
export const isUnreadable = (item: WriteItem) =>
	'reason' in item.operation.recordQuery(item.values as never);

function readingFrom(
	{ answer, retryAt }: RequestResult,
	{ as }: Extract<RecordQuery, { request: ApiRequest }>,
): RecordReading {
	const couldNot = (why: string, failed: ReadFailure): RecordReading => ({
		unread: `Its state could not be read: ${why}.`,
		failed,
	});
	if (!isResponse(answer)) {
		const outcome = answer.retryAt ? 'rateLimited' : 'refused';
		return couldNot(answer.reason, { outcome, retryAt });
	}
	const { status } = answer;
	if (status === 404) return { missing: true, answer };
	const state = status < 300 ? as(answer) : undefined;
	if (state === 'missing') return { missing: true };
	if (state && 'reason' in state) return { unread: state.reason };
	if (state) return { state };
	const denied = status === 401 || status === 403;
	const outcome = denied ? 'unauthorized' : status === 429 ? 'rateLimited' : 'refused';
	const why =
		status < 300 ? `the answer is no record of it (${errorText(answer)})` : errorText(answer);
	return couldNot(why, { outcome, status, retryAt });
}
