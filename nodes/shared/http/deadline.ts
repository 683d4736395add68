import { abortable, abortableSleep, neverAborted, onAbort } from '../contract/clock';
import { maybeDelivered, noAnswerInTime, notSent, type CallResult } from './response';

/** How long one request may take. */
export interface RequestDeadline {
	/** Milliseconds from its start to the last byte of its answer, a renewed token included. */
	timeout: number;
	/** Aborted when the execution is stopped. */
	signal: AbortSignal;
}

/**
 * Sends within a deadline. n8n's HTTP client limits idle time only, and waits for an OAuth2 token
 * endpoint without a limit or a way to stop it.
 * @param send gets a signal that ends the connection; it must not throw
 */
export async function withDeadline(
	{ timeout, signal }: RequestDeadline,
	send: (signal: AbortSignal) => Promise<CallResult>,
): Promise<CallResult> {
	if (signal.aborted) return notSent('the execution was stopped');
	const ended = new AbortController();
	let givenUp: CallResult | undefined;
	const giveUp = (reason: string) => {
		givenUp ??= maybeDelivered(reason);
		ended.abort();
	};
	const ignoreStop = onAbort(signal, () => {
		giveUp('the execution was stopped before it answered');
	});
	let answered = false;
	void abortableSleep(timeout, neverAborted).then(() => {
		if (!answered) giveUp(noAnswerInTime);
	});
	try {
		return await abortable(send(ended.signal), ended.signal);
	} catch (error) {
		return givenUp ?? maybeDelivered((error as Error).message);
	} finally {
		answered = true;
		ignoreStop();
	}
}
