import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { itemsOf, type WorkflowFile } from '../../host/n8n';
import { repository } from '../../host/paths';
import type { RunningN8n } from '../../host/server';
import { sampleId as chargebeeId } from '../../sandbox/providers/chargebee/ids';
import { sampleId as paddleId } from '../../sandbox/providers/paddle/ids';
import { sampleId as recurlyId } from '../../sandbox/providers/recurly/ids';
import { sampleId as stripeId } from '../../sandbox/providers/stripe/ids';
import { eventually } from '../eventually';
import { alone } from './aloneTrigger';
import { type N8nInstance, openInstance, saveAll } from './n8nInstance';

const leaves = JSON.parse(
	readFileSync(path.join(repository, 'workflows', 'customer-leaves.json'), 'utf8'),
) as WorkflowFile;

const promoter = alone('firstPromoterTrigger', 'firstPromoterV2Api', 'rehearsalFirstPromoterV2');
const reditus = alone('reditusTrigger', 'reditusApi', 'rehearsalReditus');
const all = { events: ['scheduled', 'cancelled', 'restored'] };
const stripe = alone('stripeTrigger', 'stripeCancellationsApi', 'rehearsalStripe', all);
const paddle = alone('paddleTrigger', 'paddleCancellationsApi', 'rehearsalPaddle', all);
const recurly = alone('recurlyTrigger', 'recurlyApi', 'rehearsalRecurly', all);
const chargebee = alone('chargebeeTrigger', 'chargebeeCancellationsApi', 'rehearsalChargebee', all);
const smokeball = alone('smokeballTrigger', 'smokeballApi', 'rehearsalSmokeball');

let instance: N8nInstance;
let n8n: RunningN8n;

const started = async (id: string) => (await n8n.executions(id)).length;
const paste = () =>
	instance.sandbox.pasteWebhook('funnelFox', { url: `${n8n.url}/webhook/customer-leaves/webhook` });

/** Waits for a number of finished executions. @returns the newest */
async function finished(id: string, count = 1) {
	for (;;) {
		const all = await n8n.executions(id);
		if (all.length >= count) return await n8n.finished(all[0].id);
		await wait(200);
	}
}

/** Waits, because n8n registers webhooks after its response. */
async function registered(count: number): Promise<void> {
	await eventually(async () =>
		expect(instance.sandbox.webhooks('firstPromoter')).toHaveLength(count),
	);
}

async function deactivate(id: string): Promise<void> {
	await n8n.rest('POST', `/workflows/${id}/deactivate`);
}

beforeAll(async () => {
	instance = await openInstance('triggers');
	n8n = await instance.serve();
	await saveAll(n8n, [leaves, promoter, reditus, smokeball, stripe, paddle, chargebee, recurly]);
});
afterAll(async () => await instance.close());

