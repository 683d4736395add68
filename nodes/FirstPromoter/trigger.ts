import type { IDataObject } from 'n8n-workflow';

import type { ApiCaller, ProviderEvent, WebhookParser } from '../shared/contract/event';
import { asObject, segment, type ApiResponse } from '../shared/contract/http';
import { toIsoUtc } from '../shared/contract/record';

const cancelled = 'referral.cancelled';
const updated = 'referral.updated';
/** Marks a webhook as created by the trigger. */
const description = 'n8n: FirstPromoter Trigger of n8n-nodes-cancellations';
/** The header in which FirstPromoter sends the webhook's secret back, in lower case. */
export const secretHeader = 'x-cancellations-secret';

const path = '/company/webhooks';
const textOf = (value: unknown) =>
	typeof value === 'string' && value !== ''
		? value
		: typeof value === 'number'
			? String(value)
			: null;

/**
 * FirstPromoter's webhooks, API v2.
 * Source: https://docs.firstpromoter.com/api-reference-v2/webhooks
 */
export const webhooks = {
	/**
	 * `referral.cancelled` is on the page of event types but not in the API description, so FirstPromoter
	 * is asked. Where it is not offered, a change of the state reports the same. The page of that request
	 * has left the docs: if the request is gone, too, the documented type is used.
	 */
	async eventTypes(outcomes: string[], read: ApiCaller): Promise<string[]> {
		const offered = await read({ path: `${path}/event_types` }, (response) =>
			response.status === 404 ? [cancelled] : listIn(response),
		);
		const ends = offered.includes(cancelled) ? cancelled : updated;
		return [
			...new Set([
				...(outcomes.includes('cancelled') ? [ends] : []),
				...(outcomes.includes('restored') ? [updated] : []),
			]),
		];
	},

	create: ({ url, eventTypes, secret }: { url: string; eventTypes: string[]; secret: string }) => ({
		method: 'POST' as const,
		path,
		body: {
			...{ url, description, active: true },
			event_types: eventTypes,
			headers: { [secretHeader]: secret },
			// The documented defaults contradict each other: 3 and 10.
			max_retries: 10,
		},
	}),
	get: (id: string) => ({ path: `${path}/${segment(id)}` }),
	remove: (id: string) => ({ method: 'DELETE' as const, path: `${path}/${segment(id)}` }),
	list: (page: number) => ({ path, query: { page, per_page: 25 } }),
	toRows: (response: ApiResponse) => listIn(response) as IDataObject[] | undefined,
	toWebhook(row: IDataObject) {
		const id = textOf(row.id);
		if (id === null) return undefined;
		const { event_types: types, headers } = row;
		return {
			id,
			url: String(row.url),
			isOurs: row.description === description,
			isActive: row.active !== false,
			eventTypes: Array.isArray(types) ? types.map(String) : [],
			// Undefined where the response has no headers at all; without ours it was changed by hand.
			secret: headers === undefined ? undefined : secretIn(asObject(headers)),
		};
	},
};

const secretIn = (headers: IDataObject): string => {
	const found = Object.entries(headers).find(([name]) => name.toLowerCase() === secretHeader);
	return String(found?.[1] ?? '');
};

const listIn = ({ body }: ApiResponse): unknown[] | undefined =>
	[body, asObject(body).data].find((list) => Array.isArray(list));

/** The referral's state before and after; the API description names the field `object_changes`. */
function change({ changes, object_changes }: IDataObject): [unknown, unknown] {
	const { state } = asObject(changes ?? object_changes);
	return Array.isArray(state) ? [state[0], state[1]] : [undefined, undefined];
}

/** The referral with this ID. A 404 without FirstPromoter's own code says nothing about a referral. */
function recordIn({ status, body }: ApiResponse, id: string): IDataObject | 'missing' | undefined {
	const record = asObject(body);
	if (status === 404) return record.code === 'not_found' ? 'missing' : undefined;
	return textOf(record.id) === id && typeof record.state === 'string' ? record : undefined;
}

const referralId = ({ entity_id, data }: IDataObject) =>
	textOf(asObject(data).id) ?? textOf(entity_id);

/** One cancellation may have two event IDs, one for each of two event types. */
const dedupeKeyOf = (id: string | null, outcome: string, at: string | null) =>
	id !== null && at !== null ? { dedupeKey: `${id} ${outcome} ${at}` } : {};

/**
 * What a delivery reports.
 * Source: https://docs.firstpromoter.com/webhooks-v2/payload, .../event-types
 * @param types the event types that the webhook gets: one cancellation is not to be reported twice
 */
export const parserOf = (types: string[]): WebhookParser => ({
	requestsPerEvent: 1,

	parse(body, headers) {
		const { event_type: event, event_id, timestamp, data } = body;
		const outcome = outcomeOf(body, types);
		const { email, uid, id, cancelled_at } = asObject(data);
		const occurredAt = toIsoUtc(timestamp);
		// As the FirstPromoter node goes by them.
		const target = textOf(email) ?? textOf(uid) ?? textOf(id) ?? textOf(body.entity_id);
		if (outcome === undefined || target === null) return undefined;
		const effectiveAt = outcome === 'cancelled' ? (toIsoUtc(cancelled_at) ?? occurredAt) : null;
		return {
			...{ outcome, target, effectiveAt, occurredAt },
			event: String(event),
			email: textOf(email),
			source: null,
			eventId: textOf(event_id) ?? textOf(headers['x-event-id']),
			reason: null,
			raw: { delivery: body },
			// Sent by the button that tries a webhook out.
			test: asObject(data).test === true,
			verb: outcome === 'cancelled' ? 'was cancelled' : 'is active again',
			...dedupeKeyOf(referralId(body), outcome, effectiveAt ?? occurredAt),
		} satisfies ProviderEvent;
	},

	/** https://docs.firstpromoter.com/api-reference-v2/api-admin/referrals/get-referral-for-current-company-based-on-id */
	async verify(event, read) {
		const id = referralId(asObject(event.raw.delivery));
		if (id === null) return { kind: 'unidentified', mayAppear: false };
		const record = await read({ path: `/company/referrals/${segment(id)}` }, (response) =>
			recordIn(response, id),
		);
		// Deleted since: nothing is left that could say otherwise.
		if (record === 'missing') return { kind: 'unidentified', mayAppear: false };
		const { outcome, raw, email, occurredAt } = event;
		if (record.state !== (outcome === 'cancelled' ? 'cancelled' : 'active')) {
			return { kind: 'contradicted' };
		}
		const effectiveAt =
			outcome === 'cancelled' ? (toIsoUtc(record.cancelled_at) ?? event.effectiveAt) : null;
		const confirmed = {
			...event,
			email: textOf(record.email) ?? email,
			effectiveAt,
			raw: { ...raw, record },
			...dedupeKeyOf(id, outcome, effectiveAt ?? occurredAt),
		};
		return { kind: 'confirmed', event: confirmed };
	},
});

/** Undefined: neither an end nor a return, or one that another event type reports. */
function outcomeOf(body: IDataObject, types: string[]): 'cancelled' | 'restored' | undefined {
	const { event_type: event } = body;
	const [before, after] = change(body);
	if (event === cancelled) return 'cancelled';
	if (event !== updated) return undefined;
	if (after === 'cancelled') return types.includes(cancelled) ? undefined : 'cancelled';
	return before === 'cancelled' && after === 'active' ? 'restored' : undefined;
}
