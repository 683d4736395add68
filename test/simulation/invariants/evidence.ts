import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../../nodes/shared/contract/outcome';
import type { History, Run } from '../history';
import type { Truth } from '../models/providerModel';
import type { SentRequest } from '../network';

/** Why a history must not be; a sentence each. */
export type Invariant = (history: History) => string[];

export interface Row extends IDataObject {
	outcome: Outcome;
	target: string;
	effectiveAt: string | null;
	attempts: number;
	ended: boolean;
}

/** How long a request in doubt is waited for, as docs/safety.md promises, ms. */
export const doubtMs = ({ timeout }: SentRequest) => Math.max(timeout, 10_000);

export const requestsOf = ({ network }: History, run: Run) =>
	network.requests.filter((request) => request.run === run.number);

/** The rows of a run with the item that each belongs to. */
export const rowsOf = ({ rows = [] }: Run): Array<{ item: number; row: Row }> =>
	rows.map(({ json, pairedItem }) => ({
		item: (pairedItem as { item: number } | undefined)?.item ?? -1,
		row: ((json.error as IDataObject | undefined) ?? json) as Row,
	}));

/** The customers that a row may be about. */
export function customersOf({ model }: History, run: Run, item: number, row: Row): number[] {
	const { customer, rubbish } = run.execution.items[item];
	if (rubbish) return [];
	const { naming } = run.execution;
	const own = model.entries[customer];
	const byId = model.entries.filter(({ id }) => id === row.target);
	if (byId.length > 0) return byId.map(({ index }) => index);
	if (naming === 'id' || naming === 'ownId') {
		return model.entries
			.filter((one) => model.nameOf(one, naming) === model.nameOf(own, naming))
			.map(({ index }) => index);
	}
	return model.entries.filter(({ account }) => account === own.account).map(({ index }) => index);
}

/** How a customer stood at some time of this span. */
export function truthsBetween(
	{ model }: History,
	customer: number,
	{ since, until }: { since: number; until: number },
): Truth[] {
	const truths = model.truths[customer];
	return truths.filter(
		({ at }, index) => at <= until && (truths[index + 1]?.at ?? Infinity) >= since,
	);
}

/** For how long a record may not show a change yet, ms. */
const momentMs = 10_000;

/**
 * How a customer stood at some time of a run. Of the runs before it with the same ledger, too: their
 * results are repeated, unless a loop's next round was shown the record anew.
 */
export function truthsDuring(history: History, run: Run, customer: number): Truth[] {
	const { kind, chainStartedAt, startedAt, endedAt = Infinity } = run;
	const isShown =
		kind === 'loop' &&
		requestsOf(history, run).some(
			(request) =>
				['read', 'search'].includes(request.kind) &&
				request.fault === undefined &&
				request.status === 200 &&
				isFor(history, request, [customer]),
		);
	const since = (isShown ? startedAt : chainStartedAt) - momentMs;
	const accepted = history.network.requests.flatMap((one) =>
		// For a moment the response counts, however late it came.
		one.customer === customer && one.answeredAt !== undefined && one.answeredAt >= since
			? (one.acceptedAt ?? [])
			: [],
	);
	return truthsBetween(history, customer, { since: Math.min(since, ...accepted), until: endedAt });
}

export const isFor = ({ model }: History, { target }: SentRequest, customers: number[]) =>
	customers.some((one) => {
		const entry = model.entries[one];
		const { id, ownId, email } = entry;
		return [id, ownId, email.toLowerCase(), model.nameOf(entry, 'customer')].includes(
			target.includes('@') ? target.toLowerCase() : target,
		);
	});