describe('FunnelFox Trigger, in the ready workflow', () => {
	beforeAll(async () => {
		await n8n.activate(leaves.id);
		paste();
	});

	it('starts one execution for a cancellation, which updates the affiliate tools', async () => {
		expect(instance.sandbox.customerCancels('funnelFox', 'sub_ada', { source: 'psp' })).toBe(true);
		const execution = await finished(leaves.id);
		expect(itemsOf(execution, 'FunnelFox Trigger')[0].json).toMatchObject({
			outcome: 'scheduled',
			ended: true,
			provider: 'funnelFox',
			target: 'sub_ada',
			email: 'ada@example.com',
			source: 'psp',
		});
		const told = instance.sandbox.journal().map(({ provider, target }) => `${provider} ${target}`);
		expect(told.sort()).toEqual(['firstPromoter ada@example.com', 'reditus ada@example.com']);
		const receipts = execution.runData.Receipt.flatMap(({ data }) => data?.main[0] ?? []);
		expect(receipts.map(({ json }) => json.outcome)).toEqual(['cancelled', 'cancelled']);
	});

	it('cancels nothing twice after a repeated call', async () => {
		const before = await started(leaves.id);
		instance.sandbox.deliveryFault('funnelFox', 'twice');
		instance.sandbox.customerCancels('funnelFox', 'sub_ben', { source: 'psp' });
		await instance.sandbox.deliveriesDone();
		instance.sandbox.deliveryFault('funnelFox', null);
		await finished(leaves.id, before + 1);
		expect(await started(leaves.id)).toBe(before + 1);
		const ofBen = instance.sandbox.journal().filter(({ target }) => target === 'ben@example.com');
		expect(new Set(ofBen.map(({ provider }) => provider)).size).toBe(ofBen.length);
	});

	it('starts nothing for cancellations by nodes of this package', async () => {
		const before = await started(leaves.id);
		instance.sandbox.customerCancels('funnelFox', 'sub_kim', { source: 'api' });
		await instance.sandbox.deliveriesDone();
		expect(instance.sandbox.deliveries('funnelFox').at(-1)).toMatchObject({ status: 200 });
		expect(await started(leaves.id)).toBe(before);
	});

	it('responds 401 to a wrong or missing secret, and starts nothing', async () => {
		const before = await started(leaves.id);
		const url = `${n8n.url}/webhook/customer-leaves/webhook`;
		for (const headers of [{}, { 'Fox-Secret-Key': 'wrong' }] as Array<Record<string, string>>) {
			const answer = await fetch(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...headers },
				body: JSON.stringify({ type: 'subscription.cancelled' }),
			});
			expect(answer.status).toBe(401);
		}
		expect(await started(leaves.id)).toBe(before);
	});
});

describe('FirstPromoter Trigger', () => {
	it('registers its webhook and starts one execution for a cancellation', async () => {
		await n8n.activate(promoter.id);
		await registered(1);
		instance.sandbox.customerCancels('firstPromoter', 'dora@example.com');
		const execution = await finished(promoter.id);
		expect(itemsOf(execution, 'Trigger')[0].json).toMatchObject({
			outcome: 'cancelled',
			ended: true,
			provider: 'firstPromoter',
			target: 'dora@example.com',
		});
		expect(await started(promoter.id)).toBe(1);
	});

	it('starts nothing if the secret is wrong', async () => {
		instance.sandbox.deliveryFault('firstPromoter', 'wrongSecret');
		instance.sandbox.customerCancels('firstPromoter', 'kim@example.com');
		await eventually(async () =>
			expect(instance.sandbox.deliveries('firstPromoter').at(-1)).toMatchObject({ status: 401 }),
		);
		instance.sandbox.deliveryFault('firstPromoter', null);
		expect(await started(promoter.id)).toBe(1);
	});
});

