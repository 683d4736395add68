import { setTimeout as wait } from 'node:timers/promises';
import {
	acceptedPerTarget,
	type BulkProvider,
	bulkIds,
	bulkNames,
	cancelWorkflow,
	failures,
	funnelFoxCancelNode,
	nodeNames,
	node,
	oncePerId,
	packageNode,
	sentPerTarget,
	type NodeSetup,
	openShared,
	type SharedN8n,
	failingWorkflow,
	successes,
} from './n8nInstance';
import { called, calling, type CallMode, createBoth } from './subWorkflow';
import type { Execution } from '../../host/n8n';
import type { N8nSession } from '../../host/server';
import type { RequestEntry } from '../../sandbox/server';

let instance: SharedN8n;
let n8n: N8nSession;

beforeAll(async () => {
	instance = await openShared();
	({ n8n } = instance);
});
beforeEach(() => instance.sandbox.reset());
afterAll(async () => await instance.close());

/** The counts of these targets alone. */
const countsOf = (ids: string[], counts: Record<string, number>) =>
	Object.fromEntries(Object.entries(counts).filter(([id]) => ids.includes(id)));

/** All at once, because each waits until its doubt is over. */
describe('the Retry button on a failed execution', () => {
	const cases: Array<[BulkProvider, string, NodeSetup]> = [
		['funnelFox', 'off', {}],
		['funnelFox', 'on', { retryOnFail: 3 }],
		['stripe', 'on', { retryOnFail: 3 }],
		['paddle', 'on', { retryOnFail: 3 }],
		['chargebee', 'on', { retryOnFail: 3 }],
		['recurly', 'on', { retryOnFail: 3 }],
	];

	async function failing([provider, , setup]: (typeof cases)[number], index: number) {
		const { sandbox } = instance;
		const begun = failingWorkflow(sandbox, `retry${index}`, setup, provider);
		const id = await n8n.createWorkflow(begun.workflow);
		const executionId = await n8n.run(id, nodeNames.trigger);
		const failed = await n8n.finished(executionId);
		return {
			...begun,
			executionId,
			failed,
			before: countsOf(begun.ids, acceptedPerTarget(sandbox, provider)),
			sentBefore: countsOf(begun.ids, sentPerTarget(sandbox, provider)),
		};
	}
	let stories: Array<
		Awaited<ReturnType<typeof failing>> & {
			retried: Execution;
			after: Record<string, number>;
			/** Requests on its targets since the button was pressed. */
			asked: RequestEntry[];
		}
	>;
	beforeAll(async () => {
		const { sandbox } = instance;
		const begun = await Promise.all(cases.map(failing));
		sandbox.clearFaults();
		const requestsBefore = sandbox.requests().length;
		stories = await Promise.all(
			begun.map(async (one, index) => ({
				...one,
				retried: await n8n.retry(one.executionId),
				after: countsOf(one.ids, acceptedPerTarget(sandbox, cases[index][0])),
				asked: sandbox
					.requests()
					.slice(requestsBefore)
					.filter(({ target }) => one.ids.includes(String(target))),
			})),
		);
	});

	it.each(cases.map(([provider, retries], index) => [provider, retries, index] as const))(
		'sends no accepted item of %s again, with Retry On Fail %s',
		(_, __, index) => {
			const { ids, target, failed, before, sentBefore, retried, after, asked } = stories[index];
			expect(failed.status).toBe('error');
			expect(failed.message).toContain(target);
			expect(Object.keys(before).length).toBeGreaterThanOrEqual(11);
			expect(Object.keys(before).length).toBeLessThan(20);
			expect(before[target]).toBeUndefined();
			expect(sentBefore).toMatchObject(before);

			expect(retried.message).toBeUndefined();
			expect(retried.status).toBe('success');
			expect(successes(retried).map((item) => item.target)).toEqual(ids);
			expect(new Set(successes(retried).map(({ outcome }) => outcome))).toEqual(
				new Set(['scheduled']),
			);
			expect(after).toEqual(oncePerId(ids));
			// Accepted items are neither sent nor read again.
			const written = asked
				.filter(({ effect }) => effect === 'write')
				.map((request) => request.target);
			expect(asked.filter((request) => String(request.target) in before)).toEqual([]);
			expect(written.sort()).toEqual(ids.filter((each) => !(each in before)));
		},
	);
});

