import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { importWorkflows, type WorkflowFile } from '../../host/n8n';
import { n8nInstallation, repository } from '../../host/paths';
import type { RunningN8n } from '../../host/server';
import { keys } from '../../sandbox/keys';
import { eventually } from '../eventually';
import { alone } from './aloneTrigger';
import { type N8nInstance, openInstance, saveAll } from './n8nInstance';

const leaves = JSON.parse(
	readFileSync(path.join(repository, 'workflows', 'customer-leaves.json'), 'utf8'),
) as WorkflowFile;
const secret = 'rdt_live_4711_of_a_user';
const promoter = alone('firstPromoterTrigger', 'firstPromoterV2Api', 'rehearsalFirstPromoterV2');
/** A poll each ten seconds, as six that are one each minute: n8n allows none that is more frequent. */
const everyTenSeconds = {
	pollTimes: {
		item: [0, 10, 20, 30, 40, 50].map((second) => ({
			mode: 'custom',
			cronExpression: `${second} * * * * *`,
		})),
	},
};
const reditus = alone('reditusTrigger', 'reditusApi', 'rehearsalReditus', everyTenSeconds);

let fox: WorkflowFile;
let echoing: WorkflowFile;
let production: N8nInstance;
let n8n: RunningN8n;
let echo: Server;
const started = async (id: string) => (await n8n.executions(id)).length;

beforeAll(async () => {
	production = await openInstance('trigger-faults');
	// A provider that repeats the key which it refuses.
	echo = createServer(({ headers }, response) => {
		response.writeHead(401, { 'content-type': 'application/json' });
		response.end(JSON.stringify({ message: `${headers.authorization} has been revoked` }));
	}).listen(0, '127.0.0.1');
	await once(echo, 'listening');
	const { port } = echo.address() as AddressInfo;
	n8n = await production.serve();
	const pasted = await saveCredential('funnelFoxApi', {
		secretKey: `\u200b${keys.funnelFox.secretKey}\r\n`,
		baseUrl: `${production.sandbox.url}/funnelfox/public/v1`,
	});
	fox = alone('funnelFoxTrigger', 'funnelFoxApi', pasted);
	const baseUrl = `http://127.0.0.1:${port}`;
	const repeated = await saveCredential('reditusApi', { apiToken: secret, baseUrl });
	echoing = alone('reditusTrigger', 'reditusApi', repeated);
	await saveAll(n8n, [leaves, fox, promoter, reditus, echoing]);
});
afterAll(async () => {
	await production.close();
	echo.close();
});

/** @returns its ID */
async function saveCredential(type: string, data: IDataObject): Promise<string> {
	return (await n8n.rest<{ id: string }>('POST', '/credentials', { name: type, type, data })).id;
}

