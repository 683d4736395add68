import { dateLabel, joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { emailOf, isTest, nextCursor, productOf, toRows } from './responses';

/** The list of the Subscription field: the subscriptions of the typed address, or the newest. */
export const subscriptionsByEmail: ListSearch = {
	request: (typed, cursor) => ({
		path: '/subscriptions',
		query: { limit: 50, 'filter[email]': typed || undefined, cursor },
	}),
	toRows,
	toOption(row) {
		const { id, status, period_ends_at } = row;
		const name = joinLabel(
			emailOf(row),
			productOf(row),
			status,
			isTest(row) && 'test',
			dateLabel('until', period_ends_at),
			id,
		);
		return { name, value: id as string };
	},
	nextPage: nextCursor,
};
