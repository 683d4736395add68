import type { Call } from '../contract/call';
import type { Candidate, Find } from '../contract/verdict';
import { urlOf } from '../wire/address';
import { exchange, type Exchange, type Manner } from '../wire/exchange';
import { isReply } from '../wire/silence';
import type { Search } from './item';
import { meaningOfRead } from './meaning';
import { messageFor, type Result } from './result';
import { mostEmptyPages } from './rows';

/** What a search knows of itself before anything is found. */
export type Sought = Omit<Search, 'found' | 'index' | 'options' | 'values'>;

/**
 * Reads all pages of a search.
 * @returns its records, of which test rows only where there is no real one; or why there is no telling
 */
export async function candidatesOf(
	search: Sought,
	manner: Manner,
): Promise<Candidate[] | { result: Result }> {
	const all: Candidate[] = [];
	const asked = new Set<string>();
	let empty = 0;
	let how: Find = search.find;
	let call: Call | undefined = how.call;
	while (call && !asked.has(urlOf(manner.account, call))) {
		asked.add(urlOf(manner.account, call));
		const sent = await exchange(manner, call, { harmless: true });
		const { answer } = sent;
		const read = isReply(answer) ? how.candidates(answer) : undefined;
		if (read === 'missing') return { result: ended(search, 'notFound') };
		if (!isReply(answer) || !Array.isArray(read)) return { result: unread(search, sent) };
		all.push(...read);
		const on: Call | Find | undefined = how.next?.(answer, call);
		if (on && 'candidates' in on) how = on;
		call = on && 'candidates' in on ? on.call : on;
		empty = read.length === 0 ? empty + 1 : 0;
		if (call && empty >= mostEmptyPages) return { result: unread(search, sent, endless(empty)) };
	}
	const real = all.filter(({ test }) => !test);
	return real.length > 0 ? real : all;
}

/** "Pro · active · until 2026-12-31 · sub_1": what a person tells it by. */
export const lineOf = ({ id, product, state: { status, endsAt } }: Candidate): string =>
	[product, status, endsAt && `until ${endsAt.slice(0, 10)}`, id].filter(Boolean).join(' · ');

const endless = (pages: number) =>
	`${pages} pages without a match came in a row, each naming another one.`;

/** The search did not succeed: nobody knows whether there is something to cancel. */
function unread(
	search: Sought,
	{ answer, attempts, comeBackAt }: Exchange,
	because = 'The answer is no list.',
): Result {
	const read = meaningOfRead(answer);
	const { outcome: said = 'failed', description: why = because } =
		'against' in read ? read.against : {};
	// That the list is not there says nothing about the customer.
	const outcome = said === 'notFound' ? 'failed' : said;
	return {
		...ended(search, outcome),
		description: `"${search.by}" could not be looked up. ${why}`,
		message: messageFor({ ...search, target: search.by }, outcome, attempts, comeBackAt),
	};
}

export function ended(search: Sought, outcome: Result['outcome']): Result {
	const { name, by, email, dryRun } = search;
	const message = messageFor({ ...search, target: by }, outcome);
	return { outcome, operation: name, target: by, email, attempts: 0, dryRun, message };
}
