import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { fieldsOf } from '../contract/call';
import type { Ask, Deliveries, Told } from '../contract/event';
import type { Provider } from '../contract/provider';
import { hurried, openLine } from './ask';
import { toItem } from './item';
import { memoryOf } from './memory';
import { fits } from './secret';

/** Who delivers. */
export interface Hook {
	provider: Provider;
	credential: string;
	deliveries: Deliveries;
}

/** What a delivery must show before anything in it is looked at. */
export interface Door {
	/** Without one nobody is let in. */
	secret: unknown;
	/** The headers in which it may come, in lower case. */
	headers: string[];
}

/** What a node is set to. */
export interface Wishes {
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
export async function receive(
	this: IWebhookFunctions,
	{ provider, credential, deliveries }: Hook,
	{ secret, headers }: Door,
	wishes: () => Wishes,
): Promise<IWebhookResponseData> {
	const given = this.getHeaderData() as Record<string, unknown>;
	if (!headers.some((name) => fits(secret, given[name]))) {
		return reject(this, 401, 'The secret is missing or wrong.');
	}
	const wished = wishes();
	const told = deliveries.tell(fieldsOf(this.getBodyData()));
	if (told === undefined) return ignore('It tells of no cancellation.');
	const memory = memoryOf(this);
	if (memory.knows(told.eventId)) return ignore(before);
	const { ask, account } = await openLine(this, provider, credential, hurried);
	let believed: Told | undefined = told;
	if (wished.readFirst && unwanted(told, wished) === undefined) {
		const read = await tryToRead(deliveries, told, ask);
		if ('failed' in read) {
			this.logger.warn(`${provider.displayName} will deliver again: ${read.failed}`);
			return reject(this, 503, 'The record could not be read. Deliver it again later.');
		}
		believed = read.told;
	}
	if (believed === undefined) {
		// The provider may call before its record shows it.
		return isYoung(told)
			? reject(this, 503, 'The record does not bear it out yet. Deliver it again later.')
			: ignore('The record does not bear it out.');
	}
	const why = unwanted(believed, wished) ?? unasked(believed, wished);
	if (why !== undefined) return ignore(why);
	// The same may have come in while the record was read.
	if (memory.knows(believed.eventId)) return ignore(before);
	if (memory.knows(believed.same)) return ignore('Another event told of the same.');
	memory.take(believed.eventId, believed.same);
	const item = toItem(provider.name, believed, [...account.secrets, String(secret)]);
	return { workflowData: [[item]] };
}

const before = 'It came before.';

/** Milliseconds after which the record of an event is taken at its word. */
const young = 120_000;
const isYoung = ({ occurredAt }: Told) =>
	occurredAt !== null && Math.abs(Date.now() - Date.parse(occurredAt)) < young;

async function tryToRead(
	deliveries: Deliveries,
	told: Told,
	ask: Ask,
): Promise<{ told: Told | undefined } | { failed: string }> {
	try {
		return { told: await deliveries.confirm(told, ask) };
	} catch (error) {
		return { failed: (error as Error).message };
	}
}

function unwanted({ test, own }: Told, { includeTest, ignoreOwn }: Wishes): string | undefined {
	if (test && !includeTest) return 'It is about a test customer.';
	if (own && ignoreOwn) return 'It began with a call of the API.';
	return undefined;
}

const unasked = ({ outcome }: Told, { outcomes }: Wishes) =>
	outcomes.includes(outcome) ? undefined : `The node does not ask for "${outcome}".`;

/** 200 and no execution; the provider's log of deliveries shows why. */
const ignore = (ignored: string): IWebhookResponseData => ({ webhookResponse: { ignored } });

/** What is thrown here would be a failed execution that anybody can make. */
function reject(host: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	host.getResponseObject().status(status).send({ message }).end();
	return { noWebhookResponse: true };
}
