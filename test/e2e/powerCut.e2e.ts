import { setTimeout as wait } from 'node:timers/promises';
import type { RunningN8n } from '../../host/server';
import {
	acceptedPerTarget,
	type BulkProvider,
	bulkIds,
	cancelWorkflow,
	failures,
	nodeNames,
	oncePerId,
	type N8nInstance,
	openInstance,
	successes,
} from './n8nInstance';

const count = 60;
const rounds = 2;
const providers: BulkProvider[] = ['funnelFox', 'stripe', 'paddle', 'chargebee', 'recurly'];
const seed = Number(process.env.CANCELLATIONS_SEED ?? Date.now() % 1_000_000);

/** A small reproducible generator: CANCELLATIONS_SEED=… repeats a run. */
function randomFrom(start: number): () => number {
	let state = start;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

let instance: N8nInstance;
let n8n: RunningN8n;

beforeAll(async () => {
	instance = await openInstance('power-cut');
	n8n = await instance.serve();
});
afterAll(async () => await instance.close());

describe(`n8n is killed in the middle of runs (seed ${seed})`, () => {
	const random = randomFrom(seed);
	const moments = Array.from(
		{ length: rounds },
		() => 1 + Math.floor(random() * (count / 2) * providers.length),
	);

	it.each(moments)('after %i items, a second run cancels no customer twice', async (moment) => {
		const { sandbox } = instance;
		sandbox.reset();
		sandbox.latency('*', 50);
		const options = { requestsPerMinute: 1200 };
		const workflows: string[] = [];
		for (const provider of providers) {
			sandbox.seed({ bulk: { provider, count, prefix: 'cut' } });
			const ids = bulkIds('cut', count, provider);
			workflows.push(await n8n.createWorkflow(cancelWorkflow(ids, { options }, provider)));
		}
		const start = async () =>
			await Promise.all(workflows.map(async (id) => await n8n.run(id, nodeNames.trigger)));
		await start();
		const patience = Date.now() + 60_000;
		while (sandbox.journal().length < moment && Date.now() < patience) await wait(2);
		expect(sandbox.journal().length).toBeGreaterThanOrEqual(moment);
		await n8n.kill();
		expect(sandbox.journal().length).toBeLessThan(count * providers.length);

		n8n = await instance.serve();
		for (const [index, executionId] of (await start()).entries()) {
			const provider = providers[index];
			const ids = bulkIds('cut', count, provider);
			const execution = await n8n.finished(executionId);
			expect(execution.status).toBe('success');
			expect(failures(execution)).toEqual([]);
			const outcomes = successes(execution).map(({ target, ended }) => ({ target, ended }));
			expect(outcomes).toEqual(ids.map((target) => ({ target, ended: true })));
			expect(acceptedPerTarget(sandbox, provider)).toEqual(oncePerId(ids));
		}
	});
});
