import type { IDataObject } from 'n8n-workflow';

import { isSuccess, type Outcome } from '../contract/outcome';
import type { Refusal } from '../contract/refusal';
import { excerpt } from '../fields/characters';
import { nameOf, type Subject } from './subject';

/** How many items a run has to carry out, and how many it may. */
export interface OverLimit {
	count: number;
	limit: number;
}

/** What became of one item; `output` turns it into the shape in which an item leaves. */
export interface ItemResult {
	outcome: Outcome;
	operation: string;
	target: string;
	foundBy?: string;
	/** Another name of the customer, for the summary. */
	customer?: string;
	email: string | null;
	/** Attempts that were sent; 0: nothing was sent for it in this run. */
	attempts: number;
	/** A request for it was sent before this run, or is in doubt. */
	sentEarlier?: true;
	/** The provider took the call: it counts for `maxPerExecution`. */
	accepted?: boolean;
	httpStatus?: number;
	/** On a failed item: what happened to this target, then how to get on. */
	message?: string;
	description?: string;
	/** Ends the summary's sentence in place of the outcome's words. */
	clause?: string;
	/** The run would have gone over its limit. */
	overLimit?: OverLimit;
	effectiveAt?: string | null;
	requestedAt?: string | null;
	reason?: string | null;
	dryRun?: boolean;
	/** The record was read after a response that left doubt. */
	verified?: boolean;
	/** Carried out, but the target itself goes on: not `ended`. */
	planContinues?: boolean;
	/** The credential was not accepted, whatever became of this item: the run stops using the account. */
	credentialRejected?: boolean;
	duplicateOf?: number;
	response?: unknown;
	/** Of a dry run: current, wouldBe, request, planToken, nextStep. */
	preview?: IDataObject;
	/** Of a refusal: what a workflow may need, such as the candidates of a search. */
	data?: IDataObject;
}

/** What is known of an item whether or not it can be carried out. */
export interface ItemHeader extends Subject {
	operationName: string;
	/** The customer's reason, where the operation has one. */
	reason: string | null;
	dryRun: boolean;
}

/** The columns that do not depend on what became of the item. */
export const headerColumns = (header: ItemHeader) => {
	const { operationName, target, foundBy, customer, email, reason, dryRun } = header;
	return { operation: operationName, target, foundBy, customer, email, reason, dryRun };
};

/** An item that ends before anything is sent. */
export function refusalResult(header: ItemHeader, refusal: Refusal): ItemResult {
	const { outcome, data } = refusal;
	return {
		...headerColumns(header),
		outcome,
		attempts: 0,
		message: withName(header, refusal),
		data,
	};
}

/** The message begins with the customer; that of invalid input quotes what was typed. */
function withName(header: ItemHeader, { outcome, message }: Refusal): string {
	const { email, target } = header;
	const isClear = outcome === 'invalid' && (email === null || message.includes(excerpt(target)));
	return isClear || nameOf(header) === '' ? message : `${nameOf(header)}: ${message}`;
}

export const isFailure = ({ outcome }: ItemResult) => !isSuccess(outcome);

/** The second of two equal items: what became of the first. */
export const duplicateResult = (first: ItemResult, duplicateOf: number): ItemResult => ({
	...first,
	attempts: 0,
	duplicateOf,
});

/** What became of one input item: its result, or the rows that were asked for. */
export type ItemOutput = { index: number } & (
	{ kind: 'result'; result: ItemResult } | { kind: 'rows'; rows: IDataObject[] }
);

export const isFailedOutput = (output: ItemOutput): boolean =>
	output.kind === 'result' && isFailure(output.result);
