import type { IDataObject } from 'n8n-workflow';

import type { CredentialCheck } from './credential';
import type { Fields, FieldValues } from './field';
import type { ApiRequest, ApiResponse } from './http';
import type { NextPage } from './page';
import type { RecordNeeds, RecordQuery, RecordState, TargetSearch } from './record';
import type { ProviderPreview, Verdict } from './verdict';

/**
 * Whether a request may be sent again after a response that leaves doubt (5xx, none at all):
 * - `safe` (RFC 9110): the request changes nothing; the ledger does not hold it;
 * - `deduplicated`: the provider drops a second request with the same idempotency key;
 * - `verifyFirst`: only once the record shows that nothing has changed;
 * - `never`.
 *
 * `write/submitWrite` holds the whole rule.
 */
export type RetrySafety = 'safe' | 'deduplicated' | 'verifyFirst' | 'never';

interface OperationBase<F extends Fields> {
	name: string;
	/** Sentence case, shown in n8n's list of actions. */
	action: string;
	description: string;
	fields: F;
	notice?: string;
	/** @throws Refusal where the fields contradict one another */
	validate?(values: FieldValues<F>): void;
	/** What was addressed, as text. */
	target(values: FieldValues<F>): string;
	/** The customer's e-mail address, where the fields know it. */
	email?(values: FieldValues<F>): string | undefined;
	/** What else names the customer in messages, where the target does not. */
	customer?(values: FieldValues<F>): string | undefined;
	/** Which of the node's credential types signs the call; the provider's first where absent. */
	credential?(values: FieldValues<F>): string;
	/**
	 * By mode of the locator: how the target is found by a value that is no ID. The ID that is found
	 * then stands in the locator's field.
	 */
	searches?: Record<string, (value: string, values: FieldValues<F>) => TargetSearch>;
}

export interface WriteOperation<F extends Fields = Fields> extends OperationBase<F> {
	effect: 'cancel' | 'restore';
	/**
	 * For an operation that changes a record and no billing: what the record says afterwards, in the
	 * place of "ends" or "continues". Completes "would be …" and "was already …": "marked as churned".
	 */
	recordedAs?: string;
	retrySafety: RetrySafety | ((values: FieldValues<F>) => RetrySafety);
	/**
	 * What makes it another request for the same target (a method, a step): with provider, base URL,
	 * operation and target the item's identity. Never anything that may differ from one evaluation to
	 * the next.
	 */
	variant?(values: FieldValues<F>): unknown;
	/**
	 * The end that is asked for, where it may differ from one evaluation to the next (a date): items that
	 * differ in it are not duplicates, and the record decides what is left to do for the second.
	 */
	requestedEnd?(values: FieldValues<F>): unknown;
	/**
	 * Pure. `key` (26 characters) is the idempotency key: the same for all attempts and re-runs of one
	 * request, another one for the next request after an accepted one.
	 */
	request(values: FieldValues<F>, key: string): ApiRequest;
	/**
	 * The provider's own meaning of a response; undefined: the engine's default mapping decides. A
	 * failure in a 2xx is never believed without the record, whatever `verify` says.
	 */
	interpret?(response: ApiResponse, values: FieldValues<F>): Verdict | undefined;
	recordQuery(values: FieldValues<F>, needs: RecordNeeds): RecordQuery;
	/** The provider's own ID of the record, where the values hold it and other targets are found by it. */
	recordId?(values: FieldValues<F>): string | undefined;
	/**
	 * Whether the record is read before every write, so that nothing is sent for what has ended. Absent:
	 * where there is a `precondition`.
	 */
	readsBeforeWrite?(values: FieldValues<F>): boolean;
	/** The target is a referral: a customer without one is `nothingToCancel`, or `notFound`, as the user chose. */
	referral?: true;
	/** What guards can compare: whether the record has an e-mail address, and its statuses. */
	guardable?: { email: boolean; statuses: string[] };
	/**
	 * Undefined: nothing can be asked for these values. They hold what the record adds to them, as those
	 * of `request` do.
	 */
	preview?(values: FieldValues<F>): ProviderPreview | undefined;
	/**
	 * For a dry run without a preview, or whose preview says `readyToConfirm`: what the write would come
	 * to. Its description is shown together with the preview's.
	 */
	predict?(state: RecordState | undefined, values: FieldValues<F>): Verdict;
	/** Checked on every record that was read before the write; a verdict ends the item. */
	precondition?(state: RecordState, values: FieldValues<F>): Verdict | undefined;
	/** Where present, the record is read after an accepted write and decides the outcome. */
	confirm?(state: RecordState | undefined, verdict: Verdict, values: FieldValues<F>): Verdict;
	/** Which accepted verdicts `confirm` is asked about; absent: all. */
	needsConfirmation?(verdict: Verdict): boolean;
	/**
	 * A refusal that was verified, with what the record adds: when to come back. Undefined: the refusal
	 * stands as it is.
	 */
	explainRefusal?(
		verdict: Verdict,
		state: RecordState,
		values: FieldValues<F>,
	): Verdict | undefined;
	/** Added to the notice of a live node: what a person must know before it runs. */
	liveNotice?: string;
	/** For an AI agent: effect, timing, can it be undone. */
	agentDescription: string;
}

