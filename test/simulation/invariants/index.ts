import * as claims from './claims';
import type { Invariant } from './evidence';
import * as sending from './sending';

/** All of them, by the name under which a broken one is reported. */
export const invariants: Record<string, Invariant> = {
	'a wish is accepted at most once': sending.acceptedOnce,
	'only named targets are addressed': sending.onlyNamedTargets,
	'every item comes out once, in order': claims.everyItemOnce,
	'ended: true is true': claims.endedIsTrue,
	'the end is the true one': claims.endIsTrue,
	'"nothing was sent" is true': claims.nothingSentIsTrue,
	'what was carried out is not denied': claims.denialIsTrue,
	'what is there is found': claims.notFoundIsTrue,
	'an earlier end is another wish': claims.earlierEndIsAnotherWish,
	'none of several is chosen or overlooked': claims.noneOfSeveralIsChosen,
	'nothing is skipped for no reason': claims.skippedForReason,
	'nothing leaves after Stop': sending.nothingAfterStop,
	'nothing new leaves after a failure': sending.nothingAfterFailure,
	'limits and guards hold': sending.limitsHold,
	'no more requests at once than allowed': sending.concurrencyHolds,
	'no account is asked faster than allowed': sending.paceHolds,
	'no secret comes out': claims.noSecretLeaves,
	'everything comes to an end': claims.comesToAnEnd,
	'columns agree': claims.outcomesAgree,
};
