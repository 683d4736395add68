import { dateLabel, joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { credential } from './provider';
import { productOf, toRows } from './responses';

/** The list of the Subscription field, filtered here: the API has no search. */
export const subscriptions: ListSearch = {
	credential: (parameter) => credential({ authentication: parameter('authentication') }),
	request: () => ({ path: '/subscriptions' }),
	toRows,
	toOption(row) {
		const { id, status, cancellationStatus, cancelAt, currentPeriodEndDate } = row;
		return {
			name: joinLabel(
				productOf(row),
				status ?? 'no plan',
				cancellationStatus === 'Pending' && 'cancellation pending',
				dateLabel('until', cancelAt ?? currentPeriodEndDate),
				id,
			),
			value: id as string,
		};
	},
	filterLocally: true,
};
