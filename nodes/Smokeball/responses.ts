import type { IDataObject } from 'n8n-workflow';

import { asObject, errorText, textOf, type ApiResponse } from '../shared/contract/http';
import {
	endAt,
	isFuture,
	sameId,
	timeOf,
	toIsoUtc,
	type End,
	type ParsedRecord,
	type RecordState,
} from '../shared/contract/record';
import { endVerdict, type Verdict } from '../shared/contract/verdict';
import { fingerprint } from './fingerprint';

/** The end that a cancellation asks for. */
export interface CancellationEnd {
	cancellationType: 'PeriodEnd' | 'Immediate' | 'Date';
	cancelAt?: string;
	/** The subscription itself ends even while something is on trial. */
	cancelSubscription?: boolean;
}

/**
 * RFC 7807's problem, which the specification names for every error. Assumption: it has a title and a
 * detail; frameworks and gateways answer without a detail.
 */
export function isOwnError({ body }: ApiResponse): boolean {
	const { title, detail } = asObject(body);
	return textOf(title) !== null && textOf(detail) !== null;
}

/** A pending end and what it is compared with; times are UTC ISO 8601. */
interface PendingEnd {
	type: unknown;
	/** When what is pending takes effect. */
	due: string | null;
	periodEnd: string | null;
}

/** When it would end if it were cancelled now. */
function requestedEnd({ cancellationType, cancelAt }: CancellationEnd, periodEnd: unknown): End {
	switch (cancellationType) {
		case 'Immediate':
			return { kind: 'atOnce' };
		case 'Date':
			return endAt(cancelAt);
		case 'PeriodEnd':
			return endAt(periodEnd);
	}
}

const toTheSecond = (at: string) => at.slice(0, 19);

/** How a pending end relates to the requested one; one that cannot be compared counts as later. */
function compareEnds(
	{ type, due, periodEnd }: PendingEnd,
	requested: CancellationEnd,
): 'earlier' | 'same' | 'later' {
	if (type === 'PeriodEnd' && requested.cancellationType === 'PeriodEnd') return 'same';
	const at = timeOf(requestedEnd(requested, periodEnd));
	if (at === null || due === null) return 'later';
	const [pending, asked] = [toTheSecond(due), toTheSecond(at)];
	return pending === asked ? 'same' : pending < asked ? 'earlier' : 'later';
}

/**
 * The state of a subscription.
 * @param requested the end that a cancellation asks for: a later pending end leaves it something to end
 */
export function toRecordState(record: IDataObject, requested?: CancellationEnd): RecordState {
	const { cancellationStatus } = record;
	// Smokeball leaves the status out where the firm has no platform subscription.
	const status = textOf(record.status) ?? 'None';
	const base = { status, email: null, version: fingerprint(record) };
	const isOver = status === 'Canceled' || cancellationStatus === 'Canceled';
	if (isOver) return { ...base, ...overState(record, requested) };
	if (cancellationStatus === 'Pending') return { ...base, ...pendingState(record, requested) };
	const trial = requested && !requested.cancelSubscription ? trialState(record) : undefined;
	if (trial) return { ...base, ...trial };
	const { currentPeriodEndDate } = record;
	const end = requested
		? requestedEnd(requested, currentPeriodEndDate)
		: endAt(currentPeriodEndDate);
	return { ...base, phase: 'active', end };
}

type Progress = Pick<RecordState, 'phase' | 'end' | 'matchesRequest' | 'changedAt'>;

/** A date that was asked for lies ahead: what is over has ended by something else. */
function overState(record: IDataObject, requested?: CancellationEnd): Progress {
	const { cancelAt, canceledAt, currentPeriodEndDate } = record;
	const at = [cancelAt, canceledAt, currentPeriodEndDate]
		.map(toIsoUtc)
		.find((time) => time !== null && !isFuture(time));
	return {
		phase: 'ended',
		end: endAt(at, 'atOnce'),
		matchesRequest: requested?.cancellationType !== 'Date',
		changedAt: toIsoUtc(canceledAt),
	};
}

/** While an end is pending, `canceledAt` is the time of the request. */
function pendingState(record: IDataObject, requested?: CancellationEnd): Progress {
	const { cancelAt, canceledAt, currentPeriodEndDate, cancellationType: type } = record;
	const periodEnd = toIsoUtc(currentPeriodEndDate);
	const due = toIsoUtc(cancelAt) ?? periodEnd;
	const relation = requested ? compareEnds({ type, due, periodEnd }, requested) : 'same';
	return {
		phase: relation === 'later' ? 'active' : 'ended',
		end: requested && relation === 'later' ? requestedEnd(requested, periodEnd) : endAt(due),
		matchesRequest: relation === 'same',
		changedAt: toIsoUtc(canceledAt),
	};
}

/**
 * A tier on trial that is cancelled and has not run out: what a cancellation ends then has ended, and
 * the subscription goes on with its tier and add-ons, if it has any. Undefined where there is none.
 */
function trialState(record: IDataObject): Progress | undefined {
	const { cancellationStatus, expirationDate } = asObject(record.trialingTier);
	if (!['Pending', 'Canceled'].includes(String(cancellationStatus))) return undefined;
	const at = toIsoUtc(expirationDate) ?? toIsoUtc(record.trialPeriodEndDate);
	if (at !== null && !isFuture(at)) return undefined;
	return { phase: goesOn(record) ? 'continues' : 'ended', end: endAt(at) };
}

