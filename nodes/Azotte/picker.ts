import { readable, type Picker } from '../shared/contract/picker';
import { instant } from '../shared/contract/verdict';
import { list } from './orders';
import { notListed, rowsIn } from './replies';

/** The list behind the Order field: what the customer above has. */
export const ordersOfCustomer: Picker = {
	needs(_, parameter) {
		const urn = parameter('customerUrn');
		if (typeof urn !== 'string' || urn.trim() === '') {
			return 'Fill in Customer URN first: Azotte lists the orders of one customer.';
		}
		return urn.startsWith('=')
			? 'Customer URN is an expression, so there is no list yet. Choose By Customer URN or By ID, or fill in a URN to pick from.'
			: undefined;
	},
	request: (_typed, _page, parameter) => list(String(parameter('customerUrn')).trim()),
	read: notListed,
	rows: rowsIn,
	item({ orderIdentifier, bundleName, bundleSku, state, endDate, subscriptionChannel }) {
		const day = instant(endDate)?.slice(0, 10);
		const name = readable(
			bundleName ?? bundleSku,
			state,
			subscriptionChannel !== 'Azotte' && subscriptionChannel,
			day && `until ${day}`,
			orderIdentifier,
		);
		return { name, value: orderIdentifier as string };
	},
	local: true,
};
