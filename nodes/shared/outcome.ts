import type { IDataObject, INodeExecutionData, JsonObject, INode } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import type { Provider, Reply, Verdict } from './provider';

const successes = [
	'cancelled',
	'scheduled',
	'alreadyCancelled',
	'nothingToCancel',
	'readyToConfirm',
	'presentation',
	'offer',
	'customerActionRequired',
	'pendingProvider',
	'restored',
	'preview',
] as const;

const failures = [
	'invalid',
	'refused',
	'skipped',
	'notFound',
	'notCancellable',
	'unauthorized',
	'rateLimited',
	'unknown',
	'failed',
] as const;

export type Outcome = (typeof successes)[number] | (typeof failures)[number];

/** The call was carried out as asked. */
export const isSuccess = (outcome: Outcome) => (successes as readonly Outcome[]).includes(outcome);

/** Nothing runs for the target any more, or its end is fixed. */
export const isEnded = (outcome: Outcome) =>
	['cancelled', 'scheduled', 'alreadyCancelled', 'nothingToCancel'].includes(outcome);

/** What became of one item; `execute` turns it into one of the two shapes in which an item leaves. */
export interface Result {
	outcome: Outcome;
	operation: string;
	target: string;
	attempts: number;
	httpStatus?: number;
	/** On a failed item: what happened to this target, then how to get on. */
	message?: string;
	description?: string;
	effectiveAt?: string | null;
	requestedAt?: string | null;
	reason?: string | null;
	dryRun?: boolean;
	/** The state was read after an answer that left doubt. */
	verified?: boolean;
	/** Carried out, but the target itself goes on: not `ended`. */
	goesOn?: boolean;
	duplicateOf?: number;
	response?: unknown;
	/** Of a dry run: current, wouldBe, request, planToken, nextStep. */
	preview?: IDataObject;
}

/** Ends an item before anything is sent. */
export class Refusal extends Error {
	constructor(
		readonly outcome: 'invalid' | 'refused' | 'failed' | 'unauthorized',
		message: string,
		readonly description?: string,
	) {
		super(message);
	}
}

/**
 * What a reply means where the provider does not say otherwise (RFC 9110's classes).
 * A 2xx with a body that is no record (HTML, empty) is nothing to rely on.
 */
export function defaultVerdict(reply: Reply, done: Outcome): Verdict {
	const { status } = reply;
	const description = words(reply);
	if (status >= 200 && status < 300) {
		return typeof reply.body === 'object' && reply.body !== null
			? { outcome: done, effectiveAt: null }
			: { outcome: 'unknown', description: 'The answer was no JSON record.', ask: true };
	}
	if (status === 401 || status === 403) return { outcome: 'unauthorized', description };
	if (status === 404) return { outcome: 'notFound', description, ask: true };
	if (status === 409 || status === 422)
		return { outcome: 'notCancellable', description, ask: true };
	if (status === 429) return { outcome: 'rateLimited', description };
	if (status >= 500) return { outcome: 'unknown', description, ask: true };
	if (status >= 300 && status < 400) {
		const to = reply.headers.location ?? 'another address';
		return { outcome: 'failed', description: `It answered with a redirect to ${to}.` };
	}
	return { outcome: 'failed', description, ask: status === 400 };
}

/** A provider's own words in a refusal, in any of the shapes that the five use; at most 300 characters. */
export function words({ body, status }: Reply): string {
	const text = wordsIn(body);
	const plain = /^\s*</.test(text) ? 'a web page instead of an API answer' : text.trim();
	return `HTTP ${status}${plain === '' ? '' : `: ${plain.slice(0, 300)}`}`;
}

function wordsIn(body: unknown): string {
	if (typeof body === 'string') return body;
	if (typeof body !== 'object' || body === null) return '';
	if (Array.isArray(body)) return body.map(wordsIn).filter(Boolean).join('; ');
	const { errors, details, detail, title, message, error, status } = body as IDataObject;
	if (details !== undefined) return typeof details === 'object' ? flat(details) : String(details);
	if (Array.isArray(errors) && errors.length > 0) {
		return [detail, ...errors.map((one) => wordsIn(one) || flat(one))].filter(Boolean).join('; ');
	}
	const named = detail ?? message ?? error ?? title;
	if (typeof named === 'string') return named;
	if (typeof status === 'object' && status !== null) {
		const { messageCode, message: said } = status as IDataObject;
		return [messageCode, said].filter(Boolean).join(': ');
	}
	return '';
}

const flat = (value: unknown): string =>
	typeof value !== 'object' || value === null
		? String(value)
		: Object.entries(value)
				.map(([key, inner]) => `${key}: ${[inner].flat().map(flat).join(', ')}`)
				.join('; ');

