import type { IDataObject } from 'n8n-workflow';

import { asObject, errorText, type ApiResponse } from '../shared/contract/http';
import { endVerdict, toIsoUtc, type RecordState, type Verdict } from '../shared/contract/verdict';
import type { Order } from './fields';

const codeIn = ({ body }: ApiResponse) => asObject(asObject(body).status).messageCode;

/**
 * The envelope's `status.messageCode` decides, whatever the HTTP status; which ones come with which code is
 * not documented. https://azotte.com/academy/developers/API/C2A/subscription/
 */
export function enveloped(
	reply: ApiResponse,
	accepted: (body: IDataObject) => Verdict,
): Verdict | undefined {
	const description = errorText(reply);
	const code = codeIn(reply);
	switch (code) {
		case 'SUCCESS':
			return reply.status === 200 ? accepted(asObject(reply.body)) : undefined;
		case 'SUBSCRIPTION_NOT_FOUND':
		case 'CUSTOMER_NOT_FOUND':
			return { outcome: 'notFound', description };
		case 'SUBSCRIPTION_NOT_CANCELABLE':
		case 'SUBSCRIPTION_NOT_REACTIVATABLE':
			return { outcome: 'notCancellable', description, verify: true };
		case 'INTERNAL_SERVER_ERROR':
		case 'SQL_DATABASE_FAILURE':
			return { outcome: 'unknown', description, verify: true };
		default:
			return code !== undefined && reply.status < 300
				? { outcome: 'failed', description }
				: undefined;
	}
}

/** A read may come without an envelope, and what one that says no holds does not count. */
const resultIn = (reply: ApiResponse): unknown =>
	['SUCCESS', undefined].includes(codeIn(reply) as string | undefined)
		? asObject(reply.body).result
		: undefined;

const isRecord = (row: unknown) => typeof row === 'object' && row !== null;

/** The rows of a list; undefined where the reply holds none, or its envelope says no. */
export function rowsIn(reply: ApiResponse): IDataObject[] | undefined {
	const result = resultIn(reply);
	return Array.isArray(result) ? (result as IDataObject[]).filter(isRecord) : undefined;
}

/** Why a reply holds no list; undefined where it does, or where HTTP says why. */
export const notListed = (reply: ApiResponse): Verdict | undefined =>
	rowsIn(reply)
		? undefined
		: enveloped(reply, () => ({ outcome: 'failed', description: 'The answer holds no list.' }));

/** The reply says that there is no such customer. */
export const isUnknown = (reply: ApiResponse) =>
	enveloped(reply, () => ({ outcome: 'failed' }))?.outcome === 'notFound';

/** The URN and address of the customer whom you know by this ID; undefined where the reply tells of none. */
export function customerIn(reply: ApiResponse, ownId: string) {
	const { customerUrn, externalIdentifier = ownId, email } = asObject(resultIn(reply));
	if (typeof customerUrn !== 'string' || String(externalIdentifier) !== ownId) return undefined;
	return { customerUrn, email: typeof email === 'string' && email !== '' ? email : null };
}

/** What a row says of its order. */
export function stateOf(
	row: IDataObject,
	method?: Order['cancelationMethod'],
): RecordState | undefined {
	const { state, endDate, subscriptionChannel, options } = row;
	if (typeof state !== 'string') return undefined;
	const active = state !== 'Canceled' && state !== 'Expired';
	const partner = subscriptionChannel === 'ExternalPartner';
	return {
		...(partner && { eventuallyConsistent: true }),
		status: state,
		active,
		// Ended at once, it would not last until the end of the period.
		endsAt: active && method === 'Immediate' ? null : toIsoUtc(endDate),
		email: null,
		version: [state, endDate, subscriptionChannel, asObject(options).canCancel].join(' '),
		channel: typeof subscriptionChannel === 'string' ? subscriptionChannel : undefined,
	};
}

const stores: Record<string, string> = {
	InappAppStore: "Apple's App Store",
	InappPlayStore: 'the Google Play Store',
};

/** What an app store sold, only its customer can end there; Azotte would change no more than its copy. */
export function leftToCustomer({ channel }: RecordState): Verdict | undefined {
	const store = stores[channel ?? ''];
	if (store === undefined) return undefined;
	const description = `It was bought in ${store}: only the customer can end or resume it, and only there.`;
	return { outcome: 'customerActionRequired', description };
}

/** The first phase changes nothing: without a clear answer nothing has happened. */
export function firstPhase(reply: ApiResponse): Verdict | undefined {
	const verdict = enveloped(reply, ({ responseType }) => {
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
	const unclear = verdict
		? verdict.outcome === 'unknown'
		: reply.status >= 500 || reply.status < 300;
	return unclear
		? { outcome: 'failed', description: `The answer was not clear (${errorText(reply)}).` }
		: verdict;
}

/** The first phase, where what it would have the customer see holds nothing up. */
export function firstPhasePast(steps: Array<'offer' | 'presentation'>, reply: ApiResponse) {
	const verdict = firstPhase(reply);
	const passed = steps.some((step) => step === verdict?.outcome);
	return passed ? ({ outcome: 'readyToConfirm' } as const) : verdict;
}

const unseen =
	'Azotte accepted. Whether it is over depends on where it was bought: give the Customer URN to have that read.';
const unread = 'Azotte accepted, but the order could not be read afterwards. Look it up in Azotte.';
const unchanged = ({ status }: RecordState) =>
	`Azotte accepted, but the order still says "${status}". Read it again later.`;

/** SUCCESS is final only for what Azotte itself bills; the record tells. */
export const confirmed = (reply: ApiResponse): Verdict | undefined =>
	enveloped(reply, () => ({ outcome: 'pendingProvider', description: unseen }));

/** What the order's record says after a confirmed cancellation. */
export function seenThrough(state: RecordState | undefined, { customerUrn }: Order): Verdict {
	if (state === undefined) {
		const description = customerUrn === undefined ? unseen : unread;
		return { outcome: 'pendingProvider', description };
	}
	if (!state.active) return endVerdict(state.endsAt);
	const description = state.eventuallyConsistent
		? 'Azotte has asked the partner through whom it is billed. It is over when the partner confirms.'
		: unchanged(state);
	return leftToCustomer(state) ?? { outcome: 'pendingProvider', description };
}

/** For a dry run: what a confirmation would come to. */
export const expected = (state: RecordState | undefined, order: Order): Verdict =>
	state === undefined || state.eventuallyConsistent
		? seenThrough(state, order)
		: endVerdict(state.endsAt);

export const reactivated = (reply: ApiResponse): Verdict | undefined =>
	enveloped(reply, () => ({
		outcome: 'restored',
		description:
			'It was not read afterwards. For an order that was bought in an app store nothing changes.',
	}));

/** What the order's record says after a reactivation. */
export function seenRunning(
	state: RecordState | undefined,
	verdict: Verdict,
	{ customerUrn }: Order,
): Verdict {
	if (state?.active) return { outcome: 'restored' };
	if (state === undefined && customerUrn === undefined) return verdict;
	return { outcome: 'pendingProvider', description: state ? unchanged(state) : unread };
}
