import type { IDataObject } from 'n8n-workflow';

import { credentials, delivery, Fox, headers, inDays, record } from './fox';
import { Trigger } from './host';

let fox: Fox;
let trigger: Trigger;
const made = async (parameters: IDataObject = {}) =>
	await Trigger.of({ node: 'FunnelFoxTrigger', parameters, credentials });
const outcomeOf = (items?: Array<{ json: IDataObject }>) => items?.map(({ json }) => json.outcome);

beforeEach(async () => {
	fox = new Fox();
	trigger = await made();
});

describe('activation', () => {
	it('registers nothing: the address is pasted by hand', async () => {
		await trigger.activate();
		await trigger.deactivate();
		expect(fox.sent).toEqual([]);
	});

	it.each([
		['no event', { events: [] }, /Events is empty/],
		['an option that an expression left empty', { options: { ignoreOwn: '' } }, /true or false/],
	])('is refused with %s', async (_name, parameters, message) => {
		trigger = await made(parameters);
		await expect(trigger.activate()).rejects.toThrow(message);
	});
});

describe('the secret', () => {
	it.each(['fox-secret-key', 'fox-secret'])('lets a call in under the header %s', async (name) => {
		const { status, items } = await trigger.deliver(delivery(), { [name]: 'fox-secret-4711' });
		expect([status, items?.length]).toEqual([200, 1]);
	});

	it.each([
		['is missing', {}],
		['is wrong', { 'fox-secret-key': 'fox-secret-4712' }],
		['is empty', { 'fox-secret-key': '' }],
		['is only the beginning', { 'fox-secret': 'fox-secret' }],
	])('that %s is answered 401; nothing is read and nothing starts', async (_name, given) => {
		const { status, items } = await trigger.deliver(delivery(), given);
		expect([status, items]).toEqual([401, undefined]);
		expect(fox.sent).toEqual([]);
	});

	it.each(['fox-secret-4711\n', ' fox-secret-4711', '\u200bfox-secret-4711\u00a0'])(
		'that was pasted as %j is the one that FunnelFox sends',
		async (secretKey) => {
			trigger = await Trigger.of({
				node: 'FunnelFoxTrigger',
				credentials: { FunnelFoxApi: { ...credentials.FunnelFoxApi, secretKey } },
			});
			const { status, items } = await trigger.deliver(delivery(), headers);
			expect([status, items?.length]).toEqual([200, 1]);
			expect(fox.sent[0].headers['fox-secret']).toBe('fox-secret-4711');
		},
	);

	it('fits nothing where the credential holds none', async () => {
		trigger = await Trigger.of({
			node: 'FunnelFoxTrigger',
			credentials: { FunnelFoxApi: { ...credentials.FunnelFoxApi, secretKey: '' } },
		});
		expect((await trigger.deliver(delivery(), { 'fox-secret': '' })).status).toBe(401);
	});
});

describe('what starts nothing and is answered 200', () => {
	it('is what came before', async () => {
		expect((await trigger.deliver(delivery(), headers)).items).toHaveLength(1);
		expect(await trigger.deliver(delivery(), headers)).toEqual({
			status: 200,
			body: { ignored: 'Duplicate event.' },
		});
	});

	it('is what comes again after it came twice at once; until it is taken the answer is 503', async () => {
		const both = await Promise.all([
			trigger.deliver(delivery(), headers),
			trigger.deliver(delivery(), headers),
		]);
		expect(both.map(({ items }) => items?.length).sort()).toEqual([1, undefined]);
		expect(both.map(({ status }) => status).sort()).toEqual([200, 503]);
		expect((await trigger.deliver(delivery(), headers)).items).toBeUndefined();
	});

	it('is not what a test run has taken in', async () => {
		await trigger.deliver(delivery(), headers, 'manual');
		expect((await trigger.deliver(delivery(), headers, 'manual')).items).toHaveLength(1);
	});

	it('is a second event about the same end', async () => {
		await trigger.deliver(delivery(), headers);
		const second = delivery({ id: 'evt_2', type: 'subscription.cancelled' });
		expect((await trigger.deliver(second, headers)).items).toBeUndefined();
		// It ends, and one that happened before comes late.
		fox.rows = [record({ period_ends_at: inDays(-1) })];
		const late = delivery({ id: 'evt_3', type: 'subscription.cancelled' });
		expect((await trigger.deliver(late, headers)).items).toBeUndefined();
		// The end itself is another event.
		const created_at = Math.floor(Date.now() / 1000);
		const end = delivery({ id: 'evt_4', type: 'subscription.cancelled', created_at });
		expect(outcomeOf((await trigger.deliver(end, headers)).items)).toEqual(['cancelled']);
	});

	it('is a late event about an end that was undone, where the record shows the next one', async () => {
		const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
		const ended = (at: number, id: string) =>
			delivery({ id, type: 'subscription.cancelled', created_at: Math.floor(at / 1000) });
		const setAt = new Date(minutesAgo(10)).toISOString();
		fox.rows = [record({ status: 'expired', period_ends_at: setAt, cancelled_at: setAt })];
		expect((await trigger.deliver(ended(minutesAgo(10), 'evt_2'), headers)).items).toHaveLength(1);
		expect(await trigger.deliver(ended(minutesAgo(30), 'evt_1'), headers)).toEqual({
			status: 200,
			body: { ignored: 'Another event reported the same end.' },
		});
	});

	it('is what our own nodes did, unless that is wanted', async () => {
		const own = delivery({}, { cancellation_source: 'api' });
		expect((await trigger.deliver(own, headers)).items).toBeUndefined();
		expect(fox.sent).toEqual([]);
		trigger.parameters.options = { ignoreOwn: false };
		expect((await trigger.deliver(own, headers)).items).toHaveLength(1);
	});

	it.each([
		['the call', delivery({ is_sandbox: true }), record()],
		['the place of the call', delivery({ location: { sandbox: true } }), record()],
		['the record', delivery(), record({ sandbox: true })],
		['the profile', delivery(), record({ profile: { id: 'pro_ada', preview: true } })],
	])('is a test customer by %s, unless that is wanted', async (_name, body, row) => {
		fox.rows = [row];
		expect((await trigger.deliver(body, headers)).items).toBeUndefined();
		trigger.parameters.options = { includeTest: true };
		expect((await trigger.deliver(body, headers)).items).toHaveLength(1);
	});

	it('is an outcome that was not chosen', async () => {
		trigger.parameters.events = ['cancelled'];
		expect((await trigger.deliver(delivery(), headers)).items).toBeUndefined();
		fox.rows = [record({ period_ends_at: inDays(-1) })];
		expect(outcomeOf((await trigger.deliver(delivery(), headers)).items)).toEqual(['cancelled']);
	});

	it.each(['subscription.resumed', 'purchase.completed', undefined])('is a %s', async (type) => {
		expect((await trigger.deliver(delivery({ type }), headers)).items).toBeUndefined();
	});

	it.each([[[]], ['text'], [null], [{}]])('is a call that holds %j', async (body) => {
		const { status, items } = await trigger.deliver(body, headers);
		expect([status, items]).toEqual([200, undefined]);
	});
});

it('lets no secret pass', async () => {
	trigger.parameters.options = { includeRaw: true };
	fox.rows = [record({ note: 'fox-secret-4711', session: { access_token: 'tok' } })];
	const { items } = await trigger.deliver(delivery({ 'fox-secret': 'fox-secret-4711' }), headers);
	expect(JSON.stringify(items)).not.toMatch(/fox-secret-4711|"tok"/);
});
