import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	JsonObject,
} from 'n8n-workflow';

import { Refusal } from './outcome';
import { type Cancelled, longestWait, pause, pauseAccount, turn } from './wire/pace';
import type { Call, Limits, Provider, Reply } from './provider';
import { parseRetryAfter } from './wire/retryAfter';
import { secretsOf } from './secrets';

/** The parts of n8n that the only HTTP call needs; execution and pickers both have them. */
export type Host = Pick<
	IExecuteFunctions | ILoadOptionsFunctions,
	'helpers' | 'getNode' | 'getCredentials'
>;

/** A credential as the engine uses it. */
export interface Account {
	type: string;
	/** Credential id and base URL: what shares a pace, and what a plan token is bound to. */
	key: string;
	baseUrl: string;
	headers: Record<string, string>;
	/** OAuth2 types are refreshed by n8n, which needs to see the 401 as an exception. */
	oAuth2: boolean;
	secrets: string[];
	limits: Limits;
}

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

/** No answer: `sent` tells whether the provider may have got the call. */
export interface Silence {
	sent: 'no' | 'maybe';
	reason: string;
	/** Trying again cannot help: no credential, an untrusted certificate. */
	final?: boolean;
}
export type Answer = Reply | Silence;
export const isReply = (answer: Answer): answer is Reply => 'status' in answer;

export interface Exchange {
	answer: Answer;
	attempts: number;
	/** The provider asked for a longer wait than `longestWait`: when to come back, UTC ISO 8601. */
	comeBackAt?: string;
}

/**
 * Opens the account that signs a call.
 * @throws Refusal where there is no credential, or its base URL would send the key in the clear
 */
export async function openAccount(host: Host, provider: Provider, type: string): Promise<Account> {
	const credential = await host.getCredentials<IDataObject>(type);
	const baseUrl = provider.baseUrl(credential, type).replace(/\/+$/, '');
	const doubt = doubtAbout(baseUrl);
	if (doubt)
		throw new Refusal(
			'invalid',
			`The base URL of the ${provider.displayName} credential ${doubt} Nothing was sent.`,
		);
	const id = host.getNode().credentials?.[type]?.id ?? type;
	return {
		type,
		key: `${id} ${baseUrl}`,
		baseUrl,
		headers: provider.headers?.(credential, type) ?? {},
		oAuth2: /OAuth2Api$/.test(type),
		secrets: secretsOf(credential),
		limits: typeof provider.limits === 'function' ? provider.limits(type) : provider.limits,
	};
}

/** https anywhere; http only where it does not leave the machine or the container's network. */
function doubtAbout(baseUrl: string): string | undefined {
	let url: URL;
	try {
		url = new URL(baseUrl);
	} catch {
		return `is "${baseUrl}", which is not a URL. Correct it in the credential.`;
	}
	const { protocol, hostname, username, search, hash } = url;
	if (username || search || hash)
		return 'must not hold a user name, "?" or "#". Correct it in the credential.';
	if (protocol === 'https:') return undefined;
	const near = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|host\.docker\.internal|[a-z0-9_-]+)$/i.test(
		hostname,
	);
	return protocol === 'http:' && near
		? undefined
		: 'must start with https://. Correct it in the credential.';
}

