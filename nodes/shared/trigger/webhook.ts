import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { WebhookParser } from '../contract/event';
import { asObject } from '../contract/http';
import type { Provider } from '../contract/provider';
import { SeenEvents, type Reservation } from './deduplication';
import { createTriggerClient, fail, webhookBudget } from './triggerClient';
import { toTriggerItem } from './triggerItem';
import type { TriggerSettings } from './triggerOptions';
import { decide, type Decision } from './decision';
import type { DeliveredRequest, WebhookAuth } from './webhookAuth';

/** How a trigger receives deliveries. */
export interface WebhookConfig {
	provider: Provider;
	credential: string;
	parser: WebhookParser;
	authenticate: WebhookAuth;
	/** Read only once the delivery is authenticated. */
	settings: () => TriggerSettings & { outcomes: string[] };
}

/**
 * Receives one delivery. 401: it is not the provider's. 200 without an execution: a duplicate, or an
 * event that was not chosen. 503: the event cannot be decided yet, so that the provider delivers it
 * again. n8n answers 2xx to a delivery that starts an execution, and 5xx where it could not start one.
 * @throws NodeApiError where waiting does not help: n8n answers 500 and shows a failed execution
 */
export async function handleWebhook(
	this: IWebhookFunctions,
	config: WebhookConfig,
): Promise<IWebhookResponseData> {
	const request = requestOf(this);
	const auth = await config.authenticate(request);
	if (auth.kind === 'rejected') return reject(this, 401, 'The secret is missing or wrong.');
	const settings = config.settings();
	const announced = config.parser.parse(asObject(this.getBodyData()), request.headers);
	if (announced === undefined) return ignore('Not a cancellation event.');
	const seen = SeenEvents.of(this);
	const status = seen.statusOf(announced.eventId);
	if (status === 'seen') return ignore('Duplicate event.');
	if (status === 'inProgress') return reject(this, 503, 'The event is being processed already.');
	const reservation = reserve(this, seen);
	reservation.add(announced.eventId);
	const { provider } = config;
	const client = await createTriggerClient(this, provider, config.credential, webhookBudget);
	const decision = await decide({
		...{ context: this, provider, parser: config.parser, settings },
		...{ announced, seen, client },
	});
	if (decision.kind !== 'start') return answer(this, decision, reservation);
	// A lost connection is delivered again: an execution now would be a second one then.
	if (this.getResponseObject().destroyed) return { noWebhookResponse: true };
	const item = toTriggerItem(decision.event, decision.verified, {
		provider,
		timeZone: this.getTimezone(),
		includeRaw: settings.includeRaw,
		secrets: [...client.account.secrets, ...auth.secrets],
	});
	reservation.add(decision.event.eventId, decision.event.dedupeKey);
	reservation.keep();
	return { workflowData: [[item]] };
}

function requestOf(context: IWebhookFunctions): DeliveredRequest {
	const headers = Object.entries(context.getHeaderData()).flatMap(([name, value]) =>
		typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
	);
	return {
		headers: Object.fromEntries(headers) as Record<string, string>,
		async rawBody() {
			const request = context.getRequestObject();
			if (!request.rawBody) await request.readRawBody();
			return request.rawBody;
		},
	};
}

/** A reservation that the response settles: taken with a 2xx, released with anything else. */
function reserve(context: IWebhookFunctions, seen: SeenEvents): Reservation {
	const reservation = seen.reserve();
	const response = context.getResponseObject();
	response.once('finish', () => reservation.settle(response.statusCode < 300));
	response.once('close', () => reservation.settle(false));
	return reservation;
}

/** Nothing starts: the event stays new. */
function answer(
	context: IWebhookFunctions,
	decision: Exclude<Decision, { kind: 'start' }>,
	reservation: Reservation,
): IWebhookResponseData {
	reservation.settle(false);
	switch (decision.kind) {
		case 'ignore':
			return ignore(decision.reason);
		case 'retryLater':
			return reject(context, 503, `${decision.reason} Deliver it again later.`);
		case 'failed':
			return fail(context, { problem: decision.reason, advice: '' });
	}
}

/** 200 and no execution; the provider's log of deliveries shows why. */
const ignore = (ignored: string): IWebhookResponseData => ({
	webhookResponse: { ignored } satisfies IDataObject,
});

/** Without a throw, which would let anyone cause failed executions. */
export function reject(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	context.getResponseObject().status(status).send({ message }).end();
	return { noWebhookResponse: true };
}
