import type { IDataObject } from 'n8n-workflow';

import type { Call, Reply } from './call';
import type { Fields, Values } from './field';
import type { Find, Look, Rehearsal, State, Verdict } from './verdict';

/**
 * May the same call be sent again after an answer that leaves doubt (5xx, none at all)?
 * - `deduplicated`: yes, the provider drops a second call with the same key;
 * - `readFirst`: only when a look at the state shows that nothing changed;
 * - `harmless`: yes, the call asks and changes nothing; no memory is kept of it;
 * - `never`.
 */
export type Repeat = 'deduplicated' | 'readFirst' | 'harmless' | 'never';

interface Common<F extends Fields> {
	name: string;
	/** Sentence case, shown in n8n's list of actions. */
	action: string;
	description: string;
	fields: F;
	/** The provider's API page. */
	docs: string;
	notice?: string;
	/** What was addressed, as text. */
	target(values: Values<F>): string;
	/** The customer's e-mail address, where the fields know it. */
	email?(values: Values<F>): string | undefined;
	/** Which of the node's credential types signs the call; the provider's first where absent. */
	credential?(values: Values<F>): string;
	/**
	 * By mode of the locator: how the target is found by a value that is no ID. The ID that is found
	 * then stands in the locator's field.
	 */
	find?: Record<string, (value: string, values: Values<F>) => Find>;
}

export interface WriteOperation<F extends Fields = Fields> extends Common<F> {
	effect: 'cancel' | 'restore';
	repeat: Repeat | ((values: Values<F>) => Repeat);
	/**
	 * What makes it another wish for the same target (a method, a step): with account, operation and
	 * target the item's identity. Never anything that may differ from one evaluation to the next.
	 */
	wish?(values: Values<F>): unknown;
	/** Pure. `key` (26 characters) is made once per item and stays the same for all attempts and re-runs. */
	request(values: Values<F>, key: string): Call;
	/** The provider's own meaning of a reply; undefined: the engine's default table decides. */
	read?(reply: Reply, values: Values<F>): Verdict | undefined;
	look(values: Values<F>): Look;
	/** True: the record is read before every write, and what is over already is not sent. */
	looksFirst?(values: Values<F>): boolean;
	/** What it means that a look was answered with this 404; undefined: `notFound`. */
	missing?(reply: Reply): Verdict | undefined;
	/** The target is a referral: a customer who is none is nothing to cancel, or `notFound`, as the user chose. */
	referral?: true;
	/** What the record tells that a guard may ask for: an e-mail, some of these statuses. */
	record?: { email: boolean; statuses: string[] };
	rehearse?(values: Values<F>): Rehearsal;
	/** For a dry run without a rehearsal, or whose says `readyToConfirm`: what the write would come to. */
	expect?(state: State | undefined, values: Values<F>): Verdict;
	/** Given: the state is read before every write, and a verdict is where the item ends. */
	before?(state: State, values: Values<F>): Verdict | undefined;
	/** Given: the state is read after an accepted write, and decides what it came to. */
	after?(state: State | undefined, verdict: Verdict, values: Values<F>): Verdict;
	/** For an AI agent: effect, timing, can it be undone. */
	effectInWords: string;
}

export interface ReadOperation<F extends Fields = Fields> extends Common<F> {
	effect: 'read';
	request(values: Values<F>): Call;
	/** The provider's own meaning of a reply; undefined: the engine's default table decides. */
	read?(reply: Reply): Verdict | undefined;
	/** The rows of a reply; a single record is a list of one; undefined: the reply holds none. */
	rows(reply: Reply): IDataObject[] | undefined;
	/** The call for the next page, undefined after the last; where it is given, n8n shows Return All and Limit. */
	next?(reply: Reply, call: Call): Call | undefined;
}

export type Operation = WriteOperation | ReadOperation;

export interface Limits {
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
	limits: Limits;
	operations: Record<string, Operation>;
	defaultOperation: string;
	/** Shown above everything else: what this node ends, and for whom. */
	notice?: string;
	/** Fields of every operation, above the credential. */
	common?: Fields;
}

/** Declares a write: the values that its functions receive are typed from its fields. */
export function write<F extends Fields>(operation: WriteOperation<F>): Operation {
	return operation as unknown as Operation;
}

/** Declares a read: nothing changes, any try may be repeated. */
export function read<F extends Fields>(operation: ReadOperation<F>): Operation {
	return operation as unknown as Operation;
}
