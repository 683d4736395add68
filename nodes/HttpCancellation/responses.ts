import {
	asObject,
	errorText,
	isGatewayText,
	isWebPage,
	textOf,
	type ApiResponse,
} from '../shared/contract/http';
import {
	isFuture,
	sameId,
	secondsToIso,
	timeOf,
	toIsoUtc,
	type End,
	type ParsedRecord,
	type RecordQuery,
	type RecordState,
} from '../shared/contract/record';
import { endVerdict, type Verdict } from '../shared/contract/verdict';
import { isEmail } from '../shared/fields/string';
import { plainText, valueAt } from './dotPath';
import { fillPath } from './pathTemplate';

/** How the record is read; the values of the node's fields. */
export interface RecordSettings {
	targetId: string;
	readPath?: string;
	idField?: string;
	statusField?: string;
	endedStatuses?: string[];
	scheduledStatuses?: string[];
	endsAtField?: string;
	emailField?: string;
	readNotFound?: 'ended' | 'notFound';
}

export interface SuccessSettings {
	readPath?: string;
	successField?: string;
	successValues?: string[];
}

/** What web frameworks say of an address that they do not know: the read path may be wrong. */
const routeTexts = [
	/^(resource|page|route|endpoint|url|path|no such endpoint)?( was)? ?not found$/,
	/^cannot (get|post|put|patch|delete) /,
	/^no (such )?(route|endpoint|handler)/,
	/^no routes? matched/,
];

const isRouteText = (text: string) =>
	isGatewayText(text) || routeTexts.some((form) => form.test(text.toLowerCase()));

/** The sentences of an error, in the forms that APIs use: beside its code, inside of it, in a list. */
function textsOf(body: unknown): string[] {
	const { message, error, title, detail, errors } = asObject(body);
	const inner = [error, ...(Array.isArray(errors) ? (errors as unknown[]) : [])].map(asObject);
	const nested = inner.flatMap((one) => [one.message, one.title, one.detail]);
	return [message, error, title, detail, ...nested].flatMap((text) => textOf(text) ?? []);
}

const hasCode = (body: unknown): boolean => {
	const { code, error } = asObject(body);
	return [code, asObject(error).code].some((one) => textOf(one) !== null);
};

/**
 * A JSON error that says more than a gateway or a framework says of any address. Above 500 a gateway
 * answers for an API that it has given up on, which may still be working.
 */
export function isOwnError({ status, body }: ApiResponse): boolean {
	if (status > 500) return false;
	const texts = textsOf(body);
	if (texts.length === 0) return hasCode(body);
	const isCrash = (text: string) => status === 500 && /^internal server error\W?$/i.test(text);
	// A sentence of its own does not make up for a gateway's beside it.
	return texts.every((text) => isCrash(text) || !isRouteText(text));
}

/** What the response to the write means; a failure is read by the engine's default mapping. */
export function interpretCancel(
	response: ApiResponse,
	{ readPath, successField, successValues = [] }: SuccessSettings,
): Verdict | undefined {
	const { status, body } = response;
	if (status < 200 || status > 299 || isWebPage(response)) return undefined;
	if (successField !== undefined) {
		const value = plainText(valueAt(body, successField));
		if (value === undefined || !successValues.includes(value)) {
			return { outcome: 'failed', description: notAccepted(response, successField, value) };
		}
	}
	// Where the record can be read, it says what has ended; 202 (RFC 9110) says that nothing has, yet.
	return { outcome: readPath !== undefined || status === 202 ? 'pendingProvider' : 'cancelled' };
}

function notAccepted({ status }: ApiResponse, field: string, value: string | undefined): string {
	const shown =
		value === undefined
			? `has no value at "${field}"`
			: `has "${value.slice(0, 60)}" at "${field}"`;
	return `The response (HTTP ${status}) ${shown}, so it was not accepted.`;
}

/** The record decides what an accepted request has come to. */
export function confirmCancel(
	state: RecordState | undefined,
	verdict: Verdict,
	{ readPath }: SuccessSettings,
): Verdict {
	if (readPath === undefined) return verdict;
	if (state && state.phase !== 'active') {
		return { ...endVerdict(state.end), email: state.email, verified: true };
	}
	const shown = state
		? `The record was read afterwards: still "${state.status}".`
		: 'The record could not be read afterwards.';
	return { ...verdict, description: `Your API accepted the request. ${shown}` };
}

