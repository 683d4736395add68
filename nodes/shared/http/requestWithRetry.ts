import { abortableSleep, neverAborted, now } from '../contract/clock';
import type { ApiRequest } from '../contract/http';
import type { RateLimits } from '../contract/provider';
import type { Account, NodeContext } from './account';
import { refreshPeerCount } from './peerProcesses';
import type { Release } from './pendingRequest';
import { acquire, maxWaitMs, pauseAccount } from './rateLimiter';
import { parseRetryAfter } from './rateLimitHeaders';
import { availableRequest, isUnavailable, rememberAvailable } from './alternativeRequest';
import { isResponse, notSent, type CallResult } from './response';
import { sendOnce } from './sendRequest';

/** How the requests of one item are made. */
export interface RequestContext {
	host: NodeContext;
	account: Account;
	limits: Required<RateLimits>;
	/** Milliseconds per attempt. */
	timeout: number;
	/** Attempts per request at most. */
	maxAttempts: number;
	/** Aborted when the execution is stopped: ends every wait, that for a response included. */
	signal: AbortSignal;
	/**
	 * Aborted as soon as nothing more may be sent: ends the waits before an attempt, while a request in
	 * flight is still waited for. `signal` where absent.
	 */
	sendSignal?: AbortSignal;
}

/** How the editor's requests are made: a user waits in front of an open panel. */
export const editorContext = (host: NodeContext, account: Account): RequestContext => ({
	host,
	account,
	limits: { concurrency: 5, ...account.rateLimits },
	timeout: 15_000,
	maxAttempts: 2,
	signal: neverAborted,
});

export interface RequestResult {
	answer: CallResult;
	/** Attempts that were made. */
	attempts: number;
	/** The provider asks for a longer wait than an item makes: when to come back, UTC ISO 8601. */
	retryAt?: string;
}

export interface RetryOptions {
	/**
	 * The request changes nothing (RFC 9110, 9.2.1): it is also repeated after a 5xx and without an answer.
	 * A write is not: `write/submitWrite` decides that by the record.
	 */
	safe: boolean;
	/** Attempts at most; those of the context where absent. */
	maxAttempts?: number;
	/** Called right before an attempt leaves. */
	onAttempt?: () => void;
	/** Called when an attempt is known not to have been accepted, before any wait. */
	onNotAccepted?: (result: CallResult) => void;
}

/** Whether to retry: after a 429 and where nothing was sent always; otherwise only if the request is safe. */
export function isRetryable(result: CallResult, safe: boolean): boolean {
	if (isResponse(result)) return result.status === 429 || (safe && result.status >= 500);
	return !result.permanent && (result.delivered === 'no' || safe);
}

/** Milliseconds that a response's Retry-After asks to wait; undefined where it asks for none. */
const requestedDelay = (result: CallResult, at: number): number | undefined =>
	isResponse(result) ? parseRetryAfter(result.headers['retry-after'], at) : undefined;

/**
 * Milliseconds before the next attempt: what Retry-After says, else half a second doubled per attempt
 * with up to a quarter of jitter, 30 s at most.
 * @param at ms since 1970
 */
export function retryDelay(
	attempt: number,
	result: CallResult,
	at: number,
	random = Math.random(),
): number {
	const backoff = Math.min(30_000, 500 * 2 ** (attempt - 1)) * (1 + random / 4);
	return requestedDelay(result, at) ?? backoff;
}

const isRateLimited = (result: CallResult) => isResponse(result) && result.status === 429;
const isNotAccepted = (result: CallResult) =>
	isResponse(result) ? result.status === 429 : result.delivered === 'no';

/**
 * Sends a request, and repeats it where that is safe. The only way out to a provider. Where the account does
 * not have the request, its alternative is sent in its place; both count as attempts.
 * @throws the signal's reason, if it is aborted before an attempt or during a safe one; the account's slot
 * is free then
 */
export async function requestWithRetry(
	context: RequestContext,
	request: ApiRequest,
	options: RetryOptions,
): Promise<RequestResult> {
	const { account } = context;
	const preferred = availableRequest(account, request);
	const first = await sendWithRetry(context, preferred, options);
	const other =
		isUnavailable(account, first.answer) && account.alternatives?.alternativeTo(preferred);
	if (!other) return first;
	options.onNotAccepted?.(first.answer);
	const second = await sendWithRetry(context, other, options);
	if (!isUnavailable(account, second.answer))
		rememberAvailable(account, { has: other, lacks: preferred });
	return { ...second, attempts: first.attempts + second.attempts };
}

async function sendWithRetry(
	context: RequestContext,
	request: ApiRequest,
	options: RetryOptions,
): Promise<RequestResult> {
	const { account, limits, sendSignal = context.signal } = context;
	const { safe, maxAttempts = context.maxAttempts } = options;
	for (let attempts = 0; ;) {
		refreshPeerCount(context.host, account);
		const admission = await acquire(account.rateLimitKey, limits, sendSignal);
		if (admission.kind === 'limited') {
			const { retryAt } = admission;
			const reason = `the account is limited until ${retryAt}`;
			return { answer: notSent(reason, { retryAt }), attempts, retryAt };
		}
		const answer = await attempt(context, request, options, admission.release);
		attempts++;
		// A read that the stop has ended is no result; what became of a write has to be settled.
		if (safe && !isResponse(answer)) context.signal.throwIfAborted();
		if (!isRetryable(answer, safe)) return { answer, attempts };
		const at = now();
		const wait = retryDelay(attempts, answer, at);
		// After a 429 the account's pause is the wait.
		if (isRateLimited(answer)) {
			pauseAccount(account.rateLimitKey, pauseAfter(answer, wait, at), limits);
		}
		if (wait > maxWaitMs) {
			return { answer, attempts, retryAt: new Date(at + wait).toISOString() };
		}
		if (isFinal(account, answer, maxAttempts - attempts)) return { answer, attempts };
		if (!isRateLimited(answer)) await abortableSleep(wait, sendSignal);
	}
}

const isFinal = (account: Account, answer: CallResult, attemptsLeft: number): boolean =>
	attemptsLeft <= 0 || isRetryForbidden(account, answer);

/** The provider's response forbids to send the request again. */
export const isRetryForbidden = (
	{ forbidsRetry }: Pick<Account, 'forbidsRetry'>,
	answer: CallResult,
): boolean => isResponse(answer) && forbidsRetry?.(answer) === true;

const pauseAfter = (
	answer: CallResult,
	ms: number,
	at: number,
): Parameters<typeof pauseAccount>[1] => ({
	ms,
	source: requestedDelay(answer, at) === undefined ? 'guess' : 'provider',
});

/** Sends once, and releases the slot whatever happens. */
async function attempt(
	context: RequestContext,
	request: ApiRequest,
	{ onAttempt, onNotAccepted }: RetryOptions,
	release: Release,
): Promise<CallResult> {
	let result: CallResult | undefined;
	try {
		onAttempt?.();
		result = await sendOnce(context, request);
		if (isNotAccepted(result)) onNotAccepted?.(result);
		return result;
	} finally {
		release(result && isResponse(result) ? result : undefined);
	}
}
