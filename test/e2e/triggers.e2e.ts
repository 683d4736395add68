import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { importWorkflows, itemsOf, type WorkflowFile } from '../../host/n8n';
import { repository } from '../../host/place';
import type { RunningN8n } from '../../host/server';
import { eventually } from '../eventually';
import { alone } from './aloneTrigger';
import { type Stage, stage } from './stage';

const leaves = JSON.parse(
	readFileSync(path.join(repository, 'workflows', 'customer-leaves.json'), 'utf8'),
) as WorkflowFile;

const promoter = alone('firstPromoterTrigger', 'firstPromoterV2Api', 'rehearsalFirstPromoterV2');
const reditus = alone('reditusTrigger', 'reditusApi', 'rehearsalReditus');
const smokeball = alone('smokeballTrigger', 'smokeballApi', 'rehearsalSmokeball');

let theatre: Stage;
let n8n: RunningN8n;

const started = async (id: string) => (await n8n.executions(id)).length;
const paste = () =>
	theatre.sandbox.pasteWebhook('funnelFox', { url: `${n8n.url}/webhook/customer-leaves/webhook` });

/** Waits until so many executions of a workflow are over. @returns the newest */
async function finished(id: string, count = 1) {
	for (;;) {
		const all = await n8n.executions(id);
		if (all.length >= count) return await n8n.finished(all[0].id);
		await wait(200);
	}
}

/** Waits for it: n8n tells a provider a moment after it has answered. */
async function registered(count: number): Promise<void> {
	await eventually(async () =>
		expect(theatre.sandbox.webhooks('firstPromoter')).toHaveLength(count),
	);
}

async function deactivate(id: string): Promise<void> {
	await n8n.rest('POST', `/workflows/${id}/deactivate`);
}

beforeAll(async () => {
	theatre = await stage('triggers');
	await importWorkflows(theatre.userFolder, [leaves, promoter, reditus, smokeball]);
	n8n = await theatre.serve();
});
afterAll(async () => await theatre.close());

describe('FunnelFox Trigger, in the ready workflow', () => {
	beforeAll(async () => {
		await n8n.activate(leaves.id);
		paste();
	});

	it('starts one execution for a customer who leaves, and the affiliate tools are told', async () => {
		expect(theatre.sandbox.leaves('funnelFox', 'sub_ada', { source: 'psp' })).toBe(true);
		const execution = await finished(leaves.id);
		expect(itemsOf(execution, 'FunnelFox Trigger')[0].json).toMatchObject({
			outcome: 'scheduled',
			ended: true,
			provider: 'funnelFox',
			target: 'sub_ada',
			email: 'ada@example.com',
			source: 'psp',
		});
		const told = theatre.sandbox.journal().map(({ provider, target }) => `${provider} ${target}`);
		expect(told.sort()).toEqual(['firstPromoter ada@example.com', 'reditus ada@example.com']);
		const receipts = execution.runData.Receipt.flatMap(({ data }) => data?.main[0] ?? []);
		expect(receipts.map(({ json }) => json.outcome)).toEqual(['cancelled', 'cancelled']);
	});

	it('cancels nothing twice where the call comes twice', async () => {
		const before = await started(leaves.id);
		theatre.sandbox.deliveryFault('funnelFox', 'twice');
		theatre.sandbox.leaves('funnelFox', 'sub_ben', { source: 'psp' });
		await theatre.sandbox.delivered();
		theatre.sandbox.deliveryFault('funnelFox', null);
		await finished(leaves.id, before + 1);
		expect(await started(leaves.id)).toBe(before + 1);
		const ofBen = theatre.sandbox.journal().filter(({ target }) => target === 'ben@example.com');
		expect(new Set(ofBen.map(({ provider }) => provider)).size).toBe(ofBen.length);
	});

	it('starts nothing for what our own nodes began', async () => {
		const before = await started(leaves.id);
		theatre.sandbox.leaves('funnelFox', 'sub_kim', { source: 'api' });
		await theatre.sandbox.delivered();
		expect(theatre.sandbox.deliveries('funnelFox').at(-1)).toMatchObject({ status: 200 });
		expect(await started(leaves.id)).toBe(before);
	});

	it('answers 401 to a wrong secret and to none, and starts nothing', async () => {
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
	it('registers its webhook, is told of a customer who leaves, and starts one execution', async () => {
		await n8n.activate(promoter.id);
		await registered(1);
		theatre.sandbox.leaves('firstPromoter', 'dora@example.com');
		const execution = await finished(promoter.id);
		expect(itemsOf(execution, 'Trigger')[0].json).toMatchObject({
			outcome: 'cancelled',
			ended: true,
			provider: 'firstPromoter',
			target: 'dora@example.com',
		});
		expect(await started(promoter.id)).toBe(1);
	});

	it('starts nothing where the secret is wrong', async () => {
		theatre.sandbox.deliveryFault('firstPromoter', 'wrongSecret');
		theatre.sandbox.leaves('firstPromoter', 'kim@example.com');
		await eventually(async () =>
			expect(theatre.sandbox.deliveries('firstPromoter').at(-1)).toMatchObject({ status: 401 }),
		);
		theatre.sandbox.deliveryFault('firstPromoter', null);
		expect(await started(promoter.id)).toBe(1);
	});
});

describe('after a downtime of n8n', () => {
	const polling = [
		['reditus', reditus, 'june@example.com', 'cancelled'],
		['smokeball', smokeball, 'b471682e-fa17-4e46-b7fe-000000000001', 'scheduled'],
	] as const;
	const looks = (provider: string) => theatre.sandbox.requests(provider).length;

	/** Switches a trigger on, and waits until it has looked and n8n keeps how far it came. */
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
			expect(theatre.sandbox.leaves(provider, target)).toBe(true);
		}
		n8n = await theatre.serve();
	});

	it('FirstPromoter Trigger leaves the webhook of the address that n8n had before, and says so', async () => {
		await registered(1);
		const [former] = theatre.sandbox.webhooks('firstPromoter') as Array<{ url: string }>;
		expect(former.url).not.toContain(n8n.url);
		await deactivate(promoter.id);
		await eventually(async () =>
			expect(readFileSync(path.join(theatre.userFolder, 'n8n.log'), 'utf8')).toContain(
				`with the address ${former.url} as it is`,
			),
		);
		await n8n.activate(promoter.id);
		await registered(2);
		await deactivate(promoter.id);
		await registered(1);
	});

	it.each(polling)('%s tells once of what was missed', async (provider, { id }, _, outcome) => {
		const execution = await finished(id);
		expect(itemsOf(execution, 'Trigger').map(({ json }) => json)).toMatchObject([
			{ outcome, ended: true, provider },
		]);
		// Another look tells nothing of it; n8n looks at once when a workflow is switched on.
		await deactivate(id);
		await watch(provider, id);
		expect(await started(id)).toBe(1);
	});
});
