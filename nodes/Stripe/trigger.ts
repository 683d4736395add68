import type { IDataObject } from 'n8n-workflow';

import type {
	ApiCaller,
	ProviderEvent,
	SignatureScheme,
	WebhookParser,
} from '../shared/contract/event';
import {
	asObject,
	segment,
	textOf,
	type ApiRequest,
	type ApiResponse,
} from '../shared/contract/http';
import { secondsToIso, timeOf, type RecordState } from '../shared/contract/record';
import { apiVersion } from './apiVersion';
import { customerOf, endedStatuses, isOwnKey, runningStatuses, toRecordState } from './records';
import { listIn } from './responses';

const updated = 'customer.subscription.updated';
const deleted = 'customer.subscription.deleted';
/** Marks an endpoint as created by the trigger. */
const description = 'n8n: Stripe Trigger of n8n-nodes-cancellations';
const path = '/v1/webhook_endpoints';

/** Webhook endpoints. Source: https://docs.stripe.com/api/webhook_endpoints */
export const webhooks = {
	async eventTypes(outcomes: string[]): Promise<string[]> {
		const isEnd = outcomes.includes('cancelled');
		const isChange = outcomes.some((outcome) => outcome !== 'cancelled');
		return [...(isEnd ? [deleted] : []), ...(isChange ? [updated] : [])];
	},

	create: ({ url, eventTypes }: { url: string; eventTypes: string[] }): ApiRequest => ({
		method: 'POST',
		path,
		form: {
			...{ url, description },
			// Events have the shape of this version, and it cannot be changed later.
			api_version: apiVersion,
			...Object.fromEntries(eventTypes.map((type, at) => [`enabled_events[${at}]`, type])),
		},
	}),
	get: (id: string): ApiRequest => ({ path: `${path}/${segment(id)}` }),
	remove: (id: string): ApiRequest => ({ method: 'DELETE', path: `${path}/${segment(id)}` }),
	// An account has 16 at most.
	list: (): ApiRequest => ({ path, query: { limit: 100 } }),
	toRows: (response: ApiResponse) => listIn(response),
	toCreated({ status, body }: ApiResponse) {
		const [id, secret] = [textOf(asObject(body).id), textOf(asObject(body).secret)];
		return status === 200 && id !== null && secret !== null ? { id, secret } : undefined;
	},
	toWebhook(row: IDataObject) {
		const id = textOf(row.id);
		if (id === null) return undefined;
		const { enabled_events: types } = row;
		return {
			id,
			url: String(row.url),
			isOurs: row.description === description,
			isActive: row.status === 'enabled' && row.api_version === apiVersion,
			eventTypes: Array.isArray(types) ? types.map(String) : [],
			secret: undefined,
		};
	},
};

/** Source: https://docs.stripe.com/webhooks/signature */
export const signature: SignatureScheme = {
	header: 'stripe-signature',
	tolerance: 300,
	parse(value) {
		const parts = value.split(',').map((part) => part.trim().split('='));
		const valuesOf = (name: string) => parts.flatMap(([key, one]) => (key === name ? [one] : []));
		const [signedAt] = valuesOf('t');
		return signedAt && /^\d+$/.test(signedAt)
			? {
					signedAt: Number(signedAt),
					prefix: `${signedAt}.`,
					signatures: valuesOf('v1').filter(Boolean),
				}
			: undefined;
	},
};

/** The subscription's ends before and after a change. */
function outcomeOf(type: unknown, data: IDataObject): ProviderEvent['outcome'] | undefined {
	const record = asObject(data.object);
	// Its first payment never came, so that no customer leaves.
	if (record.status === 'incomplete_expired') return undefined;
	if (type === deleted) return 'cancelled';
	if (type !== updated) return undefined;
	const before = asObject(data.previous_attributes);
	const hasChanged = 'cancel_at' in before || 'cancel_at_period_end' in before;
	if (!hasChanged || endedStatuses.includes(String(record.status))) return undefined;
	const hadEnd = isEnding({ ...record, ...before });
	if (isEnding(record)) return 'scheduled';
	return hadEnd ? 'restored' : undefined;
}

