import type { IDataObject } from 'n8n-workflow';

import { credentials, delivery, Fox, headers, inDays, record } from './fox';
import { Trigger } from './host';

let fox: Fox;
let trigger: Trigger;
beforeEach(async () => {
	fox = new Fox();
	trigger = await Trigger.of({ node: 'FunnelFoxTrigger', credentials });
});

let events = 0;
const outcomeOf = async (data: IDataObject, more: IDataObject = {}) => {
	const body = delivery({ id: `evt_own_${++events}`, ...more }, data);
	const { status, items } = await trigger.deliver(body, headers);
	expect(status).toBe(200);
	return items?.[0].json.outcome;
};
const byApi = { cancellation_source: 'api' };
const bySomeone = { cancellation_source: undefined };
const byCustomer = { cancellation_source: 'psp' };
const ended = { type: 'subscription.cancelled' };

describe('a cancellation that this package made', () => {
	it('is own by every event about it: at once, at its end, after a restart', async () => {
		expect(await outcomeOf(byApi)).toBeUndefined();
		expect(fox.sent).toEqual([]);
		expect(await outcomeOf(bySomeone, ended)).toBeUndefined();
		const { saved } = trigger;
		trigger = await Trigger.of({ node: 'FunnelFoxTrigger', credentials, id: 'after a restart' });
		trigger.saved = saved;
		fox.rows = [record({ period_ends_at: inDays(-1) })];
		expect(await outcomeOf(bySomeone, ended)).toBeUndefined();
		expect(await outcomeOf(byCustomer, ended)).toBeUndefined();
	});

	it('is own where the record does not say when it was cancelled', async () => {
		fox.rows = [record({ cancelled_at: undefined })];
		expect(await outcomeOf(byApi)).toBeUndefined();
		expect(await outcomeOf(bySomeone, ended)).toBeUndefined();
	});

	it('is own without the record, too', async () => {
		trigger.parameters.options = { readFirst: false };
		expect(await outcomeOf(byApi)).toBeUndefined();
		expect(await outcomeOf(bySomeone, ended)).toBeUndefined();
		expect(fox.sent).toEqual([]);
	});

	it('does not hide a later one of the same customer', async () => {
		expect(await outcomeOf(byApi)).toBeUndefined();
		fox.rows = [record({ cancelled_at: '2026-11-28T10:00:00Z' })];
		expect(await outcomeOf(bySomeone)).toBe('scheduled');
	});

	it('does not hide that of another subscription', async () => {
		expect(await outcomeOf(byApi)).toBeUndefined();
		fox.rows.push(record({ id: 'sub_2', psp_id: 'psp_2' }));
		expect(await outcomeOf({ ...bySomeone, vendor_subscription_id: 'psp_2' })).toBe('scheduled');
	});

	it('starts the workflow where that is wanted', async () => {
		trigger.parameters.options = { ignoreOwn: false };
		expect(await outcomeOf(byApi)).toBe('scheduled');
	});
});

describe('one end in two events starts one execution', () => {
	it.each([
		['with the time of the cancellation', {}],
		['without it', { cancelled_at: undefined }],
	])('%s', async (_, more) => {
		fox.rows = [record(more)];
		expect(await outcomeOf(byCustomer)).toBe('scheduled');
		expect(await outcomeOf(byCustomer, ended)).toBeUndefined();
	});

	it('without the record, where the deliveries name the same end', async () => {
		trigger.parameters.options = { readFirst: false };
		const expires_at = Math.round(Date.parse(inDays(3)) / 1000);
		expect(await outcomeOf({ ...byCustomer, expires_at })).toBe('scheduled');
		expect(await outcomeOf({ ...byCustomer, expires_at }, ended)).toBeUndefined();
	});
});
