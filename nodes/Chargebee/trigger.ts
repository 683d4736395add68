import type { IDataObject } from 'n8n-workflow';

import type { ProviderEvent, WebhookParser } from '../shared/contract/event';
import {
	asObject,
	segment,
	textOf,
	type ApiRequest,
	type ApiResponse,
} from '../shared/contract/http';
import { isFuture, secondsToIso } from '../shared/contract/record';
import { runningStatuses, toEntry, type Entry } from './records';
import { isUnknownRecord, listIn } from './responses';

/** Event types by what they report. Backdated ends and starts have types of their own. */
const typesOf = {
	scheduled: ['subscription_cancellation_scheduled'],
	cancelled: ['subscription_cancelled', 'subscription_canceled_with_backdating'],
	restored: [
		'subscription_scheduled_cancellation_removed',
		'subscription_reactivated',
		'subscription_reactivated_with_backdating',
	],
} as const;
/** What schedules an end, and what undoes that. */
const scheduling = [
	'subscription_cancellation_scheduled',
	'subscription_scheduled_cancellation_removed',
];
type Outcome = ProviderEvent['outcome'];
const outcomes = Object.keys(typesOf) as Outcome[];
const outcomeOf = (type: string): Outcome | undefined =>
	outcomes.find((outcome) => (typesOf[outcome] as readonly string[]).includes(type));

/**
 * Marks an endpoint as created by the trigger; at most 50 characters, also with the longer name of the
 * package for Chargebee alone. Assumption: several endpoints may have one name.
 */
const name = 'Trigger of n8n-nodes-cancellations';
const user = 'n8n';
const path = '/webhook_endpoints';

/** Webhook endpoints. Source: https://apidocs.chargebee.com/docs/api/webhook_endpoints */
export const webhooks = {
	/** With an end, what was scheduled before comes as well: only that tells who is behind the end. */
	async eventTypes(chosen: string[]): Promise<string[]> {
		const wanted = outcomes.filter((outcome) => chosen.includes(outcome));
		const all = wanted.flatMap((outcome): readonly string[] => typesOf[outcome]);
		return [...new Set(chosen.includes('cancelled') ? [...all, ...scheduling] : all)];
	},

	create: ({
		url,
		eventTypes,
		secret,
	}: {
		url: string;
		eventTypes: string[];
		secret: string;
	}): ApiRequest => ({
		method: 'POST',
		path,
		form: {
			...{ name, url },
			api_version: 'v2',
			// Chargebee signs nothing: this is how its deliveries are told from others.
			basic_auth_username: user,
			basic_auth_password: secret,
			...Object.fromEntries(eventTypes.map((type, at) => [`enabled_events[${at}]`, type])),
		},
	}),
	get: (id: string): ApiRequest => ({ path: `${path}/${segment(id)}` }),
	remove: (id: string): ApiRequest => ({ method: 'POST', path: `${path}/${segment(id)}/delete` }),
	// A site has five at most.
	list: (): ApiRequest => ({ path, query: { limit: 100 } }),
	toRows: (response: ApiResponse) => listIn(response),
	/** @param row an entry of the list, or the response about a single one; both hold the endpoint */
	toWebhook(row: IDataObject) {
		const endpoint = asObject(row.webhook_endpoint);
		const id = textOf(endpoint.id);
		if (id === null) return undefined;
		const { enabled_events: types } = endpoint;
		return {
			id,
			url: String(endpoint.url),
			isOurs: endpoint.name === name,
			isActive: endpoint.disabled !== true && endpoint.api_version === 'v2',
			eventTypes: Array.isArray(types) ? types.map(String) : [],
			// Chargebee shows no password.
			secret: undefined,
		};
	},
};