const isFilled = (list: unknown) => Array.isArray(list) && list.length > 0;

/** Something is left beside the trial. */
const goesOn = ({ tier, addOns }: IDataObject) => Boolean(tier) || isFilled(addOns);

/** The subscription with this ID. */
export function parseRecord(
	response: ApiResponse,
	id: string,
	requested?: CancellationEnd,
): ParsedRecord {
	const { status, body } = response;
	if (status === 404 && isOwnError(response)) {
		return { kind: 'missing', description: errorText(response) };
	}
	const record = asObject(body);
	if (status !== 200 || !sameId(record.id, id)) return { kind: 'notTheRecord' };
	const isReadable = ['string', 'undefined'].includes(typeof (record.status ?? undefined));
	return isReadable
		? { kind: 'found', state: toRecordState(record, requested) }
		: { kind: 'unreadable', reason: 'Smokeball shows a status that is no text.' };
}

/** For a resumption, which is carried out in the background: an unchanged record proves nothing. */
export function parseResumed(response: ApiResponse, id: string): ParsedRecord {
	const parsed = parseRecord(response, id);
	return parsed.kind === 'found'
		? { kind: 'found', state: { ...parsed.state, eventuallyConsistent: true } }
		: parsed;
}

/** The refusal of a write. */
const refusalIn = (response: ApiResponse): Verdict | undefined =>
	response.status === 400 && isOwnError(response)
		? { outcome: 'notCancellable', description: errorText(response), verify: true }
		: undefined;

/** What the response to a cancel means. */
export function interpretCancel(response: ApiResponse): Verdict | undefined {
	if (response.status >= 300) return refusalIn(response);
	const body = asObject(response.body);
	if (body.preview !== true) return cancellationVerdict(body);
	const description = 'Smokeball answered with a preview: nothing is cancelled by that.';
	return { outcome: 'unknown', description, verify: true };
}

/** What the response to the preview of a cancel means. */
export function interpretPreview(response: ApiResponse): Verdict | undefined {
	const { status } = response;
	if (status >= 500) return { outcome: 'failed', description: errorText(response) };
	if (status >= 300) return refusalIn(response);
	const body = asObject(response.body);
	if (body.preview === true) return cancellationVerdict(body);
	const description = 'Smokeball does not say that its answer was only a preview.';
	return { outcome: 'unknown', description };
}

/** `CancellationResponse`, which a cancel and its preview both answer with. */
function cancellationVerdict(body: IDataObject): Verdict {
	const { cancellationType: type, cancellationBehaviour: behaviour, cancelAt } = body;
	// A subscription has a type, too, and may be another one.
	const isRecord = body.id !== undefined;
	if (isRecord || !['PeriodEnd', 'Immediate', 'Date'].includes(String(type))) {
		const description = isRecord
			? 'The answer is a subscription, and not what was cancelled of it.'
			: `The answer names no cancellation type that is known (${String(type)}).`;
		return { outcome: 'unknown', description, verify: true };
	}
	const verdict = endVerdict(endAt(cancelAt, type === 'Immediate' ? 'atOnce' : 'unknown'));
	return behaviour === 'Cancel'
		? verdict
		: { ...verdict, planContinues: true, description: behaviourText(body) };
}

/**
 * Other behaviours are not published. "CancelTrials" was seen to leave the subscription running, also
 * where the answer names no tier: only the record shows that it ends.
 */
function behaviourText({ cancellationBehaviour: behaviour, tier }: IDataObject): string {
	const advice = 'Set End During Trial to end it as well.';
	const name = textOf(asObject(tier).name);
	if (behaviour === 'CancelTrials') {
		const left = name === null ? '' : ` with the tier "${name}"`;
		return `Only what is on trial ends; the subscription goes on${left}. ${advice}`;
	}
	return `Smokeball names a cancellation behaviour that is not known (${String(behaviour)}), so that the subscription may go on.`;
}

/** The record decides whether an accepted cancellation ends the subscription itself. */
export function confirmCancel(state: RecordState | undefined, verdict: Verdict): Verdict {
	switch (state?.phase) {
		case 'ended':
			return { ...endVerdict(state.end), verified: true };
		case 'continues':
			return { ...verdict, effectiveAt: timeOf(state.end) ?? verdict.effectiveAt };
		default:
			return verdict;
	}
}

/** What the response to a resume means: 202 with a link to the subscription. */
export function interpretResume(response: ApiResponse, id: string): Verdict | undefined {
	if (response.status !== 202) return refusalIn(response);
	if (!sameId(asObject(response.body).id, id)) return undefined;
	return {
		outcome: 'restored',
		description:
			'Smokeball carries it out in the background. A plan that had ended is charged at once; until the charge succeeds its status is PastDue.',
	};
}

/** A collection's `value`, or a bare array as in older pages. */
export function toRows({ body }: ApiResponse): IDataObject[] | undefined {
	const rows = Array.isArray(body) ? (body as unknown[]) : asObject(body).value;
	return Array.isArray(rows) ? (rows as IDataObject[]) : undefined;
}

/** "Smokeball Grow" */
export const productOf = ({ productSuite, tier }: IDataObject): string =>
	[productSuite, asObject(tier).name].filter(Boolean).join(' ');
