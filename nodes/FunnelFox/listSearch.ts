import { joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { toIsoUtc } from '../shared/contract/verdict';
import { cursorIn, emailOf, isTest, productOf, rowsIn } from './responses';

/** The list behind the Subscription field: those of the e-mail that was typed, else the newest. */
export const subscriptionsByEmail: ListSearch = {
	request: (typed, cursor) => ({
		path: '/subscriptions',
		query: { limit: 50, 'filter[email]': typed || undefined, cursor },
	}),
	toRows: rowsIn,
	toOption(row) {
		const { id, status, period_ends_at } = row;
		const day = toIsoUtc(period_ends_at)?.slice(0, 10);
		const name = joinLabel(
			emailOf(row),
			productOf(row),
			status,
			isTest(row) && 'test',
			day && `until ${day}`,
			id,
		);
		return { name, value: id as string };
	},
	nextPage: cursorIn,
};
