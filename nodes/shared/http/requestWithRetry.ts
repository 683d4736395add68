import { abortableSleep, neverAborted, now } from '../contract/clock';
import type { ApiRequest } from '../contract/http';
import type { RateLimits } from '../contract/provider';
import type { Account, NodeContext } from './account';
import { maxWaitMs, pauseAccount, acquire } from './rateLimiter';
import { parseRetryAfter } from './rateLimitHeaders';
import { sendOnce } from './sendRequest';
import { refreshPeerCount } from './peerProcesses';
import { isResponse, type CallResult } from './response';

/** How one item's calls are made. */
export interface RequestContext {
	host: NodeContext;
	account: Account;
	limits: Required<RateLimits>;
	/** Milliseconds per try. */
	timeout: number;
	/** Tries per call at most. */
	maxAttempts: number;
	/** Aborted when the execution is stopped: ends every wait. */
	signal: AbortSignal;
}

/** How the editor's calls are made: somebody looks at an open panel and waits. */
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
	/** Tries that left. */
	attempts: number;
	/** The provider asked for a longer wait than an item waits: when to come back, UTC ISO 8601. */
	retryAt?: string;
}

export interface RetryOptions {
	/** The call changes nothing: it may be repeated after a 5xx and after silence, too. */
	safe: boolean;
	/** Tries at most; the manner's own number where absent. */
	maxAttempts?: number;
	/** Called right before a try leaves. */
	onAttempt?: () => void;
	/** Called when a try is known not to have been accepted, before any wait. */
	onNotAccepted?: () => void;
}

/**
 * May the call go out again? A 429 and a call that never left are no writes; anything else only
 * where repeating is harmless.
 */
export function isRetryable(answer: CallResult, harmless: boolean): boolean {
	if (isResponse(answer)) return answer.status === 429 || (harmless && answer.status >= 500);
	return !answer.permanent && (answer.delivered === 'no' || harmless);
}

/**
 * Milliseconds before the next try: what Retry-After says, else half a second doubled per try with
 * up to a quarter of jitter, 30 s at most.
 */
export function retryDelay(
	attempt: number,
	answer: CallResult,
	at: number,
	random = Math.random(),
): number {
	const asked = isResponse(answer) ? parseRetryAfter(answer.headers['retry-after'], at) : undefined;
	return asked ?? Math.min(30_000, 500 * 2 ** (attempt - 1)) * (1 + random / 4);
}

const isLimited = (answer: CallResult) => isResponse(answer) && answer.status === 429;
const neverLeft = (answer: CallResult) => !isResponse(answer) && answer.delivered === 'no';

/**
 * Sends, and sends again where that is safe. The only way out to a provider.
 * @throws the signal's reason
 */
export async function requestWithRetry(
	manner: RequestContext,
	call: ApiRequest,
	terms: RetryOptions,
): Promise<RequestResult> {
	const { account, signal, limits } = manner;
	const { safe, maxAttempts = manner.maxAttempts } = terms;
	for (let attempts = 0; ; ) {
		refreshPeerCount(manner.host, account);
		const mine = await acquire(account.key, limits, signal);
		if (typeof mine !== 'function') {
			const { retryAt } = mine;
			const reason = `the account is limited until ${retryAt}`;
			return { answer: { delivered: 'no', reason, retryAt }, attempts, retryAt };
		}
		attempts++;
		terms.onAttempt?.();
		const answer = await sendOnce(manner, call);
		const limited = isLimited(answer);
		if (limited || neverLeft(answer)) terms.onNotAccepted?.();
		if (isResponse(answer)) mine(answer.status, answer.headers);
		else mine();
		if (!isRetryable(answer, safe)) return { answer, attempts };
		const wait = retryDelay(attempts, answer, now());
		if (limited) pauseAccount(account.key, wait, limits);
		if (wait > maxWaitMs) {
			return { answer, attempts, retryAt: new Date(now() + wait).toISOString() };
		}
		if (attempts >= maxAttempts) return { answer, attempts };
		// After a 429 the account's own pause is the wait.
		if (!limited) await abortableSleep(wait, signal);
	}
}
