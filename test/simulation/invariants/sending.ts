import type { History, Run } from '../history';
import type { Acceptance } from '../models/providerModel';
import type { ProviderName } from '../world';
import { doubtMs, isFor, requestsOf, type Invariant } from './evidence';

/** How long a stopped execution may take to end, ms. */
const stopMs = 100;

const requestOf = ({ network }: History, { customer, at }: Acceptance) =>
	network.requests.find((one) => one.customer === customer && one.acceptedAt === at);

const cameBackBetween = ({ model }: History, customer: number, [since, until]: [number, number]) =>
	model.truths[customer].some(({ at, isOver }) => !isOver && at > since && at <= until);

/** Whether what is known of one write must keep another from being accepted. */
function mustKnow(history: History, first: Acceptance, second: Acceptance): boolean {
	const [one, other] = [requestOf(history, first), requestOf(history, second)];
	if (!one || !other || one === other) return false;
	if (one.sentAt > other.sentAt) return mustKnow(history, second, first);
	const [before, after] = [history.runs[one.run], history.runs[other.run]];
	// Later than the node promises to wait.
	if (first.at - one.sentAt > doubtMs(one)) return false;
	// It was meant for the time before the customer came back, and settled then.
	if (cameBackBetween(history, first.customer, [one.sentAt, first.at])) return false;
	if (before.chain === after.chain && before.diedAt === undefined) return true;
	if ([before, after].some((run) => isBlind(history, run, first.customer))) {
		return before.chain === after.chain;
	}
	// What another process has in flight shows in the record alone.
	// Locks go by credential: two credentials may be two accounts.
	const isSameProgram = before.process === after.process && before.credential === after.credential;
	if (first.visibleAt > first.at) return first.visibleAt <= after.startedAt;
	return isSameProgram || first.visibleAt <= after.startedAt;
}

/** No record tells this run what became of a write. */
const isBlind = ({ world }: History, { execution }: Run, customer: number) =>
	world.customers[customer].quirk === 'noStatus' ||
	(world.provider === 'azotte' && execution.isBlind && execution.naming === 'id') ||
	(world.provider === 'reditus' && execution.naming === 'ownId');

export const acceptedOnce: Invariant = (history) => {
	const { acceptances } = history.model;
	return acceptances.flatMap((second, index) => {
		const firsts = acceptances
			.slice(0, index)
			.filter(
				(first) =>
					first.customer === second.customer &&
					first.period === second.period &&
					first.wish === second.wish,
			);
		return firsts.some((first) => mustKnow(history, first, second))
			? [`customer ${second.customer}: "${second.wish}" was accepted again`]
			: [];
	});
};

export const onlyNamedTargets: Invariant = (history) => {
	const { model, runs } = history;
	return runs.flatMap((run) => {
		const { execution } = run;
		const named = execution.items.filter(({ rubbish }) => !rubbish).map(({ customer }) => customer);
		const meant = model.entries.filter(({ account, index }) =>
			named.some((one) => one === index || model.entries[one].account === account),
		);
		const allowed = new Set(
			meant.flatMap((entry) =>
				(['id', 'email', 'ownId', 'customer'] as const).map((naming) =>
					model.nameOf(entry, naming),
				),
			),
		);
		const fold = (text: string) => (text.includes('@') ? text.toLowerCase() : text);
		const targets = new Set([...allowed].map(fold));
		return requestsOf(history, run)
			.filter(({ target }) => target !== '' && !targets.has(fold(target)))
			.map(({ line }) => `run ${run.number}: no item names the target of ${line}`);
	});
};

export const nothingAfterStop: Invariant = (history) =>
	history.runs.flatMap((run) => {
		const { stoppedAt } = run;
		if (stoppedAt === undefined) return [];
		const late = requestsOf(history, run).filter(({ sentAt }) => sentAt > stoppedAt);
		const took = (run.endedAt ?? Infinity) - stoppedAt;
		return [
			...late.map(({ line }) => `run ${run.number}: ${line} left after Stop`),
			...(took > stopMs && run.diedAt === undefined
				? [`run ${run.number}: did not end at Stop`]
				: []),
		];
	});

/** In stop mode nothing new begins once an item has failed; after a rejected key in every mode. */
export const nothingAfterFailure: Invariant = (history) =>
	history.runs.flatMap((run) => {
		const requests = requestsOf(history, run);
		// A key that is accepted afterwards has not been rejected for good.
		const worksAfter = (at: number) =>
			requests.some(({ answeredAt = 0, status = 0 }) => answeredAt > at && status === 200);
		const [failedAt] = requests
			.filter(
				({ fault, answeredAt, status }) =>
					fault?.answer === 'own401' && status === 401 && answeredAt && !worksAfter(answeredAt),
			)
			.map(({ answeredAt }) => answeredAt as number)
			.sort((one, other) => one - other);
		const item = run.thrown?.context?.itemIndex as number | undefined;
		const isTold = item !== undefined && run.stoppedAt === undefined;
		const failed = !isTold ? undefined : lastAnswerFor(history, run, item);
		const since = Math.min(failedAt ?? Infinity, failed ?? Infinity);
		const writes = requests.filter(({ kind }) => kind === 'write');
		// What has been sent once may be sent again until it is clear what became of it.
		const begun = writes.filter(({ sentAt }) => sentAt <= since).map(({ target }) => target);
		return writes
			.filter(({ target, sentAt }) => sentAt > since && !begun.includes(target))
			.map(({ line }) => `run ${run.number}: ${line} left after the run had failed`);
	});

