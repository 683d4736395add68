/** How the items of a run stand in its summary, and what an outcome means to whoever reads it. */
interface Meaning {
	/** The call was carried out as asked. */
	ok: boolean;
	/** Nothing runs for the target any more, or its end is fixed. */
	ended?: true;
	/** Where an answer says so, the provider has changed something, or is about to. */
	taken?: true;
	/** "2 already cancelled" */
	words: string;
}

/** The only list of outcomes, in the order in which a summary counts them. */
export const outcomes = {
	cancelled: { ok: true, ended: true, taken: true, words: 'cancelled' },
	scheduled: { ok: true, ended: true, taken: true, words: 'scheduled' },
	alreadyCancelled: { ok: true, ended: true, words: 'already cancelled' },
	nothingToCancel: { ok: true, ended: true, words: 'nothing to cancel' },
	readyToConfirm: { ok: true, words: 'ready to confirm' },
	presentation: { ok: true, words: 'to be shown a step' },
	offer: { ok: true, words: 'made an offer' },
	customerActionRequired: { ok: true, words: 'left to the customer' },
	pendingProvider: { ok: true, taken: true, words: 'waiting for a third party' },
	restored: { ok: true, taken: true, words: 'restored' },
	preview: { ok: true, words: 'previewed' },
	invalid: { ok: false, words: 'invalid' },
	refused: { ok: false, words: 'refused' },
	skipped: { ok: false, words: 'skipped' },
	notFound: { ok: false, words: 'not found' },
	notCancellable: { ok: false, words: 'not cancellable' },
	unauthorized: { ok: false, words: 'not authorized' },
	rateLimited: { ok: false, words: 'rate limited' },
	unknown: { ok: false, words: 'unknown' },
	failed: { ok: false, words: 'failed' },
} as const satisfies Record<string, Meaning>;

export type Outcome = keyof typeof outcomes;

const meaning = (outcome: Outcome): Meaning => outcomes[outcome];

/** The call was carried out as asked. */
export const isSuccess = (outcome: Outcome) => meaning(outcome).ok;

/** Nothing runs for the target any more, or its end is fixed. */
export const isEnded = (outcome: Outcome) => meaning(outcome).ended === true;

/** Where an answer says so, the provider has changed something, or is about to. */
export const isTaken = (outcome: Outcome) => meaning(outcome).taken === true;
