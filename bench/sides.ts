import { spawn } from 'node:child_process';
import path from 'node:path';
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

import { load, runNode, type Setting } from '../test/host/harness';

/** The bare API with a fixed time to answer, in milliseconds. */
export async function startApi(latency: number): Promise<{ url: string; close(): void }> {
	const file = path.join(__dirname, 'api.mjs');
	const child = spawn(process.execPath, [file, String(latency)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const port = await new Promise<string>((resolve) =>
		child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())),
	);
	return { url: `http://127.0.0.1:${port}`, close: () => child.kill() };
}

/** The FunnelFox node, or the bare one, over `count` items. */
export function cancelling(
	url: string,
	count: number,
	lanes: number,
	more: { node?: string; dryRun?: boolean } = {},
): Setting {
	return {
		node: more.node ?? 'funnelFox',
		items: Array.from({ length: count }, (_, index) => ({ id: `s${index}` })),
		parameters: {
			resource: 'subscription',
			operation: 'cancel',
			subscriptionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
			dryRun: more.dryRun ?? false,
			options: { maxConcurrency: lanes, requestsPerMinute: 10_000_000, maxPerExecution: 0 },
		},
		credentials: { funnelFoxApi: { secretKey: 'secret_bench', baseUrl: url } },
	};
}

/** The peer: reads the same id and calls n8n's own helper in the same lanes, and nothing else. */
export async function addBareNode(): Promise<void> {
	const loader = await load();
	const known = loader.getNode('funnelFox');
	const bare = {
		description: { ...(known.type as INodeType).description, name: 'bare' },
		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const items = this.getInputData();
			const { baseUrl } = await this.getCredentials('funnelFoxApi');
			const { maxConcurrency } = this.getNodeParameter('options', 0) as IDataObject;
			const out: INodeExecutionData[] = [];
			let next = 0;
			const lane = async () => {
				while (next < items.length) {
					const item = next++;
					const id = this.getNodeParameter('subscriptionId', item, '', { extractValue: true });
					const full = await this.helpers.httpRequestWithAuthentication.call(this, 'funnelFoxApi', {
						method: 'POST',
						url: `${String(baseUrl)}/subscriptions/${String(id)}/cancel`,
						json: true,
						returnFullResponse: true,
						ignoreHttpStatusErrors: true,
						disableFollowRedirect: true,
						timeout: 30_000,
					});
					out[item] = { json: (full as { body: IDataObject }).body, pairedItem: { item } };
				}
			};
			await Promise.all(Array.from({ length: Number(maxConcurrency) }, lane));
			return [out];
		},
	};
	Object.assign(loader, {
		nodeTypes: { ...Reflect.get(loader, 'nodeTypes'), bare: { ...known, type: bare } },
	});
}

/** Milliseconds that one run takes. @throws where not every item came out as a success */
export async function timed(setting: Setting): Promise<number> {
	const began = performance.now();
	const { main, thrown } = await runNode(setting);
	const took = performance.now() - began;
	if (thrown || main.length !== setting.items.length)
		throw new Error(thrown?.message ?? 'items lost');
	return took;
}

export const median = (numbers: number[]): number =>
	[...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** Runs the sides in turn, so that a busy moment of the machine meets all of them. @returns medians */
export async function inTurn(
	times: number,
	...sides: Array<() => Promise<number>>
): Promise<number[]> {
	const taken: number[][] = sides.map(() => []);
	for (let round = 0; round < times; round++) {
		for (const [index, side] of sides.entries()) taken[index].push(await side());
	}
	return taken.map(median);
}

/** One line of the results. */
export interface Row {
	measure: string;
	bound: string;
	found: string;
	met: boolean;
}

export const ms = (value: number) => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
