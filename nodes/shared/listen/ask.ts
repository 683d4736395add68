import {
	NodeApiError,
	sleep,
	type IHookFunctions,
	type IPollFunctions,
	type IWebhookFunctions,
	type JsonObject,
} from 'n8n-workflow';

import { words, type Call } from '../contract/call';
import type { Ask } from '../contract/event';
import type { Provider } from '../contract/provider';
import { learnSecrets, openAccount, type Account, type Host } from '../wire/account';
import { exchange, type Exchange, type Manner } from '../wire/exchange';
import { isReply } from '../wire/silence';

export type Listener = IHookFunctions | IPollFunctions | IWebhookFunctions;

/** A line to a provider's account. */
export interface Contact {
	account: Account;
	/** Changes nothing. */
	ask: Ask;
	/** For a call that changes something: never sent twice where it may have been accepted. */
	tell: Ask;
}

/** How long an answer is waited for, milliseconds: per try, and for all of one call. */
export interface Patience {
	timeout: number;
	tries: number;
	altogether?: number;
}

/** Nobody waits: a registration, a poll. */
export const patient: Patience = { timeout: 30_000, tries: 3 };
/** A provider waits for the answer, FunnelFox for ten seconds at most. */
export const hurried: Patience = { timeout: 3_500, tries: 2, altogether: 8_000 };

/** @throws NodeApiError where the credential cannot be used */
export async function openLine(
	listener: Listener,
	provider: Provider,
	type: string,
	{ timeout, tries, altogether }: Patience,
): Promise<Contact> {
	const host = listener as unknown as Host;
	const account = await openAccount(host, provider, type);
	const late = altogether === undefined ? new Promise<never>(() => {}) : after(altogether);
	const manner: Manner = {
		host,
		account,
		limits: { concurrency: 5, ...account.limits },
		timeout,
		maxAttempts: tries,
		cancelled: late,
	};
	const line = (harmless: boolean): Ask => {
		return async (call, read) => {
			const said = await Promise.race([exchange(manner, call, { harmless }), late]);
			await learnSecrets(host, account);
			const { answer } = said;
			const sound = isReply(answer) && (answer.status < 300 || answer.status === 404);
			const found = sound ? read(answer) : undefined;
			return found ?? refuse(listener, ...complaint(provider, call, said));
		};
	};
	return { account, ask: line(true), tell: line(false) };
}

function after(ms: number): Promise<never> {
	const late = sleep(ms).then(() => {
		throw new Error(`There was no answer within ${ms / 1000} seconds`);
	});
	// It also runs out where nobody waits any more.
	late.catch(() => {});
	return late;
}

function complaint(
	{ displayName }: Provider,
	call: Call,
	{ answer, comeBackAt }: Exchange,
): [what: string, advice: string, status?: number] {
	const status = isReply(answer) ? answer.status : undefined;
	const said = isReply(answer) ? words(answer) : answer.reason;
	const what = `${displayName} did not answer ${call.method ?? 'GET'} ${call.path} as it should (${said}).`;
	return [what, adviceFor(displayName, status, comeBackAt), status];
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
export function refuse(listener: Listener, what: string, advice: string, status?: number): never {
	const message = `${what} ${advice}`;
	throw new NodeApiError(listener.getNode(), { message } as JsonObject, {
		message,
		...(status !== undefined && { httpCode: String(status) }),
	});
}