describe("n8n's own Retry On Fail", () => {
	it.each(['continueErrorOutput', 'continueRegularOutput'] as const)(
		'with %s: a failure of the first item does not send the others again',
		async (onError) => {
			const { sandbox } = instance;
			sandbox.seed({ bulk: { provider: 'funnelfox', count: 10, prefix: 'again' } });
			const ids = bulkIds('again', 10);
			const workflow = cancelWorkflow(['sub_nobody', ...ids], { onError, retryOnFail: 3 });
			const id = await n8n.createWorkflow(workflow);
			const execution = await n8n.finished(await n8n.run(id, nodeNames.trigger));
			expect(execution.status).toBe('success');
			expect(sentPerTarget(sandbox)).toMatchObject(oncePerId(ids));
			const all = [...successes(execution), ...failures(execution)];
			expect(all).toHaveLength(11);
		},
	);
});

describe('a sub-workflow', () => {
	/** All at once, because each waits until its doubt is over. */
	const cases: Array<[mode: CallMode, title: string, tries?: number]> = [
		['once', 'the Retry button of its parent sends nothing again that was accepted'],
		['each', 'the Retry button of its parent sends nothing again that was accepted'],
		['once', 'nor does Retry On Fail of Execute Workflow', 3],
		['each', 'nor does Retry On Fail of Execute Workflow', 3],
	];

	/** Refuses the fourth target once. */
	async function ran([mode, , tries]: (typeof cases)[number], index: number) {
		const { sandbox } = instance;
		const prefix = `sub${index}`;
		sandbox.seed({ bulk: { provider: 'funnelFox', count: 6, prefix } });
		const ids = bulkIds(prefix, 6);
		sandbox.fault({ provider: 'funnelFox', kind: 'badGateway', target: ids[3], times: 1 });
		const cancel = funnelFoxCancelNode('={{ $json.id }}', {
			onError: 'stopWorkflow',
			options: { maxAttempts: 1, maxConcurrency: 1, timeout: 1000 },
		});
		const items = ids.map((id) => ({ id }));
		const parent = await createBoth(n8n, called(cancel), (child) =>
			calling(child, items, mode, tries),
		);
		const executionId = await n8n.run(parent, nodeNames.trigger);
		const first = await n8n.finished(executionId);
		const last = tries === undefined ? await n8n.retry(executionId) : first;
		return {
			ids,
			first,
			last,
			accepted: countsOf(ids, acceptedPerTarget(sandbox)),
			sent: countsOf(ids, sentPerTarget(sandbox)),
		};
	}
	let stories: Array<Awaited<ReturnType<typeof ran>>>;
	beforeAll(async () => {
		stories = await Promise.all(cases.map(ran));
	});

	it.each(cases.map(([mode, title, tries], index) => ({ mode, title, tries, index })))(
		'for "$mode" item: $title',
		({ tries, index }) => {
			const { ids, first, last, accepted, sent } = stories[index];
			if (tries === undefined) expect(first.status).toBe('error');
			expect(last.message).toBeUndefined();
			expect(accepted).toEqual(oncePerId(ids));
			expect(sent).toEqual({ ...oncePerId(ids), [ids[3]]: 2 });
		},
	);

	it('that fails after its work is done writes no second event at FirstPromoter, and resumes nothing', async () => {
		const { sandbox } = instance;
		sandbox.seed({ bulk: { provider: 'firstPromoter', count: 1, prefix: 'told' } });
		const [name] = bulkNames('told', 1);
		const resumed = 'b471682e-fa17-4e46-b7fe-000000000004';
		const track = packageNode('firstPromoter', {
			apiVersion: 'v1',
			resource: 'referral',
			operation: 'cancel',
			identifyBy: 'email',
			email: '={{ $json.email }}',
		});
		const resume = {
			...packageNode('smokeball', {
				authentication: 'accessToken',
				resource: 'subscription',
				operation: 'resume',
				subscriptionId: { __rl: true, mode: 'id', value: resumed },
			}),
			id: 'resume',
			name: 'Resume',
			onError: 'continueRegularOutput',
		};
		const end = node('End', 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'as asked' });
		const id = await createBoth(n8n, called(track, resume, end), (child) =>
			calling(child, [{ email: `${name}@example.com` }], 'once', 3),
		);
		const execution = await n8n.finished(await n8n.run(id, nodeNames.trigger));
		expect(execution.message).toContain('as asked');
		expect(sandbox.journal('firstPromoter')).toHaveLength(1);
		const writes = sandbox.requests().filter(({ effect }) => effect === 'write');
		expect(writes.map(({ provider }) => provider)).toEqual(['firstPromoter']);
	});
});

