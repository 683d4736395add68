import {
	NodeApiError,
	type IHookFunctions,
	type IPollFunctions,
	type IWebhookFunctions,
	type JsonObject,
} from 'n8n-workflow';

import { abortable, abortableSleep, neverAborted } from '../contract/clock';
import { errorText, type ApiRequest } from '../contract/http';
import type { ApiCaller } from '../contract/event';
import type { Provider } from '../contract/provider';
import { refreshSecrets, loadAccount, type Account, type NodeContext } from '../http/account';
import {
	requestWithRetry,
	type RequestResult,
	type RequestContext,
} from '../http/requestWithRetry';
import { isResponse } from '../http/response';

export type TriggerContext = IHookFunctions | IPollFunctions | IWebhookFunctions;

/** A line to a provider's account. */
export interface TriggerClient {
	account: Account;
	/** Changes nothing. */
	read: ApiCaller;
	/** For a call that changes something: never sent twice where it may have been accepted. */
	write: ApiCaller;
}

/** How long an answer is waited for, milliseconds: per try, and for all of one call. */
export interface TimeBudget {
	timeout: number;
	tries: number;
	altogether?: number;
}

/** Nobody waits: a registration, a poll. */
export const backgroundBudget: TimeBudget = { timeout: 30_000, tries: 3 };
/** A provider waits for the answer, FunnelFox for ten seconds at most. */
export const webhookBudget: TimeBudget = { timeout: 3_500, tries: 2, altogether: 8_000 };

/** @throws NodeApiError where the credential cannot be used */
export async function createTriggerClient(
	listener: TriggerContext,
	provider: Provider,
	type: string,
	{ timeout, tries, altogether }: TimeBudget,
): Promise<TriggerClient> {
	const host = listener as unknown as NodeContext;
	const account = await loadAccount(host, provider, type);
	const signal = altogether === undefined ? neverAborted : deadline(altogether);
	const manner: RequestContext = {
		host,
		account,
		limits: { concurrency: 5, ...account.rateLimits },
		timeout,
		maxAttempts: tries,
		signal,
	};
	const line = (harmless: boolean): ApiCaller => {
		return async (call, read) => {
			const said = await abortable(requestWithRetry(manner, call, { safe: harmless }), signal);
			await refreshSecrets(host, account);
			const { answer } = said;
			const sound = isResponse(answer) && (answer.status < 300 || answer.status === 404);
			const found = sound ? read(answer) : undefined;
			return found ?? fail(listener, ...failureOf(provider, call, said));
		};
	};
	return { account, read: line(true), write: line(false) };
}

/** Aborted after `ms` milliseconds. */
function deadline(ms: number): AbortSignal {
	const late = new AbortController();
	const reason = new Error(`There was no answer within ${ms / 1000} seconds`);
	void abortableSleep(ms, neverAborted).then(() => late.abort(reason));
	return late.signal;
}

function failureOf(
	{ displayName }: Provider,
	call: ApiRequest,
	{ answer, retryAt }: RequestResult,
): [what: string, advice: string, status?: number] {
	const status = isResponse(answer) ? answer.status : undefined;
	const said = isResponse(answer) ? errorText(answer) : answer.reason;
	const what = `${displayName} did not answer ${call.method ?? 'GET'} ${call.path} as it should (${said}).`;
	return [what, adviceFor(displayName, status, retryAt), status];
}

function adviceFor(displayName: string, status?: number, comeBackAt?: string): string {
	if (status === 401 || status === 403) {
		return `Check the credential, and that your ${displayName} plan includes the API.`;
	}
	if (status === 429) {
		return `It allows no more requests for now: try again ${comeBackAt ? `after ${comeBackAt}` : 'later'}.`;
	}
	if (status === undefined || status >= 500) {
		return 'Try again later; if it stays like that, check the base URL of the credential.';
	}
	if (status === 404 || status < 300) return 'Check the base URL of the credential.';
	return 'Check the settings of this node.';
}

/**
 * Ends a registration or a poll.
 * @throws NodeApiError whose message says what happened, then what to do: on activation n8n shows nothing else
 */
export function fail(
	listener: TriggerContext,
	what: string,
	advice: string,
	status?: number,
): never {
	const message = `${what} ${advice}`;
	throw new NodeApiError(listener.getNode(), { message } as JsonObject, {
		message,
		...(status !== undefined && { httpCode: String(status) }),
	});
}
