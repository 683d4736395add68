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
import { timeOf, toIsoUtc, type RecordState } from '../shared/contract/record';
import { runningStatuses, toRecordState } from './records';
import { listIn } from './responses';

const updated = 'subscription.updated';
const canceled = 'subscription.canceled';
/** Marks a notification setting as created by the trigger. */
const description = 'n8n: Paddle Trigger of n8n-nodes-cancellations';
const path = '/notification-settings';

const dataIn = ({ body }: ApiResponse): IDataObject => asObject(asObject(body).data);

/** Notification settings. Source: https://developer.paddle.com/api-reference/notification-settings */
export const webhooks = {
	async eventTypes(outcomes: string[]): Promise<string[]> {
		const isEnd = outcomes.includes('cancelled');
		const isChange = outcomes.some((outcome) => outcome !== 'cancelled');
		return [...(isEnd ? [canceled] : []), ...(isChange ? [updated] : [])];
	},

	create: ({ url, eventTypes }: { url: string; eventTypes: string[] }): ApiRequest => ({
		method: 'POST',
		path,
		body: {
			description,
			destination: url,
			type: 'url',
			subscribed_events: eventTypes,
			api_version: 1,
		},
	}),
	get: (id: string): ApiRequest => ({ path: `${path}/${segment(id)}` }),
	remove: (id: string): ApiRequest => ({ method: 'DELETE', path: `${path}/${segment(id)}` }),
	list: (): ApiRequest => ({ path, query: { per_page: 200 } }),
	toRows: (response: ApiResponse) => listIn(response),
	toCreated(response: ApiResponse) {
		const { id, endpoint_secret_key: secret } = dataIn(response);
		const [own, key] = [textOf(id), textOf(secret)];
		return own !== null && key !== null ? { id: own, secret: key } : undefined;
	},
	/** @param row of a list, or the envelope of a single one */
	toWebhook(row: IDataObject) {
		const setting = 'data' in row ? asObject(row.data) : row;
		const id = textOf(setting.id);
		if (id === null) return undefined;
		const { subscribed_events: types } = setting;
		return {
			id,
			url: String(setting.destination),
			isOurs: setting.description === description,
			isActive: setting.active !== false,
			// Paddle shows each as an object, and takes its name.
			eventTypes: Array.isArray(types)
				? (types as unknown[]).map((type) => textOf(type) ?? String(asObject(type).name))
				: [],
			secret: textOf(setting.endpoint_secret_key) ?? undefined,
		};
	},
};

/** Several signatures may occur while a key is replaced. Source: https://developer.paddle.com/webhooks/signature-verification */
export const signature: SignatureScheme = {
	header: 'paddle-signature',
	// The SDK's five seconds lose deliveries on a busy host.
	tolerance: 300,
	parse(value) {
		const parts = value.split(';').map((part) => part.trim().split('='));
		const valuesOf = (name: string) => parts.flatMap(([key, one]) => (key === name ? [one] : []));
		const [signedAt] = valuesOf('ts');
		return signedAt && /^\d+$/.test(signedAt)
			? {
					signedAt: Number(signedAt),
					prefix: `${signedAt}:`,
					signatures: valuesOf('h1').filter(Boolean),
				}
			: undefined;
	},
};

/** An update does not say what it has changed: without a scheduled end it may have undone one. */
function outcomeOf(type: unknown, record: IDataObject): ProviderEvent['outcome'] | undefined {
	if (type === canceled) return 'cancelled';
	if (type !== updated || record.status === 'canceled') return undefined;
	return asObject(record.scheduled_change).action === 'cancel' ? 'scheduled' : 'restored';
}

/** A subscription ends for good. Of a scheduled end, which may be undone, the trigger's memory tells. */
const dedupeKeyOf = (id: string, outcome: ProviderEvent['outcome']) =>
	outcome === 'cancelled' ? { dedupeKey: `${id} cancelled` } : {};

/** What a delivery reports. Source: https://developer.paddle.com/webhooks/subscriptions/subscription-canceled */
export const parser: WebhookParser = {
	requestsPerEvent: 2,
	comparesUpdates: true,

	parse(body) {
		const { event_type: type, event_id: eventId, occurred_at } = body;
		const record = asObject(body.data);
		const target = textOf(record.id);
		const outcome = outcomeOf(type, record);
		const state = toRecordState(record, null);
		if (outcome === undefined || target === null || !state) return undefined;
		return {
			...{ outcome, target, subject: target, event: String(type), email: null },
			effectiveAt: outcome === 'restored' ? null : timeOf(state.end),
			occurredAt: toIsoUtc(occurred_at),
			// Paddle names none: the customer, dunning and the API look alike.
			source: null,
			eventId: textOf(eventId),
			reason: null,
			raw: { delivery: body },
			...dedupeKeyOf(target, outcome),
		};
	},

	async verify(event, read) {
		const { target, outcome } = event;
		const record = await read({ path: `/subscriptions/${segment(target)}` }, (response) =>
			response.status === 404 ? ('missing' as const) : recordIn(response, target),
		);
		if (record === 'missing') return { kind: 'unidentified', mayAppear: false };
		const state = toRecordState(record, null);
		const actual = state && outcomeInRecord(state);
		// The end may have come since.
		const isConfirmed = actual === outcome || actual === 'cancelled';
		if (!state || !actual || !isConfirmed) return { kind: 'contradicted' };
		return {
			kind: 'confirmed',
			event: {
				...event,
				outcome: actual,
				email: await readEmail(textOf(record.customer_id), read),
				effectiveAt: actual === 'restored' ? null : timeOf(state.end),
				raw: { ...event.raw, record },
				changedAt: state.changedAt,
				...dedupeKeyOf(target, actual),
			},
		};
	},
};

/** What the record shows; undefined: nothing that is known. */
function outcomeInRecord({ status, phase }: RecordState): ProviderEvent['outcome'] | undefined {
	if (status === 'canceled') return 'cancelled';
	if (!runningStatuses.includes(status)) return undefined;
	return phase === 'ended' ? 'scheduled' : 'restored';
}

const recordIn = (response: ApiResponse, id: string): IDataObject | undefined =>
	dataIn(response).id === id ? dataIn(response) : undefined;

/** Null where the key may not read customers: the event counts all the same. */
async function readEmail(customer: string | null, read: ApiCaller): Promise<string | null> {
	if (customer === null) return null;
	try {
		const found = await read({ path: `/customers/${segment(customer)}` }, (response) => ({
			email: textOf(dataIn(response).email),
		}));
		return found.email;
	} catch (error) {
		if ((error as { httpCode?: string }).httpCode === '403') return null;
		return await Promise.reject(error as Error);
	}
}
