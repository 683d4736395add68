import type { IDataObject } from 'n8n-workflow';

import type { Item } from './carryOut';
import { digestOf } from './ledger';
import { Refusal } from './outcome';
import type { Reply, State } from './provider';
import { urlOf, type Account } from './request';

/** What a look found: a record, none, or nothing to go by. */
export type Seen = { state: State } | { missing: true; answer?: Reply } | { unread: string };
export const hasState = (seen: Seen): seen is { state: State } => 'state' in seen;

/** The item wants the record read before anything is sent. */
export const asksForState = ({ options }: Item) =>
	Boolean(options.expectedEmail || options.expectedStatus || options.planToken);

const same = (one: string, other: string) =>
	one.trim().toLowerCase() === other.trim().toLowerCase();

/**
 * The guards that the user set: the right customer, the status, the plan.
 * @throws Refusal (`refused`) when one of them says no, or cannot be answered
 */
export function check(item: Item, account: Account, seen: Seen): void {
	const { expectedEmail, expectedStatus, planToken } = item.options;
	// A target that does not exist has an outcome of its own, and nothing is sent for it either.
	if ((expectedEmail || expectedStatus) && !('missing' in seen)) {
		if (!hasState(seen)) throw unchecked(item, seen.unread);
		const { email, status } = seen.state;
		if (expectedEmail && (email === null || !same(email, expectedEmail))) {
			throw no(item, `belongs to ${email ?? 'no known e-mail address'}, not to ${expectedEmail}`);
		}
		if (expectedStatus && !same(status, expectedStatus)) {
			throw no(item, `has the status "${status}", not "${expectedStatus}"`);
		}
	}
	if (planToken) checkPlan(item, account, seen, planToken);
}

const no = ({ target }: Item, reason: string) =>
	new Refusal('refused', `"${target}" ${reason}. Nothing was sent. Check which customer is meant.`);

const unchecked = ({ target }: Item, reason: string) =>
	new Refusal(
		'refused',
		`"${target}" could not be checked: ${reason}. Nothing was sent. Remove the expectation if you accept that.`,
	);

/**
 * A short, URL-safe text that binds a dry run to the real run: a digest of provider, account,
 * operation, target and fields, then what the record looked like.
 */
export function planTokenOf(item: Item, seen: Seen): string {
	return `plan1.${item.digest}.${Buffer.from(JSON.stringify(looks(seen))).toString('base64url')}`;
}

/** Status, end and version: all that a real run compares, and shows when it differs. */
function looks(seen: Seen): [string, string, string] {
	if (!hasState(seen)) return ['missing' in seen ? 'missing' : 'unread', '', ''];
	const { status, endsAt, version } = seen.state;
	return [status, endsAt ?? '', version.length > 32 ? digestOf(version) : version];
}

function checkPlan(item: Item, account: Account, seen: Seen, token: string): void {
	const [form, digest, record] = token.trim().split('.');
	let planned: unknown;
	try {
		planned = JSON.parse(Buffer.from(record ?? '', 'base64url').toString());
	} catch {
		planned = undefined;
	}
	if (form !== 'plan1' || !Array.isArray(planned)) {
		throw new Refusal(
			'refused',
			`The plan token for "${item.target}" cannot be read. Nothing was sent. Use the planToken of a dry run as it is.`,
		);
	}
	if (digest !== item.digest) {
		throw new Refusal(
			'refused',
			`The plan token was made for another request than "${item.target}" on ${account.baseUrl} (planned ${digest}, now ${item.digest}). Nothing was sent. Make a new dry run.`,
		);
	}
	const now = looks(seen);
	if (now.join('|') !== planned.join('|')) {
		const inWords = (record: unknown[]) => record.filter(Boolean).join(', ');
		throw new Refusal(
			'refused',
			`"${item.target}" has changed since the dry run (planned: ${inWords(planned)}; now: ${inWords(now)}). Nothing was sent. Make a new dry run.`,
		);
	}
}

/** What a dry run shows besides the outcome; the request carries no key. */
export function previewOf(
	item: Item,
	account: Account,
	seen: Seen,
	wouldBe: IDataObject,
): IDataObject {
	const { method = 'GET', body } = item.call;
	const planToken = planTokenOf(item, seen);
	const current = hasState(seen)
		? { ...seen.state }
		: { unread: 'missing' in seen ? 'There is no such record.' : seen.unread };
	const request = { method, url: urlOf(account, item.call), body: body ?? null };
	const preview: IDataObject = { current, wouldBe, request, planToken };
	if (item.agent) {
		preview.nextStep = `Nothing has been sent yet. ${item.operation.effectInWords} Tell the user what would happen. If the user agrees, call this tool again with the same input and planToken "${planToken}".`;
	}
	return preview;
}
