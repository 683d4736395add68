import { arrived, lines, pick } from '../wire';
import { azotte, base, key, list, order, row, said, urn } from './vendor';

describe('the list behind the Order field', () => {
	async function listed(typed: string, customerUrn: string | undefined, body: object) {
		azotte([200, body]);
		return await pick('azotte', 'searchOrders', key, typed, undefined, { customerUrn });
	}

	test('names bundle, state, channel, end and order, and filters as the user types', async () => {
		const rows = list(row({ bundleName: undefined, subscriptionChannel: 'InappAppStore' }));
		expect(await listed('', ` ${urn} `, rows)).toMatchObject({
			results: [
				{ name: 'Plus · Active · until 2099-12-31 · or_other', value: 'or_other' },
				{ name: 'Active · InappAppStore · until 2099-12-31 · or_01J3X', value: order },
			],
		});
		expect(lines(arrived)).toEqual([`GET ${base}/subscription/${urn}`]);
		expect(await listed('appstore', urn, rows)).toMatchObject({ results: [{ value: order }] });
	});

	test.each(['', undefined, '={{ $json.urn }}'])(
		'asks for a customer first: %j',
		async (customerUrn) => {
			azotte();
			const asking = pick('azotte', 'searchOrders', key, '', undefined, { customerUrn });
			await expect(asking).rejects.toThrow('Customer URN');
			expect(arrived).toEqual([]);
		},
	);

	test('says so where Azotte does not know the customer', async () => {
		await expect(listed('', urn, said('CUSTOMER_NOT_FOUND'))).rejects.toThrow('CUSTOMER_NOT_FOUND');
	});
});