describe('an execution that is stopped', () => {
	/**
	 * Thirteen items, two at a time and one second each; stopped after the first two. Each test has its
	 * own subscriptions: n8n's process remembers the requests in flight that it stopped.
	 */
	async function stopped(
		prefix: string,
		onError: 'continueRegularOutput' | 'stopWorkflow',
		timeout?: number,
	): Promise<{ executionId: string; ids: string[] }> {
		const { sandbox } = instance;
		sandbox.seed({ bulk: { provider: 'funnelFox', count: 13, prefix } });
		const ids = bulkIds(prefix, 13);
		sandbox.latency('funnelFox', 1000);
		const workflow = cancelWorkflow(ids, { onError, options: { maxConcurrency: 2 } });
		const settings = { ...workflow.settings, executionTimeout: timeout };
		const id = await n8n.createWorkflow({ ...workflow, settings });
		const executionId = await n8n.run(id, nodeNames.trigger);
		while (sandbox.journal().length < 2) await wait(50);
		if (!timeout) await n8n.rest('POST', `/executions/${executionId}/stop`);
		await n8n.finished(executionId);
		// Sent requests get their response, and no request follows.
		await wait(2500);
		expect(Object.keys(acceptedPerTarget(sandbox)).length).toBeLessThan(9);
		expect(sentPerTarget(sandbox)).toEqual(acceptedPerTarget(sandbox));
		return { executionId, ids };
	}

	it('by its button sends nothing more; n8n saves nothing of the node that was at work', async () => {
		const { executionId } = await stopped('button', 'continueRegularOutput');
		const execution = await n8n.execution(executionId);
		expect(execution.status).toBe('canceled');
		expect(execution.runData[nodeNames.node]).toBeUndefined();
		await expect(n8n.retry(executionId)).rejects.toThrow('cannot be retried');
	});

	it('by its time-out says in Continue mode what was not sent, and Retry sends none of it', async () => {
		const { sandbox } = instance;
		const { executionId, ids } = await stopped('late', 'continueRegularOutput', 2);
		const sent = sentPerTarget(sandbox);
		const items = successes(await n8n.execution(executionId));
		expect(items.map(({ target }) => target)).toEqual(ids);
		const said = items.map(({ target, outcome }) => [target, outcome]);
		const isSent = (id: string) => id in sent;
		expect(said.filter(([, outcome]) => outcome === 'skipped').map(([id]) => id)).toEqual(
			ids.filter((id) => !isSent(id)),
		);
		expect(successes(await n8n.retry(executionId)).map(({ outcome }) => outcome)).toEqual(
			items.map(({ outcome }) => outcome),
		);
		expect(sentPerTarget(sandbox)).toEqual(sent);
	});

	it('by its time-out in stop mode goes on with Retry, and each is accepted once', async () => {
		const { sandbox } = instance;
		const { executionId, ids } = await stopped('resumed', 'stopWorkflow', 2);
		sandbox.latency('funnelFox', 0);
		const retried = await n8n.retry(executionId);
		expect(successes(retried).map(({ outcome }) => outcome)).toEqual(ids.map(() => 'scheduled'));
		expect(sentPerTarget(sandbox)).toEqual(oncePerId(ids));
	});
});
