import { joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { toIsoUtc } from '../shared/contract/verdict';
import { credential } from './provider';
import { productOf, rowsIn } from './responses';

/** The list behind the Subscription field, filtered here: the API has no search. */
export const subscriptions: ListSearch = {
	credential: (parameter) => credential({ authentication: parameter('authentication') }),
	request: () => ({ path: '/subscriptions' }),
	toRows: rowsIn,
	toOption(row) {
		const { id, status, cancellationStatus, cancelAt, currentPeriodEndDate } = row;
		const day = toIsoUtc(cancelAt ?? currentPeriodEndDate)?.slice(0, 10);
		return {
			name: joinLabel(
				productOf(row),
				status ?? 'no plan',
				cancellationStatus === 'Pending' && 'cancellation pending',
				day && `until ${day}`,
				id,
			),
			value: id as string,
		};
	},
	filterLocally: true,
};
