import { asObject } from '../shared/contract/http';
import { dateLabel, joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { timeOf } from '../shared/contract/record';
import { isEmail } from '../shared/fields/string';
import { productOf, runningStatuses, toRecordState } from './records';
import { nextOffset, toRows } from './responses';
import { listSubscriptions, searchByEmail } from './search';

/** The list of the Subscription field: those of the typed address, or the newest that have not ended. */
export const subscriptions: ListSearch = {
	search: (typed) => (isEmail(typed) ? searchByEmail(typed) : undefined),
	request: (_, offset) =>
		listSubscriptions({
			'status[in]': JSON.stringify(runningStatuses),
			'sort_by[desc]': 'created_at',
			offset,
		}),
	toRows,
	toOption(row) {
		const state = toRecordState(row, null);
		const name = joinLabel(
			row.email ?? asObject(row.customer).id ?? row.customer_id,
			productOf(row),
			row.status,
			dateLabel('until', state && timeOf(state.end)),
			row.id,
		);
		return { name, value: row.id as string };
	},
	filterLocally: true,
	nextPage: nextOffset,
};
