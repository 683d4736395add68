import type { IDataObject } from 'n8n-workflow';

import {
	asObject,
	errorText,
	isEmptyBody,
	textOf,
	type ApiResponse,
} from '../shared/contract/http';
import { now } from '../shared/contract/clock';
import {
	endAt,
	isFuture,
	sameId,
	timeOf,
	toIsoUtc,
	type End,
	type RecordState,
} from '../shared/contract/record';
import { endVerdict, type Verdict } from '../shared/contract/verdict';
import type { Order } from './fields';

const codeIn = ({ body }: ApiResponse) => textOf(asObject(asObject(body).status).messageCode);

/**
 * `{status: {messageCode}}`; at 401 no envelope (https://azotte.com/academy/developers/API/C2A/customers/).
 * Assumption: a 401 without an envelope has JSON or no body, not a page.
 */
export const isOwnError = (response: ApiResponse): boolean =>
	codeIn(response) !== null ||
	(response.status === 401 && (isEmptyBody(response) || typeof response.body === 'object'));

/** Azotte does not know the order or the customer, whatever the HTTP status. */
export const isUnknown = (response: ApiResponse): boolean =>
	['SUBSCRIPTION_NOT_FOUND', 'CUSTOMER_NOT_FOUND'].includes(codeIn(response) ?? '');

/**
 * The envelope's `status.messageCode` decides, whatever the HTTP status. The full list of codes is not
 * published: an unknown one in a 2xx may be a success, so the record decides.
 * https://azotte.com/academy/developers/API/C2A/subscription/
 */
export function interpretEnvelope(
	response: ApiResponse,
	onSuccess: (body: IDataObject) => Verdict,
): Verdict | undefined {
	const description = errorText(response);
	if (isUnknown(response)) return { outcome: 'notFound', description };
	switch (codeIn(response)) {
		case null:
			return undefined;
		case 'SUCCESS':
			return response.status === 200 ? onSuccess(asObject(response.body)) : undefined;
		case 'SUBSCRIPTION_NOT_CANCELABLE':
		case 'SUBSCRIPTION_NOT_REACTIVATABLE':
			return { outcome: 'notCancellable', description, verify: true };
		case 'INTERNAL_SERVER_ERROR':
		case 'SQL_DATABASE_FAILURE':
			return { outcome: 'unknown', description, verify: true };
		default:
			return response.status < 300 ? { outcome: 'unknown', description, verify: true } : undefined;
	}
}

/** What a read gives; undefined in an error. A read may come without a code in its envelope. */
const resultIn = (response: ApiResponse): unknown =>
	response.status === 200 && ['SUCCESS', null].includes(codeIn(response))
		? asObject(response.body).result
		: undefined;

/** The rows of a list; undefined where the response holds none. */
export function toRows(response: ApiResponse): IDataObject[] | undefined {
	const result = resultIn(response);
	return Array.isArray(result) ? (result as unknown[]).map(asObject) : undefined;
}

/** Why a response holds no list; undefined where it does, or where its HTTP status says why. */
export const interpretList = (response: ApiResponse): Verdict | undefined =>
	toRows(response)
		? undefined
		: interpretEnvelope(response, () => ({
				outcome: 'failed',
				description: 'The answer holds no list.',
			}));

/** The customer with this ID of yours; undefined where the response does not name exactly that ID. */
export function customerIn(response: ApiResponse, ownId: string) {
	const { externalIdentifier, ...customer } = asObject(resultIn(response));
	const customerUrn = textOf(customer.customerUrn);
	if (customerUrn === null || !sameId(externalIdentifier, ownId)) return undefined;
	return { customerUrn, email: textOf(customer.email) };
}

/** Azotte's clock and this one may differ by so much, milliseconds. */
const clockSkewMs = 60_000;

/** What a row says of its order, for a request with this method. */
export function toRecordState(
	row: IDataObject,
	method?: Order['cancelationMethod'],
): RecordState | undefined {
	const { endDate, bundleName, bundleSku, startDate } = row;
	const status = textOf(row.state);
	if (status === null) return undefined;
	const channel = textOf(row.subscriptionChannel) ?? undefined;
	const isOver = status === 'Canceled' || status === 'Expired';
	// A cancellation at the end of the period leaves an immediate one something to end.
	const endsLater = Date.parse(toIsoUtc(endDate) ?? '') > now() + clockSkewMs;
	const isActive = !isOver || (status === 'Canceled' && method === 'Immediate' && endsLater);
	const { canCancel } = asObject(row.options);
	return {
		...(channel === 'ExternalPartner' && { eventuallyConsistent: true }),
		status,
		phase: isActive ? 'active' : 'ended',
		end: endOf(status, method, endDate),
		email: null,
		version: JSON.stringify([
			status,
			endDate,
			channel,
			canCancel,
			bundleName,
			bundleSku,
			startDate,
		]),
		channel,
	};
}

