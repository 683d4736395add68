import { azotte, said, row, list, seen, paths, looked, run, one } from './vendor';

describe('reading', () => {
	test('lists what a customer has, up to the limit', async () => {
		azotte([200, list(row())], [200, list(row())]);
		expect(await run('getAll', { ...seen, returnAll: true })).toEqual([
			row({ orderIdentifier: 'or_other' }),
			row(),
		]);
		expect(await run('getAll', { ...seen, limit: 1 })).toHaveLength(1);
		expect(paths()).toEqual([looked, looked]);
	});

	test('accepts a list without an envelope, and none that says no', async () => {
		azotte([200, { result: [row()] }], [200, said('CUSTOMER_NOT_FOUND', { result: null })]);
		expect(await run('getAll', seen)).toHaveLength(1);
		expect(await one('getAll', seen)).toMatchObject({ outcome: 'notFound' });
	});
});
