import type { IDataObject } from 'n8n-workflow';

import { isSuccess, type Outcome } from '../contract/outcome';
import type { Provider } from '../contract/provider';
import type { Refusal } from '../contract/refusal';

/** What became of one item; `output` turns it into the shape in which an item leaves. */
export interface ItemResult {
	outcome: Outcome;
	operation: string;
	target: string;
	foundBy?: string;
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

interface MessageSubject {
	provider: Provider;
	operation: { name: string };
	target: string;
}

/** What a message calls a target. */
const kindOf = ({ resource: { value, target = value } }: Provider) => target;

/** What happened to this target, then how to get on. */
export function failureMessage(
	{ target, provider, operation }: MessageSubject,
	outcome: Outcome,
	attempts = 0,
	comeBackAt?: string,
): string {
	const { displayName } = provider;
	const kind = kindOf(provider);
	const act = operation.name.toLowerCase();
	switch (outcome) {
		case 'notFound':
			return `${displayName} does not know the ${kind} "${target}". Check the identifier, and that the credential belongs to the right account.`;
		case 'notCancellable':
			return `${displayName} refused "${act}" for "${target}" in its present state. Look it up in ${displayName}.`;
		case 'unauthorized':
			return `${displayName} did not accept the credential. Check the key, its permissions and that your plan includes the API.`;
		case 'rateLimited': {
			const tried = attempts === 0 ? '' : ` after ${attempts} ${attempts === 1 ? 'try' : 'tries'}`;
			const then = comeBackAt
				? `Come back at ${comeBackAt}.`
				: 'Run it again later, or lower Requests per Minute.';
			return `${displayName} still limits requests${tried}; "${target}" was not changed. ${then}`;
		}
		case 'unknown':
			return `It is not known whether ${displayName} carried out "${act}" for "${target}". Look it up in ${displayName} before you run it again.`;
		case 'skipped':
			return `"${target}" was not carried out, because the run was stopped between two attempts. Run it again.`;
		case 'refused':
			return `"${act}" for "${target}" was held back. See the description, then run it again.`;
		default:
			return `${displayName} did not carry out "${act}" for "${target}". See the description, then run it again.`;
	}
}

/** An item that ends before anything is sent. */
export function refusalResult(
	{ operationName, target, email, foundBy }: ItemHeader,
	{ outcome, message, data }: Refusal,
): ItemResult {
	return { outcome, operation: operationName, target, email, foundBy, attempts: 0, message, data };
}

export interface ItemHeader {
	operationName: string;
	target: string;
	email: string | null;
	foundBy?: string;
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
	| { kind: 'result'; result: ItemResult }
	| { kind: 'rows'; rows: IDataObject[] }
);

export const isFailedOutput = (output: ItemOutput): boolean =>
	output.kind === 'result' && isFailure(output.result);
