import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Field, Fields, Values } from './fields';
import type { Outcome } from './outcome';

/** One HTTP call, as data: a dry run can show it, a test can read it. Values are not yet encoded. */
export interface Call {
	method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
	/** Below the account's base URL, starts with "/"; user input in it has gone through `segment`. */
	path: string;
	query?: Record<string, string | number | boolean | undefined>;
	/** Sent as JSON; forms are not supported. */
	body?: IDataObject;
	headers?: Record<string, string>;
}

/** What a provider answered: any status, header names in lower case, the body parsed where it is JSON. */
export interface Reply {
	status: number;
	headers: Record<string, string>;
	body: unknown;
}

/** The provider's record of a target in one small shape; every decision that looks before it acts uses it. */
export interface State {
	/** The provider's own word, for messages and `expectedStatus`. */
	status: string;
	/**
	 * There is something left to cancel: it runs, and its end is not fixed yet; or it is, and these
	 * values ask for an earlier one.
	 */
	active: boolean;
	/**
	 * When it ends or ended; for an active one, when it would end if it were cancelled now.
	 * UTC ISO 8601; null for at once, and where the provider does not say.
	 */
	endsAt: string | null;
	email: string | null;
	/** Changes whenever the record does. */
	version: string;
	/** Through whom it is billed, where that decides who can end it (Azotte's channels). */
	channel?: string;
	/** A write shows in the record only after a third party's word: an unchanged one proves nothing. */
	lags?: boolean;
}

/**
 * What a reply means. `ask` has the state read before it is believed. Then a record that is done
 * makes it `alreadyCancelled` (after doubt: a verified success), a missing one `notFound`, one still
 * active turns a success into `notCancellable` and doubt into another try; where the look tells
 * nothing, the verdict stands.
 */
export interface Verdict {
	outcome: Outcome;
	effectiveAt?: string | null;
	/** The provider's own words, where they say more than the outcome. */
	description?: string;
	ask?: boolean;
	verified?: boolean;
	/** Carried out, but the target itself goes on (Smokeball ended only its trials): not `ended`. */
	goesOn?: boolean;
}

/** A sentence that says why a state cannot be told. */
export interface Blind {
	blind: string;
}

/**
 * How a target's state is read, or the reason why this provider cannot tell. `missing`: the reply
 * is sound and the target is not in it; undefined: the reply tells nothing.
 */
export type Look =
	| { call: Call; as: (reply: Reply) => State | 'missing' | Blind | undefined }
	| Blind;

/** A call of the provider that changes nothing and says what would happen. */
export interface Rehearsal {
	call: Call;
	/** What the write would bring about; an outcome other than a success ends the item there. */
	read: (reply: Reply) => Verdict | undefined;
	/** True: asked before every write, and anything but `readyToConfirm` is where the item ends. */
	always?: boolean;
}

/**
 * May the same call be sent again after an answer that leaves doubt (5xx, none at all)?
 * - `deduplicated`: yes, the provider drops a second call with the same key;
 * - `readFirst`: only when a look at the state shows that nothing changed;
 * - `harmless`: yes, the call changes nothing;
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
	/** Which of the node's credential types signs the call; the provider's first where absent. */
	credential?(values: Values<F>): string;
}

export interface WriteOperation<F extends Fields = Fields> extends Common<F> {
	effect: 'cancel' | 'restore';
	repeat: Repeat | ((values: Values<F>) => Repeat);
	/** Pure. `key` (26 characters) is made once per item and stays the same for all attempts and re-runs. */
	request(values: Values<F>, key: string): Call;
	/** The provider's own meaning of a reply; undefined: the default table of `outcome.ts` decides. */
	read?(reply: Reply, values: Values<F>): Verdict | undefined;
	look(values: Values<F>): Look;
	/** What it means that a look was answered with this 404; undefined: `notFound`. */
	missing?(reply: Reply): Verdict | undefined;
	/** What the record tells that a guard may ask for: an e-mail, one of these statuses. */
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
	/** The provider's own meaning of a reply; undefined: the default table of `outcome.ts` decides. */
	read?(reply: Reply): Verdict | undefined;
	/** The rows of a reply (by default a 2xx whose body is an object or a list); a single record is a list of one. */
	rows(reply: Reply): IDataObject[];
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
	limits: Limits | ((type: string) => Limits);
	operations: Record<string, Operation>;
	defaultOperation: string;
	/** Shown above everything else: what this node ends, and for whom. */
	notice?: string;
	/** Fields of every operation, shown above the resource. */
	common?: Record<string, Field>;
}

/** Declares a write: the values that its functions receive are typed from its fields. */
export function write<F extends Fields>(operation: WriteOperation<F>): Operation {
	return operation as unknown as Operation;
}

/** Declares a read: nothing changes, any try may be repeated. */
export function read<F extends Fields>(operation: ReadOperation<F>): Operation {
	return operation as unknown as Operation;
}

/** The parts of an n8n property that a field declares itself. */
export type Shown = Omit<INodeProperties, 'name' | 'displayOptions'>;
