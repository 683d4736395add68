import { arrived, pick } from '../wire';
import { ahead, id, oAuth2, pending, smokeball, token } from './vendor';

describe('the list behind the Subscription field', () => {
	const unnamed = { id: 'sub_2', currentPeriodEndDate: ahead };
	async function listed(typed = '', authentication = 'accessToken') {
		smokeball([200, { value: [pending, unnamed] }]);
		const accounts = { ...token, ...oAuth2() };
		return await pick('smokeball', 'searchSubscriptions', accounts, typed, undefined, {
			authentication,
		});
	}

	test('names product, status and end, and filters as the user types', async () => {
		expect(await listed()).toMatchObject({
			results: [
				{ name: 'Smokeball Grow · Active · cancellation pending · until 2099-12-31', value: id },
				{ name: 'sub_2 · no plan · until 2099-12-31', value: 'sub_2' },
			],
		});
		expect(arrived.map(({ headers }) => headers.authorization)).toEqual(['Bearer token_of_firm']);
		expect(await listed('GROW')).toMatchObject({ results: [{ value: id }] });
	});

	test('is signed with the credential that the node uses', async () => {
		await listed('', 'oAuth2');
		expect(arrived.map(({ headers }) => headers.authorization)).toEqual(['Bearer old_token']);
	});
});