/** The full address of a call, query included; everything in the query is encoded here. */
export function urlOf(account: Pick<Account, 'baseUrl'>, { path, query = {} }: Call): string {
	const pairs = Object.entries(query)
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
	return `${account.baseUrl}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
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
 * Milliseconds before the next try: what Retry-After says (seconds, or a date), else half a second doubled
 * per try with up to a quarter of jitter, 30 s at most.
 */
export function waitBefore(
	attempt: number,
	answer: Answer,
	now: number,
	random = Math.random(),
): number {
	const asked = isReply(answer) ? answer.headers['retry-after'] : undefined;
	const wait = parseRetryAfter(asked, now);
	if (wait !== undefined) return wait;
	return Math.min(30_000, 500 * 2 ** (attempt - 1)) * (1 + random / 4);
}

export interface Terms {
	/** The call changes nothing, or is dropped when repeated: 5xx and silence may be repeated, too. */
	harmless: boolean;
	/** Tries at most; the manner's own number where absent. */
	tries?: number;
	/** Called right before a try leaves. */
	leaving?: () => void;
	/** Called when a try is known not to have been accepted, before any wait. */
	notAccepted?: () => void;
}

/**
 * Sends, and sends again where that is safe. The only way out to a provider.
 * @throws what `cancelled` rejects with
 */
export async function exchange(manner: Manner, call: Call, terms: Terms): Promise<Exchange> {
	const { account, cancelled } = manner;
	const { harmless, tries = manner.maxAttempts } = terms;
	for (let attempts = 1; ; attempts++) {
		const giveBack = await turn(account.key, manner.limits, cancelled);
		if (typeof giveBack !== 'function') {
			return { answer: closed, attempts: attempts - 1, comeBackAt: giveBack.comeBackAt };
		}
		terms.leaving?.();
		const answer = await send(manner, call);
		const limited = isReply(answer) && answer.status === 429;
		if (limited || (!isReply(answer) && answer.sent === 'no')) terms.notAccepted?.();
		if (isReply(answer)) giveBack(answer.status, answer.headers);
		else giveBack();
		if (!mayRepeat(answer, harmless)) return { answer, attempts };
		const wait = waitBefore(attempts, answer, Date.now());
		if (limited) pauseAccount(account.key, wait, manner.limits);
		if (wait > longestWait) {
			return { answer, attempts, comeBackAt: new Date(Date.now() + wait).toISOString() };
		}
		if (attempts >= tries) return { answer, attempts };
		// After a 429 the account's own pause is the wait.
		if (!limited) await pause(wait, cancelled);
	}
}

/** What stands for the answer of an account that is closed: nothing was sent. */
const closed: Reply = { status: 429, headers: {}, body: undefined };

/** One HTTP call, once. Never throws: silence is an answer. */
async function send({ host, account, timeout }: Manner, call: Call): Promise<Answer> {
	const options: IHttpRequestOptions = {
		method: call.method ?? 'GET',
		url: urlOf(account, call),
		headers: { ...account.headers, ...call.headers },
		timeout,
		json: true,
		returnFullResponse: true,
		// The status decides, not an exception; and without it n8n sends again after a 401.
		ignoreHttpStatusErrors: !account.oAuth2,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
	};
	if (call.body) {
		// As text, because n8n drops an empty object.
		options.body = JSON.stringify(call.body);
		options.headers = { 'Content-Type': 'application/json', ...options.headers };
	}
	try {
		const { helpers } = host as IExecuteFunctions;
		const full = (await helpers.httpRequestWithAuthentication.call(
			host as IExecuteFunctions,
			account.type,
			options,
		)) as { statusCode: number; headers: IDataObject; body: unknown };
		return toReply(full.statusCode, full.headers, full.body);
	} catch (thrown) {
		return understood(thrown as JsonObject);
	}
}

function toReply(status: number, headers: IDataObject, body: unknown): Reply {
	const lower = Object.entries(headers ?? {}).map(([name, value]) => [
		name.toLowerCase(),
		String(value),
	]);
	return { status, headers: Object.fromEntries(lower), body: parsed(body) };
}

/** JSON whatever the content type says (Azotte names its own); other text as it is. */
function parsed(body: unknown): unknown {
	if (typeof body !== 'string' || !/^\s*[[{"]/.test(body)) return body;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return body;
	}
}

const neverLeft = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;
const untrusted = /CERT|SIGNATURE|ERR_TLS|EPROTO|ERR_SSL/;

const failedWith = /^Request failed with status code (\d{3})$/;
/** The codes of n8n's OAuth2 client for a token endpoint that refuses, and its words where n8n drops the code. */
const noToken = /^(EAUTH|ESTATUS)$/;
const notSignedIn =
	/^HTTP status 4\d\d$|credentials not connected|needs to be reconnected|no refresh token/;

/** n8n wraps what the HTTP client throws; the code and the answer sit in its `cause`, or on it. */
function understood(thrown: JsonObject): Answer {
	const cause = (thrown.cause ?? thrown) as JsonObject;
	const response = cause.response as JsonObject | undefined;
	if (typeof response?.status === 'number') {
		return toReply(response.status, response.headers as IDataObject, response.data);
	}
	const text = String(thrown.message ?? '');
	const texts = [text, ...((thrown.messages ?? []) as unknown[]).map(String)];
	// n8n 1.x drops the cause: the status is left in the HTTP client's words, the body in the context.
	const status = texts.map((one) => failedWith.exec(one)?.[1]).find(Boolean);
	if (status) {
		const { data } = (thrown.context ?? {}) as JsonObject;
		return toReply(Number(status), {}, data ?? thrown.description);
	}
	const code = String(cause.code ?? thrown.httpCode ?? thrown.code ?? '');
	const deeper = String((cause.cause as JsonObject | undefined)?.code ?? '');
	// OAuth2: there is no token, and the call itself was turned away or never left.
	if (noToken.test(code) || noToken.test(deeper) || texts.some((one) => notSignedIn.test(one))) {
		return toReply(401, {}, text);
	}
	if (neverLeft.test(code) || cause.syscall === 'connect' || cause.syscall === 'getaddrinfo') {
		return { sent: 'no', reason: `no connection (${code})` };
	}
	if (untrusted.test(code))
		return { sent: 'no', final: true, reason: `no trusted connection (${code})` };
	if (code === '' && cause.isAxiosError !== true) return { sent: 'no', final: true, reason: text };
	const late = /TIMEDOUT|ECONNABORTED/.test(code);
	return { sent: 'maybe', reason: late ? 'no answer in time' : `the connection broke (${code})` };
}
