import type { IDataObject } from 'n8n-workflow';

import { errorText, segment, textOf, type ApiRequest } from '../shared/contract/http';
import { lastPage } from '../shared/contract/page';
import {
	isFuture,
	sameId,
	timeOf,
	type Candidate,
	type ParsedRecord,
	type RecordQuery,
	type RecordState,
	type TargetSearch,
} from '../shared/contract/record';
import { invalid } from '../shared/contract/refusal';
import type { Order } from './fields';
import { customerIn, isUnknown, toRecordState, toRows } from './responses';

/** All of a customer's orders come in one response. */
export const listOf = (customerUrn: string): ApiRequest => ({
	path: `/subscription/${segment(customerUrn)}`,
});

/** There is no request for one order, only the list of a customer. */
export function recordQuery(order: Order): RecordQuery {
	const { orderIdentifier, customerUrn } = order;
	if (customerUrn === undefined) {
		return {
			kind: 'unreadable',
			reason: 'Azotte shows an order only in the list of its customer. Give the Customer URN.',
		};
	}
	return {
		kind: 'request',
		request: listOf(customerUrn),
		parse(response) {
			if (isUnknown(response)) return { kind: 'missing', description: errorText(response) };
			const rows = toRows(response);
			return rows ? parseOrder(rows, orderIdentifier, order) : { kind: 'notTheRecord' };
		},
	};
}

const hasId = ({ orderIdentifier }: IDataObject) =>
	typeof orderIdentifier === 'number' || textOf(orderIdentifier) !== null;

/** An order's rows in the list of its customer; a row without an ID may be its. */
function parseOrder(rows: IDataObject[], id: string, order: Order): ParsedRecord {
	const own = rows.filter(({ orderIdentifier }) => sameId(orderIdentifier, id));
	const states = own.map((row) => toRecordState(row, order.cancelationMethod));
	const state = currentOf(states);
	if (state) return { kind: 'found', state };
	return own.length === 0 && rows.every(hasId)
		? { kind: 'missing' }
		: { kind: 'unreadable', reason: `Azotte's list does not show the state of the order "${id}".` };
}

/** Of several rows of one order the active one counts, then the latest end; undefined where it may be unreadable. */
function currentOf(states: Array<RecordState | undefined>): RecordState | undefined {
	const readable = states.filter((state) => state !== undefined);
	const active = readable.find(({ phase }) => phase === 'active');
	return (
		active ?? (readable.length === states.length ? readable.sort(latestEndFirst)[0] : undefined)
	);
}

/** An end that the row does not say may be the latest. */
const endOrder = ({ end }: RecordState) => (end.kind === 'unknown' ? '9' : (timeOf(end) ?? ''));
const latestEndFirst = (one: RecordState, other: RecordState) =>
	endOrder(other).localeCompare(endOrder(one));

interface Customer {
	customerUrn: string;
	/** The list of orders does not name it. */
	email?: string | null;
}

type Selection = (candidates: Candidate[]) => Candidate[];

/** The orders of a customer; each candidate carries the URN, so that the order can be read again. */
function searchOrders(customer: Customer, order: Order, select: Selection): TargetSearch {
	const { customerUrn } = customer;
	if (order.customerUrn !== undefined && order.customerUrn !== customerUrn) {
		throw invalid(
			`The order is looked for at the customer "${customerUrn}", but Customer URN is "${order.customerUrn}".`,
			'Leave Customer URN empty, or give the same.',
		);
	}
	return {
		request: listOf(customerUrn),
		parse(response) {
			if (isUnknown(response)) return { kind: 'missing' };
			const rows = toRows(response);
			if (!rows) return { kind: 'notAList' };
			const ids = new Set(rows.map(({ orderIdentifier }) => orderIdentifier).filter(isId));
			const candidates = [...ids].map((id) => toCandidate(id, rows, order, customer));
			const readable = candidates.filter((candidate) => candidate !== undefined);
			const unreadable =
				candidates.length -
				readable.length +
				rows.filter(({ orderIdentifier }) => !isId(orderIdentifier)).length;
			return { kind: 'candidates', candidates: select(readable), unreadable, next: lastPage };
		},
	};
}

const isId = (id: unknown): id is string => typeof id === 'string' && id.trim() !== '';

function toCandidate(
	id: string,
	rows: IDataObject[],
	{ cancelationMethod }: Order,
	{ customerUrn, email = null }: Customer,
): Candidate | undefined {
	const own = rows.filter(({ orderIdentifier }) => orderIdentifier === id);
	const states = own.map((one) => toRecordState(one, cancelationMethod));
	const state = currentOf(states);
	if (!state) return undefined;
	const row = own[states.indexOf(state)];
	const product = textOf(row.bundleName) ?? textOf(row.bundleSku) ?? undefined;
	return { id, state: { ...state, email }, product, values: { customerUrn }, row };
}

/** How an order is found by its customer: by URN, or by your own ID of the customer. */
const searchesWith = (select: Selection) => ({
	customer: (customerUrn: string, order: Order): TargetSearch =>
		searchOrders({ customerUrn }, order, select),
	externalId: (ownId: string, order: Order): TargetSearch => ({
		request: { path: '/customer/info', query: { exId: ownId } },
		parse(response) {
			if (isUnknown(response)) return { kind: 'missing' };
			const customer = customerIn(response, ownId);
			return customer
				? { kind: 'continue', searches: [searchOrders(customer, order, select)] }
				: { kind: 'notAList' };
		},
	}),
});

export const searches = searchesWith((all) => all);

const isLost = ({ state: { phase, status, end } }: Candidate) =>
	status === 'Expired' || (phase === 'ended' && end.kind === 'at' && !isFuture(end.at));

/** What has ended for good cannot be reactivated: it counts only where there is nothing else. */
export const searchesToReactivate = searchesWith((all) => {
	const left = all.filter((one) => !isLost(one));
	return left.length > 0 ? left : all;
});
