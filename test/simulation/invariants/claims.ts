import { isEnded, isSuccess, type Outcome } from '../../../nodes/shared/contract/outcome';
import type { History } from '../history';
import { secretOf } from '../host';
import type { Truth } from '../models/providerModel';
import type { SentRequest } from '../network';
import {
	customersOf,
	doubtMs,
	isFor,
	requestsOf,
	rowsOf,
	truthsBetween,
	truthsDuring,
	type Invariant,
} from './evidence';

/** Longer than the waits that a run can have to make, ms. */
const runMs = 3_600_000;

export const everyItemOnce: Invariant = (history) =>
	history.runs.flatMap((run) => {
		if (!run.rows) return [];
		const { items, options, naming } = run.execution;
		const out = rowsOf(run).map(({ item }) => item);
		const missing = items.map((_, item) => item).filter((item) => !out.includes(item));
		const isOrdered = out.every((item, index) => index === 0 || out[index - 1] <= item);
		const mayRepeat = options.cancelAll && naming !== 'id';
		const isRight = missing.length === 0 && isOrdered && (mayRepeat || out.length === items.length);
		return isRight
			? []
			: [`run ${run.number}: ${items.length} items, rows for [${out.join(', ')}]`];
	});

export const endedIsTrue: Invariant = (history) =>
	history.runs.flatMap((run) =>
		rowsOf(run).flatMap(({ item, row }) => {
			if (row.ended !== true) return [];
			const customers = customersOf(history, run, item, row);
			const isTrue = customers.every((one) =>
				truthsDuring(history, run, one).some(({ isOver }) => isOver),
			);
			if (customers.length > 0 && isTrue) return [];
			return [
				`run ${run.number}: item ${item} is "${row.outcome}" with ended: true, and it goes on`,
			];
		}),
	);

export const endIsTrue: Invariant = (history) => {
	if (history.clocksJumped) return [];
	return history.runs.flatMap((run) =>
		rowsOf(run).flatMap(({ item, row }) => {
			if (row.ended !== true || (row.effectiveAt === null && row.outcome !== 'cancelled'))
				return [];
			const truths = customersOf(history, run, item, row).flatMap((one) =>
				truthsDuring(history, run, one).filter(({ isOver }) => isOver),
			);
			const ends = truths.flatMap(({ endsAt }) => endsAt ?? []);
			if (ends.length === 0) return [];
			const isNow = row.effectiveAt === null;
			const claimed = isNow ? (run.endedAt ?? 0) : Date.parse(String(row.effectiveAt));
			const isTrue = ends.some((end) => (isNow ? end <= claimed : Math.abs(end - claimed) < 1000));
			if (isTrue) return [];
			const real = ends.map((end) => new Date(end).toISOString()).join(' or ');
			return [
				`run ${run.number}: item ${item} is "${row.outcome}" at ${row.effectiveAt ?? 'once'}, but it ends at ${real}`,
			];
		}),
	);
};

const claimsNothingSent = /nothing was sent/i;

export const nothingSentIsTrue: Invariant = (history) =>
	history.runs.flatMap((run) => {
		// Without a connection nothing has left.
		const writes = requestsOf(history, run).filter(
			({ kind, fault }) => kind === 'write' && fault?.answer !== 'notConnected',
		);
		const hints = run.hints.filter((hint) => claimsNothingSent.test(hint) && writes.length > 0);
		const rows = rowsOf(run).filter(({ item, row }) => {
			const text = `${String(row.message)} ${String(row.summary)}`;
			if (!claimsNothingSent.test(text)) return false;
			const customers = customersOf(history, run, item, row);
			const isAlone =
				run.execution.items.filter(
					({ customer, rubbish }) => !rubbish && customers.includes(customer),
				).length === 1;
			return isAlone && writes.some((write) => isFor(history, write, customers));
		});
		return [
			...hints.map((hint) => `run ${run.number}: "${hint}", but ${writes.length} writes left`),
			...rows.map(
				({ item }) => `run ${run.number}: "Nothing was sent" for item ${item}, but a write left`,
			),
		];
	});

/** Outcomes that say that the write was not carried out. */
const denials: Outcome[] = [
	'failed',
	'refused',
	'skipped',
	'notFound',
	'notCancellable',
	'rateLimited',
	'unauthorized',
	'invalid',
	'nothingToCancel',
];

const cameBackSince = ({ model }: History, { customer, acceptedAt = 0 }: SentRequest) =>
	model.truths[customer ?? 0].some(({ at, isOver }) => !isOver && at > acceptedAt);

export const denialIsTrue: Invariant = (history) =>
	history.runs.flatMap((run) =>
		rowsOf(run).flatMap(({ item, row }) => {
			if (!denials.includes(row.outcome)) return [];
			const customers = customersOf(history, run, item, row);
			const isAlone =
				run.execution.items.filter((one) => !one.rubbish && customers.includes(one.customer))
					.length === 1;
			const accepted = requestsOf(history, run).filter(
				(request) =>
					request.acceptedAt !== undefined &&
					isFor(history, request, customers) &&
					request.acceptedAt - request.sentAt <= doubtMs(request) &&
					request.acceptedAt <= (run.endedAt ?? 0) &&
					!cameBackSince(history, request),
			);
			if (!isAlone || accepted.length === 0) return [];
			return [
				`run ${run.number}: item ${item} is "${row.outcome}", but the provider carried it out`,
			];
		}),
	);

