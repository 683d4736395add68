import { answering, lines, pick } from '../wire';
import { origin, credentials, referral, list, said } from './vendor';

describe('the list of referrals', () => {
	const search = (typed?: string, page?: string) =>
		pick('reditus', 'searchReferrals', credentials, typed, page);

	test('shows the first ones, and where to go on', async () => {
		const sent = answering(origin, [
			200,
			{ data: [referral('paid')], meta: { pagination: { page: 1, has_more: true } } },
		]);
		expect(await search()).toEqual({
			results: [{ name: 'ada@example.com · paid · 4711', value: '4711' }],
			paginationToken: '2',
		});
		expect(lines(sent)).toEqual(['GET /api/v1/referrals?page=1&per_page=50']);
		expect(sent[0].headers.authorization).toBe('Bearer token-of-program');
	});

	test('goes on to the page that was named', async () => {
		const sent = answering(origin, [
			200,
			{ data: [], meta: { pagination: { page: 2, has_more: false } } },
		]);
		expect(await search('', '2')).toEqual({ results: [], paginationToken: undefined });
		expect(lines(sent)).toEqual(['GET /api/v1/referrals?page=2&per_page=50']);
	});

	test('shows those of an e-mail', async () => {
		const sent = answering(origin, list(referral('churned')));
		expect((await search(' a+b@example.com ')).results).toHaveLength(1);
		expect(lines(sent)).toEqual([
			'GET /api/v1/referrals?email_eq=a%2Bb%40example.com&page=1&per_page=50',
		]);
	});

	test('asks for the whole address before it asks Reditus', async () => {
		const sent = answering(origin);
		await expect(search('ada')).rejects.toThrow('Type the whole e-mail address');
		expect(sent).toEqual([]);
	});

	test('says why it is empty where the key is not accepted', async () => {
		answering(origin, said(401, 'Unauthorized'));
		await expect(search()).rejects.toThrow('Reditus could not list them: HTTP 401: Unauthorized');
	});
});
