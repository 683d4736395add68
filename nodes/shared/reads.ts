import type { IDataObject } from 'n8n-workflow';

import { defaultVerdict, isSuccess, messageFor, type Result } from './outcome';
import type { Call, Provider, ReadOperation } from './provider';
import { exchange, isReply, urlOf, type Manner } from './request';

/** One item of a get or getAll operation, ready to be fetched. */
export interface Reading {
	provider: Provider;
	name: string;
	operation: ReadOperation;
	target: string;
	call: Call;
	/** Rows at most; undefined: all of them. */
	limit?: number;
}

/** Fetches the rows, page by page; a page that was already fetched (a cursor that repeats) is the end. */
export async function fetchRows(
	reading: Reading,
	manner: Manner,
): Promise<{ rows: IDataObject[] } | { result: Result }> {
	const { operation, limit = Infinity } = reading;
	const rows: IDataObject[] = [];
	const fetched = new Set<string>();
	let call: Call | undefined = reading.call;
	while (call && rows.length < limit && !fetched.has(urlOf(manner.account, call))) {
		fetched.add(urlOf(manner.account, call));
		const { answer, attempts, comeBackAt } = await exchange(manner, call, { harmless: true });
		const { outcome, description } = isReply(answer)
			? (operation.read?.(answer) ?? defaultVerdict(answer, 'restored'))
			: { outcome: 'failed' as const, description: `It gave no answer: ${answer.reason}.` };
		if (!isReply(answer) || !isSuccess(outcome)) {
			// A read that gave no clear answer has changed nothing.
			const told = outcome === 'unknown' ? 'failed' : outcome;
			return {
				result: {
					outcome: told,
					operation: reading.name,
					target: reading.target,
					attempts,
					httpStatus: isReply(answer) ? answer.status : undefined,
					message: messageFor(reading, told, attempts, comeBackAt),
					description,
				},
			};
		}
		rows.push(...operation.rows(answer));
		call = operation.next?.(answer, call);
	}
	return { rows: rows.slice(0, limit) };
}