/** The period end, unless the order has expired or ends at once; both may come without a time. */
function endOf(status: string, method: Order['cancelationMethod'], endDate: unknown): End {
	if (status === 'Expired') return endAt(endDate, 'atOnce');
	if (method !== 'Immediate') return endAt(endDate);
	if (status !== 'Canceled' || isFuture(toIsoUtc(endDate))) return { kind: 'atOnce' };
	const isMissing = endDate === undefined || endDate === null;
	return endAt(endDate, isMissing ? 'atOnce' : 'unknown');
}

const stores: Record<string, string> = {
	InappAppStore: "Apple's App Store",
	InappPlayStore: 'the Google Play Store',
};

/** Only the customer can end what an app store sold; Azotte would change no more than its copy. */
export function storePrecondition({ channel }: RecordState): Verdict | undefined {
	const store = stores[channel ?? ''];
	if (store === undefined) return undefined;
	const description = `It was bought in ${store}: only the customer can end or resume it, and only there.`;
	return { outcome: 'customerActionRequired', description };
}

/** The first phase changes nothing: without a clear response nothing has happened. */
export function interpretRequestCancel(response: ApiResponse): Verdict | undefined {
	const verdict = interpretEnvelope(response, ({ responseType }) => {
		switch (responseType) {
			case 'Processed':
				return { outcome: 'readyToConfirm' };
			case 'Presentation':
				return { outcome: 'presentation' };
			case 'Offer':
				return { outcome: 'offer' };
			default:
				return {
					outcome: 'failed',
					description: `The answer has no responseType that is known (${String(responseType)}).`,
				};
		}
	});
	const isUnclear = verdict
		? verdict.outcome === 'unknown'
		: response.status >= 500 || response.status < 300;
	return isUnclear
		? { outcome: 'failed', description: `The answer was not clear (${errorText(response)}).` }
		: verdict;
}

/** The first phase as a preview of the second, which these steps do not hold up. */
export function interpretPreview(
	response: ApiResponse,
	passed: Array<'offer' | 'presentation'> = [],
): Verdict | undefined {
	const verdict = interpretRequestCancel(response);
	const isPassed = passed.some((step) => step === verdict?.outcome);
	return isPassed ? { outcome: 'readyToConfirm' } : verdict;
}

const notRead =
	'Azotte accepted. Whether it is over depends on where it was bought: give the Customer URN to have that read.';
const unreadable =
	'Azotte accepted, but the order could not be read afterwards. Look it up in Azotte.';

function unchanged({ status, phase, end }: RecordState): string {
	const at = status === 'Canceled' && phase === 'active' ? timeOf(end) : null;
	const still = at === null ? `says "${status}"` : `ends at ${at}`;
	return `Azotte accepted, but the order still ${still}. Read it again later.`;
}

/** SUCCESS is final only for what Azotte itself bills; the record decides. */
export const interpretConfirm = (response: ApiResponse): Verdict | undefined =>
	interpretEnvelope(response, () => ({ outcome: 'pendingProvider', description: notRead }));

/** What the order's record says after a confirmed cancellation. */
export function confirmCancel(state: RecordState | undefined, { customerUrn }: Order): Verdict {
	if (state === undefined) {
		const description = customerUrn === undefined ? notRead : unreadable;
		return { outcome: 'pendingProvider', description };
	}
	if (state.phase !== 'active') return endVerdict(state.end);
	const description = state.eventuallyConsistent
		? 'Azotte has asked the partner through whom it is billed. It is over when the partner confirms.'
		: unchanged(state);
	return storePrecondition(state) ?? { outcome: 'pendingProvider', description };
}

/** For a dry run: what a confirmation would come to. */
export const predictCancel = (state: RecordState | undefined, order: Order): Verdict =>
	state === undefined || state.eventuallyConsistent
		? confirmCancel(state, order)
		: endVerdict(state.end);

export const interpretReactivate = (response: ApiResponse): Verdict | undefined =>
	interpretEnvelope(response, () => ({
		outcome: 'restored',
		description:
			'It was not read afterwards. For an order that was bought in an app store nothing changes.',
	}));

/** What the order's record says after a reactivation. */
export function confirmReactivate(
	state: RecordState | undefined,
	verdict: Verdict,
	{ customerUrn }: Order,
): Verdict {
	if (state?.phase === 'active') return { outcome: 'restored' };
	if (state === undefined && customerUrn === undefined) return verdict;
	return { outcome: 'pendingProvider', description: state ? unchanged(state) : unreadable };
}
