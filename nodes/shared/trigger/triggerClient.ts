import {
	NodeApiError,
	type IHookFunctions,
	type IPollFunctions,
	type IWebhookFunctions,
	type JsonObject,
} from 'n8n-workflow';

import { abortable, abortableSleep, neverAborted } from '../contract/clock';
import type { ApiCaller } from '../contract/event';
import { errorText, type ApiRequest } from '../contract/http';
import type { Provider } from '../contract/provider';
import { Refusal } from '../contract/refusal';
import { loadAccount, refreshSecrets, type Account, type NodeContext } from '../http/account';
import { redact } from '../http/redact';
import {
	requestWithRetry,
	type RequestContext,
	type RequestResult,
} from '../http/requestWithRetry';
import { isResponse, statusOf } from '../http/response';

export type TriggerContext = IHookFunctions | IPollFunctions | IWebhookFunctions;

/** How a trigger calls a provider's account. */
export interface TriggerClient {
	account: Account;
	/** Aborted when the time budget is spent. */
	signal: AbortSignal;
	/** For requests that read. */
	read: ApiCaller;
	/** For requests that write: never sent twice where the first may have been accepted. */
	write: ApiCaller;
}

/** Time for requests, in ms: per attempt, and for everything. */
export interface TimeBudget {
	timeout: number;
	maxAttempts: number;
	total?: number;
}

/** For registrations and polls: no answer is waited for. */
export const backgroundBudget: TimeBudget = { timeout: 30_000, maxAttempts: 3 };
/** For deliveries: FunnelFox waits 10 seconds for the answer. */
export const webhookBudget: TimeBudget = { timeout: 3_500, maxAttempts: 2, total: 8_000 };

/** @throws NodeApiError or what n8n throws if the credential cannot be used */
export async function createTriggerClient(
	context: TriggerContext,
	provider: Provider,
	credential: string,
	{ timeout, maxAttempts, total }: TimeBudget,
): Promise<TriggerClient> {
	const host = context as unknown as NodeContext;
	const account = await openAccount(context, provider, credential);
	const signal = total === undefined ? neverAborted : abortAfter(total);
	const limits = { concurrency: 5, ...account.rateLimits };
	const request: RequestContext = { host, account, limits, timeout, maxAttempts, signal };
	const caller = (safe: boolean): ApiCaller => {
		return async (call, parse) => {
			const result = await abortable(requestWithRetry(request, call, { safe }), signal);
			await refreshSecrets(host, account);
			const { answer } = result;
			const isUsable = isResponse(answer) && (answer.status < 300 || answer.status === 404);
			const parsed = isUsable ? parse(answer) : undefined;
			return (
				parsed ?? fail(context, failureOf(provider, call, withoutSecrets(result, account.secrets)))
			);
		};
	};
	return { account, signal, read: caller(true), write: caller(false) };
}

async function openAccount(
	context: TriggerContext,
	provider: Provider,
	credential: string,
): Promise<Account> {
	try {
		return await loadAccount(context as unknown as NodeContext, provider, credential);
	} catch (error) {
		if (!(error instanceof Refusal)) return await Promise.reject(error);
		return fail(context, { problem: error.message, advice: '' });
	}
}

/** Aborted after `ms` milliseconds. */
function abortAfter(ms: number): AbortSignal {
	const controller = new AbortController();
	const reason = new Error(`There was no answer within ${ms / 1000} seconds`);
	void abortableSleep(ms, neverAborted).then(() => controller.abort(reason));
	return controller.signal;
}

/** What happened, then how to fix it: on activation n8n shows nothing else. */
export interface Failure {
	problem: string;
	advice: string;
	/** The response's. */
	status?: number;
}

/** Before the provider's words are shortened: a secret that is cut off would not be found any more. */
function withoutSecrets(result: RequestResult, secrets: string[]): RequestResult {
	const { answer } = result;
	return isResponse(answer)
		? { ...result, answer: { ...answer, body: redact(answer.body, secrets) } }
		: redact(result, secrets);
}

function failureOf(
	{ displayName }: Provider,
	{ method = 'GET', path }: ApiRequest,
	{ answer, retryAt }: RequestResult,
): Failure {
	const status = statusOf(answer);
	const reason = isResponse(answer) ? errorText(answer) : answer.reason;
	return {
		problem: `${displayName} did not answer ${method} ${path} as expected (${reason}).`,
		advice: adviceFor(displayName, status, retryAt),
		status,
	};
}

function adviceFor(displayName: string, status?: number, retryAt?: string): string {
	if (status === 401 || status === 403) {
		return `Check the credential, and that your ${displayName} plan includes the API.`;
	}
	if (status === 429) {
		return `${displayName} allows no more requests for now: try again ${retryAt ? `after ${retryAt}` : 'later'}.`;
	}
	if (status === undefined || status >= 500) {
		return 'Try again later. If it happens again, check the base URL of the credential.';
	}
	if (status === 404 || status < 300) return 'Check the base URL of the credential.';
	return 'Check the settings of this node.';
}

/** @throws NodeApiError */
export function fail(context: TriggerContext, { problem, advice, status }: Failure): never {
	const message = [problem, advice].filter(Boolean).join(' ');
	throw new NodeApiError(context.getNode(), { message } as JsonObject, {
		message,
		...(status !== undefined && { httpCode: String(status) }),
	});
}

/** Waiting does not help: the key, its rights or the address are wrong. */
export const isPermanent = (error: unknown): boolean =>
	error instanceof Refusal ||
	(error instanceof NodeApiError && ['401', '403', '404'].includes(error.httpCode ?? ''));
