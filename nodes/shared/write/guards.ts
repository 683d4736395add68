import { refused } from '../contract/refusal';
import { foldCase, type WriteItem } from '../model/item';
import type { AcceptedResult } from '../run/ledger';
import { verifyPlanToken } from './planToken';
import { hasState, type RecordReading } from '../model/recordReading';

/** The user wants the record read before anything is sent. */
export const hasGuards = ({ options }: WriteItem) =>
	Boolean(options.expectedEmail || options.expectedStatus || options.planToken);

const same = (one: string, other: string) => foldCase(one) === foldCase(other);

/**
 * The guards that the user set: the right customer, the status, the plan.
 * @throws Refusal (`refused`) when one of them says no, or cannot be answered
 */
export function checkGuards(item: WriteItem, seen: RecordReading): void {
	const { expectedEmail, expectedStatus, planToken } = item.options;
	// A target that does not exist has an outcome of its own, and nothing is sent for it either.
	if ((expectedEmail || expectedStatus) && !('missing' in seen)) {
		if (!hasState(seen)) throw uncheckedRefusal(item, seen.unread);
		const { email, status } = seen.state;
		if (expectedEmail && (email === null || !same(email, expectedEmail))) {
			throw guardRefusal(
				item,
				`belongs to ${email ?? 'no known e-mail address'}, not to ${expectedEmail}`,
			);
		}
		if (expectedStatus && !expectedStatus.some((one) => same(one, status))) {
			throw guardRefusal(
				item,
				`has the status "${status}", not "${expectedStatus.join('" or "')}"`,
			);
		}
	}
	if (planToken) verifyPlanToken(item, seen, planToken);
}

/**
 * What was accepted before is repeated to the right customer only; its status has changed by it.
 * @throws Refusal (`refused`)
 */
export function checkReplayGuard(item: WriteItem, { email }: AcceptedResult): void {
	const { expectedEmail } = item.options;
	if (expectedEmail && email && !same(email, expectedEmail)) {
		throw guardRefusal(item, `belongs to ${email}, not to ${expectedEmail}`);
	}
}

const guardRefusal = ({ target }: WriteItem, reason: string) =>
	refused(`"${target}" ${reason}.`, 'Check which customer is meant.');

const uncheckedRefusal = ({ target }: WriteItem, reason: string) =>
	refused(
		`"${target}" could not be checked: ${reason}`,
		'Remove the expectation if you accept that.',
	);
