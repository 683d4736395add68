import { refused } from '../contract/refusal';
import { sameEmail } from '../contract/record';
import type { WriteItem } from '../model/item';
import { reasonOf, type RecordReading } from '../model/recordReading';
import type { SettledResult } from '../run/ledger';
import { verifyPlanToken } from './planToken';

/** The user wants the record checked before anything is sent. */
export const hasGuards = ({ options }: WriteItem) =>
	Boolean(options.expectedEmail || options.expectedStatus || options.planToken);

/**
 * The guards that the user set: the right customer, the status, the plan.
 * @throws Refusal (`refused`) when one of them fails, or cannot be checked
 */
export function checkGuards(item: WriteItem, reading: RecordReading): void {
	const { expectedEmail, expectedStatus, planToken } = item.options;
	// A target that does not exist has an outcome of its own, and nothing is sent for it either.
	if ((expectedEmail || expectedStatus) && reading.kind !== 'missing') {
		if (reading.kind !== 'found') throw uncheckedRefusal(reasonOf(reading));
		const { email, status } = reading.state;
		if (expectedEmail && !sameEmail(email, expectedEmail)) {
			throw wrongCustomer(email, expectedEmail);
		}
		if (expectedStatus && !expectedStatus.some((one) => isSameStatus(one, status))) {
			throw guardRefusal(`has the status "${status}", not "${expectedStatus.join('" or "')}"`);
		}
	}
	if (planToken) verifyPlanToken(item, reading, planToken);
}

/**
 * What was accepted before is repeated for the right customer only; its status has changed since.
 * @throws Refusal (`refused`)
 */
export function checkReplayGuard(item: WriteItem, { email }: SettledResult): void {
	const { expectedEmail } = item.options;
	if (expectedEmail && email && !sameEmail(email, expectedEmail)) {
		throw wrongCustomer(email, expectedEmail);
	}
}

const isSameStatus = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

const wrongCustomer = (email: string | null, expected: string) =>
	guardRefusal(`belongs to ${email ?? 'no known e-mail address'}, not to ${expected}`);

const guardRefusal = (reason: string) => refused(`${reason}.`, 'Check which customer is meant.');

const uncheckedRefusal = (reason: string) =>
	refused(`could not be checked: ${reason}`, 'Remove the expectation if you accept that.');
