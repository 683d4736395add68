import type { IDataObject } from 'n8n-workflow';

import { answering, foundNow, lines, type Prepared } from '../wire';
import { shownIn } from '../panel';
import {
	active,
	cancelled,
	credentials,
	future,
	get,
	one,
	origin,
	past,
	path,
	post,
	run,
} from './vendor';

const byEmail = (value: string) => ({ subscriptionId: { __rl: true, mode: 'email', value } });
const listed = (email: string) => `GET ${path}?limit=100&filter%5Bemail%5D=${email}`;
const list = listed('ada%40example.com');
const page = (data: unknown[], next_cursor?: string): Prepared => [
	200,
	{ data, pagination: { has_more: next_cursor !== undefined, next_cursor } },
];
const row = (id: string, more: IDataObject = {}) => ({ ...active, id, ...more });
const over = { status: 'expired', renews: false, period_ends_at: past };
const ada = byEmail('ada@example.com');

describe('by an e-mail address', () => {
	test('one read and one write end the subscription that runs', async () => {
		const sent = answering(origin, page([row('sub_old', over), active]), [200, cancelled]);
		expect(await one('cancel', ada)).toMatchObject({
			ended: true,
			outcome: 'scheduled',
			effectiveAt: future,
			target: 'sub_1',
			foundBy: 'ada@example.com',
			email: 'ada@example.com',
		});
		expect(lines(sent)).toEqual([list, post]);
	});

	test('a list without pages, as older documents have it, is enough', async () => {
		const sent = answering(origin, [200, { data: [active] }], [200, cancelled]);
		expect(await one('cancel', ada)).toMatchObject({ outcome: 'scheduled' });
		expect(lines(sent)).toEqual([list, post]);
	});

	test.each([
		['a+b@example.com', 'a%2Bb%40example.com'],
		["o'neil&x=1@example.com", 'o%27neil%26x%3D1%40example.com'],
	])('%j goes out as one part of the query', async (email, encoded) => {
		const sent = answering(origin, page([]));
		expect(await one('cancel', byEmail(email))).toMatchObject({
			outcome: 'notFound',
			target: email.trim(),
		});
		expect(lines(sent)).toEqual([listed(encoded)]);
	});

	test('capitals make no other customer', async () => {
		answering(origin, page([active]), [200, cancelled]);
		expect(await one('cancel', byEmail('ADA@Example.com'))).toMatchObject({ target: 'sub_1' });
	});

	test.each<[string, IDataObject]>([
		['another address', { profile: { email: 'ben@example.com' } }],
		['a part of the address', { profile: { email: 'a@example.com' } }],
	])('a row of %s does not count, whatever the filter let through', async (_, more) => {
		const sent = answering(origin, page([row('sub_2', more)]));
		expect(await one('cancel', ada)).toMatchObject({ outcome: 'notFound' });
		expect(lines(sent)).toEqual([list]);
	});

	test.each<[string, IDataObject]>([
		['no address', { profile: null }],
		['no status', { status: undefined }],
		['no ID that is text', { id: 4711 }],
	])(
		'a row with %s may be of the customer: nothing is sent and nothing claimed',
		async (_, more) => {
			for (const rows of [[row('sub_2', more)], [row('sub_2', more), row('sub_old', over)]]) {
				const sent = answering(origin, page(rows));
				expect(await one('cancel', ada)).toMatchObject({ ok: false, ended: false });
				expect(lines(sent)).toEqual([list]);
			}
		},
	);

	test('a list that goes on without a cursor is not taken for complete', async () => {
		const sent = answering(origin, [200, { data: [active], pagination: { has_more: true } }]);
		expect(await one('cancel', ada)).toMatchObject({ ok: false, ended: false });
		expect(lines(sent)).toEqual([list]);
	});

	test('an address with capitals is looked for once more in lower case', async () => {
		const sent = answering(origin, page([]), page([active]), [200, cancelled]);
		expect(await one('cancel', byEmail('Ada@Example.com'))).toMatchObject({
			outcome: 'scheduled',
			target: 'sub_1',
		});
		expect(lines(sent)).toEqual([listed('Ada%40Example.com'), list, post]);
	});

	test('one whose renewal is off has ended, one that is paused has not', async () => {
		const rows = [row('sub_2', { renews: false }), row('sub_1', { status: 'paused' })];
		const sent = answering(origin, page(rows), [200, cancelled]);
		expect(await one('cancel', ada)).toMatchObject({ outcome: 'scheduled', target: 'sub_1' });
		expect(lines(sent)).toEqual([list, post]);
	});

	test.each<[string, IDataObject]>([
		['a sandbox row', { sandbox: true }],
		['a preview', { profile: { email: 'ada@example.com', preview: true } }],
	])('%s beside a real one does not count', async (_, more) => {
		const sent = answering(origin, page([row('sub_2', more), active]), [200, cancelled]);
		expect(await one('cancel', ada)).toMatchObject({ outcome: 'scheduled', target: 'sub_1' });
		expect(lines(sent)).toEqual([list, post]);
	});

	test('a list is followed to its last page', async () => {
		const first = page([row('sub_2', over)], 'sub_2');
		const sent = answering(origin, first, page([active]), [200, cancelled]);
		expect(await one('cancel', ada)).toMatchObject({ target: 'sub_1' });
		expect(lines(sent)).toEqual([list, `${list}&cursor=sub_2`, post]);
	});

	test('the refusal of several names product, status, end and ID of each', async () => {
		const trial = { status: 'trialing', product: { name: 'Team' }, period_ends_at: past };
		const sent = answering(origin, page([active, row('sub_2', trial)]));
		const { message } = await one('cancel', ada);
		expect(message).toContain('Pro · active · until 2999-12-31 · sub_1');
		expect(message).toContain('Team · trialing · until 2020-01-31 · sub_2');
		expect(lines(sent)).toEqual([list]);
	});

	test.each(['ada', 'ada@', '@example.com', 'ada@example', 'a b@example.com', '={{ $json.none }}'])(
		'%j is no address, and no request is sent',
		async (email) => {
			const sent = answering(origin);
			for (const operation of ['cancel', 'get']) {
				expect(await one(operation, byEmail(email))).toMatchObject({ outcome: 'invalid' });
			}
			expect(sent).toEqual([]);
		},
	);

	test.each<[unknown, string]>([
		['<html>', 'failed'],
		[{ data: null }, 'failed'],
		[[], 'failed'],
	])('an answer such as %j finds no subscription, and sends nothing', async (body, outcome) => {
		const sent = answering(origin, [200, body]);
		expect(await one('cancel', ada)).toMatchObject({
			outcome,
			description: expect.stringContaining('It could not be looked up.'),
		});
		expect(lines(sent)).toEqual([list]);
	});
});

