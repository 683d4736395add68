import { median, range, type ResultRow, factor } from '../figures';
import { bareAccount, type BenchSetup } from '../setup';
import { startInstance } from '../n8nInstance';
import {
	cancelNode,
	httpRequestNode,
	peakMemoryWorkflow,
	savedWorkflow,
	type NodeConfig,
} from '../workflows';
import { unlimited } from './speed';

const mebibytes = (value: number) => `${value.toFixed(0)} MiB`;

/** 4: peak memory of n8n with saved executions, in a new process each time. */
export async function peakMemory(setup: BenchSetup): Promise<ResultRow[]> {
	const { quick, api } = setup;
	const count = quick ? 2000 : 10_000;
	const ours = cancelNode(bareAccount, { ...unlimited, maxConcurrency: 10 });
	const http = httpRequestNode(bareAccount, api.url);
	const rounds = quick ? 1 : 5;
	const mine: number[] = [];
	const peer: number[] = [];
	// Concurrently, because the peak does not depend on the duration.
	for (let round = 0; round < rounds; round++) {
		const [one, other] = await Promise.all([
			measurePeak('ours', ours, count),
			measurePeak('http', http, count),
		]);
		mine.push(one);
		peer.push(other);
	}
	return [
		{
			measure: `4. Peak memory of the n8n process, ${count.toLocaleString('en')} items, answers kept, beside HTTP Request`,
			bound: 'at most 1.00 ×',
			result: `${mebibytes(median(mine))} (${range(mine, mebibytes)}) beside ${mebibytes(median(peer))} (${range(peer, mebibytes)}) = ${factor(median(mine) / median(peer))} (${rounds} runs each)`,
			met: median(mine) <= median(peer),
			comparisons: [
				{
					measure: `Peak memory of n8n, ${count.toLocaleString('en')} items, responses kept`,
					node: mebibytes(median(mine)),
					httpRequest: mebibytes(median(peer)),
				},
			],
		},
	];
}

async function measurePeak(name: string, side: NodeConfig, count: number): Promise<number> {
	const instance = await startInstance(name);
	try {
		await instance.activate(peakMemoryWorkflow('peak'));
		const workflow = await instance.activate(savedWorkflow('run', side));
		await instance.call('run', { count, prefix: 'm' });
		await instance.untilIdle(workflow);
		return (await instance.call<{ peak: number }>('peak')).peak;
	} finally {
		await instance.stop();
	}
}
