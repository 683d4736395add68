import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { normalizeSecret } from '../contract/credential';
import { asObject } from '../contract/http';
import type { ApiCaller, WebhookParser, ProviderEvent } from '../contract/event';
import type { Provider } from '../contract/provider';
import { webhookBudget, createTriggerClient } from './triggerClient';
import { toTriggerItem } from './triggerItem';
import { openSeenEvents } from './deduplication';
import { secretMatches } from './webhookRegistration';

/** Who delivers. */
export interface WebhookConfig {
	provider: Provider;
	credential: string;
	deliveries: WebhookParser;
}

/** What a delivery must show before anything in it is looked at. */
export interface WebhookAuth {
	/** Without one nobody is let in. */
	secret: unknown;
	/** The headers in which it may come, in lower case. */
	headers: string[];
}

/** What a node is set to. */
export interface TriggerOptions {
	outcomes: string[];
	/** The record is read, and is believed rather than the delivery. */
	readFirst: boolean;
	/** Without what began with a call of the API. */
	ignoreOwn: boolean;
	includeTest: boolean;
}

/**
 * Takes one delivery in. Without the right secret: 401. What was not asked for or came before: 200
 * and no execution. A record that cannot be read, or that may not show it yet: 503, so that the
 * provider delivers again.
 * @param wishes read only once the secret is right
 */
export async function handleWebhook(
	this: IWebhookFunctions,
	{ provider, credential, deliveries }: WebhookConfig,
	{ secret, headers }: WebhookAuth,
	wishes: () => TriggerOptions,
): Promise<IWebhookResponseData> {
	const given = this.getHeaderData() as Record<string, unknown>;
	const expected = normalizeSecret(secret);
	if (!headers.some((name) => secretMatches(expected, given[name]))) {
		return reject(this, 401, 'The secret is missing or wrong.');
	}
	const wished = wishes();
	const told = deliveries.parse(asObject(this.getBodyData()));
	if (told === undefined) return ignore('It tells of no cancellation.');
	const memory = openSeenEvents(this);
	if (memory.has(told.eventId)) return ignore(duplicateEvent);
	const { read: ask, account } = await createTriggerClient(
		this,
		provider,
		credential,
		webhookBudget,
	);
	let believed: ProviderEvent | undefined = told;
	if (wished.readFirst && filterReason(told, wished) === undefined) {
		const read = await tryToRead(deliveries, told, ask);
		if ('failed' in read) {
			this.logger.warn(`${provider.displayName} will deliver again: ${read.failed}`);
			return reject(this, 503, 'The record could not be read. Deliver it again later.');
		}
		believed = read.told;
	}
	if (believed === undefined) {
		// The provider may call before its record shows it.
		return isRecent(told)
			? reject(this, 503, 'The record does not bear it out yet. Deliver it again later.')
			: ignore('The record does not bear it out.');
	}
	const why = filterReason(believed, wished) ?? unselectedReason(believed, wished);
	if (why !== undefined) return ignore(why);
	// The same may have come in while the record was read.
	if (memory.has(believed.eventId)) return ignore(duplicateEvent);
	if (memory.has(believed.dedupeKey)) return ignore('Another event told of the same.');
	memory.add(believed.eventId, believed.dedupeKey);
	const item = toTriggerItem(provider.name, believed, [...account.secrets, expected]);
	return { workflowData: [[item]] };
}

const duplicateEvent = 'It came before.';

/** Milliseconds after which the record of an event is taken at its word. */
const young = 120_000;
const isRecent = ({ occurredAt }: ProviderEvent) =>
	occurredAt !== null && Math.abs(Date.now() - Date.parse(occurredAt)) < young;

async function tryToRead(
	deliveries: WebhookParser,
	told: ProviderEvent,
	ask: ApiCaller,
): Promise<{ told: ProviderEvent | undefined } | { failed: string }> {
	try {
		return { told: await deliveries.verify(told, ask) };
	} catch (error) {
		return { failed: (error as Error).message };
	}
}

function filterReason(
	{ test, causedByApi }: ProviderEvent,
	{ includeTest, ignoreOwn }: TriggerOptions,
): string | undefined {
	if (test && !includeTest) return 'It is about a test customer.';
	if (causedByApi && ignoreOwn) return 'It began with a call of the API.';
	return undefined;
}

const unselectedReason = ({ outcome }: ProviderEvent, { outcomes }: TriggerOptions) =>
	outcomes.includes(outcome) ? undefined : `The node does not ask for "${outcome}".`;

/** 200 and no execution; the provider's log of deliveries shows why. */
const ignore = (ignored: string): IWebhookResponseData => ({ webhookResponse: { ignored } });

/** What is thrown here would be a failed execution that anybody can make. */
function reject(host: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	host.getResponseObject().status(status).send({ message }).end();
	return { noWebhookResponse: true };
}