export interface ReadOperation<F extends Fields = Fields> extends OperationBase<F> {
	effect: 'read';
	request(values: FieldValues<F>): ApiRequest;
	/** The provider's own meaning of a response; undefined: the engine's default mapping decides. */
	interpret?(response: ApiResponse): Verdict | undefined;
	/**
	 * Sent once in place of the request where the provider knows no such record: the e-mail address in
	 * lower case. Undefined: the request was already spelled so.
	 */
	fallbackRequest?(values: FieldValues<F>): ApiRequest | undefined;
	/** The rows of a response; a single record is a list of one; undefined: the response holds none. */
	toRows(response: ApiResponse): IDataObject[] | undefined;
	/** Where present, n8n shows Return All and Limit. */
	nextPage?(response: ApiResponse, request: ApiRequest): NextPage;
}

export type Operation = WriteOperation | ReadOperation;

export interface RateLimits {
	requestsPerMinute: number;
	/** Requests that may go out at once after a quiet time. */
	burst: number;
	/** Requests in flight that the provider allows; absent where it does not say. */
	concurrency?: number;
}

/** How a provider differs from the others, in a few words each; the documentation's table of all of them. */
export interface Overview {
	/** What ends, and for whom: "a customer's subscription". */
	ends: string;
	/** When it can end. */
	timing: string;
	/** What can be undone, and until when. */
	undo: string;
	/** What becomes of money. */
	money: string;
}

/** An API that has two requests for one purpose, of which an account has one. */
export interface Alternatives {
	/** The response says that the account does not have this request: nothing was carried out. */
	isUnavailable(response: ApiResponse): boolean;
	/** The other request, with another idempotency key; undefined: there is none. */
	alternativeTo(request: ApiRequest): ApiRequest | undefined;
}

export interface Provider {
	/** The node's name: `funnelFox`. */
	name: string;
	displayName: string;
	overview: Overview;
	/** `target`: what a message calls a target; `value` where absent. */
	resource: { name: string; value: string; target?: string };
	/** Credential types, the default one first. */
	credentials: string[];
	/**
	 * Where an account's API lives; checked by the engine.
	 * @throws Refusal where the credential's parts do not make an address
	 */
	baseUrl(credential: IDataObject, type: string): string;
	/**
	 * Names of the headers that the credential adds, where the user chooses them: no request may set one.
	 * @throws Refusal where one of them is not valid
	 */
	headerNames?(credential: IDataObject): string[];
	/** Secret values of a credential that are not the whole value of a field named as a secret. */
	secrets?(credential: IDataObject): string[];
	/** Headers that the credential cannot add itself (OAuth2 types do not run `authenticate`). */
	headers?(credential: IDataObject, type: string): Record<string, string>;
	/** One test per credential type. */
	credentialChecks: CredentialCheck[];
	rateLimits: RateLimits;
	/** The provider counts the requests of an IP address, whatever account they are for. */
	limitsByAddress?: true;
	/**
	 * The response is an error in the API's own form. Any other error may come from a gateway, which
	 * knows nothing of the target, the credential, or of what the provider has done.
	 */
	isOwnError(response: ApiResponse): boolean;
	/** A header of the response forbids to send the request again, which outranks its status. */
	forbidsRetry?(response: ApiResponse): boolean;
	/** Absent: there is one request for each purpose. */
	alternatives?: Alternatives;
	/** A 403 of this API may be about the record and not about the credential: reading it tells. */
	forbidsSingleRecords?: true;
	operations: Record<string, Operation>;
	defaultOperation: string;
	/** Shown above everything else: what this node ends, and for whom. */
	notice?: string;
	/** Fields of every operation, above the credential. */
	nodeFields?: Fields;
}

/** The operation of this name; undefined where a workflow names one that there is not. */
export const findOperation = (
	operations: Provider['operations'],
	name: string,
): Operation | undefined => (Object.hasOwn(operations, name) ? operations[name] : undefined);

/** Declares a write: the values that its functions receive are typed from its fields. */
export function defineWrite<F extends Fields>(operation: WriteOperation<F>): Operation {
	return operation as unknown as Operation;
}

/** Declares a read: nothing changes, any try may be repeated. */
export function defineRead<F extends Fields>(operation: ReadOperation<F>): Operation {
	return operation as unknown as Operation;
}
