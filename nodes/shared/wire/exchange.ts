import type { Call } from '../contract/call';
import type { Limits } from '../contract/provider';
import type { Account, Host } from './account';
import { longestWait, pause, pauseAccount, turn, type Cancelled } from './pace';
import { parseRetryAfter } from './retryAfter';
import { sendOnce } from './send';
import { noticeSharers } from './sharers';
import { isReply, type Answer } from './silence';

/** How one item's calls are made. */
export interface Manner {
	host: Host;
	account: Account;
	limits: Required<Limits>;
	/** Milliseconds per try. */
	timeout: number;
	/** Tries per call at most. */
	maxAttempts: number;
	cancelled: Cancelled;
}

/** How the editor's calls are made: somebody looks at an open panel and waits. */
export const inEditor = (host: Host, account: Account): Manner => ({
	host,
	account,
	limits: { concurrency: 5, ...account.limits },
	timeout: 15_000,
	maxAttempts: 2,
	cancelled: new Promise<never>(() => {}),
});

export interface Exchange {
	answer: Answer;
	/** Tries that left. */
	attempts: number;
	/** The provider asked for a longer wait than an item waits: when to come back, UTC ISO 8601. */
	comeBackAt?: string;
}

export interface Terms {
	/** The call changes nothing: it may be repeated after a 5xx and after silence, too. */
	harmless: boolean;
	/** Tries at most; the manner's own number where absent. */
	tries?: number;
	/** Called right before a try leaves. */
	leaving?: () => void;
	/** Called when a try is known not to have been accepted, before any wait. */
	notAccepted?: () => void;
}

/**
 * May the call go out again? A 429 and a call that never left are no writes; anything else only
 * where repeating is harmless.
 */
export function mayRepeat(answer: Answer, harmless: boolean): boolean {
	if (isReply(answer)) return answer.status === 429 || (harmless && answer.status >= 500);
	return !answer.final && (answer.sent === 'no' || harmless);
}

/**
 * Milliseconds before the next try: what Retry-After says, else half a second doubled per try with
 * up to a quarter of jitter, 30 s at most.
 */
export function waitBefore(
	attempt: number,
	answer: Answer,
	now: number,
	random = Math.random(),
): number {
	const asked = isReply(answer) ? parseRetryAfter(answer.headers['retry-after'], now) : undefined;
	return asked ?? Math.min(30_000, 500 * 2 ** (attempt - 1)) * (1 + random / 4);
}

const isLimited = (answer: Answer) => isReply(answer) && answer.status === 429;
const neverLeft = (answer: Answer) => !isReply(answer) && answer.sent === 'no';

/**
 * Sends, and sends again where that is safe. The only way out to a provider.
 * @throws what `cancelled` rejects with
 */
export async function exchange(manner: Manner, call: Call, terms: Terms): Promise<Exchange> {
	const { account, cancelled, limits } = manner;
	const { harmless, tries = manner.maxAttempts } = terms;
	for (let attempts = 0; ; ) {
		noticeSharers(manner.host, account);
		const mine = await turn(account.key, limits, cancelled);
		if (typeof mine !== 'function') {
			const { comeBackAt } = mine;
			const reason = `the account is limited until ${comeBackAt}`;
			return { answer: { sent: 'no', reason, comeBackAt }, attempts, comeBackAt };
		}
		attempts++;
		terms.leaving?.();
		const answer = await sendOnce(manner, call);
		const limited = isLimited(answer);
		if (limited || neverLeft(answer)) terms.notAccepted?.();
		if (isReply(answer)) mine(answer.status, answer.headers);
		else mine();
		if (!mayRepeat(answer, harmless)) return { answer, attempts };
		const wait = waitBefore(attempts, answer, Date.now());
		if (limited) pauseAccount(account.key, wait, limits);
		if (wait > longestWait) {
			return { answer, attempts, comeBackAt: new Date(Date.now() + wait).toISOString() };
		}
		if (attempts >= tries) return { answer, attempts };
		// After a 429 the account's own pause is the wait.
		if (!limited) await pause(wait, cancelled);
	}
}
