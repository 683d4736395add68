import { readable, type Picker } from '../shared/contract/picker';
import { instant } from '../shared/contract/verdict';
import { cursorIn, emailOf, isTest, productOf, rowsIn } from './replies';

/** The list behind the Subscription field: those of the e-mail that was typed, else the newest. */
export const subscriptionsByEmail: Picker = {
	request: (typed, cursor) => ({
		path: '/subscriptions',
		query: { limit: 50, 'filter[email]': typed || undefined, cursor },
	}),
	rows: rowsIn,
	item(row) {
		const { id, status, period_ends_at } = row;
		const day = instant(period_ends_at)?.slice(0, 10);
		const name = readable(
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
