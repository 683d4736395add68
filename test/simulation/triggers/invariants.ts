import type { IDataObject } from 'n8n-workflow';

import { secretOf } from '../host';
import type { CustomerEnd, StartedExecution, TriggerHistory } from './history';

/** Why a history must not be; a sentence each. */
type TriggerInvariant = (history: TriggerHistory) => string[];

const isPolled = ({ provider }: TriggerHistory['world']) =>
	provider === 'reditus' || provider === 'smokeball';

interface Told {
	item: IDataObject;
	execution: StartedExecution;
}

/** What executions were told of this customer's ends. */
const toldOf = ({ executions, source }: TriggerHistory, customer: number): Told[] => {
	const names = source.namesOf(customer);
	return executions.flatMap((execution) =>
		execution.items
			.filter((item) => item.ended === true)
			.filter(({ target, email }) =>
				execution.arrival
					? execution.arrival.customer === customer
					: names.includes(String(target)) || names.includes(String(email)),
			)
			.map((item) => ({ item, execution })),
	);
};

/**
 * The customers whose ends a trigger tells apart: of several subscriptions of one profile it cannot, where
 * the delivery names none.
 */
const matesOf = ({ world, source }: TriggerHistory, customer: number): number[] =>
	world.provider === 'funnelFox' && world.variant.names === 'otherId'
		? source.entries
				.filter(({ account }) => account === source.entries[customer].account)
				.map(({ index }) => index)
		: [customer];

const customersOf = ({ source }: TriggerHistory) => source.entries.map(({ index }) => index);

/** Every end starts an execution. */
export const everyEndIsTold: TriggerInvariant = (history) => {
	const { world } = history;
	return history.ends.flatMap((end) => {
		if (!mustBeTold(end, world)) return [];
		const told = toldOf(history, end.customer).filter(({ execution }) => execution.at >= end.at);
		if (isLikeOwn(history, end)) return [];
		return told.length > 0 ? [] : [`no execution was told that customer ${end.customer} left`];
	});
};

/** An event and its record may differ by so much about the time of an end, ms. */
const sameEndMs = 11 * 60_000;

/** Soon after an end that a node has made, another one cannot be told from it. */
const isLikeOwn = ({ ends }: TriggerHistory, { customer, at }: CustomerEnd): boolean =>
	ends.some(
		(other) => other.byApi && other.customer === customer && Math.abs(other.at - at) < sameEndMs,
	);

function mustBeTold(
	{ stays, byApi, isGivenUp, isRepeated }: CustomerEnd,
	{ provider }: TriggerHistory['world'],
): boolean {
	// Between two polls of a state a return and a second end cannot be told from none.
	return stays && !byApi && !isGivenUp && !(provider === 'smokeball' && isRepeated);
}

/** One end starts one execution, unless n8n could not say that it had started one. */
export const noEndIsToldTwice: TriggerInvariant = (history) => {
	const { world, ends } = history;
	// A process that starts knows what n8n has saved.
	if (world.crashesAtMs.length > 0 && !isPolled(world)) return [];
	return customersOf(history).flatMap((customer) => {
		const told = toldOf(history, customer);
		const own = ends.filter((end) => end.customer === customer);
		const answered = told.filter(isAnswered);
		const events = answered.flatMap(({ item }) => (item.eventId as string | null) ?? []);
		const repeated = new Set(events.filter((id, index) => events.indexOf(id) !== index));
		// Two events without a record that both lead to cannot be told to be one.
		const certain = answered.filter(({ item }) => item.verified === true);
		return [
			...[...repeated].map((id) => `the event ${id} started more than one execution`),
			...(certain.length > own.length
				? [`customer ${customer} left ${own.length} times, which ${certain.length} items told`]
				: []),
		];
	});
};

/** The provider may know that it has been taken; of others it delivers the event again. */
const isAnswered = ({ execution: { arrival } }: Told) =>
	!arrival || (arrival.finishedAt !== undefined && (arrival.status ?? 500) < 300);

/** What this package's nodes have done starts nothing. */
export const ownEndsStartNothing: TriggerInvariant = (history) => {
	if (history.world.crashesAtMs.length > 0) return [];
	return customersOf(history).flatMap((customer) => {
		const own = history.ends.filter((end) => end.customer === customer);
		const isOwn = own.length > 0 && own.every(({ byApi }) => byApi);
		return isOwn && toldOf(history, customer).length > 0
			? [`customer ${customer} was cancelled by a node, and that started an execution`]
			: [];
	});
};

/** What is told with the record at hand is the end that there is. */
export const whatIsToldIsTrue: TriggerInvariant = (history) =>
	customersOf(history).flatMap((customer) => {
		const mates = matesOf(history, customer);
		const own = history.ends.filter((end) => mates.includes(end.customer));
		return toldOf(history, customer).flatMap(({ item, execution }) => {
			if (own.every(({ at }) => at > execution.at)) {
				return [`customer ${customer} is told to have left, and has not`];
			}
			if (item.verified !== true || item.effectiveAt === null) return [];
			const claimed = Date.parse(String(item.effectiveAt));
			return own.some(({ endsAt }) => Math.abs(endsAt - claimed) < 1000)
				? []
				: [`customer ${customer} is told to end at ${String(item.effectiveAt)}`];
		});
	});

/** Only an answer that says so ends an event without an execution. */
export const allIsAnswered: TriggerInvariant = ({ arrivals, world }) =>
	arrivals.flatMap(({ eventId, status, finishedAt, fault }) =>
		finishedAt === undefined && fault !== 'hangsUp' && world.crashesAtMs.length === 0
			? [`a delivery of ${eventId} got no answer in time`]
			: status !== undefined && ![200, 500, 503].includes(status)
				? [`a delivery of ${eventId} was answered ${status}`]
				: [],
	);

export const noSecretLeaves: TriggerInvariant = ({ executions, words }) => {
	const text = JSON.stringify([executions.map(({ items }) => items), words]);
	const secret = secretOf(0);
	return [secret, encodeURIComponent(secret)].some((one) => text.includes(one))
		? ['a secret came out']
		: [];
};

export const comesToAnEnd: TriggerInvariant = ({ ending, afterwards }) => {
	if (ending !== 'done') return [`the world did not end (${ending})`];
	return afterwards?.ending === 'done' ? [] : ['an end after all of it was not told in time'];
};

/** All of them, by the name under which a broken one is reported. */
export const triggerInvariants: Record<string, TriggerInvariant> = {
	'every end starts an execution': everyEndIsTold,
	'no end starts two executions': noEndIsToldTwice,
	'own cancellations start nothing': ownEndsStartNothing,
	'what is told is true': whatIsToldIsTrue,
	'every delivery is answered': allIsAnswered,
	'no secret comes out of a trigger': noSecretLeaves,
	'a trigger goes on': comesToAnEnd,
};
