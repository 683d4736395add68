import { abortableSleep, now } from '../contract/clock';
import { errorText, isWebPage, type ApiResponse } from '../contract/http';
import type { ParsedRecord, RecordQuery } from '../contract/record';
import { maxWaitMs } from '../http/rateLimiter';
import {
	requestWithRetry,
	retryDelay,
	type RequestContext,
	type RequestResult,
} from '../http/requestWithRetry';
import { isResponse, type CallResult } from '../http/response';
import { mayRunForMs, type Doubt } from '../model/doubt';
import { isDeduplicated, isDone, type WriteItem } from '../model/item';
import type { ReadFailure, RecordReading } from '../model/recordReading';
import type { WriteContext } from './writeContext';

/** Reads the target's record; a read may be repeated. @throws the signal's reason */
export const readRecord = async (
	{ item, request }: WriteContext,
	signal: AbortSignal,
): Promise<RecordReading> =>
	await runRecordQuery({ ...request, sendSignal: signal }, queryFor(item));

/** Sends a record query, and those that it leads to. @throws the signal's reason */
export async function runRecordQuery(
	request: RequestContext,
	first: RecordQuery,
): Promise<RecordReading> {
	let query = first;
	for (;;) {
		if (query.kind === 'unreadable') return query;
		const result = await requestWithRetry(request, query.request, { safe: true });
		const reading = readingFrom(result, query.parse);
		if (reading.kind !== 'continue') return reading;
		({ query } = reading);
	}
}

const queryFor = ({ operation, values, options }: WriteItem): RecordQuery =>
	operation.recordQuery(values, { email: options.expectedEmail !== undefined });

function readingFrom(
	{ answer, retryAt }: RequestResult,
	parse: (response: ApiResponse) => ParsedRecord,
): RecordReading | Extract<ParsedRecord, { kind: 'continue' }> {
	if (!isResponse(answer)) {
		const outcome = answer.retryAt ? 'rateLimited' : 'refused';
		return failedReading(answer.reason, { outcome, retryAt });
	}
	const parsed = parse(answer);
	// The provider's own "no such record" has another status than a record.
	if (parsed.kind === 'missing' || parsed.kind === 'continue') return parsed;
	if (parsed.kind === 'removed') return removedReading;
	const failure = { outcome: failureOf(answer), status: answer.status, retryAt };
	if (answer.status >= 300) return failedReading(errorText(answer), failure);
	switch (parsed.kind) {
		case 'unreadable':
			return { kind: 'failed', reason: parsed.reason, failure: { outcome: 'refused' } };
		case 'notTheRecord': {
			const reason = parsed.reason ?? `the response is not the record (${errorText(answer)})`;
			return failedReading(reason, failure);
		}
		default:
			return parsed;
	}
}

/** The state of what an API removes as it ends. */
const removedReading: RecordReading = {
	kind: 'found',
	state: {
		status: 'removed',
		phase: 'ended',
		end: { kind: 'atOnce' },
		email: null,
		version: 'removed',
	},
};

const failedReading = (reason: string, failure: ReadFailure): RecordReading => ({
	kind: 'failed',
	reason: `The record could not be read: ${reason}.`,
	failure,
});

function failureOf(response: ApiResponse): ReadFailure['outcome'] {
	const { status } = response;
	if ((status === 401 || status === 403) && !isWebPage(response)) return 'unauthorized';
	return status === 429 ? 'rateLimited' : 'refused';
}

/**
 * Reads until the record shows the change, or until the request in doubt cannot be running any more:
 * an unchanged record proves nothing before that.
 * @param response the one that left the doubt, whose Retry-After counts; absent: reads at once
 * @throws the signal's reason
 */
export async function readUntilSettled(
	context: WriteContext,
	doubt: Doubt,
	signal: AbortSignal,
	response?: CallResult,
): Promise<RecordReading> {
	const unreadable = unreadableForGood(context.item);
	if (unreadable) return unreadable;
	for (let reads = response ? 1 : 0; ; reads++) {
		if (reads > 0)
			await abortableSleep(Math.min(delay(reads, response ?? unheard), mayRunForMs(doubt)), signal);
		// Before the read leaves: its answer may show the record as it was then.
		const isOver = mayRunForMs(doubt) <= 0;
		const reading = await readRecord(context, signal);
		if (needsNoOtherRead(context.item, reading) || isOver) return reading;
	}
}

/** After an error of the provider itself nothing is running any more: one read is enough. */
export async function readAfterError(
	context: WriteContext,
	response: CallResult,
	attempts: number,
): Promise<RecordReading> {
	const unreadable = unreadableForGood(context.item);
	if (unreadable) return unreadable;
	const { signal } = context.request;
	await abortableSleep(delay(attempts, response), signal);
	return await readRecord(context, signal);
}

/** No record that a wait could change, and no other attempt that has to wait. */
function unreadableForGood(item: WriteItem): RecordReading | undefined {
	const query = queryFor(item);
	return query.kind === 'unreadable' && !isDeduplicated(item) ? query : undefined;
}

const delay = (attempt: number, response: CallResult) =>
	Math.min(maxWaitMs, retryDelay(attempt, response, now()));

/** For reads that no response asks to wait. */
const unheard: CallResult = { kind: 'noResponse', delivered: 'maybe', reason: '' };

/** The record shows the change or that there is none, or reading it again cannot tell more. */
function needsNoOtherRead(item: WriteItem, reading: RecordReading): boolean {
	return reading.kind === 'found' ? isDone(item, reading.state) : reading.kind !== 'failed';
}