/** Only what the provider does not know is not found. */
export const notFoundIsTrue: Invariant = (history) =>
	history.runs.flatMap((run) =>
		rowsOf(run).flatMap(({ item, row }) => {
			if (row.outcome !== 'notFound') return [];
			const customers = customersOf(history, run, item, row);
			// A list of another customer looks like one whose filter is not exact.
			const isOfOther = requestsOf(history, run).some(
				({ kind, fault }) => kind === 'search' && fault?.answer === 'otherRecord',
			);
			if (isOfOther) return [];
			return customers.some((one) => history.model.entries[one].state !== 'unknown')
				? [`run ${run.number}: item ${item} is "notFound", and the provider knows it`]
				: [];
		}),
	);

export const noSecretLeaves: Invariant = (history) =>
	history.runs.flatMap((run) => {
		const { rows, thrown, hints } = run;
		const text = JSON.stringify([
			rows,
			thrown && [thrown.message, thrown.description, thrown.context],
			hints,
		]);
		const secrets = [0, 1].flatMap((one) => [secretOf(one), encodeURIComponent(secretOf(one))]);
		return secrets.some((secret) => text.includes(secret))
			? [`run ${run.number}: a secret came out`]
			: [];
	});

export const comesToAnEnd: Invariant = ({ ending, afterwards, runs, clocksJumped }) => {
	if (ending !== 'done') return [`an execution did not end (${ending})`];
	if (afterwards !== 'done') return [`an execution afterwards did not end (${afterwards})`];
	const slow = runs.filter(({ startedAt, endedAt }) => (endedAt ?? startedAt) - startedAt > runMs);
	if (slow.length > 0) return slow.map(({ number }) => `run ${number} took more than an hour`);
	// A provider that names a time of day is misunderstood by a clock that is wrong.
	if (clocksJumped) return [];
	return runs
		.filter(({ kind }) => kind === 'afterwards')
		.flatMap((run) =>
			rowsOf(run)
				.filter(({ row }) => ['rateLimited', 'skipped', 'failed'].includes(row.outcome))
				.map(
					({ item, row }) => `afterwards item ${item} is "${row.outcome}": ${String(row.message)}`,
				),
		);
};

export const outcomesAgree: Invariant = ({ runs }) =>
	runs.flatMap((run) =>
		rowsOf(run).flatMap(({ item, row }) =>
			row.ok === isSuccess(row.outcome) &&
			(row.ended === isEnded(row.outcome) || row.ended === false)
				? []
				: [`run ${run.number}: item ${item} contradicts its outcome "${row.outcome}"`],
		),
	);

/** Nothing is left undone for the sake of another item, unless it says something about all of them. */
export const skippedForReason: Invariant = (history) =>
	history.runs.flatMap((run) => {
		if (run.execution.onError === 'stop' || run.stoppedAt !== undefined) return [];
		const isAboutAll = ({ status, fault, kind }: SentRequest) =>
			status === 401 ||
			// A 403 of Smokeball may be about the record, unless the record cannot be read either.
			(fault?.answer === 'own403' && (history.world.provider !== 'smokeball' || kind !== 'write'));
		if (requestsOf(history, run).some(isAboutAll)) return [];
		return rowsOf(run)
			.filter(({ row }) => row.outcome === 'skipped')
			.map(({ item }) => `run ${run.number}: item ${item} was skipped for no reason`);
	});

/** An end at once is not taken for reached by an end that lies ahead. */
export const earlierEndIsAnotherWish: Invariant = (history) => {
	const { provider } = history.world;
	if (!['azotte', 'smokeball'].includes(provider) || history.clocksJumped) return [];
	return history.runs.flatMap((run) => {
		if (run.execution.operation !== 'cancelAtOnce') return [];
		return rowsOf(run).flatMap(({ item, row }) => {
			const customers = customersOf(history, run, item, row);
			const isTold = customers.every((one) => history.world.customers[one].endsInDays !== null);
			if (row.ended !== true || !isTold) return [];
			const isReached = customers.some((one) =>
				truthsDuring(history, run, one).some(
					({ isOver, endsAt }) => isOver && (endsAt ?? 0) <= (run.endedAt ?? 0),
				),
			);
			return isReached
				? []
				: [`run ${run.number}: item ${item} is "${row.outcome}" with an end that lies ahead`];
		});
	});
};

/** Of several running ones that a lookup may mean, none is chosen, and none is overlooked. */
export const noneOfSeveralIsChosen: Invariant = (history) => {
	const { model } = history;
	return history.runs.flatMap((run) => {
		const { naming, options, items } = run.execution;
		const isLookup = naming === 'email' || naming === 'customer';
		if (!isLookup || options.cancelAll || run.kind !== 'first') return [];
		return items.flatMap(({ customer, rubbish }, item) => {
			const { account } = model.entries[customer];
			const mates = model.entries.filter((one) => one.account === account);
			const writes = requestsOf(history, run).filter(
				(one) =>
					one.kind === 'write' &&
					isFor(
						history,
						one,
						mates.map(({ index }) => index),
					),
			);
			const runningBy = (truthsOf: (customer: number) => Truth[]) =>
				mates.filter(
					({ index, state }) =>
						state !== 'unknown' && truthsOf(index).every(({ isOver }) => !isOver),
				).length;
			const beforeWrite = (customer: number) =>
				truthsBetween(history, customer, { since: run.startedAt, until: writes[0].sentAt });
			const isOverlooked = rowsOf(run).some(
				({ item: own, row }) => own === item && row.outcome === 'alreadyCancelled',
			);
			if (rubbish) return [];
			if (writes.length > 0 && runningBy(beforeWrite) > 1) {
				return [`run ${run.number}: item ${item} may mean several, and one was chosen`];
			}
			return isOverlooked && runningBy((one) => truthsDuring(history, run, one)) > 0
				? [`run ${run.number}: item ${item} overlooks one that runs`]
				: [];
		});
	});
};