/** The password of Basic authentication; empty where the header has another form or another user. */
export function passwordIn(authorization: string): string {
	const [, encoded = ''] = /^basic +([\w+/=-]+)$/i.exec(authorization) ?? [];
	const [given, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	return given === user ? password.join(':') : '';
}

/**
 * What caused it. `api` may be a request of this package's node or of another program; a job carries
 * out what was scheduled before, and ends subscriptions that are not paid.
 */
function originOf({ source }: IDataObject, record: IDataObject): ProviderEvent['origin'] {
	if (source === 'api') return 'api';
	const isByItself = ['scheduled_job', 'system', 'none'].includes(String(source ?? 'none'));
	return isByItself && textOf(record.cancel_reason) === null ? 'unknown' : 'other';
}

/** What a subscription says of its end, for an outcome. */
function endingIn(record: IDataObject, outcome: Outcome) {
	const { id, status, cancelled_at, cancel_schedule_created_at: scheduledAt } = record;
	const endsAt = cancelled_at ?? (status === 'non_renewing' ? record.current_term_end : null);
	// A date in the past is of an end that was taken back since.
	const isEnding = outcome !== 'restored';
	return {
		outcome,
		effectiveAt: isEnding ? secondsToIso(endsAt) : null,
		reason: textOf(record.cancel_reason_code) ?? textOf(record.cancel_reason),
		// The same for all events that report one end.
		...(isEnding && {
			dedupeKey: [id, outcome, endsAt, outcome === 'scheduled' && scheduledAt].join(' '),
		}),
	};
}

/** What a delivery reports. Source: https://apidocs.chargebee.com/docs/api/events */
export const parser: WebhookParser = {
	requestsPerEvent: 1,

	parse(body) {
		const { event_type, id: eventId, occurred_at } = body;
		const { subscription: record, email } = toEntry(body.content);
		const outcome = outcomeOf(String(event_type));
		const target = textOf(record.id);
		if (outcome === undefined || target === null) return undefined;
		const origin = originOf(body, record);
		const isEnding = outcome !== 'restored';
		return {
			...{ target, subject: target, event: String(event_type), email, origin },
			...endingIn(record, outcome),
			occurredAt: secondsToIso(occurred_at),
			source: textOf(body.source),
			eventId: textOf(eventId),
			raw: { delivery: body },
			// A job does not say when the end that it carries out was scheduled, so that the end's own time tells.
			changedAt: isEnding && origin !== 'other' ? secondsToIso(record.cancelled_at) : null,
			...(origin === 'other' && outcome !== 'cancelled' && { replacesEnd: true as const }),
		};
	},

	async verify(event, read) {
		const { target, outcome } = event;
		const entry = await read({ path: `/subscriptions/${segment(target)}` }, (response) =>
			isUnknownRecord(response) ? ('missing' as const) : entryIn(response, target),
		);
		if (entry === 'missing' || entry.subscription.deleted === true) {
			return { kind: 'unidentified', mayAppear: false };
		}
		const { subscription: record, email } = entry;
		const actual = outcomeIn(record);
		// A scheduled end may have come since.
		const isConfirmed = actual === outcome || (outcome === 'scheduled' && actual === 'cancelled');
		if (!actual || !isConfirmed) return { kind: 'contradicted' };
		return {
			kind: 'confirmed',
			event: { ...event, ...endingIn(record, actual), email, raw: { ...event.raw, record } },
		};
	},
};

const entryIn = (response: ApiResponse, id: string): Entry | undefined => {
	const entry = toEntry(response.body);
	return response.status === 200 && entry.subscription.id === id ? entry : undefined;
};

/** What the record shows; undefined: nothing that is known. A transferred one goes on at another site. */
function outcomeIn(record: IDataObject): Outcome | undefined {
	const status = String(record.status);
	if (status === 'cancelled') return 'cancelled';
	if (!runningStatuses.includes(status)) return undefined;
	const isEnding = status === 'non_renewing' || isFuture(secondsToIso(record.cancelled_at));
	return isEnding ? 'scheduled' : 'restored';
}