/** What happened to this target, then how to get on. */
export function messageFor(
	about: { provider: Provider; operation: { name: string }; target: string },
	outcome: Outcome,
	attempts = 0,
	comeBackAt?: string,
): string {
	const { target, provider } = about;
	const { displayName, resource } = provider;
	const act = about.operation.name.toLowerCase();
	switch (outcome) {
		case 'notFound':
			return `${displayName} does not know the ${resource.value} "${target}". Check the identifier, and that the credential belongs to the right account.`;
		case 'notCancellable':
			return `${displayName} refused "${act}" for "${target}" in its present state. Look it up in ${displayName}.`;
		case 'unauthorized':
			return `${displayName} did not accept the credential. Check the key, its permissions and that your plan includes the API.`;
		case 'rateLimited':
			return `${displayName} still limits requests after ${attempts} tries; "${target}" was not changed. ${comeBackAt ? `Come back at ${comeBackAt}.` : 'Run it again later, or lower Requests per Minute.'}`;
		case 'unknown':
			return `It is not known whether ${displayName} carried out "${act}" for "${target}". Look it up in ${displayName} before you run it again.`;
		default:
			return `${displayName} did not carry out "${act}" for "${target}". See the description, then run it again.`;
	}
}

/** The item that n8n passes on: one of the two shapes that its error output can tell apart on all hosts. */
export function toItem(provider: string, result: Result, item: number): INodeExecutionData {
	const { outcome, operation, target, attempts, httpStatus, message, description } = result;
	if (!isSuccess(outcome)) {
		const text = `${message} [item ${item}]`;
		const error: IDataObject = {
			message: text,
			outcome,
			provider,
			operation,
			target,
			httpStatus: httpStatus ?? null,
			attempts,
			description: description ?? null,
		};
		if (result.duplicateOf !== undefined) error.duplicateOf = result.duplicateOf;
		return { json: { error, message: text }, pairedItem: { item } };
	}
	const json: IDataObject = {
		ok: true,
		ended: isEnded(outcome) && !result.goesOn,
		outcome,
		provider,
		operation,
		target,
		effectiveAt: result.effectiveAt ?? null,
		requestedAt: result.requestedAt ?? null,
		reason: result.reason ?? null,
		dryRun: result.dryRun ?? false,
		attempts,
		httpStatus: httpStatus ?? null,
		...result.preview,
	};
	if (result.verified) json.verified = true;
	if (description) json.note = description;
	if (result.duplicateOf !== undefined) json.duplicateOf = result.duplicateOf;
	if (result.response !== undefined) json.response = result.response as IDataObject;
	return { json, pairedItem: { item } };
}

const inWords: Record<Outcome, string> = {
	cancelled: 'cancelled',
	scheduled: 'scheduled',
	alreadyCancelled: 'already cancelled',
	nothingToCancel: 'nothing to cancel',
	readyToConfirm: 'ready to confirm',
	presentation: 'to be shown a step',
	offer: 'made an offer',
	customerActionRequired: 'left to the customer',
	pendingProvider: 'waiting for a third party',
	restored: 'restored',
	preview: 'previewed',
	invalid: 'invalid',
	refused: 'refused',
	skipped: 'skipped',
	notFound: 'not found',
	notCancellable: 'not cancellable',
	unauthorized: 'not authorized',
	rateLimited: 'rate limited',
	unknown: 'unknown',
	failed: 'failed',
};

/** "38 scheduled, 2 already cancelled, 1 not found", in the order of product's table. */
export function summary(results: Result[]): string {
	const counts = new Map<Outcome, number>();
	for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
	return [...successes, ...failures]
		.filter((outcome) => counts.has(outcome))
		.map((outcome) => `${counts.get(outcome)} ${inWords[outcome]}`)
		.join(', ');
}

/** What became of the others, for the message of stop mode. */
export function tally(results: Result[]): string {
	const accepted = results.filter(({ outcome, dryRun }) => isSuccess(outcome) && !dryRun).length;
	const unsent = results.filter(({ outcome, attempts }) => !isSuccess(outcome) && attempts === 0);
	return `Of ${results.length} items, ${accepted} were accepted and ${unsent.length} not sent. Accepted items are not sent again when this execution is retried.`;
}

/** The one exception of stop mode. Built from a plain object: n8n hands a wrapped one back unchanged. */
export function stopped(node: INode, result: Result, item: number, tally: string): NodeApiError {
	const message = `${result.message} [item ${item}]`;
	const description = [tally, result.description].filter(Boolean).join(' ');
	return new NodeApiError(node, { message, description } as JsonObject, {
		message,
		description,
		itemIndex: item,
		httpCode: result.httpStatus === undefined ? undefined : String(result.httpStatus),
	});
}
