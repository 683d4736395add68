import type { IDataObject } from 'n8n-workflow';

import { Trigger } from './host';
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
	trigger = await made();
});

describe('the webhook in FirstPromoter', () => {
	it('is made on activation, at the address of the node, with a secret and a number of tries', async () => {
		await trigger.activate();
		const [webhook] = provider.webhooks;
		expect(webhook).toMatchObject({
			url: 'https://n8n.example/webhook/a-webhook/webhook',
			event_types: ['referral.cancelled'],
			active: true,
			max_retries: 10,
		});
		expect((webhook.headers as IDataObject)[header]).toMatch(/^[0-9a-f]{64}$/);
		expect(provider.sent.at(-1)?.headers).toMatchObject({
			authorization: 'Bearer fp-key-4711',
			'account-id': 'acc-1',
		});
	});

	it('has a new secret each time', async () => {
		await trigger.activate();
		const first = provider.headers()[header];
		await trigger.deactivate();
		await trigger.activate();
		expect(provider.headers()[header]).not.toBe(first);
	});

	it('is made once, however often n8n starts again', async () => {
		await trigger.activate();
		await trigger.activate();
		expect(provider.webhooks).toHaveLength(1);
		expect(provider.sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
	});

	it('asks for changes of the state where FirstPromoter has no event for a cancellation', async () => {
		provider.types = ['referral.created', 'referral.updated'];
		await trigger.activate();
		expect(provider.webhooks[0].event_types).toEqual(['referral.updated']);
	});

	it('asks for changes of the state, too, where a return is to start the workflow', async () => {
		trigger = await made({ events: ['cancelled', 'restored'] });
		await trigger.activate();
		expect(provider.webhooks[0].event_types).toEqual(['referral.cancelled', 'referral.updated']);
	});

	it('is made anew when other events are chosen, when it was switched off, and when it is gone', async () => {
		await trigger.activate();
		trigger.parameters.events = ['restored'];
		await trigger.activate();
		expect(provider.webhooks).toMatchObject([{ id: 2, event_types: ['referral.updated'] }]);
		provider.webhooks[0].active = false;
		await trigger.activate();
		expect(provider.webhooks).toMatchObject([{ id: 3, active: true }]);
		provider.webhooks = [];
		await trigger.activate();
		expect(provider.webhooks).toMatchObject([{ id: 4 }]);
	});

	it('takes the place of one that an earlier run left behind, and leaves those of others alone', async () => {
		await trigger.activate();
		provider.webhooks.push({ ...provider.webhooks[0], id: 90, description: 'by hand' });
		provider.webhooks.push({ ...provider.webhooks[0], id: 91, url: 'https://other.example/x' });
		// n8n has lost what it kept.
		trigger.saved = {};
		await trigger.activate();
		expect(provider.webhooks.map(({ id }) => id)).toEqual([90, 91, 2]);
	});

	it('is found among many', async () => {
		await trigger.activate();
		const [own] = provider.webhooks;
		const others = Array.from({ length: 60 }, (_, at) => ({
			id: 100 + at,
			url: `https://x/${at}`,
		}));
		provider.webhooks = [own, ...others];
		trigger.saved = {};
		await trigger.activate();
		expect(provider.webhooks.filter(({ url }) => url === own.url)).toHaveLength(1);
	});

	it('does not fight with the one of a test run', async () => {
		await trigger.activate();
		const kept = trigger.saved;
		await trigger.activate('manual');
		expect(provider.webhooks.map(({ url }) => url)).toEqual([
			trigger.url(),
			'https://n8n.example/webhook-test/a-webhook/webhook',
		]);
		await trigger.deactivate('manual');
		trigger.saved = kept;
		expect(provider.webhooks.map(({ url }) => url)).toEqual([trigger.url()]);
		expect((await trigger.deliver(cancelled(), provider.headers())).items).toHaveLength(1);
	});

	it('is removed on deactivation', async () => {
		await trigger.activate();
		await trigger.deactivate();
		expect(provider.webhooks).toEqual([]);
		expect((await trigger.deliver(cancelled(), { [header]: 'x' })).status).toBe(401);
	});

	it('may be gone already when the workflow is deactivated', async () => {
		await trigger.activate();
		provider.webhooks = [];
		await trigger.deactivate();
		expect(JSON.stringify(trigger.saved)).not.toContain(header);
		await trigger.activate();
		expect(provider.webhooks).toHaveLength(1);
	});
});