/** When the item that stopped the run got its last answer; undefined where that cannot be told. */
function lastAnswerFor(history: History, run: Run, item: number): number | undefined {
	const { items } = run.execution;
	const { customer, rubbish } = items[item];
	const { entries } = history.model;
	const { account } = entries[customer];
	const mates = entries.filter((one) => one.account === account).map(({ index }) => index);
	const isAlone = items.filter((one) => mates.includes(one.customer)).length === 1;
	if (rubbish || !isAlone) return undefined;
	const own = requestsOf(history, run).filter((request) => isFor(history, request, mates));
	const last = own.at(-1);
	// The account may have been limited by the answer to another item, and then ends it.
	const isLimited = requestsOf(history, run).some(({ status }) => status === 429);
	return isLimited ? undefined : last?.answeredAt;
}

export const limitsHold: Invariant = (history) =>
	history.runs.flatMap((run) => {
		const { maxPerExecution, dryRun, expectedStatus } = run.execution.options;
		const writes = requestsOf(history, run).filter(({ kind }) => kind === 'write');
		const chain = history.runs.filter((one) => one.chain === run.chain).map(({ number }) => number);
		const accepted = history.network.requests.filter(
			(one) => chain.includes(one.run) && one.acceptedAt !== undefined,
		);
		const sizes = new Set(accepted.map(({ customer }) => customer)).size;
		const broken: string[] = [];
		if (dryRun && writes.length > 0) broken.push('a dry run sent a write');
		if (maxPerExecution > 0 && sizes > maxPerExecution) {
			broken.push(`${sizes} were accepted, at most ${maxPerExecution} may be`);
		}
		if (expectedStatus === 'cancelled' && accepted.length > 0) {
			broken.push('Expected Status does not hold, and a write was accepted');
		}
		return broken.map((text) => `run ${run.number}: ${text}`);
	});

export const concurrencyHolds: Invariant = (history) => {
	const { network, runs } = history;
	return runs.flatMap((run) => {
		const own = requestsOf(history, run);
		const { maxConcurrency } = run.execution.options;
		const most = Math.max(
			0,
			...own.map(
				({ sentAt }) =>
					own.filter((one) => one.sentAt <= sentAt && (one.answeredAt ?? Infinity) > sentAt).length,
			),
		);
		return most > maxConcurrency && network.requests.length > 0
			? [`run ${run.number}: ${most} requests at once, at most ${maxConcurrency} may be`]
			: [];
	});
};

/** Requests that may leave together before a pace holds them back. */
const burst = 20;
/** What the documents allow: requests in so many ms. */
const published: Partial<Record<ProviderName, { requests: number; ms: number }>> = {
	firstPromoter: { requests: 400, ms: 60_000 },
	// Five a second, and a burst of five.
	smokeball: { requests: 10, ms: 1000 },
	reditus: { requests: 100, ms: 300_000 },
};

/** An account is not asked faster than the user or the provider's documents allow. */
export const paceHolds: Invariant = (history) => {
	const accounts = new Map<string, Run[]>();
	for (const run of history.runs) {
		const account = `program ${run.process}, credential ${run.credential}`;
		accounts.set(account, [...(accounts.get(account) ?? []), run]);
	}
	return [...accounts].flatMap(([account, runs]) => {
		const paces = runs.map(({ execution }) => execution.options.requestsPerMinute);
		const times = runs
			.flatMap((run) => requestsOf(history, run).map(({ sentAt }) => sentAt))
			.sort((one, other) => one - other);
		const limit = limitOf(history.world.provider, paces);
		const isTooFast = times.some((at, index) => {
			const first = times[index - limit.requests];
			return first !== undefined && at - first < limit.ms;
		});
		return isTooFast ? [`${account}: more than ${limit.requests} requests in ${limit.ms} ms`] : [];
	});
};

function limitOf(provider: ProviderName, paces: Array<number | null>) {
	const own = paces.filter((pace) => pace !== null);
	const byUser = { requests: burst + Math.max(0, ...own), ms: 60_000 };
	const isFree = { requests: Infinity, ms: 0 };
	return own.length === paces.length
		? byUser
		: own.length > 0
			? isFree
			: (published[provider] ?? isFree);
}
