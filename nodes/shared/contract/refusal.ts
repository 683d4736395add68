import type { IDataObject } from 'n8n-workflow';

/** Said where it is certain that nothing has left the machine for this item. */
export const nothingSent = 'Nothing was sent.';

/** Outcomes with which an item can end before anything is sent. */
export type RefusalOutcome =
	'invalid' | 'refused' | 'skipped' | 'failed' | 'unauthorized' | 'rateLimited';

/** Ends an item before anything is sent: what happened, that nothing was sent, how to get on. */
export class Refusal extends Error {
	constructor(
		readonly outcome: RefusalOutcome,
		readonly reason: string,
		advice = '',
		/** What a workflow may need besides the message, such as the candidates of a search. */
		readonly data?: IDataObject,
	) {
		super([reason, nothingSent, advice].filter(Boolean).join(' '));
	}
}

/** Input that is empty, doubtful or contradictory. */
export const invalid = (what: string, advice?: string) => new Refusal('invalid', what, advice);

/** A guard said no. */
export const refused = (what: string, advice?: string) => new Refusal('refused', what, advice);