/** Keeps n8n from writing into its database until `release` is called. */
async function lockDatabase(): Promise<{ release: () => Promise<void> }> {
	const file = path.join(production.userFolder, '.n8n', 'database.sqlite');
	const program = `
		const { DatabaseSync } = require('node:sqlite');
		const database = new DatabaseSync(${JSON.stringify(file)});
		database.exec('BEGIN IMMEDIATE');
		console.log('locked');
		process.stdin.once('data', () => { database.exec('ROLLBACK'); process.exit(); });
	`;
	const child: ChildProcess = spawn(n8nInstallation().node, ['-e', program], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	await once(child.stdout!, 'data');
	return {
		async release() {
			child.stdin!.write('.');
			await once(child, 'exit');
		},
	};
}

describe('FunnelFox Trigger', () => {
	const url = () => `${n8n.url}/webhook/funnelFoxTrigger/webhook`;
	beforeAll(async () => {
		await n8n.activate(fox.id);
		production.sandbox.pasteWebhook('funnelFox', { url: url() });
	});
	const statuses = () => production.sandbox.deliveries('funnelFox').map(({ status }) => status);

	it('takes deliveries with a key that was pasted with invisible characters', async () => {
		production.sandbox.customerCancels('funnelFox', 'sub_kim', { source: 'psp' });
		await production.sandbox.deliveriesDone();
		expect(statuses().at(-1)).toBe(200);
		expect(statuses()).not.toContain(401);
		await eventually(async () => expect(await started(fox.id)).toBe(1));
	});

	it('starts an execution for what n8n could not start one for, once it is delivered again', async () => {
		const lock = await lockDatabase();
		production.sandbox.customerCancels('funnelFox', 'sub_emil', { source: 'psp' });
		await eventually(async () => expect(statuses()).toContain(500), 60_000);
		await lock.release();
		await production.sandbox.deliveriesDone();
		expect(statuses().at(-1)).toBe(200);
		await eventually(async () => expect(await started(fox.id)).toBe(2));
		await n8n.rest('POST', `/workflows/${fox.id}/deactivate`);
	}, 240_000);
});

describe('customer-leaves', () => {
	it('records one cancellation once: at the click, and not again at the end', async () => {
		await n8n.activate(leaves.id);
		production.sandbox.pasteWebhook('funnelFox', {
			url: `${n8n.url}/webhook/customer-leaves/webhook`,
		});
		const told = () =>
			production.sandbox
				.journal()
				.filter(({ target }) => target === 'ada@example.com')
				.map(({ provider }) => provider)
				.sort();
		for (const [count, ends] of [
			[1, 'atPeriodEnd'],
			[2, 'now'],
		] as const) {
			production.sandbox.customerCancels('funnelFox', 'sub_ada', { source: 'psp', ends });
			await production.sandbox.deliveriesDone();
			await eventually(async () => expect(await started(leaves.id)).toBe(count));
			const [{ id }] = await n8n.executions(leaves.id);
			expect((await n8n.finished(id)).status).toBe('success');
			expect(told()).toEqual(['firstPromoter', 'reditus']);
		}
		await n8n.rest('POST', `/workflows/${leaves.id}/deactivate`);
	});
});

describe('Reditus Trigger', () => {
	it('shows no key that a refusal repeats', async () => {
		const log = () => readFileSync(path.join(production.userFolder, 'n8n.log'), 'utf8');
		// n8n 2.41 answers first, and publishes then.
		await n8n.activate(echoing.id).catch((error: Error) => {
			expect(error.message).not.toContain(secret);
		});
		await eventually(async () => expect(log()).toContain('has been revoked'), 90_000);
		expect(log()).not.toContain(secret);
	});

	it('reports a churn once although a poll is still at work when the next one begins', async () => {
		await n8n.activate(reditus.id);
		await wait(1500);
		production.sandbox.fault({
			provider: 'reditus',
			kind: 'rateLimit',
			on: 'read',
			// Longer than the time until the next poll.
			retryAfter: 12,
		});
		production.sandbox.customerCancels('reditus', 'june@example.com');
		await eventually(async () => expect(await started(reditus.id)).toBe(1), 60_000);
		// The polls that began meanwhile have ended by then.
		await wait(15_000);
		expect(await started(reditus.id)).toBe(1);
		await n8n.rest('POST', `/workflows/${reditus.id}/deactivate`);
	});
});

describe('FirstPromoter Trigger', () => {
	const urls = () =>
		production.sandbox
			.webhooks('firstPromoter')
			.map((webhook) => String((webhook as { url: string }).url));

	it('of a copy in another n8n leaves the webhook of the first one alone', async () => {
		await n8n.activate(promoter.id);
		await eventually(async () => expect(urls()).toHaveLength(1));
		const [own] = urls();
		const exported = await eventually(async () => {
			const workflow = await n8n.rest<IDataObject>('GET', `/workflows/${promoter.id}`);
			expect(JSON.stringify(workflow.staticData)).toContain(own);
			return workflow;
		});
		const staging = await openInstance('trigger-copy', production.sandbox);
		try {
			const copy = { ...promoter, staticData: exported.staticData } as WorkflowFile;
			await importWorkflows(staging.userFolder, [copy]);
			const other = await staging.serve();
			await other.activate(promoter.id);
			await eventually(async () => expect(urls()).toHaveLength(2));
			expect(urls()).toContain(own);
			expect(readFileSync(path.join(staging.userFolder, 'n8n.log'), 'utf8')).toContain(own);
			await other.rest('POST', `/workflows/${promoter.id}/deactivate`);
			await eventually(async () => expect(urls()).toEqual([own]));
		} finally {
			await staging.close();
		}
	}, 300_000);
});