const isEnding = ({ cancel_at, cancel_at_period_end }: IDataObject) =>
	typeof cancel_at === 'number' || cancel_at_period_end === true;

/**
 * What caused it. Stripe repeats the idempotency key of a POST; a request by DELETE has none, so that it
 * cannot be told from others.
 */
function originOf({ request }: IDataObject): ProviderEvent['origin'] {
	const { id, idempotency_key: key } = asObject(request);
	if (isOwnKey(key)) return 'api';
	return (id ?? null) === null ? 'other' : 'unknown';
}

/** Comment and feedback of the customer. */
const reasonOf = ({ cancellation_details }: IDataObject): string | null => {
	const { comment, feedback } = asObject(cancellation_details);
	return textOf(comment) ?? textOf(feedback);
};

/** The same for all events that report one end. */
const dedupeKeyOf = (id: string, outcome: ProviderEvent['outcome'], record: IDataObject) =>
	outcome === 'restored'
		? {}
		: {
				dedupeKey: [id, outcome, record.ended_at ?? record.cancel_at, record.canceled_at].join(' '),
			};

/** What a delivery reports. Source: https://docs.stripe.com/api/events/object */
export const parser: WebhookParser = {
	requestsPerEvent: 2,

	parse(body) {
		const { type, id: eventId, created, livemode } = body;
		const data = asObject(body.data);
		const record = asObject(data.object);
		const target = textOf(record.id);
		const outcome = outcomeOf(type, data);
		if (outcome === undefined || target === null) return undefined;
		const state = toRecordState(record, null);
		return {
			...{ outcome, target, subject: target, event: String(type), email: null },
			effectiveAt: outcome === 'restored' || !state ? null : timeOf(state.end),
			occurredAt: secondsToIso(created),
			source: textOf(asObject(record.cancellation_details).reason),
			eventId: textOf(eventId),
			reason: reasonOf(record),
			raw: { delivery: body },
			test: livemode === false,
			origin: originOf(body),
			changedAt: secondsToIso(record.canceled_at),
			...dedupeKeyOf(target, outcome, record),
		};
	},

	async verify(event, read) {
		const { target } = event;
		const record = await read({ path: `/v1/subscriptions/${segment(target)}` }, (response) =>
			response.status === 404 ? ('missing' as const) : recordIn(response, target),
		);
		if (record === 'missing') return { kind: 'unidentified', mayAppear: false };
		const state = toRecordState(record, null);
		const outcome = state && outcomeInRecord(state, event.outcome);
		if (!state || outcome === undefined) return { kind: 'contradicted' };
		return {
			kind: 'confirmed',
			event: {
				...event,
				outcome,
				email: await readEmail(customerOf(record), read),
				effectiveAt: outcome === 'restored' ? null : timeOf(state.end),
				reason: reasonOf(record),
				raw: { ...event.raw, record },
				changedAt: state.changedAt,
				...dedupeKeyOf(target, outcome, record),
			},
		};
	},
};

const recordIn = ({ body }: ApiResponse, id: string): IDataObject | undefined =>
	asObject(body).id === id ? asObject(body) : undefined;

/** What the record shows of the event; undefined: something else. An end may have come since. */
function outcomeInRecord(
	{ status, phase }: RecordState,
	announced: ProviderEvent['outcome'],
): ProviderEvent['outcome'] | undefined {
	if (announced !== 'restored' && endedStatuses.includes(status)) return 'cancelled';
	if (!runningStatuses.includes(status)) return undefined;
	const shown = phase === 'ended' ? 'scheduled' : 'restored';
	return announced === shown ? shown : undefined;
}

/** Null where the key may not read customers, or there is none: the event counts all the same. */
async function readEmail(customer: string | null, read: ApiCaller): Promise<string | null> {
	if (customer === null) return null;
	try {
		const found = await read({ path: `/v1/customers/${segment(customer)}` }, ({ body }) => ({
			email: textOf(asObject(body).email),
		}));
		return found.email;
	} catch (error) {
		if ((error as { httpCode?: string }).httpCode === '403') return null;
		return await Promise.reject(error as Error);
	}
}
