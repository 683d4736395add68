import { words, type Call } from '../contract/call';
import type { Look } from '../contract/verdict';
import { exchange, type Exchange, type Manner } from '../wire/exchange';
import { isReply } from '../wire/silence';
import type { Item } from './item';
import type { Failure, Seen } from './seen';

/** Reads the target's state. Never sends a write; a read may be repeated. */
export async function look(item: Item, manner: Manner): Promise<Seen> {
	const how = item.operation.look(item.values as never);
	if ('blind' in how) return { unread: how.blind };
	return seenIn(await exchange(manner, how.call, { harmless: true }), how);
}

/** Nothing but this execution's memory tells what became of a call. */
export const isBlind = (item: Item) => 'blind' in item.operation.look(item.values as never);

function seenIn({ answer, comeBackAt }: Exchange, { as }: Extract<Look, { call: Call }>): Seen {
	const couldNot = (why: string, failed: Failure): Seen => ({
		unread: `Its state could not be read: ${why}.`,
		failed,
	});
	if (!isReply(answer)) {
		const outcome = answer.comeBackAt ? 'rateLimited' : 'refused';
		return couldNot(answer.reason, { outcome, comeBackAt });
	}
	const { status } = answer;
	if (status === 404) return { missing: true, answer };
	const state = status < 300 ? as(answer) : undefined;
	if (state === 'missing') return { missing: true };
	if (state && 'blind' in state) return { unread: state.blind };
	if (state) return { state };
	const denied = status === 401 || status === 403;
	const outcome = denied ? 'unauthorized' : status === 429 ? 'rateLimited' : 'refused';
	const why = status < 300 ? `the answer is no record of it (${words(answer)})` : words(answer);
	return couldNot(why, { outcome, status, comeBackAt });
}
