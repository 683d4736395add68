import { setTimeout as wait } from 'node:timers/promises';
import {
	acceptedPerTarget,
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
/** The three of FunnelFox are killed at different moments. */
const providers = ['funnelFox', 'funnelFox', 'funnelFox', 'stripe', 'paddle', 'recurly'] as const;
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

beforeAll(async () => {
	instance = await openInstance('power-cut');
});
afterAll(async () => await instance.close());

describe(`n8n is killed in the middle of a run (seed ${seed})`, () => {
	const random = randomFrom(seed);
	const moments = providers.map(
		(provider) => [provider, 1 + Math.floor(random() * (count - 2))] as const,
	);

	it.each(moments)(
		'at %s after %i items, a second run cancels no customer twice',
		async (provider, moment) => {
			const { sandbox } = instance;
			sandbox.reset();
			sandbox.seed({ bulk: { provider, count, prefix: 'cut' } });
			sandbox.latency(provider, 50);
			const ids = bulkIds('cut', count, provider);
			const before = await instance.serve();
			const options = { requestsPerMinute: 1200 };
			const id = await before.createWorkflow(cancelWorkflow(ids, { options }, provider));
			await before.run(id, nodeNames.trigger);
			const patience = Date.now() + 60_000;
			while (sandbox.journal().length < moment && Date.now() < patience) await wait(2);
			expect(sandbox.journal().length).toBeGreaterThanOrEqual(moment);
			await before.kill();
			expect(sandbox.journal().length).toBeLessThan(count);

			const after = await instance.serve();
			const execution = await after.finished(await after.run(id, nodeNames.trigger));
			await after.stop();
			expect(execution.status).toBe('success');
			expect(failures(execution)).toEqual([]);
			const outcomes = successes(execution).map(({ target, ended }) => ({ target, ended }));
			expect(outcomes).toEqual(ids.map((target) => ({ target, ended: true })));
			expect(acceptedPerTarget(sandbox, provider)).toEqual(oncePerId(ids));
		},
	);
});
