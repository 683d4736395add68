import { readable, type Picker } from '../shared/contract/picker';
import { instant } from '../shared/contract/verdict';
import { credential } from './provider';
import { productOf, rowsIn } from './replies';

/** The list behind the Subscription field, filtered here: the API has no search. */
export const subscriptions: Picker = {
	credential: (parameter) => credential({ authentication: parameter('authentication') }),
	request: () => ({ path: '/subscriptions' }),
	rows: rowsIn,
	item(row) {
		const { id, status, cancellationStatus, cancelAt, currentPeriodEndDate } = row;
		const day = instant(cancelAt ?? currentPeriodEndDate)?.slice(0, 10);
		return {
			name: readable(
				productOf(row),
				status ?? 'no plan',
				cancellationStatus === 'Pending' && 'cancellation pending',
				day && `until ${day}`,
				id,
			),
			value: id as string,
		};
	},
	local: true,
};
