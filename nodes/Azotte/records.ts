import type { IDataObject } from 'n8n-workflow';

import { segment, type ApiRequest } from '../shared/contract/http';
import { invalid } from '../shared/contract/refusal';
import {
	isFuture,
	type Candidate,
	type TargetSearch,
	type RecordQuery,
} from '../shared/contract/verdict';
import type { Order } from './fields';
import { customerIn, isUnknown, rowsIn, stateOf } from './responses';

/** All of a customer's orders come in one answer. */
export const list = (customerUrn: string): ApiRequest => ({
	path: `/subscription/${segment(customerUrn)}`,
});

/** There is no call for one order, only the list of a customer. */
export function look({ orderIdentifier, customerUrn, cancelationMethod }: Order): RecordQuery {
	if (customerUrn === undefined) {
		return {
			reason: 'Azotte shows an order only in the list of its customer. Give the Customer URN.',
		};
	}
	return {
		request: list(customerUrn),
		as(reply) {
			if (isUnknown(reply)) return 'missing';
			const rows = rowsIn(reply);
			const row = rows?.find((one) => one.orderIdentifier === orderIdentifier);
			return row ? stateOf(row, cancelationMethod) : rows && 'missing';
		},
	};
}

interface Customer {
	customerUrn: string;
	/** The list of orders does not tell it. */
	email?: string | null;
}

type Choose = (found: Candidate[]) => Candidate[];

/** The orders of a customer; with what is found goes the URN, so that the order can be read again. */
function ordersOf(
	{ customerUrn, email = null }: Customer,
	order: Order,
	choose: Choose,
): TargetSearch {
	if (order.customerUrn !== undefined && order.customerUrn !== customerUrn) {
		throw invalid(
			`The order is looked for at the customer "${customerUrn}", but Customer URN is "${order.customerUrn}".`,
			'Leave Customer URN empty, or give the same.',
		);
	}
	const candidate = (row: IDataObject): Candidate[] => {
		const id = row.orderIdentifier;
		const state = stateOf(row, order.cancelationMethod);
		if (!state || typeof id !== 'string') return [];
		const product = (row.bundleName ?? row.bundleSku) as string | undefined;
		return [{ id, state: { ...state, email }, product, values: { customerUrn }, row }];
	};
	return {
		request: list(customerUrn),
		candidates(reply) {
			if (isUnknown(reply)) return 'missing';
			const found = rowsIn(reply)?.flatMap(candidate);
			return found && choose(found);
		},
	};
}

/** How an order is found by its customer, whose URN or your own ID is known. */
const finding = (choose: Choose) => ({
	customer: (customerUrn: string, order: Order): TargetSearch =>
		ordersOf({ customerUrn }, order, choose),
	externalId: (exId: string, order: Order): TargetSearch => ({
		request: { path: '/customer/info', query: { exId } },
		candidates: (reply) => (isUnknown(reply) ? 'missing' : customerIn(reply, exId) && []),
		nextPage(reply) {
			const found = customerIn(reply, exId);
			return found && ordersOf(found, order, choose);
		},
	}),
});

const isLost = ({ state: { active, status, endsAt } }: Candidate) =>
	status === 'Expired' || (!active && endsAt !== null && !isFuture(endsAt));

export const find = finding((all) => all);

/** What has ended for good cannot be reactivated: it counts only where there is nothing else. */
export const findToReactivate = finding((all) => {
	const left = all.filter((one) => !isLost(one));
	return left.length > 0 ? left : all;
});
