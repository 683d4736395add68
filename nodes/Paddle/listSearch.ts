import { dateLabel, joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { timeOf } from '../shared/contract/record';
import { isEmail } from '../shared/fields/string';
import { productOf, toRecordState } from './records';
import { nextCursor, toRows } from './responses';
import { listSubscriptions, searchByEmail } from './search';

/** The list of the Subscription field: those of the typed address, or the newest that have not ended. */
export const subscriptions: ListSearch = {
	search: (typed) => (isEmail(typed) ? searchByEmail(typed) : undefined),
	request: (_, after) =>
		listSubscriptions({ per_page: 100, status: 'active,past_due,paused,trialing', after }),
	toRows,
	toOption(row) {
		const state = toRecordState(row, null);
		const until = state && dateLabel('until', timeOf(state.end));
		const name = joinLabel(productOf(row), row.status, until, row.customer_id, row.id);
		return { name, value: row.id as string };
	},
	filterLocally: true,
	nextPage: nextCursor,
};
