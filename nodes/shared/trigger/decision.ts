import type { IWebhookFunctions } from 'n8n-workflow';

import type { ProviderEvent, Verification, WebhookParser } from '../contract/event';
import type { Provider } from '../contract/provider';
import { admit } from './admission';
import type { SeenEvents } from './deduplication';
import { isPermanent, type TriggerClient } from './triggerClient';
import type { TriggerSettings } from './triggerOptions';

/** What becomes of a delivery. */
export type Decision =
	| { kind: 'start'; event: ProviderEvent; verified: boolean }
	| { kind: 'ignore'; reason: string }
	/** It cannot be decided yet. */
	| { kind: 'retryLater'; reason: string }
	/** Waiting does not help. */
	| { kind: 'failed'; reason: string };

/** One authenticated delivery of an event that is not taken yet. */
export interface Delivery {
	context: IWebhookFunctions;
	provider: Provider;
	parser: WebhookParser;
	settings: TriggerSettings & { outcomes: string[] };
	/** In the delivery's own words. */
	announced: ProviderEvent;
	seen: SeenEvents;
	client: TriggerClient;
}

/** Milliseconds for which a record may lag behind its event. */
const maxLagMs = 120_000;

export async function decide(delivery: Delivery): Promise<Decision> {
	const { announced, settings } = delivery;
	const excluded = exclusionOf(announced, delivery) ?? nothingUndone(delivery);
	if (excluded) return excluded;
	if (!settings.readFirst) return select(announced, false, delivery);
	const verification = await verify(delivery);
	switch (verification.kind) {
		case 'confirmed':
			return isOfOther(verification, delivery)
				? handOn(delivery, true)
				: select(verification.event, verification.isGuess !== true, delivery);
		case 'contradicted':
			if (!mayLag(delivery)) return contradicted(delivery);
			return { kind: 'retryLater', reason: 'The record does not confirm the event yet.' };
		case 'unidentified':
			return handOn(delivery, verification.mayAppear);
		default:
			return verification;
	}
}

/** An end that was told already may be another subscription's. */
const isOfOther = (
	{ event, isGuess }: Extract<Verification, { kind: 'confirmed' }>,
	{ seen }: Delivery,
): boolean => isGuess === true && seen.statusOf(event.dedupeKey) === 'seen';

/** An event that leads to no record is handed on by its own words rather than lost. */
function handOn(delivery: Delivery, mayAppear: boolean): Decision {
	return mayAppear && mayLag(delivery)
		? { kind: 'retryLater', reason: 'The record of the event was not found yet.' }
		: select(delivery.announced, false, delivery);
}

/** An update that changes no end, such as a renewal: it costs no request. */
function nothingUndone({ announced, parser, seen }: Delivery): Decision | undefined {
	const mayUndo = announced.outcome === 'restored' && parser.comparesUpdates;
	return mayUndo && !seen.pendingEnds.isUndoneBy(announced)
		? { kind: 'ignore', reason: 'No scheduled end of this subscription is known.' }
		: undefined;
}

/** Counted from the first delivery, because clocks differ and a first delivery may come late. */
function mayLag({ announced, seen }: Delivery): boolean {
	const { eventId, event, target, occurredAt } = announced;
	return seen.ageOf(eventId ?? [event, target, occurredAt].join(' ')) < maxLagMs;
}

function contradicted({ context, provider, announced }: Delivery): Decision {
	const { event, target } = announced;
	context.logger.warn(
		`${provider.displayName} reported ${event} for ${target}, but its record says otherwise, so no execution was started.`,
	);
	return { kind: 'ignore', reason: 'The record does not confirm the event.' };
}

type VerifyResult = Verification | Extract<Decision, { kind: 'retryLater' | 'failed' }>;

async function verify(delivery: Delivery): Promise<VerifyResult> {
	const { context, provider, parser, announced, client } = delivery;
	const { account, signal, read } = client;
	try {
		const admitted = await admit(
			{
				accountKey: account.rateLimitKey,
				limits: account.rateLimits,
				requestsPerEvent: parser.requestsPerEvent,
				signal,
			},
			async () => await parser.verify(announced, read),
		);
		if (admitted.kind === 'done') return admitted.result;
		return { kind: 'retryLater', reason: 'Too many events wait to be verified.' };
	} catch (error) {
		const { message } = error as Error;
		if (isPermanent(error)) return { kind: 'failed', reason: message };
		context.logger.warn(`${provider.displayName} will deliver an event again: ${message}`);
		return { kind: 'retryLater', reason: 'The record could not be read.' };
	}
}

/** Why the event starts nothing, whatever its record says. */
function exclusionOf(event: ProviderEvent, { settings, seen }: Delivery): Decision | undefined {
	if (event.test && !settings.includeTest) {
		return { kind: 'ignore', reason: 'The event is about a test customer.' };
	}
	if (event.origin !== 'api' || !settings.ignoreOwn) {
		if (event.replacesEnd && event.subject !== undefined) seen.forgetOwnEnd(event.subject);
		return undefined;
	}
	if (event.subject !== undefined) {
		seen.rememberOwnEnd(event.subject, event.changedAt ?? event.occurredAt);
	}
	return ownCancellation;
}

const ownCancellation: Decision = {
	kind: 'ignore',
	reason: 'The cancellation was made through the API.',
};

/** Milliseconds by which an event and its record may differ about the time of a cancellation. */
const sameEndMs = 600_000;

/** An earlier event said that a request to the API caused this end. */
function isOwnEnd({ origin, subject, changedAt }: ProviderEvent, seen: SeenEvents): boolean {
	const own = subject === undefined ? undefined : seen.ownEndOf(subject);
	if (own === undefined) return false;
	// Without both times only the event's own word tells whether the customer left again since.
	if (own.at === null || !changedAt) return origin !== 'other';
	return Math.abs(Date.parse(own.at) - Date.parse(changedAt)) <= sameEndMs;
}

/** What the user asked for, and what did not start an execution before. */
function select(event: ProviderEvent, verified: boolean, delivery: Delivery): Decision {
	const { seen, settings } = delivery;
	const excluded = exclusionOf(event, delivery);
	if (excluded) return excluded;
	if (settings.ignoreOwn && isOwnEnd(event, seen)) return ownCancellation;
	const pendingEnd = delivery.parser.comparesUpdates && seen.pendingEnds.remember(event);
	const dedupeKey = pendingEnd ?? event.dedupeKey;
	if (!settings.outcomes.includes(event.outcome)) {
		return { kind: 'ignore', reason: `The event "${event.outcome}" is not selected.` };
	}
	switch (seen.statusOf(dedupeKey)) {
		case 'seen':
			return { kind: 'ignore', reason: 'Another event reported the same end.' };
		case 'inProgress':
			return { kind: 'retryLater', reason: 'Another event about the same end is being processed.' };
		default:
			return { kind: 'start', event: { ...event, dedupeKey }, verified };
	}
}
