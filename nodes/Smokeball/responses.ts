import type { IDataObject } from 'n8n-workflow';

import { asObject, errorText, type ApiResponse } from '../shared/contract/http';
import {
	toIsoUtc,
	isFuture,
	sameId,
	type RecordState,
	type Verdict,
} from '../shared/contract/verdict';

/** The end that a cancellation asks for. */
export interface Wish {
	cancellationType: 'PeriodEnd' | 'Immediate' | 'Date';
	cancelAt?: string;
}

/** What is known of a subscription's end; times are UTC ISO 8601. */
interface End {
	type: unknown;
	/** When what is pending takes effect. */
	due: string | null;
	periodEnd: string | null;
}

/** When it would end if it were cancelled now; null for at once. */
const wishedEnd = ({ cancellationType, cancelAt }: Wish, periodEnd: string | null) =>
	({ PeriodEnd: periodEnd, Date: cancelAt ?? null, Immediate: null })[cancellationType];

const toTheSecond = (at: string) => at.slice(0, 19);

/** How a pending end stands to the wish; one that cannot be compared counts as later. */
function compared({ type, due, periodEnd }: End, wish: Wish): 'earlier' | 'asWished' | 'later' {
	if (type === 'PeriodEnd' && wish.cancellationType === 'PeriodEnd') return 'asWished';
	const wished = wishedEnd(wish, periodEnd);
	if (wished === null || due === null) return 'later';
	const [pending, asked] = [toTheSecond(due), toTheSecond(wished)];
	return pending === asked ? 'asWished' : pending < asked ? 'earlier' : 'later';
}

/**
 * The record of `GET /subscriptions/{id}`, if it is the one that was asked for. A pending end later
 * than the one that is wished for leaves something to cancel.
 */
export function stateIn(
	{ body }: ApiResponse,
	asked: string,
	wish?: Wish,
): RecordState | undefined {
	const { id, status, cancellationStatus, cancellationType: type, ...more } = asObject(body);
	if (!sameId(id, asked)) return undefined;
	const cancelAt = toIsoUtc(more.cancelAt);
	const canceledAt = toIsoUtc(more.canceledAt);
	const periodEnd = toIsoUtc(more.currentPeriodEndDate);
	const due = cancelAt ?? periodEnd;
	const over = status === 'Canceled' || cancellationStatus === 'Canceled';
	const pending = !over && cancellationStatus === 'Pending';
	const stands = pending && wish ? compared({ type, due, periodEnd }, wish) : 'asWished';
	const active = !over && (!pending || stands === 'later');
	const ended = isFuture(cancelAt) ? canceledAt : (cancelAt ?? canceledAt ?? periodEnd);
	return {
		// Smokeball leaves the status out where the firm has no platform subscription.
		status: typeof status === 'string' ? status : 'None',
		active,
		endsAt: over ? ended : active && wish ? wishedEnd(wish, periodEnd) : due,
		email: null,
		version: [
			status,
			cancellationStatus,
			type,
			cancelAt,
			canceledAt,
			periodEnd,
			asObject(more.trialingTier).cancellationStatus,
		].join(' '),
		// A date that was wished for lies ahead: what is over already has ended by something else.
		matchesRequest: over ? wish?.cancellationType !== 'Date' : stands === 'asWished',
		// While an end is pending, canceledAt is the time of the request.
		changedAt: over || pending ? canceledAt : null,
	};
}

/** For a resumption, which is carried out in the background: a record that is unchanged proves nothing. */
export function resumedIn(reply: ApiResponse, asked: string): RecordState | undefined {
	const state = stateIn(reply, asked);
	return state && { ...state, eventuallyConsistent: true };
}

/** The `CancellationResponse` that a cancel and its preview both answer with. */
function cancellationIn(reply: ApiResponse, preview: boolean): Verdict | undefined {
	const { status } = reply;
	if (status === 400)
		return { outcome: 'notCancellable', description: errorText(reply), verify: true };
	if (status >= 300) return undefined;
	const answer = asObject(reply.body);
	const { cancellationType: type, cancellationBehaviour: behaviour } = answer;
	if ((answer.preview === true) !== preview) {
		const description = preview
			? 'Smokeball does not say that its answer was only a preview.'
			: 'Smokeball answered with a preview: nothing is cancelled by that.';
		return { outcome: 'unknown', description, verify: !preview };
	}
	if (!['PeriodEnd', 'Immediate', 'Date'].includes(String(type))) {
		const description = `The answer names no cancellation type that is known (${String(type)}).`;
		return { outcome: 'unknown', description, verify: true };
	}
	const effectiveAt = toIsoUtc(answer.cancelAt);
	const later = effectiveAt === null ? type !== 'Immediate' : isFuture(effectiveAt);
	const verdict: Verdict = { outcome: later ? 'scheduled' : 'cancelled', effectiveAt };
	return behaviour === 'CancelTrials' ? { ...verdict, ...trialsOnly(answer) } : verdict;
}

function trialsOnly({ tier }: IDataObject): Partial<Verdict> {
	return tier
		? {
				goesOn: true,
				description: `Only what is on trial ends; the subscription goes on with the tier "${String(asObject(tier).name)}". Set End During Trial to end it as well.`,
			}
		: { description: 'It was on trial; nothing is left after that.' };
}

/** What the answer to a cancel means. */
export const cancelled = (reply: ApiResponse) => cancellationIn(reply, false);

/** What the answer to its preview means. */
export const wouldBe = (reply: ApiResponse): Verdict | undefined =>
	reply.status >= 500
		? { outcome: 'failed', description: errorText(reply) }
		: cancellationIn(reply, true);

/** What the answer to a resume means: 202 with a link to the subscription. */
export function resumed(reply: ApiResponse, asked: string): Verdict | undefined {
	if (reply.status === 400) {
		return { outcome: 'notCancellable', description: errorText(reply), verify: true };
	}
	if (reply.status !== 202 || !sameId(asObject(reply.body).id, asked)) return undefined;
	return {
		outcome: 'restored',
		description:
			'Smokeball carries it out in the background. A plan that had ended is charged at once; until the charge succeeds its status is PastDue.',
	};
}

/** A single record as a list of one. */
export const recordIn = ({ body }: ApiResponse): IDataObject[] | undefined =>
	typeof asObject(body).id === 'string' ? [asObject(body)] : undefined;

/** A collection's `value`, or a bare array as in older pages. */
export function rowsIn({ body }: ApiResponse): IDataObject[] | undefined {
	const rows = Array.isArray(body) ? body : asObject(body).value;
	return Array.isArray(rows) ? (rows as IDataObject[]) : undefined;
}

/** "Smokeball Grow" */
export const productOf = ({ productSuite, tier }: IDataObject): string =>
	[productSuite, asObject(tier).name].filter(Boolean).join(' ');
