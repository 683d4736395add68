import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../contract/call';
import { isSuccess } from '../contract/outcome';
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
	reading: Reading,
	manner: Manner,
): Promise<{ rows: IDataObject[] } | { result: Result }> {
	const { operation, limit = Infinity } = reading;
	const rows: IDataObject[] = [];
	const fetched = new Set<string>();
	let empty = 0;
	let call: Call | undefined = reading.call;
	while (call && rows.length < limit && !fetched.has(urlOf(manner.account, call))) {
		fetched.add(urlOf(manner.account, call));
		const sent = await exchange(manner, call, { harmless: true });
		const { answer } = sent;
		const said = meaningOfRead(answer, (reply) => operation.read?.(reply), 'preview');
		if (!isReply(answer) || !isSuccess(said.outcome)) {
			return { result: failed(reading, said.outcome, sent, said.description) };
		}
		const page = operation.rows(answer);
		if (!page) return { result: failed(reading, 'failed', sent, 'The answer holds no records.') };
		rows.push(...page);
		call = operation.next?.(answer, call);
		empty = page.length === 0 ? empty + 1 : 0;
		if (call && empty >= mostEmptyPages) {
			const why = `${empty} pages without a record came in a row, each naming another one.`;
			return { result: failed(reading, 'failed', sent, why) };
		}
	}
	return { rows: rows.slice(0, limit) };
}

function failed(
	reading: Reading,
	outcome: Result['outcome'],
	{ answer, attempts, comeBackAt }: Exchange,
	description?: string,
): Result {
	const { name, target, email } = reading;
	return {
		outcome,
		operation: name,
		target,
		email,
		attempts,
		httpStatus: isReply(answer) ? answer.status : undefined,
		message: messageFor(reading, outcome, attempts, comeBackAt),
		description,
	};
}
