import { answering, lines, pick } from '../wire';
import { origin, credentials, path, active } from './vendor';

describe('the list of subscriptions', () => {
	const search = (typed?: string, cursor?: string) =>
		pick('funnelFox', 'searchSubscriptions', credentials, typed, cursor);

	test('names customer, product, status, end and ID, and marks tests', async () => {
		const data = [active, { id: 'sub_2', status: 'created', sandbox: true }];
		const sent = answering(origin, [
			200,
			{ data, pagination: { has_more: true, next_cursor: 'sub_2' } },
		]);
		expect(await search()).toEqual({
			results: [
				{ name: 'ada@example.com · Pro · active · until 2999-12-31 · sub_1', value: 'sub_1' },
				{ name: 'created · test · sub_2', value: 'sub_2' },
			],
			paginationToken: 'sub_2',
		});
		expect(lines(sent)).toEqual([`GET ${path}?limit=50`]);
		expect(sent[0].headers['fox-secret']).toBe('secret_of_project');
	});

	test('looks for an e-mail, and goes on from a cursor', async () => {
		const sent = answering(origin, [200, { data: [], pagination: { has_more: false } }]);
		expect(await search(' a+b@example.com ', 'sub_2')).toEqual({
			results: [],
			paginationToken: undefined,
		});
		expect(lines(sent)).toEqual([
			`GET ${path}?limit=50&filter%5Bemail%5D=a%2Bb%40example.com&cursor=sub_2`,
		]);
	});

	test('says why it is empty where the key is not accepted', async () => {
		answering(origin, [401, { message: 'Wrong secret' }]);
		await expect(search()).rejects.toThrow('FunnelFox could not list them: HTTP 401: Wrong secret');
	});
});
