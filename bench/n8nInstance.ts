import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
	type CredentialFile,
	importCredentials,
	itemsOf,
	prepareHost,
	type WorkflowFile,
} from '../host/n8n';
import { cacheFolder } from '../host/paths';
import { type RunningN8n, startN8n } from '../host/server';
import { installProbes } from './probes/install';
import { measuredNode } from './workflows';

/** Folder of all files that the bench writes. */
export const homes = path.join(cacheFolder, 'bench');
const template = path.join(homes, 'template');

/** Measurements of a node between two timing nodes. */
export interface Timing {
	/** Elapsed time and CPU time of the process, in ms. */
	ms: number;
	cpu: number;
	/** Number of output items, and of those that report success. */
	items: number;
	ok: number;
}

/** A real n8n with the packed package, controlled by webhooks. */
export interface N8nInstance {
	n8n: RunningN8n;
	/** Saves and activates a workflow. @returns its ID */
	activate(workflow: WorkflowFile): Promise<string>;
	/** Calls a workflow's webhook. @throws Error unless n8n answers 2xx */
	call<T>(name: string, body?: unknown): Promise<T>;
	/** Runs a timed workflow once. @throws Error unless every item succeeds */
	time(name: string, count: number): Promise<Timing>;
	/** Waits until the workflow has no running execution. */
	untilIdle(workflowId: string): Promise<void>;
	/** Number of items that the measured node returned in the last execution. */
	itemsOut(workflowId: string): Promise<number>;
	stop(): Promise<void>;
}

/** Prepares the n8n home that others are copied from: package, bench nodes, database, credentials. */
export async function prepareHome(tarball: string, credentials: CredentialFile[]): Promise<void> {
	rmSync(homes, { recursive: true, force: true });
	mkdirSync(homes, { recursive: true });
	await prepareHost({ userFolder: template, tarball });
	installProbes(template);
	await importCredentials(template, credentials);
	// The first start of a home creates its owner.
	await (await startN8n({ userFolder: template })).stop();
}

/** A copy of the prepared home. */
export function newHome(name: string): string {
	const userFolder = path.join(homes, name);
	rmSync(userFolder, { recursive: true, force: true });
	cpSync(template, userFolder, { recursive: true, verbatimSymlinks: true });
	return userFolder;
}

export async function startInstance(name: string): Promise<N8nInstance> {
	const userFolder = newHome(name);
	const n8n = await startN8n({ userFolder });
	async function call<T>(webhook: string, body: unknown = {}): Promise<T> {
		for (let tries = 1; ; tries++) {
			const response = await fetch(`${n8n.url}/webhook/${webhook}`, {
				method: 'POST',
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify(body),
			});
			const text = await response.text();
			if (response.ok) return JSON.parse(text) as T;
			// n8n registers a webhook shortly after the activation.
			if (response.status !== 404 || tries === 20) {
				throw new Error(`The workflow "${webhook}" did not end well: ${text}`);
			}
			await wait(250);
		}
	}
	return {
		n8n,
		async activate(workflow) {
			const id = await n8n.createWorkflow(workflow);
			await n8n.activate(id);
			return id;
		},
		call,
		async time(webhook, count) {
			const reading = await call<Timing>(webhook, { count, prefix: 'b' });
			if (reading.items !== count || reading.ok !== count) {
				throw new Error(`"${webhook}": of ${count} items ${reading.ok} came out well.`);
			}
			// Lets n8n finish its work after the execution before the next one starts.
			await wait(200);
			return reading;
		},
		async untilIdle(workflowId) {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			for (;;) {
				const { results } = await n8n.rest<{ results: Array<{ status: string }> }>(
					'GET',
					`/executions?filter=${filter}&limit=100`,
				);
				if (!results.some(({ status }) => ['new', 'running', 'waiting'].includes(status))) return;
				await wait(250);
			}
		},
		async itemsOut(workflowId) {
			const [{ id }] = await n8n.executions(workflowId);
			const execution = await n8n.execution(id);
			return itemsOf(execution, measuredNode).length;
		},
		async stop() {
			await n8n.stop();
			rmSync(userFolder, { recursive: true, force: true });
		},
	};
}
