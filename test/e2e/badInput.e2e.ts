import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { type Execution, freePort, type WorkflowFile } from '../../host/n8n';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import type { RunningN8n } from '../../host/server';
import {
	cancelWorkflow,
	failures,
	webhookWorkflow,
	chainWorkflow,
	itemListNodes,
	nodeNames,
	packageNode,
	sentPerTarget,
	type NodeSetup,
	type N8nInstance,
	openInstance,
	ranIn,
	successes,
} from './n8nInstance';
import { mapNodes } from './workflowCopies';

/** Matches messages that name the target and contain no error codes of Node.js or n8n. */
function expectClear(message: string, target: string): void {
	expect(message).toContain(target);
	expect(message).not.toMatch(
		/undefined|\[object|ECONN|ETIMEDOUT|<html|\berrors?\b|\bfail(ed|ure)\b/i,
	);
	expect(message.length).toBeGreaterThan(target.length + 15);
}

let instance: N8nInstance;
let n8n: RunningN8n;

beforeAll(async () => {
	instance = await openInstance('bad-input');
	n8n = await instance.serve();
});
afterEach(() => instance.sandbox.reset());
afterAll(async () => await instance.close());

const run = async (workflow: WorkflowFile): Promise<Execution> => await ranIn(n8n, workflow);

describe('with a working account', () => {
	it('addresses no other path, whatever is in the id', async () => {
		const ids = [
			'a/b',
			'../profiles',
			'..',
			'.',
			'sub_ada/../sub_ben',
			'sub_ada?x=1',
			'sub_ada#x',
			'%2e%2e',
			'sub_ada/cancel',
			'sub ada',
			'undefined',
			'null',
			' ',
		];
		const execution = await run(cancelWorkflow(ids));
		expect(successes(execution)).toEqual([]);
		const outcomes = failures(execution).map(({ error }) => error.outcome);
		expect(outcomes).toHaveLength(ids.length);
		expect(
			outcomes.filter((outcome) => !['invalid', 'notFound'].includes(String(outcome))),
		).toEqual([]);
		const paths = instance.sandbox.requests().map((request) => request.path);
		const allowed = /^\/funnelfox\/public\/v1\/subscriptions\/[^/]+(\/cancel)?$/;
		expect(paths.filter((each) => !allowed.test(each))).toEqual([]);
		expect(instance.sandbox.journal()).toEqual([]);
	});

	it('says so when a web page comes back in place of an answer', async () => {
		instance.sandbox.fault({ provider: 'funnelfox', kind: 'html', on: 'any', times: 0 });
		const options = { maxAttempts: 2, timeout: 1000 };
		const [failure, ...others] = failures(await run(cancelWorkflow(['sub_ada'], { options })));
		expect(others).toEqual([]);
		expectClear(failure.message, 'sub_ada');
		expect(failure.error.outcome).toBe('unknown');
	});

	it('names an unknown target', async () => {
		const [failure] = failures(await run(cancelWorkflow(['sub_nobody'])));
		expectClear(failure.message, 'sub_nobody');
		expect(failure.error).toMatchObject({ outcome: 'notFound', httpStatus: 404 });
	});

	it('stops at the first one in stop mode, and says what was done by then', async () => {
		const setup = { onError: 'stopWorkflow', options: { maxConcurrency: 1 } } as const;
		const execution = await run(
			cancelWorkflow(['sub_ada', 'sub_nobody', 'sub_ben', 'sub_emil'], setup),
		);
		expect(execution.status).toBe('error');
		expect(execution.lastNodeExecuted).toBe(nodeNames.node);
		expectClear(execution.message ?? '', 'sub_nobody');
		expect(instance.sandbox.journal().map(({ target }) => target)).toEqual(['sub_ada']);
	});

	/** Items of the cancelling node that continues on errors. */
	async function out(ids: string[], setup: NodeSetup): Promise<IDataObject[]> {
		const execution = await run(
			cancelWorkflow(ids, { onError: 'continueRegularOutput', ...setup }),
		);
		expect(execution.message).toBeUndefined();
		return successes(execution);
	}
	const nothing = '={{ $json.nothing }}';
	const people = ['sub_ada', 'sub_ben', 'sub_emil'];

	const tracking = (value: string, setup: NodeSetup = {}) =>
		packageNode(
			'firstPromoter',
			{
				apiVersion: 'v1',
				resource: 'referral',
				operation: 'cancel',
				identifyBy: 'email',
				email: value,
			},
			setup,
		);

	describe('strange inputs', () => {
		it('values that differ at each evaluation are no other wish, with Retry On Fail', async () => {
			const { sandbox } = instance;
			const reason = '={{ $now.toMillis() + Math.random() }}';
			const setup = { onError: 'stopWorkflow', retryOnFail: 3 } as const;
			const parameters = { additionalFields: { reason } };
			const failed = await run(
				cancelWorkflow([...people, 'sub_nobody'], {
					...setup,
					parameters,
					options: { maxConcurrency: 1 },
				}),
			);
			expect(failed.message).toContain('sub_nobody');
			expect(sentPerTarget(sandbox)).toMatchObject({ sub_ada: 1, sub_ben: 1 });
			const twice = [0, 1].map(() => ({ email: 'ada@example.com' }));
			const createdAt = { additionalFields: { createdAt: '={{ $now }}' } };
			const event = tracking('={{ $json.email }}', { ...setup, parameters: createdAt });
			expect(
				(await run(chainWorkflow('event', [...itemListNodes(twice), event]))).message,
			).toBeUndefined();
			expect(sandbox.journal('firstPromoter')).toHaveLength(1);
		});

		it.each<[string, NodeSetup]>([
			['Max Concurrency', { options: { maxConcurrency: nothing } }],
			['Max per Execution', { options: { maxPerExecution: nothing } }],
			['Max Attempts', { options: { maxAttempts: nothing } }],
			['Dry Run', { parameters: { dryRun: nothing } }],
			[
				'an e-mail to find it by',
				{ parameters: { subscriptionId: { __rl: true, mode: 'email', value: nothing } } },
			],
			['a filter', { parameters: { operation: 'getAll', filters: { email: nothing } } }],
			['a limit', { parameters: { operation: 'getAll', returnAll: false, limit: nothing } }],
		])(
			'an expression that finds nothing in %s: as many items come out, and nothing is sent',
			async (_, setup) => {
				const items = await out(people, setup);
				expect(items.map(({ outcome }) => outcome)).toEqual(people.map(() => 'invalid'));
				expect(instance.sandbox.requests()).toEqual([]);
			},
		);

		it('a server that accepts after the time-out is waited for', async () => {
			instance.sandbox.fault({
				provider: 'funnelFox',
				kind: 'lateAccept',
				delayMs: 1500,
				times: 0,
			});
			const items = await out(['sub_ada'], { options: { timeout: 500 } });
			expect(items).toMatchObject([{ outcome: 'scheduled', verified: true }]);
			expect(sentPerTarget(instance.sandbox)).toEqual({ sub_ada: 1 });
		});

		it('a second write on a target does not leave after the first has failed', async () => {
			const { sandbox } = instance;
			const alreadyCancelled = '={{ $itemIndex === 0 ? "success" : "fail" }}';
			const options = { alreadyCancelled, maxAttempts: 1, timeout: 1000 };
			sandbox.fault({ provider: 'funnelFox', kind: 'serverErrorBefore', times: 0 });
			const twice = ['sub_ada', 'sub_ada'];
			const stopped = await run(cancelWorkflow(twice, { onError: 'stopWorkflow', options }));
			expect(stopped.message).toContain('[item 0]');
			expect(sentPerTarget(sandbox)).toEqual({ sub_ada: 1 });
			sandbox.reset();
			sandbox.fault({ provider: 'funnelFox', kind: 'unauthorized', on: 'any', times: 0 });
			const items = await out(twice, { options });
			expect(items.map(({ outcome }) => outcome)).toEqual(['unauthorized', 'skipped']);
			expect(sandbox.requests()).toHaveLength(1);
		});

		it('what needs the record sends nothing where it cannot be read', async () => {
			const { sandbox } = instance;
			sandbox.fault({ provider: 'funnelFox', kind: 'html', on: 'read', times: 0 });
			sandbox.fault({ provider: 'firstPromoter', kind: 'html', on: 'read', times: 0 });
			const options = { expectedEmail: 'ada@example.com' };
			expect(await out(['sub_ada'], { options })).toMatchObject([{ outcome: 'refused' }]);
			const restore = tracking('cleo@example.com', {
				parameters: { operation: 'restore' },
				onError: 'continueRegularOutput',
			});
			const items = successes(
				await run(chainWorkflow('restore', [...itemListNodes([{}]), restore])),
			);
			expect(items).toMatchObject([{ outcome: 'refused', attempts: 0 }]);
			expect(sandbox.requests().filter(({ effect }) => effect === 'write')).toEqual([]);
		});

		it('an error inside a 200 is no success, and is not sent again', async () => {
			instance.sandbox.fault({ provider: 'funnelFox', kind: 'errorInside', times: 0 });
			const items = await out(['sub_ada'], { options: { timeout: 1000 } });
			expect(items).toMatchObject([{ outcome: 'unknown', ended: false }]);
			expect(sentPerTarget(instance.sandbox)).toEqual({ sub_ada: 1 });
		});

		it.each(['ten', -1])('a limit of %j is invalid, and not silence', async (limit) => {
			const parameters = {
				operation: 'getAll',
				returnAll: false,
				limit: `={{ ${JSON.stringify(limit)} }}`,
			};
			expect(await out(['one'], { parameters })).toMatchObject([{ outcome: 'invalid' }]);
		});

		it('Return All of "true" returns all, and a list that is none no row', async () => {
			const { sandbox } = instance;
			const parameters = { operation: 'getAll', returnAll: '={{ "true" }}', limit: 5 };
			sandbox.seed({ bulk: { provider: 'funnelFox', count: 120, prefix: 'many' } });
			expect((await out(['one'], { parameters })).length).toBeGreaterThan(120);
			sandbox.fault({ provider: 'funnelFox', kind: 'errorInside', on: 'read', times: 0 });
			expect(await out(['one'], { parameters })).toMatchObject([{ ok: false, outcome: 'failed' }]);
		});

		it('a webhook that is delivered twice at once, and once more later, writes one event', async () => {
			const { sandbox } = instance;
			sandbox.latency('firstPromoter', 200);
			const workflow = webhookWorkflow('leaving', [
				tracking('={{ $json.body.email }}', { onError: 'stopWorkflow' }),
			]);
			const id = await n8n.createWorkflow(workflow);
			await n8n.activate(id);
			const hook = `${n8n.url}/webhook/leaving`;
			while (!(await (await fetch(hook)).text()).includes('POST')) await wait(100);
			const deliver = async () =>
				await fetch(hook, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ email: 'ada@example.com' }),
				});
			const over = async (count: number) => {
				for (;;) {
					const all = await n8n.executions(id);
					if (all.filter(({ status }) => status === 'success').length >= count) return all;
					await wait(100);
				}
			};
			await Promise.all([deliver(), deliver()]);
			await over(2);
			await deliver();
			const executions = await Promise.all((await over(3)).map((one) => n8n.execution(one.id)));
			const outcomes = executions.map((one) => successes(one)[0].outcome);
			expect(outcomes.sort()).toEqual(['alreadyCancelled', 'alreadyCancelled', 'cancelled']);
			const writes = sandbox.requests('firstPromoter').filter(({ effect }) => effect === 'write');
			expect(writes).toHaveLength(1);
		});

		it.each(['-5', '1, 2', '99999999999999999999'])(
			'a Retry-After of %j is no time and no invalid input',
			async (retryAfter) => {
				instance.sandbox.fault({ provider: 'funnelFox', kind: 'rateLimit', retryAfter, times: 0 });
				const items = await out(['sub_ada'], { options: { maxAttempts: 1 } });
				expect(items).toMatchObject([{ outcome: 'rateLimited', attempts: 1 }]);
			},
		);

		// A paused account affects later requests, so each case has its own account.
		it.each(['reditus', 'firstPromoter'] as const)(
			'a Retry-After of an hour and more ends all items of %s at once, with the time to come back',
			async (provider) => {
				const { sandbox } = instance;
				const inThreeDays = new Date(Date.now() + 3 * 86_400_000).toUTCString();
				const retryAfter = provider === 'reditus' ? 3600 : inThreeDays;
				sandbox.fault({ provider, kind: 'rateLimit', on: 'any', retryAfter, times: 0 });
				const setup = { onError: 'continueRegularOutput' } as const;
				const email = '={{ $json.email }}';
				const cancel =
					provider === 'reditus'
						? packageNode(
								provider,
								{
									resource: 'referral',
									operation: 'churn',
									identifyBy: 'referralEmail',
									referralEmail: email,
								},
								setup,
							)
						: tracking(email, setup);
				const items = ['ada', 'ben', 'cleo'].map((name) => ({ email: `${name}@example.com` }));
				const begun = Date.now();
				const results = successes(
					await run(chainWorkflow('limited', [...itemListNodes(items), cancel])),
				);
				expect(Date.now() - begun).toBeLessThan(30_000);
				expect(results.map(({ outcome }) => outcome)).toEqual(items.map(() => 'rateLimited'));
				for (const { message } of results)
					expect(message).toMatch(/Run it again after \d{4}-\d\d-/);
			},
		);
	});
});

