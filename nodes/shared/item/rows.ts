import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../contract/call';
import { urlOf } from '../wire/address';
import { exchange, type Exchange, type Manner } from '../wire/exchange';
import { isReply } from '../wire/silence';
import type { Reading } from './item';
import { meaningOfRead } from './meaning';
import { messageFor, type Result } from './result';

/** Pages without a row in a row, after which a list is broken and not merely sparse. */
export const mostEmptyPages = 3;

/** Fetches the rows, page by page; a page that was already fetched (a cursor that repeats) is the end. */
export async function fetchRows(
	asked: Reading,
	manner: Manner,
): Promise<{ rows: IDataObject[] } | { result: Result }> {
	const { operation, limit = Infinity } = asked;
	const rows: IDataObject[] = [];
	const fetched = new Set<string>();
	let empty = 0;
	let call: Call | undefined = asked.call;
	while (call && rows.length < limit && !fetched.has(urlOf(manner.account, call))) {
		fetched.add(urlOf(manner.account, call));
		const sent = await exchange(manner, call, { harmless: true });
		const read = meaningOfRead(sent.answer, (reply) => operation.read?.(reply));
		if ('against' in read) {
			const { outcome, description } = read.against;
			return { result: failed(asked, outcome, sent, description) };
		}
		const page = operation.rows(read.sound);
		if (!page) return { result: failed(asked, 'failed', sent, 'The answer holds no records.') };
		rows.push(...page);
		call = operation.next?.(read.sound, call);
		empty = page.length === 0 ? empty + 1 : 0;
		if (call && empty >= mostEmptyPages) {
			const why = `${empty} pages without a record came in a row, each naming another one.`;
			return { result: failed(asked, 'failed', sent, why) };
		}
	}
	return { rows: rows.slice(0, limit) };
}

function failed(
	asked: Reading,
	outcome: Result['outcome'],
	{ answer, attempts, comeBackAt }: Exchange,
	description?: string,
): Result {
	const { name, target, email } = asked;
	return {
		outcome,
		operation: name,
		target,
		email,
		attempts,
		httpStatus: isReply(answer) ? answer.status : undefined,
		message: messageFor(asked, outcome, attempts, comeBackAt),
		description,
	};
}
