import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { neverAborted } from '../../nodes/shared/contract/clock';
import { asObject, ownErrorText, type ApiResponse } from '../../nodes/shared/contract/http';
import type { Provider, WriteOperation } from '../../nodes/shared/contract/provider';
import type { ParsedRecord, RecordState } from '../../nodes/shared/contract/record';
import type { Verdict } from '../../nodes/shared/contract/verdict';
import { endVerdict } from '../../nodes/shared/contract/verdict';
import type { Options } from '../../nodes/shared/fields/options';
import type { Account, NodeContext } from '../../nodes/shared/http/account';
import type { RequestContext } from '../../nodes/shared/http/requestWithRetry';
import {
	toApiResponse,
	type NoResponse,
	type ReceivedResponse,
} from '../../nodes/shared/http/response';
import { buildWriteItem } from '../../nodes/shared/input/buildItem';
import { parseOptions } from '../../nodes/shared/input/parameters';
import type { WriteItem } from '../../nodes/shared/model/item';
import { Ledger } from '../../nodes/shared/run/ledger';
import type { WriteContext } from '../../nodes/shared/write/writeContext';
import type { VirtualClock } from './virtualClock';

/** A small provider, its API and items of it, for tests of single modules of the engine. */

export const future = '2099-12-31T00:00:00.000Z';
export const past = '2020-01-01T00:00:00.000Z';

/** A record that has something left to end. */
export const activeState = (more: Partial<RecordState> = {}): RecordState => ({
	status: 'active',
	phase: 'active',
	end: { kind: 'at', at: future },
	email: 'ada@example.com',
	version: '1',
	...more,
});

export const endedState = (more: Partial<RecordState> = {}): RecordState =>
	activeState({ status: 'cancelled', phase: 'ended', ...more });

/** A response as the HTTP client gives it. */
export const response = (
	status: number,
	body: unknown = {},
	headers: IDataObject = {},
): ReceivedResponse => toApiResponse(status, headers, body);

/** A request without a response; delivered or not. */
export const noResponse = (delivered: 'no' | 'maybe', more: Partial<NoResponse> = {}): NoResponse =>
	({
		kind: 'noResponse',
		delivered,
		reason: delivered === 'no' ? 'no connection' : 'no answer in time',
		...more,
	}) as NoResponse;

/** `{status, id, ...}` is a record; `{message}` is an error. */
function parseRecord(answer: ApiResponse, id: string): ParsedRecord {
	const { message, ...record } = asObject(answer.body);
	if (answer.status === 404 && message === `No subscription ${id}`) return { kind: 'missing' };
	if (record.id !== id) return { kind: 'notTheRecord' };
	return { kind: 'found', state: { ...activeState(), ...(record.state as RecordState) } };
}

/** A cancellation counts where the response holds the record. */
function interpretCancel({ status, body }: ApiResponse): Verdict | undefined {
	const { outcome, state, description } = asObject(body) as Partial<Verdict> & {
		state?: RecordState;
	};
	if (outcome) return { outcome, description };
	return status === 200 && state ? endVerdict(state.end) : undefined;
}

export const cancelOperation = (more: Partial<WriteOperation> = {}): WriteOperation => ({
	name: 'Cancel',
	action: 'Cancel a subscription',
	description: 'Ends a subscription',
	fields: {},
	effect: 'cancel',
	retrySafety: 'verifyFirst',
	target: ({ id }) => String(id),
	request: ({ id }, key) => ({
		method: 'POST',
		path: `/subscriptions/${String(id)}/cancel`,
		headers: { 'Idempotency-Key': key },
	}),
	interpret: interpretCancel,
	recordQuery: ({ id }) => ({
		kind: 'request',
		request: { path: `/subscriptions/${String(id)}` },
		parse: (answer) => parseRecord(answer, String(id)),
	}),
	agentDescription: 'It cancels.',
	...more,
});

export const provider: Provider = {
	name: 'sample',
	displayName: 'Sample',
	overview: { ends: 'a sample', timing: 'at once', undo: 'no', money: 'none' },
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['sampleApi'],
	baseUrl: () => 'https://api.example.com',
	credentialChecks: [],
	rateLimits: { requestsPerMinute: 600_000, burst: 1000 },
	isOwnError: (answer) => ownErrorText(answer, 'message') !== undefined,
	operations: {},
	defaultOperation: 'cancel',
};

export const newAccount = (key: string): Account => ({
	type: 'sampleApi',
	key,
	rateLimitKey: key,
	baseUrl: 'https://api.example.com',
	headers: {},
	ownHeaders: [],
	oAuth2: false,
	secrets: ['a-secret'],
	rateLimits: provider.rateLimits,
});

let accounts = 0;
/** An account that shares no limits, locks or history with those of other tests. */
export const anyAccount = (): Account => newAccount(`account ${accounts++}`);

export const parseContext = { timeZone: 'Europe/Berlin', now: new Date('2026-11-21T10:00:00Z') };

export const optionsOf = (operation: WriteOperation, more: Partial<Options> = {}): Options => ({
	...parseOptions({}, operation, provider.rateLimits, { agent: false, around: parseContext }),
	...more,
});

