import type { IDataObject } from 'n8n-workflow';

import { asObject, segment, type ApiResponse } from '../shared/contract/http';
import type { ApiCaller, WebhookParser } from '../shared/contract/event';
import { toIsoUtc } from '../shared/contract/record';

const cancelled = 'referral.cancelled';
const updated = 'referral.updated';
/** By this a webhook at our address is known as made by the trigger. */
const description = 'n8n: FirstPromoter Trigger of n8n-nodes-cancellations';

const path = '/company/webhooks';
const textOf = (value: unknown) =>
	typeof value === 'string' && value !== ''
		? value
		: typeof value === 'number'
			? String(value)
			: null;

/**
 * FirstPromoter's calls for webhooks, API v2.
 * Source: https://docs.firstpromoter.com/api-reference-v2/webhooks
 */
export const webhooks = {
	secretHeader: 'x-cancellations-secret',

	/**
	 * `referral.cancelled` is on the page of event types and missing from the API description, so
	 * FirstPromoter is asked; without it a change of the state says the same.
	 */
	async eventTypes(outcomes: string[], ask: ApiCaller): Promise<string[]> {
		const offered = await ask({ path: `${path}/event_types` }, listIn);
		const ends = offered.includes(cancelled) ? cancelled : updated;
		return [
			...new Set([
				...(outcomes.includes('cancelled') ? [ends] : []),
				...(outcomes.includes('restored') ? [updated] : []),
			]),
		];
	},

	create: (url: string, types: string[], headers: Record<string, string>) => ({
		method: 'POST' as const,
		path,
		// How often it tries by itself is told in two ways: 3 and 10.
		body: { url, event_types: types, headers, description, active: true, max_retries: 10 },
	}),
	get: (id: string) => ({ path: `${path}/${segment(id)}` }),
	remove: (id: string) => ({ method: 'DELETE' as const, path: `${path}/${segment(id)}` }),
	list: (page: number) => ({ path, query: { page, per_page: 25 } }),
	toRows: (reply: ApiResponse) => listIn(reply) as IDataObject[] | undefined,
	isOurs: (url: string, row: IDataObject) => row.url === url && row.description === description,
	isActive: ({ active }: IDataObject) => active !== false,
};

const listIn = ({ body }: ApiResponse): unknown[] | undefined =>
	[body, asObject(body).data].find((list) => Array.isArray(list));

/** From what to what the referral's state has changed; the API description calls it `object_changes`. */
function change({ changes, object_changes }: IDataObject): [unknown, unknown] {
	const { state } = asObject(changes ?? object_changes);
	return Array.isArray(state) ? [state[0], state[1]] : [undefined, undefined];
}

/** The referral with this ID. */
function recordIn({ status, body }: ApiResponse, id: string): IDataObject | 'missing' | undefined {
	if (status === 404) return 'missing';
	const record = asObject(body);
	return textOf(record.id) === id && typeof record.state === 'string' ? record : undefined;
}

/**
 * What a delivery tells.
 * Source: https://docs.firstpromoter.com/webhooks-v2/payload, .../event-types
 * @param types the event types that were asked for: one cancellation is not to be told twice
 */
export const deliveries = (types: string[]): WebhookParser => ({
	parse(body) {
		const { event_type: event, event_id, timestamp, data } = body;
		const [before, after] = change(body);
		const ends = event === cancelled || (event === updated && after === 'cancelled');
		const returns = event === updated && before === 'cancelled' && after === 'active';
		if (!ends && !returns) return undefined;
		if (event === updated && ends && types.includes(cancelled)) return undefined;
		const referral = asObject(data);
		const { email, uid, id, cancelled_at } = referral;
		const occurredAt = toIsoUtc(timestamp);
		// As the FirstPromoter node goes by them.
		const target = textOf(email) ?? textOf(uid) ?? textOf(id) ?? textOf(body.entity_id);
		if (target === null) return undefined;
		return {
			outcome: ends ? 'cancelled' : 'restored',
			event: String(event),
			target,
			email: textOf(email),
			effectiveAt: ends ? (toIsoUtc(cancelled_at) ?? occurredAt) : null,
			occurredAt,
			source: null,
			eventId: textOf(event_id),
			reason: null,
			raw: { delivery: body },
			// Sent by the button that tries a webhook out.
			test: referral.test === true,
		};
	},

	/** https://docs.firstpromoter.com/api-reference-v2/api-admin/referrals/get-referral-for-current-company-based-on-id */
	async verify(told, ask) {
		const { entity_id, data } = asObject(told.raw.delivery);
		const id = textOf(asObject(data).id) ?? textOf(entity_id);
		if (id === null) return told;
		const record = await ask({ path: `/company/referrals/${segment(id)}` }, (reply) =>
			recordIn(reply, id),
		);
		// Deleted since: nothing is left that could say otherwise.
		if (record === 'missing') return told;
		const is = told.outcome === 'cancelled' ? 'cancelled' : 'active';
		if (record.state !== is) return undefined;
		const { raw, effectiveAt, email } = told;
		return {
			...told,
			email: textOf(record.email) ?? email,
			effectiveAt: is === 'active' ? null : (toIsoUtc(record.cancelled_at) ?? effectiveAt),
			raw: { ...raw, record },
		};
	},
});
