import type { IDataObject } from 'n8n-workflow';

import { Trigger } from './host';
import { later } from './later';
import { cancelled, credentials, Promoter } from './promoter';

const header = 'x-cancellations-secret';
const record = (state: string, more: IDataObject = {}) => ({
	id: 77,
	state,
	email: 'ada@example.com',
	uid: 'cus_1',
	...more,
});

let provider: Promoter;
let trigger: Trigger;
const made = async (parameters: IDataObject = {}) =>
	await Trigger.of({ node: 'FirstPromoterTrigger', parameters, credentials });

beforeEach(async () => {
	provider = new Promoter();
	provider.referrals = { 77: record('cancelled', { cancelled_at: '2026-11-20T09:29:58Z' }) };
	trigger = await made({ options: { includeRaw: true } });
});

describe('a delivery of FirstPromoter', () => {
	beforeEach(async () => await trigger.activate());

	it('starts one execution, with the record behind it', async () => {
		const { status, items } = await trigger.deliver(cancelled(), provider.headers());
		expect(status).toBe(200);
		expect(items).toHaveLength(1);
		expect(items![0].json).toMatchObject({
			outcome: 'cancelled',
			ended: true,
			provider: 'firstPromoter',
			event: 'referral.cancelled',
			target: 'ada@example.com',
			effectiveAt: '2026-11-20T09:29:58.000Z',
			occurredAt: '2026-11-20T09:30:00.000Z',
			raw: { record: { id: 77, state: 'cancelled' } },
		});
	});

	it.each([
		['without the secret', () => ({})],
		['with a wrong one', () => ({ [header]: '0'.repeat(64) })],
		['with an empty one', () => ({ [header]: '' })],
	])('%s is answered 401 and starts nothing', async (_name, headers) => {
		const asked = provider.sent.length;
		const { status, items } = await trigger.deliver(cancelled(), headers());
		expect([status, items]).toEqual([401, undefined]);
		expect(provider.sent).toHaveLength(asked);
	});

	it('is turned away where n8n holds no secret', async () => {
		const headers = provider.headers();
		trigger.saved = {};
		expect((await trigger.deliver(cancelled(), headers)).status).toBe(401);
		expect((await trigger.deliver(cancelled(), { [header]: 'undefined' })).status).toBe(401);
	});

	it('that comes twice starts one execution', async () => {
		expect((await trigger.deliver(cancelled(), provider.headers())).items).toHaveLength(1);
		const again = await trigger.deliver(cancelled(), provider.headers());
		expect(again).toEqual({ status: 200, body: { ignored: 'Duplicate event.' } });
	});

	it('whose record says otherwise is asked for again, and ignored after two minutes', async () => {
		provider.referrals[77] = record('active');
		expect(await trigger.deliver(cancelled(), provider.headers())).toMatchObject({
			status: 503,
			body: { message: expect.stringContaining('does not confirm the event yet') },
		});
		later(121_000);
		expect(await trigger.deliver(cancelled(), provider.headers())).toEqual({
			status: 200,
			body: { ignored: 'The record does not confirm the event.' },
		});
		expect(trigger.warnings.join()).toContain('its record says otherwise');
	});

	it('is handed on by its own words where the referral has been deleted since', async () => {
		provider.referrals = {};
		const { items } = await trigger.deliver(cancelled(), provider.headers());
		expect(items![0].json).toMatchObject({
			effectiveAt: '2026-11-20T09:30:00.000Z',
			verified: false,
		});
	});

	it('is not taken for one about a deleted referral where a web page answers 404', async () => {
		provider.instead = () => [404, '<html>'];
		expect(await trigger.deliver(cancelled(), provider.headers())).toMatchObject({ status: 500 });
	});

	it('is to come again where the record cannot be read, and then starts the execution', async () => {
		provider.instead = () => [500, 'boom'];
		expect(await trigger.deliver(cancelled(), provider.headers())).toMatchObject({ status: 503 });
		provider.instead = () => [200, { id: 1, state: 'active' }];
		expect(await trigger.deliver(cancelled(), provider.headers())).toMatchObject({ status: 503 });
		provider.instead = undefined;
		expect((await trigger.deliver(cancelled(), provider.headers())).items).toHaveLength(1);
	});

	it('has the event ID of its header where the body has none', async () => {
		const headers = { ...provider.headers(), 'x-event-id': 'evt-of-the-header' };
		const { items } = await trigger.deliver(cancelled({ event_id: undefined }), headers);
		expect(items![0].json).toMatchObject({ eventId: 'evt-of-the-header' });
		provider.referrals[77] = record('cancelled', { cancelled_at: '2026-11-21T09:29:58Z' });
		const again = await trigger.deliver(cancelled({ event_id: undefined }), headers);
		expect(again.body).toEqual({ ignored: 'Duplicate event.' });
	});

	it('with another event ID about the same cancellation starts nothing', async () => {
		await trigger.deliver(cancelled(), provider.headers());
		const other = cancelled({ event_id: 'another', timestamp: '2026-11-20T09:30:07Z' });
		expect(await trigger.deliver(other, provider.headers())).toMatchObject({
			status: 200,
			body: { ignored: 'Another event reported the same end.' },
		});
	});

	it.each([
		['about something else', { event_type: 'referral.created' }],
		[
			'of a change that ends nothing',
			{ event_type: 'referral.updated', changes: { email: [1, 2] } },
		],
		['that tells again what another event type tells', { event_type: 'referral.updated' }],
		['sent by the test button', { data: { test: true } }],
		['that names no customer', { data: {}, entity_id: null }],
	])('%s starts nothing and is answered 200', async (_name, more) => {
		const { status, items } = await trigger.deliver(cancelled(more), provider.headers());
		expect([status, items]).toEqual([200, undefined]);
	});

	it('lets no secret of a third person pass, nor its own', async () => {
		provider.referrals[77] = record('cancelled', {
			promoter: { email: 'p@example.com', auth_token: 'tok-1', temp_password: 'pw-1' },
			comment: `sent with ${provider.headers()[header]} and fp-key-4711`,
		});
		const { items } = await trigger.deliver(cancelled(), provider.headers());
		const text = JSON.stringify(items);
		expect(text).toContain('p@example.com');
		for (const secret of ['tok-1', 'pw-1', 'fp-key-4711', provider.headers()[header]]) {
			expect(text).not.toContain(secret);
		}
	});
});

describe('a change of the state', () => {
	const change = (before: string, after: string, field = 'changes') =>
		cancelled({
			event_type: 'referral.updated',
			changes: undefined,
			[field]: { state: [before, after] },
		});

	it('to cancelled is a cancellation where there is no event of its own', async () => {
		provider.types = ['referral.updated'];
		await trigger.activate();
		const { items } = await trigger.deliver(change('active', 'cancelled', 'object_changes'), {
			...provider.headers(),
		});
		expect(items![0].json).toMatchObject({ outcome: 'cancelled', event: 'referral.updated' });
	});

	it('from cancelled to active is a return, where that was asked for', async () => {
		provider.referrals[77] = record('active');
		await trigger.activate();
		const unasked = await trigger.deliver(change('cancelled', 'active'), provider.headers());
		expect(unasked.items).toBeUndefined();
		trigger.parameters.events = ['restored'];
		await trigger.activate();
		const { items } = await trigger.deliver(change('cancelled', 'active'), provider.headers());
		expect(items![0].json).toMatchObject({ outcome: 'restored', ended: false, effectiveAt: null });
	});
});