export interface ItemSettings {
	operation?: Partial<WriteOperation>;
	options?: Partial<Options>;
	values?: Record<string, unknown>;
	account?: Account;
	ledger?: Ledger;
	operationName?: string;
	index?: number;
	nodeId?: string;
	provider?: Partial<Provider>;
	/** Fields of the item itself. */
	item?: Partial<WriteItem>;
}

/** A write item as the engine builds it: a live cancellation of `sub_ada`. */
export function writeItem(settings: ItemSettings = {}): WriteItem {
	const operation = cancelOperation(settings.operation);
	const { values = {}, operationName = 'cancel', index = 0, nodeId = 'node' } = settings;
	const item = buildWriteItem(
		{
			index,
			operationName,
			operation,
			provider: { ...provider, ...settings.provider },
			target: '',
			email: 'typed@example.com',
			reason: null,
			options: optionsOf(operation, settings.options),
			account: settings.account ?? anyAccount(),
			values: { id: 'sub_ada', ...values },
			dryRun: false,
		},
		{
			ledger: settings.ledger ?? new Ledger({}, 0, 'execution'),
			nodeId,
			agent: false,
			mayBeReplay: false,
		},
	);
	return { ...item, ...settings.item };
}

/** What the API does with one request. */
export interface ApiBehaviour {
	status: number;
	body?: unknown;
	headers?: IDataObject;
	/** Milliseconds until the response; longer than the timeout: there is none. */
	afterMs?: number;
	/** Milliseconds until the record shows the cancellation; absent: never. */
	endsAfterMs?: number;
}

/** A request as the API got it. */
export interface SentRequest {
	method: string;
	path: string;
	/** Monotonic ms since the API exists. */
	at: number;
	key?: string;
}

/** The API of the sample provider, with one subscription and without a network. */
export class SampleApi {
	readonly sent: SentRequest[] = [];
	state: RecordState = activeState();
	/** Overrides how a read is answered; undefined: with the record. */
	onRead: (earlier: number) => ApiBehaviour | undefined = () => undefined;
	/** How each write is answered; undefined: it is carried out at once. */
	onWrite: (earlier: number) => ApiBehaviour | undefined = () => undefined;
	private readonly start: number;

	constructor(private readonly clock: VirtualClock) {
		this.start = clock.monotonicNow();
	}

	get reads(): SentRequest[] {
		return this.sent.filter(({ method }) => method === 'GET');
	}

	get writes(): SentRequest[] {
		return this.sent.filter(({ method }) => method !== 'GET');
	}

	/** The engine's way out: n8n's HTTP helper. */
	get host(): NodeContext {
		const httpRequestWithAuthentication = async (_type: string, options: IHttpRequestOptions) =>
			await this.respond(options);
		return { helpers: { httpRequestWithAuthentication } } as unknown as NodeContext;
	}

	private async respond({ method = 'GET', url, headers, timeout = 0 }: IHttpRequestOptions) {
		const path = new URL(url).pathname;
		const isRead = method === 'GET';
		const earlier = (isRead ? this.reads : this.writes).length;
		const key = headers?.['Idempotency-Key'] as string | undefined;
		this.sent.push({ method, path, at: this.clock.monotonicNow() - this.start, key });
		const behaviour = isRead ? this.onRead(earlier) : (this.onWrite(earlier) ?? this.carriedOut());
		if (behaviour?.endsAfterMs !== undefined) void this.end(behaviour.endsAfterMs);
		const { afterMs = 1, status = 200, body, headers: given = {} } = behaviour ?? {};
		await this.clock.sleep(Math.min(afterMs, timeout));
		if (afterMs > timeout) {
			const cause = { isAxiosError: true, code: 'ECONNABORTED' };
			throw Object.assign(new Error('timeout'), { cause });
		}
		const record = { id: path.split('/')[2], state: this.state };
		return { statusCode: status, headers: given, body: body ?? record };
	}

	private carriedOut(): ApiBehaviour {
		this.state = endedState();
		return { status: 200 };
	}

	private async end(afterMs: number): Promise<void> {
		await this.clock.sleep(afterMs);
		this.state = endedState();
	}
}

/** The context of a write on this API. */
export function writeContext(
	api: SampleApi,
	settings: ItemSettings & Partial<Omit<WriteContext, 'item' | 'request'>> = {},
): WriteContext {
	const { handover, sendSignal } = settings;
	const ledger = settings.ledger ?? new Ledger({}, 0, 'execution');
	const item = writeItem({ ...settings, ledger });
	const signal = sendSignal ?? neverAborted;
	return { item, ledger, handover, sendSignal: signal, request: requestContext(api, item) };
}

export const requestContext = (
	api: SampleApi,
	{ account, options }: WriteItem,
): RequestContext => ({
	host: api.host,
	account,
	limits: { ...provider.rateLimits, concurrency: 50 },
	timeout: options.timeout,
	maxAttempts: options.maxAttempts,
	signal: neverAborted,
});
