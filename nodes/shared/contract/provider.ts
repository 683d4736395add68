import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest, ApiResponse } from './http';
import type { Fields, FieldValues } from './field';
import type { TargetSearch, RecordQuery, ProviderPreview, RecordState, Verdict } from './verdict';

/**
 * May the same call be sent again after an answer that leaves doubt (5xx, none at all)?
 * - `deduplicated`: yes, the provider drops a second call with the same key;
 * - `readFirst`: only when a look at the state shows that nothing changed;
 * - `harmless`: yes, the call asks and changes nothing; no memory is kept of it;
 * - `never`.
 */
export type RetrySafety = 'deduplicated' | 'readFirst' | 'harmless' | 'never';

interface OperationBase<F extends Fields> {
	name: string;
	/** Sentence case, shown in n8n's list of actions. */
	action: string;
	description: string;
	fields: F;
	/** The provider's API page. */
	docs: string;
	notice?: string;
	/** What was addressed, as text. */
	target(values: FieldValues<F>): string;
	/** The customer's e-mail address, where the fields know it. */
	email?(values: FieldValues<F>): string | undefined;
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
	retrySafety: RetrySafety | ((values: FieldValues<F>) => RetrySafety);
	/**
	 * What makes it another wish for the same target (a method, a step): with account, operation and
	 * target the item's identity. Never anything that may differ from one evaluation to the next.
	 */
	variant?(values: FieldValues<F>): unknown;
	/** Pure. `key` (26 characters) is made once per item and stays the same for all attempts and re-runs. */
	request(values: FieldValues<F>, key: string): ApiRequest;
	/** The provider's own meaning of a reply; undefined: the engine's default table decides. */
	interpret?(reply: ApiResponse, values: FieldValues<F>): Verdict | undefined;
	recordQuery(values: FieldValues<F>): RecordQuery;
	/** True: the record is read before every write, and what is over already is not sent. */
	readsBeforeWrite?(values: FieldValues<F>): boolean;
	/** What it means that a look was answered with this 404; undefined: `notFound`. */
	onNotFound?(reply: ApiResponse): Verdict | undefined;
	/** The target is a referral: a customer who is none is nothing to cancel, or `notFound`, as the user chose. */
	referral?: true;
	/** What the record tells that a guard may ask for: an e-mail, some of these statuses. */
	guardable?: { email: boolean; statuses: string[] };
	preview?(values: FieldValues<F>): ProviderPreview;
	/** For a dry run without a rehearsal, or whose says `readyToConfirm`: what the write would come to. */
	predict?(state: RecordState | undefined, values: FieldValues<F>): Verdict;
	/** Given: the state is read before every write, and a verdict is where the item ends. */
	precondition?(state: RecordState, values: FieldValues<F>): Verdict | undefined;
	/** Given: the state is read after an accepted write, and decides what it came to. */
	confirm?(state: RecordState | undefined, verdict: Verdict, values: FieldValues<F>): Verdict;
	/** For an AI agent: effect, timing, can it be undone. */
	agentDescription: string;
}

export interface ReadOperation<F extends Fields = Fields> extends OperationBase<F> {
	effect: 'read';
	request(values: FieldValues<F>): ApiRequest;
	/** The provider's own meaning of a reply; undefined: the engine's default table decides. */
	interpret?(reply: ApiResponse): Verdict | undefined;
	/** The rows of a reply; a single record is a list of one; undefined: the reply holds none. */
	toRows(reply: ApiResponse): IDataObject[] | undefined;
	/** The call for the next page, undefined after the last; where it is given, n8n shows Return All and Limit. */
	nextPage?(reply: ApiResponse, call: ApiRequest): ApiRequest | undefined;
}

export type Operation = WriteOperation | ReadOperation;

export interface RateLimits {
	requestsPerMinute: number;
	/** Requests that may go out at once after a quiet time. */
	burst: number;
	/** Requests in flight that the provider allows; absent where it does not say. */
	concurrency?: number;
}

export interface Provider {
	/** The node's name: `funnelFox`. */
	name: string;
	displayName: string;
	resource: { name: string; value: string };
	/** Credential types, the default one first. */
	credentials: string[];
	/**
	 * Where an account's API lives; checked by the engine.
	 * @throws Refusal where the credential's parts do not make an address
	 */
	baseUrl(credential: IDataObject, type: string): string;
	/** Headers that the credential cannot add itself (OAuth2 types do not run `authenticate`). */
	headers?(credential: IDataObject, type: string): Record<string, string>;
	rateLimits: RateLimits;
	operations: Record<string, Operation>;
	defaultOperation: string;
	/** Shown above everything else: what this node ends, and for whom. */
	notice?: string;
	/** Fields of every operation, above the credential. */
	nodeFields?: Fields;
}

/** Declares a write: the values that its functions receive are typed from its fields. */
export function defineWrite<F extends Fields>(operation: WriteOperation<F>): Operation {
	return operation as unknown as Operation;
}

/** Declares a read: nothing changes, any try may be repeated. */
export function defineRead<F extends Fields>(operation: ReadOperation<F>): Operation {
	return operation as unknown as Operation;
}
