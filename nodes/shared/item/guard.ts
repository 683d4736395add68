import { refused } from '../contract/refusal';
import { sameTarget, type Item } from './item';
import type { Kept } from './ledger';
import { checkPlan } from './plan';
import { hasState, type Seen } from './seen';

/** The user wants the record read before anything is sent. */
export const isGuarded = ({ options }: Item) =>
	Boolean(options.expectedEmail || options.expectedStatus || options.planToken);

const same = (one: string, other: string) => sameTarget(one) === sameTarget(other);

/**
 * The guards that the user set: the right customer, the status, the plan.
 * @throws Refusal (`refused`) when one of them says no, or cannot be answered
 */
export function check(item: Item, seen: Seen): void {
	const { expectedEmail, expectedStatus, planToken } = item.options;
	// A target that does not exist has an outcome of its own, and nothing is sent for it either.
	if ((expectedEmail || expectedStatus) && !('missing' in seen)) {
		if (!hasState(seen)) throw unchecked(item, seen.unread);
		const { email, status } = seen.state;
		if (expectedEmail && (email === null || !same(email, expectedEmail))) {
			throw no(item, `belongs to ${email ?? 'no known e-mail address'}, not to ${expectedEmail}`);
		}
		if (expectedStatus && !expectedStatus.some((one) => same(one, status))) {
			throw no(item, `has the status "${status}", not "${expectedStatus.join('" or "')}"`);
		}
	}
	if (planToken) checkPlan(item, seen, planToken);
}

/**
 * What was accepted before is repeated to the right customer only; its status has changed by it.
 * @throws Refusal (`refused`)
 */
export function checkKept(item: Item, { email }: Kept): void {
	const { expectedEmail } = item.options;
	if (expectedEmail && email && !same(email, expectedEmail)) {
		throw no(item, `belongs to ${email}, not to ${expectedEmail}`);
	}
}

const no = ({ target }: Item, reason: string) =>
	refused(`"${target}" ${reason}.`, 'Check which customer is meant.');

const unchecked = ({ target }: Item, reason: string) =>
	refused(
		`"${target}" could not be checked: ${reason}`,
		'Remove the expectation if you accept that.',
	);
