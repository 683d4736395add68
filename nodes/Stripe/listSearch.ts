import { dateLabel, joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { secondsToIso, timeOf } from '../shared/contract/record';
import { isEmail } from '../shared/fields/string';
import { customerOf, isTest, productOf, toRecordState } from './records';
import { nextCursor, toRows } from './responses';
import { searchByEmail } from './search';

/** The list of the Subscription field: those of the typed address, or the newest that have not ended. */
export const subscriptions: ListSearch = {
	search: (typed) => (isEmail(typed) ? searchByEmail(typed) : undefined),
	request: (_, cursor) => ({
		path: '/v1/subscriptions',
		query: { limit: 100, starting_after: cursor },
	}),
	toRows,
	toOption(row) {
		const state = toRecordState(row, null);
		const name = joinLabel(
			customerOf(row),
			productOf(row),
			row.status,
			isTest(row) && 'test',
			dateLabel('until', state ? timeOf(state.end) : secondsToIso(row.ended_at)),
			row.id,
		);
		return { name, value: row.id as string };
	},
	filterLocally: true,
	nextPage: nextCursor,
};