/** Cancels these with the sandbox's FunnelFox account changed like this. */
async function runWith(data: IDataObject, ids: string[], options: IDataObject): Promise<Execution> {
	const type = 'funnelFoxApi';
	const account = sandboxCredentials(instance.sandbox.url).find((one) => one.type === type)!;
	const saved = await n8n.rest<{ id: string }>('POST', '/credentials', {
		name: 'Changed',
		type,
		data: { ...account.data, ...data },
	});
	return await run(
		mapNodes(cancelWorkflow(ids, { options }), ({ name }) =>
			name === nodeNames.node ? { credentials: { [type]: { id: saved.id, name: 'Changed' } } } : {},
		),
	);
}

test('with a key that is not accepted, it says so on the first item and does not try the others', async () => {
	const secretKey = 'secret_of_another_account';
	const ids = ['sub_ada', 'sub_ben', 'sub_emil'];
	const execution = await runWith({ secretKey }, ids, { maxConcurrency: 1 });
	const outcomes = failures(execution);
	expect(outcomes.map(({ error }) => error.outcome)).toEqual([
		'unauthorized',
		'skipped',
		'skipped',
	]);
	expect(outcomes[0].message).toMatch(/key|credential/i);
	expect(instance.sandbox.requests()).toHaveLength(1);
	expect(JSON.stringify(execution)).not.toContain(secretKey);
});

test('with a server that is down, it says so on every item', async () => {
	const baseUrl = `http://127.0.0.1:${await freePort()}/public/v1`;
	const ids = ['sub_ada', 'sub_ben'];
	const outcomes = failures(await runWith({ baseUrl }, ids, { maxAttempts: 2 }));
	expect(outcomes).toHaveLength(2);
	outcomes.forEach(({ message }, index) => expectClear(message, ids[index]));
});
