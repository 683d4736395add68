import { dateLabel, joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { timeOf } from '../shared/contract/record';
import { isEmail } from '../shared/fields/string';
import { emailOf, endedStates, productOf, toRecordState } from './records';
import { nextQuery, pageQuery, toRows } from './responses';
import { searchByEmail } from './search';

/** The list of the Subscription field: those of the typed address, or the newest that have not ended. */
export const subscriptions: ListSearch = {
	search: (typed) => (isEmail(typed) ? searchByEmail(typed) : undefined),
	request: (_, page = '') => ({ path: '/subscriptions', query: pageQuery(page, { limit: 200 }) }),
	// Recurly's own filter for what runs leaves the paused ones out.
	toRows: (response) =>
		toRows(response)?.filter(({ state }) => !endedStates.includes(String(state))),
	toOption(row) {
		const state = toRecordState(row);
		const until = state && dateLabel('until', timeOf(state.end));
		const name = joinLabel(emailOf(row), productOf(row), row.state, until, row.id);
		return { name, value: row.id as string };
	},
	filterLocally: true,
	nextPage: nextQuery,
};
