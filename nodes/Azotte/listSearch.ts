import { dateLabel, joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { listOf } from './records';
import { interpretList, toRows } from './responses';

/** The list of the Order field: the orders of the customer above. */
export const ordersOfCustomer: ListSearch = {
	missingInput(_, parameter) {
		const urn = parameter('customerUrn');
		if (typeof urn !== 'string' || urn.trim() === '') {
			return 'Fill in Customer URN first: Azotte lists the orders of one customer.';
		}
		return urn.startsWith('=')
			? 'Customer URN is an expression, so there is no list yet. Choose By Customer URN or By ID, or fill in a URN to pick from.'
			: undefined;
	},
	request: (_typed, _page, parameter) => listOf(String(parameter('customerUrn')).trim()),
	interpret: interpretList,
	toRows,
	toOption({ orderIdentifier, bundleName, bundleSku, state, endDate, subscriptionChannel }) {
		const name = joinLabel(
			bundleName ?? bundleSku,
			state,
			subscriptionChannel !== 'Azotte' && subscriptionChannel,
			dateLabel('until', endDate),
			orderIdentifier,
		);
		return { name, value: orderIdentifier as string };
	},
	filterLocally: true,
};
