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
	presentation: { ok: true, label: 'to be shown a step' },
	offer: { ok: true, label: 'made an offer' },
	customerActionRequired: { ok: true, label: 'left to the customer' },
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

const infoOf = (outcome: Outcome): OutcomeInfo => outcomes[outcome];

/** The call was carried out as asked. */
export const isSuccess = (outcome: Outcome) => infoOf(outcome).ok;

/** Nothing runs for the target any more, or its end is fixed. */
export const isEnded = (outcome: Outcome) => infoOf(outcome).ended === true;

/** Where an answer says so, the provider has changed something, or is about to. */
export const isAccepted = (outcome: Outcome) => infoOf(outcome).accepted === true;
