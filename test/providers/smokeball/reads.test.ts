import { arrived } from '../wire';
import { id, smokeball, record, pending, problem, run, one } from './vendor';

describe('reading', () => {
	test('gets one subscription', async () => {
		smokeball([200, record()]);
		expect(await run('get')).toEqual([record()]);
		expect(arrived).toMatchObject([{ method: 'GET', path: `/subscriptions/${id}` }]);
	});

	test.each<[string, unknown]>([
		['a collection', { id: 'subscriptions', value: [record(), pending] }],
		['a bare array', [record(), pending]],
	])('gets many from %s, up to the limit', async (_, body) => {
		smokeball([200, body]);
		expect(await run('getAll', { returnAll: true })).toHaveLength(2);
		smokeball([200, body]);
		expect(await run('getAll', { limit: 1 })).toHaveLength(1);
		expect(arrived).toMatchObject([{ path: '/subscriptions' }, { path: '/subscriptions' }]);
	});

	test('of what is not there ends as notFound', async () => {
		smokeball([404, problem(404, 'Subscription not found.')]);
		expect(await one('get')).toMatchObject({ outcome: 'notFound' });
	});
});
