import {
	acceptedPerTarget,
	bulkIds,
	cancelling,
	failures,
	names,
	once,
	sentPerTarget,
	type Setup,
	type Stage,
	stage,
	stopping,
	successes,
} from './stage';
import type { RunningN8n } from '../../host/server';

let theatre: Stage;
let n8n: RunningN8n;

beforeAll(async () => {
	theatre = await stage('retry');
	n8n = await theatre.serve();
});
beforeEach(() => theatre.sandbox.reset());
afterAll(async () => await theatre.close());

describe('the Retry button on a failed execution', () => {
	it.each<[string, Setup]>([
		['off', {}],
		['on', { retryOnFail: 3 }],
	])('sends no accepted item again, with Retry On Fail %s', async (_, setup) => {
		const { sandbox } = theatre;
		const { ids, target, workflow } = stopping(sandbox, 'retry', setup);
		const id = await n8n.createWorkflow(workflow);

		const failed = await n8n.finished(await n8n.run(id, names.trigger));
		expect(failed.status).toBe('error');
		expect(failed.message).toContain(target);
		const before = acceptedPerTarget(sandbox);
		expect(Object.keys(before).length).toBeGreaterThanOrEqual(11);
		expect(Object.keys(before).length).toBeLessThan(20);
		expect(before[target]).toBeUndefined();
		expect(sentPerTarget(sandbox)).toMatchObject(before);

		sandbox.clearFaults();
		const requestsBefore = sandbox.requests('funnelfox').length;
		const [{ id: executionId }] = await n8n.executions(id);
		const retried = await n8n.retry(executionId);
		expect(retried.message).toBeUndefined();
		expect(retried.status).toBe('success');
		expect(successes(retried).map((item) => item.target)).toEqual(ids);
		expect(new Set(successes(retried).map(({ outcome }) => outcome))).toEqual(
			new Set(['scheduled']),
		);
		expect(acceptedPerTarget(sandbox)).toEqual(once(ids));
		// What was accepted is remembered: it is neither sent again nor looked up again.
		const asked = sandbox.requests('funnelFox').slice(requestsBefore);
		const written = asked
			.filter(({ effect }) => effect === 'write')
			.map((request) => request.target);
		expect(asked.filter((request) => String(request.target) in before)).toEqual([]);
		expect(written.sort()).toEqual(ids.filter((each) => !(each in before)));
	});
});

describe("n8n's own Retry On Fail", () => {
	it.each(['continueErrorOutput', 'continueRegularOutput'] as const)(
		'with %s: a failure of the first item does not send the others again',
		async (onError) => {
			const { sandbox } = theatre;
			sandbox.seed({ bulk: { provider: 'funnelfox', count: 10, prefix: 'again' } });
			const ids = bulkIds('again', 10);
			const workflow = cancelling(['sub_nobody', ...ids], { onError, retryOnFail: 3 });
			const id = await n8n.createWorkflow(workflow);
			const execution = await n8n.finished(await n8n.run(id, names.trigger));
			expect(execution.status).toBe('success');
			expect(sentPerTarget(sandbox)).toMatchObject(once(ids));
			const all = [...successes(execution), ...failures(execution)];
			expect(all).toHaveLength(11);
		},
	);
});
