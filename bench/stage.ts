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
import { underMeasure } from './workflows';

/** Everything that the bench leaves on the disk while it runs. */
export const homes = path.join(cacheFolder, 'bench');
const template = path.join(homes, 'template');

/** What a meter tells about the node between its two ends. */
export interface Reading {
	/** By the clock, and of the process's CPU, in milliseconds. */
	ms: number;
	cpu: number;
	/** Items that came out, and those of them that say that it worked. */
	items: number;
	ok: number;
	/** V8's CPU profile as JSON, where one was asked for. */
	profile?: string;
}

/** A real n8n with the packed package, driven by webhooks. */
export interface Stage {
	n8n: RunningN8n;
	/** Saves a workflow and switches it on. @returns its id */
	open(workflow: WorkflowFile): Promise<string>;
	/** Calls a workflow's webhook. @throws Error unless n8n answers 2xx */
	call<T>(name: string, body?: unknown): Promise<T>;
	/** Runs a metered workflow once. @throws Error unless every item came out well */
	read(name: string, count: number): Promise<Reading>;
	/** Waits until no execution of the workflow is running any more. */
	settled(workflowId: string): Promise<void>;
	/** Items that the node under measure gave out in the workflow's last execution. */
	itemsOut(workflowId: string): Promise<number>;
	stop(): Promise<void>;
}

/** Makes the n8n home that all others are copies of: package, bench nodes, database, accounts. */
export async function prepareHome(tarball: string, credentials: CredentialFile[]): Promise<void> {
	rmSync(homes, { recursive: true, force: true });
	mkdirSync(homes, { recursive: true });
	await prepareHost({ userFolder: template, tarball });
	installProbes(template);
	await importCredentials(template, credentials);
	// The first start of a home signs its owner up.
	await (await startN8n({ userFolder: template })).stop();
}

/** A copy of the prepared home. */
export function newHome(name: string): string {
	const userFolder = path.join(homes, name);
	rmSync(userFolder, { recursive: true, force: true });
	cpSync(template, userFolder, { recursive: true, verbatimSymlinks: true });
	return userFolder;
}

export async function openStage(name: string): Promise<Stage> {
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
			// A webhook is registered a moment after its workflow was switched on.
			if (response.status !== 404 || tries === 20) {
				throw new Error(`The workflow "${webhook}" did not end well: ${text}`);
			}
			await wait(250);
		}
	}
	return {
		n8n,
		async open(workflow) {
			const id = await n8n.createWorkflow(workflow);
			await n8n.activate(id);
			return id;
		},
		call,
		async read(webhook, count) {
			const reading = await call<Reading>(webhook, { count, prefix: 'b' });
			if (reading.items !== count || reading.ok !== count) {
				throw new Error(`"${webhook}": of ${count} items ${reading.ok} came out well.`);
			}
			// What n8n does after an execution is no part of the next one.
			await wait(200);
			return reading;
		},
		async settled(workflowId) {
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
			return itemsOf(execution, underMeasure).length;
		},
		async stop() {
			await n8n.stop();
			rmSync(userFolder, { recursive: true, force: true });
		},
	};
}
