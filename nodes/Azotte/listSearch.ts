import { joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { toIsoUtc } from '../shared/contract/verdict';
import { list } from './records';
import { notListed, rowsIn } from './responses';

/** The list behind the Order field: what the customer above has. */
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
	request: (_typed, _page, parameter) => list(String(parameter('customerUrn')).trim()),
	interpret: notListed,
	toRows: rowsIn,
	toOption({ orderIdentifier, bundleName, bundleSku, state, endDate, subscriptionChannel }) {
		const day = toIsoUtc(endDate)?.slice(0, 10);
		const name = joinLabel(
			bundleName ?? bundleSku,
			state,
			subscriptionChannel !== 'Azotte' && subscriptionChannel,
			day && `until ${day}`,
			orderIdentifier,
		);
		return { name, value: orderIdentifier as string };
	},
	filterLocally: true,
};