/** What the write would come to: whether at once or later, only the record will tell. */
export function predictCancel({
	scheduledStatuses,
	endedStatuses,
	readNotFound,
}: RecordSettings): Verdict {
	const endsAtOnce = endedStatuses !== undefined || readNotFound === 'ended';
	if (scheduledStatuses !== undefined && !endsAtOnce) {
		return { outcome: 'scheduled', effectiveAt: null };
	}
	const description =
		scheduledStatuses === undefined ? undefined : 'Your API decides whether it ends now or later.';
	return { outcome: 'cancelled', effectiveAt: null, description };
}

/** How the record of a target is read. */
export function recordQuery(settings: RecordSettings): RecordQuery {
	const { readPath, targetId } = settings;
	if (readPath === undefined) {
		return { kind: 'unreadable', reason: 'There is no Read Path, so the record cannot be read.' };
	}
	return {
		kind: 'request',
		request: { path: fillPath(readPath, targetId) },
		parse: (response) => parseRecord(response, settings),
	};
}

/** A number that JSON may have rounded stands for several IDs. */
const isRounded = (id: unknown) => typeof id === 'number' && !Number.isSafeInteger(id);

function parseRecord(response: ApiResponse, settings: RecordSettings): ParsedRecord {
	const { status, body } = response;
	if ((status === 404 || status === 410) && isOwnError(response)) {
		return settings.readNotFound === 'ended'
			? { kind: 'removed' }
			: { kind: 'missing', description: errorText(response) };
	}
	if (status !== 200 || typeof body !== 'object' || body === null) return { kind: 'notTheRecord' };
	const { targetId, idField = 'id' } = settings;
	const id = valueAt(body, idField);
	if (!sameId(id, targetId) || isRounded(id)) {
		const shown = plainText(id);
		const reason =
			shown === undefined
				? `the response has no ID at "${idField}" (ID Field)`
				: `"${idField}" (ID Field) is "${shown.slice(0, 60)}", not "${targetId}"`;
		return { kind: 'notTheRecord', reason };
	}
	return toRecordState(body, settings);
}

function toRecordState(body: unknown, settings: RecordSettings): ParsedRecord {
	const { statusField, endedStatuses = [], scheduledStatuses = [] } = settings;
	const status = statusField === undefined ? 'found' : plainText(valueAt(body, statusField));
	// A record whose status cannot be seen shows neither an end nor that nothing has changed.
	if (status === undefined || status === '') {
		const reason = `the record has no status at "${statusField}" (Status Field)`;
		return { kind: 'notTheRecord', reason };
	}
	const isEnded = endedStatuses.includes(status);
	const isScheduled = scheduledStatuses.includes(status);
	const { endsAt, email, notes } = detailsOf(body, settings);
	const state: RecordState = {
		status,
		phase: isEnded || isScheduled ? 'ended' : 'active',
		end: endOf(endsAt, isEnded),
		email,
		version: JSON.stringify([status, timeOf(endsAt), email]),
		...(notes.length > 0 && { notes }),
	};
	return { kind: 'found', state };
}

/** An end that is scheduled lies in the future, and one that is over does not. */
function endOf(endsAt: End, isEnded: boolean): End {
	const isAhead = isFuture(timeOf(endsAt));
	if (isEnded) return isAhead || endsAt.kind !== 'at' ? { kind: 'atOnce' } : endsAt;
	return isAhead ? endsAt : { kind: 'unknown' };
}

function detailsOf(body: unknown, { endsAtField, emailField }: RecordSettings) {
	const endsAt = endsAtField === undefined ? undefined : valueAt(body, endsAtField);
	const address = emailField === undefined ? undefined : textOf(valueAt(body, emailField));
	const at = instantOf(endsAt);
	const end: End = at === null ? { kind: 'unknown' } : { kind: 'at', at };
	const email = address && isEmail(address) ? address : null;
	const notes = [
		endsAtField !== undefined && at === null && `No time at "${endsAtField}" (Ends At Field).`,
		emailField !== undefined && email === null && `No address at "${emailField}" (Email Field).`,
	].filter((note) => note !== false);
	return { endsAt: end, email, notes };
}

/** A time as text, or in seconds or milliseconds since 1970, as UTC ISO 8601; null where it is none. */
function instantOf(value: unknown): string | null {
	const text = plainText(value);
	const isNumber = text !== undefined && /^\d{9,14}(\.\d+)?$/.test(text);
	if (!isNumber) return toIsoUtc(value);
	const number = Number(text);
	return secondsToIso(number < 1e11 ? number : number / 1000);
}
