import type { IDataObject } from 'n8n-workflow';

import { Trigger } from './host';
import { cancelled, credentials, Promoter } from './promoter';

const header = 'x-cancellations-secret';
let provider: Promoter;
let trigger: Trigger;
beforeEach(async () => {
	provider = new Promoter();
	trigger = await Trigger.of({ node: 'FirstPromoterTrigger', credentials });
});
const registration = () =>
	(trigger.saved['node:Trigger'] as IDataObject).registration as IDataObject;
const urls = () => provider.webhooks.map(({ url }) => url);

describe('a webhook at another address', () => {
	/** What an export of production holds. */
	async function copied(): Promise<string> {
		await trigger.activate();
		const production = 'https://production.example/webhook/a-webhook/webhook';
		provider.webhooks[0].url = production;
		registration().url = production;
		return production;
	}

	it('stays when a copy of the workflow is published and unpublished; the log names it', async () => {
		const production = await copied();
		await trigger.activate();
		expect(urls()).toEqual([production, trigger.url()]);
		expect(trigger.warnings.join()).toContain(
			`leaves the webhook 1 with the address ${production}`,
		);
		await trigger.deactivate();
		expect(urls()).toEqual([production]);
	});

	it('stays when a copy is unpublished that was never published here', async () => {
		const production = await copied();
		await trigger.deactivate();
		expect(urls()).toEqual([production]);
		expect(trigger.warnings.join()).toContain(production);
	});
});

describe('a webhook whose ID is that of another one in this account', () => {
	const foreign = { url: 'https://other.example/x', description: 'by hand', active: true };

	it.each(['activate', 'deactivate'] as const)('is left alone on %s', async (act) => {
		await trigger.activate();
		provider.webhooks = [{ ...foreign, id: 1 }];
		await trigger[act]();
		expect(urls()).toContain(foreign.url);
	});

	it('is told in the log', async () => {
		await trigger.activate();
		provider.webhooks = [{ ...foreign, id: 1 }];
		await trigger.deactivate();
		expect(trigger.warnings.join()).toContain('the credential names another account');
	});
});

describe('a webhook that was changed by hand', () => {
	it.each<[string, IDataObject]>([
		['other events', { event_types: ['referral.created'] }],
		['another secret', { headers: { [header]: 'mine' } }],
		['no secret', { headers: {} }],
		['another address', { url: 'https://other.example/x' }],
	])('to %s is noticed, and one that works takes its place', async (_, change) => {
		await trigger.activate();
		Object.assign(provider.webhooks[0], change);
		await trigger.activate();
		expect(provider.webhooks.at(-1)).toMatchObject({
			id: 2,
			url: trigger.url(),
			event_types: ['referral.cancelled'],
		});
		provider.referrals = { 77: { id: 77, state: 'cancelled' } };
		expect((await trigger.deliver(cancelled(), provider.headers())).items).toHaveLength(1);
	});

	it('is kept where nothing was changed, whatever the order and case of what is shown', async () => {
		trigger.parameters.events = ['cancelled', 'restored'];
		await trigger.activate();
		const [webhook] = provider.webhooks;
		const [secret] = Object.values(webhook.headers as IDataObject);
		Object.assign(webhook, {
			event_types: [...(webhook.event_types as string[])].reverse(),
			headers: { 'X-Cancellations-Secret': secret },
		});
		await trigger.activate();
		delete webhook.headers;
		await trigger.activate();
		expect(provider.webhooks).toEqual([webhook]);
	});
});

describe('a webhook that cannot be removed', () => {
	it.each([401, 500])('at a %i is told in the log, and kept in mind', async (status) => {
		await trigger.activate();
		provider.instead = ({ method }) => (method === 'DELETE' ? [status, 'no'] : undefined);
		await trigger.deactivate();
		expect(trigger.warnings.join()).toMatch(
			new RegExp(`could not remove the webhook 1 .*${trigger.url()}.*HTTP ${status}`),
		);
		provider.instead = undefined;
		await trigger.activate();
		expect(provider.webhooks).toHaveLength(1);
		await trigger.deactivate();
		expect(provider.webhooks).toEqual([]);
	});

	it('does not stop a new one, nor lose it', async () => {
		await trigger.activate();
		trigger.parameters.events = ['restored'];
		provider.instead = ({ method }) => (method === 'DELETE' ? [500, 'no'] : undefined);
		await trigger.activate();
		expect(provider.webhooks.at(-1)).toMatchObject({ event_types: ['referral.updated'] });
		expect(trigger.warnings.join()).toContain('could not remove the webhook 1');
	});
});

it('a list of event types that is gone leads to the documented one', async () => {
	provider.instead = ({ path }) => (path.endsWith('event_types') ? [404, '<html>'] : undefined);
	await trigger.activate();
	expect(provider.webhooks).toMatchObject([{ event_types: ['referral.cancelled'] }]);
});

it('what is saved of a webhook has this form', async () => {
	await trigger.activate();
	expect(registration()).toEqual({
		id: '1',
		url: 'https://n8n.example/webhook/a-webhook/webhook',
		outcomes: ['cancelled'],
		eventTypes: ['referral.cancelled'],
		account: expect.stringMatching(/https:\/\/fp\.example\/api\/v2$/),
		secretDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
	});
});
