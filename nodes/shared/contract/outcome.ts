/** How the items of a run stand in its summary, and what an outcome means. */
interface OutcomeInfo {
	/** The call was carried out as asked. */
	ok: boolean;
	/** Nothing runs for the target any more, or its end is fixed. */
	ended?: true;
	/** Where an answer says so, the provider has changed something, or is about to. */
	accepted?: true;
	/** "2 already cancelled" */
	label: string;
}

/** The only list of outcomes, in the order in which a summary counts them. */
export const outcomes = {
	cancelled: { ok: true, ended: true, accepted: true, label: 'cancelled' },
	scheduled: { ok: true, ended: true, accepted: true, label: 'scheduled' },
	alreadyCancelled: { ok: true, ended: true, label: 'already cancelled' },
	nothingToCancel: { ok: true, ended: true, label: 'nothing to cancel' },
	readyToConfirm: { ok: true, label: 'ready to confirm' },
	presentation: { ok: true, label: 'must see a step first' },
	offer: { ok: true, label: 'with a retention offer' },
	customerActionRequired: { ok: true, label: 'only the customer can cancel' },
	pendingProvider: { ok: true, accepted: true, label: 'not confirmed yet' },
	restored: { ok: true, accepted: true, label: 'restored' },
	preview: { ok: true, label: 'previewed' },
	invalid: { ok: false, label: 'invalid' },
	refused: { ok: false, label: 'refused' },
	skipped: { ok: false, label: 'skipped' },
	notFound: { ok: false, label: 'not found' },
	notCancellable: { ok: false, label: 'not cancellable' },
	unauthorized: { ok: false, label: 'not authorized' },
	rateLimited: { ok: false, label: 'rate limited' },
	unknown: { ok: false, label: 'unknown' },
	failed: { ok: false, label: 'failed' },
} as const satisfies Record<string, OutcomeInfo>;

export type Outcome = keyof typeof outcomes;

/** The outcomes of an item that was not carried out as asked. */
export type FailureOutcome = {
	[O in Outcome]: (typeof outcomes)[O]['ok'] extends true ? never : O;
}[Outcome];
export type SuccessOutcome = Exclude<Outcome, FailureOutcome>;

const infoOf = (outcome: Outcome): OutcomeInfo => outcomes[outcome];

/** The call was carried out as asked. */
export const isSuccess = (outcome: Outcome): outcome is SuccessOutcome => infoOf(outcome).ok;

/** Nothing runs for the target any more, or its end is fixed. */
export const isEnded = (outcome: Outcome) => infoOf(outcome).ended === true;

/** Where an answer says so, the provider has changed something, or is about to. */
export const isAccepted = (outcome: Outcome) => infoOf(outcome).accepted === true;