describe.each([
	['stripe', stripe, (name: string) => stripeId('sub', name)],
	['paddle', paddle, (name: string) => paddleId('sub', name)],
	['chargebee', chargebee, (name: string) => chargebeeId('sub', name)],
	['recurly', recurly, (name: string) => recurlyId('subscription', name)],
] as const)('the webhook of %s', (provider, workflow, idOf) => {
	const webhooks = () => instance.sandbox.webhooks(provider);
	const statuses = () => instance.sandbox.deliveries(provider).map(({ status }) => status);
	// Deliveries that were refused before are not redelivered.
	beforeAll(() => instance.sandbox.reset({ keepWebhooks: true }));
	/** The items of all executions that have started since, oldest first. */
	let known = 0;
	async function reported(count: number) {
		await instance.sandbox.deliveriesDone();
		await eventually(async () => expect(await started(workflow.id)).toBe(known + count));
		const newest = (await n8n.executions(workflow.id)).slice(0, count).reverse();
		known += count;
		const all = await Promise.all(newest.map(async (one) => await n8n.finished(one.id)));
		return all.map((execution) => itemsOf(execution, 'Trigger')[0].json);
	}

	it('is registered when the workflow is published', async () => {
		await n8n.activate(workflow.id);
		// The address is pasted there.
		if (provider === 'recurly') {
			instance.sandbox.pasteWebhook(provider, { url: `${n8n.url}/webhook/recurlyTrigger/webhook` });
		}
		await eventually(async () => expect(webhooks()).toHaveLength(1));
	});

	it('starts one execution for an end that is scheduled, undone and scheduled again', async () => {
		const target = idOf('ada');
		const told = [];
		for (const act of ['customerCancels', 'customerReturns', 'customerCancels'] as const) {
			expect(instance.sandbox[act](provider, target)).toBe(true);
			told.push(...(await reported(1)));
			// Stripe, Chargebee and Recurly count whole seconds.
			await wait(1100);
		}
		const common = { provider, target, email: 'ada@example.com', verified: true };
		expect(told).toMatchObject([
			{ ...common, outcome: 'scheduled', ended: true, effectiveAt: expect.any(String) },
			{ ...common, outcome: 'restored', ended: false, effectiveAt: null },
			{ ...common, outcome: 'scheduled', ended: true, effectiveAt: told[0].effectiveAt },
		]);
	});

	it('starts one execution for an end that is delivered twice', async () => {
		instance.sandbox.deliveryFault(provider, 'twice');
		instance.sandbox.customerCancels(provider, idOf('ben'), { ends: 'now' });
		const told = await reported(1);
		instance.sandbox.deliveryFault(provider, null);
		expect(told).toMatchObject([{ outcome: 'cancelled', ended: true, target: idOf('ben') }]);
		expect(statuses().filter((status) => status === 200).length).toBeGreaterThan(1);
		expect(await started(workflow.id)).toBe(known);
	});

	it('starts nothing if the signature or the password is wrong', async () => {
		instance.sandbox.deliveryFault(provider, 'wrongSecret');
		instance.sandbox.customerCancels(provider, idOf('kim'));
		await eventually(async () => expect(statuses()).toContain(401));
		instance.sandbox.deliveryFault(provider, null);
		expect(await started(workflow.id)).toBe(known);
	});

	it('is removed when the workflow is unpublished, unless it was pasted', async () => {
		await deactivate(workflow.id);
		const left = provider === 'recurly' ? 1 : 0;
		await eventually(async () => expect(webhooks()).toHaveLength(left));
	});
});

describe('after a downtime of n8n', () => {
	const polling = [
		['reditus', reditus, 'june@example.com', 'cancelled'],
		['smokeball', smokeball, 'b471682e-fa17-4e46-b7fe-000000000001', 'scheduled'],
	] as const;
	const looks = (provider: string) => instance.sandbox.requests(provider).length;

	/** Activates a trigger and waits until n8n has saved the cursor of its first poll. */
	async function watch(provider: string, id: string): Promise<void> {
		const before = looks(provider);
		await n8n.activate(id);
		await eventually(async () => expect(looks(provider)).toBeGreaterThan(before));
		await wait(1000);
	}

	beforeAll(async () => {
		for (const [provider, { id }] of polling) {
			await watch(provider, id);
			expect(await started(id)).toBe(0);
		}
		await n8n.stop();
		for (const [provider, , target] of polling) {
			expect(instance.sandbox.customerCancels(provider, target)).toBe(true);
		}
		n8n = await instance.serve();
	});

	it('FirstPromoter Trigger leaves the webhook of the address that n8n had before, and says so', async () => {
		await registered(1);
		const [former] = instance.sandbox.webhooks('firstPromoter') as Array<{ url: string }>;
		expect(former.url).not.toContain(n8n.url);
		await deactivate(promoter.id);
		await eventually(async () =>
			expect(readFileSync(path.join(instance.userFolder, 'n8n.log'), 'utf8')).toContain(
				`with the address ${former.url} as it is`,
			),
		);
		await n8n.activate(promoter.id);
		await registered(2);
		await deactivate(promoter.id);
		await registered(1);
	});

	it.each(polling)('%s reports missed cancellations once', async (provider, { id }, _, outcome) => {
		const execution = await finished(id);
		expect(itemsOf(execution, 'Trigger').map(({ json }) => json)).toMatchObject([
			{ outcome, ended: true, provider },
		]);
		// Another poll reports nothing new; n8n polls at once on activation.
		await deactivate(id);
		await watch(provider, id);
		expect(await started(id)).toBe(1);
	});
});