describe('get by an e-mail address', () => {
	test('shows the one that runs, in one read', async () => {
		const sent = answering(origin, page([row('sub_old', over), active]));
		expect(await run('get', ada)).toEqual([{ ...active, isTest: false }]);
		expect(lines(sent)).toEqual([list]);
	});

	test('shows the one that ended last where none runs', async () => {
		const earlier = row('sub_2', { ...over, period_ends_at: '2019-01-31T00:00:00.000Z' });
		answering(origin, page([earlier, row('sub_old', over)]));
		expect(await run('get', ada)).toMatchObject([{ id: 'sub_old' }]);
	});

	test('refuses several, and is notFound where there is none', async () => {
		answering(origin, page([active, row('sub_2')]));
		expect(await one('get', ada)).toMatchObject({
			ok: false,
			outcome: 'refused',
			candidates: [{ target: 'sub_1' }, { target: 'sub_2' }],
		});
		answering(origin, page([]));
		expect(await one('get', ada)).toMatchObject({ outcome: 'notFound' });
	});
});

test('a plan made by e-mail holds by ID, and the other way round', async () => {
	answering(origin, page([active]));
	const { planToken } = await one('cancel', { ...ada, dryRun: true });
	let sent = answering(origin, [200, active], [200, cancelled]);
	const planned = { options: { planToken } };
	expect(await one('cancel', {}, planned)).toMatchObject({ outcome: 'scheduled' });
	expect(lines(sent)).toEqual([get, post]);
	// What a search shows may be older than the plan: a guard reads the record itself.
	sent = answering(origin, page([active]), [200, active], [200, cancelled]);
	expect(await one('cancel', ada, planned)).toMatchObject({ outcome: 'scheduled' });
	expect(lines(sent)).toEqual([list, get, post]);
});

describe('the panel, for an address that is fixed', () => {
	const now = async (email: string, operation = 'cancel') =>
		await foundNow('funnelFox', credentials, { operation, ...byEmail(email) });

	test('shows the one that would be found, after one read', async () => {
		const sent = answering(origin, page([row('sub_old', over), active]));
		expect(await now('ada@example.com')).toEqual({
			name: 'Pro · active · until 2999-12-31 · sub_1',
			value: 'found',
		});
		expect(lines(sent)).toEqual([list]);
		answering(origin, page([active]));
		expect(await now(' ADA@example.com ', 'get')).toMatchObject({
			name: expect.stringContaining('sub_1'),
		});
	});

	test('shows that it is none, several, or over', async () => {
		answering(origin, page([]));
		expect(await now('ada@example.com')).toEqual({ name: 'No subscription found', value: 'found' });
		answering(origin, page([active, row('sub_2'), row('sub_old', over)]));
		expect(await now('ada@example.com')).toEqual({
			name: '2 active subscriptions: choose one By ID',
			description:
				'Pro · active · until 2999-12-31 · sub_1; Pro · active · until 2999-12-31 · sub_2',
			value: 'found',
		});
		answering(origin, page([row('sub_old', over)]));
		expect(await now('ada@example.com')).toEqual({
			name: 'Already cancelled',
			description: 'Pro · expired · until 2020-01-31 · sub_old',
			value: 'found',
		});
	});

	test('shows what is in the way, and sends no request for what is no address', async () => {
		answering(origin, [401, { message: 'Wrong secret' }]);
		expect(await now('ada@example.com')).toMatchObject({
			name: expect.stringContaining('did not accept the credential'),
		});
		answering(origin, [400, { message: `Not with ${credentials.funnelFoxApi.secretKey}` }]);
		const told = JSON.stringify(await now('ada@example.com'));
		expect(told).toContain('Not with');
		expect(told).not.toContain(credentials.funnelFoxApi.secretKey);
		const sent = answering(origin);
		expect((await now('ada')).name).toContain('"ada"');
		expect(sent).toEqual([]);
	});

	test.each<[string, string, string, boolean]>([
		['for an address', 'email', 'ada@example.com', true],
		['not before there is one', 'email', '', false],
		['not for an expression', 'email', '={{ $json.email }}', false],
		['not for an ID', 'id', 'sub_1', false],
	])('has the field %s', async (_, mode, value, shown) => {
		for (const operation of ['cancel', 'get']) {
			const subscriptionId = { __rl: true, mode, value };
			const fields = await shownIn('funnelFox', { operation, subscriptionId });
			expect(fields.includes('found')).toBe(shown);
		}
	});
});
