import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { testCredential } from '../../credentials/testCredential';
import { at } from '../../credentials/tested';
import { shownIn } from '../panel';
import { answering, foundNow, lines, type Prepared } from '../wire';
import { described } from './facts';
import { tested } from './tested';
import { account, credentials, error, get, id, origin, shown } from './vendor';

describe('Record Now', () => {
	const now = async (parameters: IDataObject = {}) => {
		const all = { operation: 'cancel', targetId: id, ...described, ...parameters };
		const { name } = await foundNow('httpCancellation', credentials, all as INodeParameters);
		return name;
	};

	test.each<[string, Prepared, string | RegExp]>([
		[
			'one that runs',
			[200, shown('active')],
			'active: has not ended · ada@example.com · No time at "data.ends_at" (Ends At Field).',
		],
		[
			'one that has ended',
			[200, shown('ended', { ends_at: '2026-01-31' })],
			'ended: has ended on 2026-01-31 · ada@example.com',
		],
		[
			'one that will end',
			[200, shown('ending', { ends_at: '2099-01-31' })],
			'ending: ends 2099-01-31 · ada@example.com',
		],
		[
			'no address',
			[200, shown('ending', { customer: null, ends_at: '2099-01-31' })],
			'ending: ends 2099-01-31 · No address at "data.customer.email" (Email Field).',
		],
		['no status', [200, { data: { id } }], /no status at "data\.status" \(Status Field\)/],
		['no ID', [200, { id }], /no ID at "data\.id" \(ID Field\)/],
		['nothing', [404, error('No subscription has this ID')], 'There is no such record.'],
		[
			'a wrong key',
			[401, error('key_of_the_shop is not valid')],
			/^The record could not be read: HTTP 401.+\*\*\* is not valid/,
		],
	])('shows of %s what the paths read', async (_, answer, words) => {
		const sent = answering(origin, answer);
		const name = await now();
		if (typeof words === 'string') expect(name).toBe(words);
		else expect(name).toMatch(words);
		expect(lines(sent)).toEqual([get]);
	});

	test('sends nothing without a read path, or where a field is not valid', async () => {
		const sent = answering(origin);
		expect(await now({ readPath: '' })).toMatch(/^There is no Read Path/);
		expect(await now({ readPath: '/../{id}' })).toMatch(/^Read Path .+ holds/);
		expect(await now({ idField: 'a..b' })).toMatch(/^ID Field/);
		expect(await now({ targetId: 'a/../b' })).toMatch(/could lead/);
		expect(sent).toEqual([]);
	});

	test('leaves out what an expression will fill in', async () => {
		answering(origin, [200, shown('ended')]);
		expect(await now({ emailField: '={{ $json.field }}' })).toMatch(/^ended: has ended/);
	});

	test('is there for a fixed target alone', async () => {
		const names = async (targetId: string) =>
			await shownIn('httpCancellation', { operation: 'cancel', targetId } as never);
		expect(await names(id)).toContain('found');
		expect(await names('')).not.toContain('found');
		expect(await names('={{ $json.id }}')).not.toContain('found');
	});
});

test('the fields of the record are there where it is read, the values of success where their field is', async () => {
	const of = async (values: IDataObject) =>
		await shownIn('httpCancellation', { operation: 'cancel', ...values } as never);
	const record = ['idField', 'statusField', 'endedStatuses', 'emailField', 'readNotFound'];
	expect(await of({ readPath: '/a/{id}' })).toEqual(expect.arrayContaining(record));
	const without = await of({ readPath: '' });
	for (const name of record) expect(without).not.toContain(name);
	expect(await of({ successField: '' })).not.toContain('successValues');
	expect(await of({ successField: 'ok' })).toContain('successValues');
});

describe('the test of the credential', () => {
	const one = { ...tested[0], node: 'httpCancellation' };
	const result = async (change: IDataObject) =>
		await testCredential(one, { ...account, ...at(one, origin), ...change } as never);

	test.each<[string, IDataObject, RegExp]>([
		['no path', { testPath: '' }, /cannot be tested, because there is no Test Path/],
		['a blank path', { testPath: ' ' }, /cannot be tested/],
		['a path that leaves', { testPath: '/../me' }, /Test Path ".+" holds/],
		['a path with {id}', { testPath: '/s/{id}' }, /Test Path holds \{id\}/],
		['a header that cannot be', { headerName: 'Host' }, /set by itself/],
		[
			'two headers of one name',
			{ extraHeaders: { headers: [{ name: 'AUTHORIZATION', value: 'x' }] } },
			/two headers/,
		],
	])('with %s sends nothing and says why', async (_, change, words) => {
		const sent = answering(origin);
		expect(await result(change)).toEqual({
			status: 'Error',
			message: expect.stringMatching(words),
		});
		expect(sent).toEqual([]);
	});
});
