import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IDataObject } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';
import { retrySaved, runNode, type Setting } from '../host/harness';
import { byId } from '../providers/facts';
import { runner } from '../providers/run';
import { facts as smokeball } from '../providers/smokeball/facts';
import { accepted, cancelling, onFunnelFox, onSandbox, seeded } from './funnelFoxNode';
import { onServer } from './scriptedServer';

const people = ['sub_ada', 'sub_cleo', 'nope', ''].map((id) => ({ id }));
const writes = (requests: Array<{ method: string }>) =>
	requests.filter(({ method }) => method !== 'GET');

test('a success has the documented shape and no key named error', async () =>
	await onFunnelFox(async (sandbox) => {
		sandbox.freeze('2099-11-21T09:30:00.000Z');
		sandbox.reset();
		const { main } = await runNode(
			cancelling(sandbox, [{ id: ' sub_ada ' }], {
				parameters: { additionalFields: { reason: 'Too expensive' } },
			}),
		);
		expect(main[0].pairedItem).toEqual({ item: 0 });
		expect(Object.keys(main[0].json)).toEqual([
			'summary',
			'ok',
			'ended',
			'outcome',
			'email',
			'effectiveAt',
			'provider',
			'operation',
			'target',
			'requestedAt',
			'reason',
			'dryRun',
			'attempts',
			'httpStatus',
		]);
		expect(main[0].json).toMatchObject({
			summary: 'ada@example.com: cancelled, ends on 3 December 2099 (FunnelFox)',
			email: 'ada@example.com',
			ok: true,
			ended: true,
			outcome: 'scheduled',
			provider: 'funnelFox',
			operation: 'cancel',
			target: 'sub_ada',
			effectiveAt: '2099-12-03T00:00:00.000Z',
			reason: 'Too expensive',
			dryRun: false,
			attempts: 1,
			httpStatus: 200,
		});
		expect(Date.now() - Date.parse(main[0].json.requestedAt as string)).toBeLessThan(60_000);
		expect(sandbox.journal()[0].body).toEqual({ reason: 'Too expensive' });
	}));

test('with includeResponse the answer is kept', async () =>
	await onFunnelFox(async (sandbox) => {
		const { main } = await runNode(
			cancelling(sandbox, [{ id: 'sub_ada' }], { options: { includeResponse: true } }),
		);
		expect(main[0].json.response).toMatchObject({ id: 'sub_ada', renews: false });
	}));

test('a failed item keeps its input on the error output, and says what happened and how to get on', async () =>
	await onFunnelFox(async (sandbox) => {
		const items = people.map((one, index) => ({ ...one, customer: `c${index}` }));
		const { main, errors, hints } = await runNode(
			cancelling(sandbox, items, { onError: 'continueErrorOutput' }),
		);
		expect(main.map(({ json }) => json.outcome)).toEqual(['scheduled', 'alreadyCancelled']);
		expect(main[1].json).toMatchObject({
			ok: true,
			ended: true,
			requestedAt: null,
			httpStatus: 400,
		});
		expect(
			errors.map(({ json, pairedItem }) => [
				json.customer,
				(json.error as IDataObject).outcome,
				pairedItem,
			]),
		).toEqual([
			['c2', 'notFound', { item: 2 }],
			['c3', 'invalid', { item: 3 }],
		]);
		expect(Object.keys(errors[0].json).sort()).toEqual(['customer', 'error', 'id', 'message']);
		expect(errors[0].json.error).toEqual({
			message: expect.stringMatching(
				/^nope: FunnelFox has no subscription with this ID\. Check .*\[item 2\]$/,
			),
			summary: expect.stringContaining('nope: FunnelFox has no subscription with this ID.'),
			ok: false,
			ended: false,
			outcome: 'notFound',
			email: null,
			effectiveAt: null,
			provider: 'funnelFox',
			operation: 'cancel',
			target: 'nope',
			requestedAt: null,
			reason: null,
			dryRun: false,
			httpStatus: 404,
			attempts: 1,
			description: 'HTTP 404: Subscription not found',
		});
		expect(errors[0].json.message).toBe((errors[0].json.error as IDataObject).message);
		expect(hints).toEqual([
			expect.stringMatching(
				/^1 cancelled \(end .+\), 1 already cancelled \(.+\), 2 need a look: nope \(not found\), empty \(invalid\)$/,
			),
		]);
		expect(
			sandbox
				.requests('funnelFox')
				.map(({ path }) => path)
				.join(),
		).not.toContain('//');
	}));

test('a run of one item leaves no hint', async () =>
	await onFunnelFox(async (sandbox) => {
		expect((await runNode(cancelling(sandbox, [{ id: 'sub_ada' }]))).hints).toEqual([]);
	}));

test('in stop mode a run with an item that is refused anyway sends nothing', async () =>
	await onFunnelFox(async (sandbox) => {
		const { thrown } = await runNode(cancelling(sandbox, people));
		expect(thrown?.message).toMatch(/^Subscription is empty\. Nothing was sent\..*\[item 3\]$/);
		expect(thrown?.description).toContain('0 of 4 done, 1 failed (empty), 3 not tried (');
		expect(sandbox.requests('funnelFox')).toHaveLength(0);
	}));

test('in stop mode a dry run previews every row, also beside one that is malformed', async () =>
	await onFunnelFox(async (sandbox) => {
		const items = [{ id: 'sub_ada' }, { id: '' }, { id: 'nope' }, { id: 'sub_ben' }];
		const { thrown, main } = await runNode(cancelling(sandbox, items, { dryRun: true }));
		expect(thrown).toBeUndefined();
		expect(main.map(({ json }) => json.outcome)).toEqual([
			'preview',
			'invalid',
			'notFound',
			'preview',
		]);
	}));

test('in stop mode the first failure starts no new item, and the message counts', async () =>
	await onFunnelFox(async (sandbox) => {
		const items = [...seeded(sandbox, 3), { id: 'nope' }, ...seeded(sandbox, 3, 'y')];
		const { thrown } = await runNode(
			cancelling(sandbox, items, { options: { maxConcurrency: 1 } }),
		);
		expect(thrown?.message).toContain('[item 3]');
		expect(thrown?.description).toContain(
			'3 of 7 done, 1 failed (nope), 3 not tried (sub_y_00001, sub_y_00002, sub_y_00003).',
		);
		expect(accepted(sandbox).size).toBe(3);
	}));

test('a credential that is not accepted stops the account; the rest comes out as skipped', async () =>
	await onFunnelFox(async (sandbox) => {
		const items = seeded(sandbox, 6);
		const setting = cancelling(sandbox, items, {
			onError: 'continueRegularOutput',
			options: { maxConcurrency: 2 },
		});
		setting.credentials.funnelFoxApi.secretKey = 'secret_wrong_key';
		const { main, run } = await runNode(setting);
		const outcomes = main.map(({ json }) => json.outcome);
		expect(outcomes.slice(0, 2)).toEqual(['unauthorized', 'unauthorized']);
		expect(new Set(outcomes.slice(2))).toEqual(new Set(['skipped']));
		expect(sandbox.requests('funnelFox')).toHaveLength(2);
		expect(JSON.stringify(run)).not.toContain('secret_wrong_key');
	}));

// A worker of n8n 2.41 is handed none of it, and what it saves takes the place of all that was there.
test("a run leaves the workflow's static data alone, even where it has to wait for its pace", async () =>
	await onFunnelFox(async (sandbox) => {
		const options = { requestsPerMinute: 600 };
		const items = seeded(sandbox, 8);
		const { main, saved } = await runNode(cancelling(sandbox, items, { options }));
		expect(main.map(({ json }) => json.ended)).toEqual(items.map(() => true));
		expect(saved).toBeUndefined();
	}));

test('equal items are sent once; the second repeats the outcome and names the first', async () =>
	await onFunnelFox(async (sandbox) => {
		const items = ['sub_ada', 'sub_ben', 'sub_ada', 'sub_ada'].map((id) => ({ id }));
		const { main } = await runNode(cancelling(sandbox, items));
		expect(main.map(({ json }) => [json.outcome, json.duplicateOf])).toEqual([
			['scheduled', undefined],
			['scheduled', undefined],
			['scheduled', 0],
			['scheduled', 0],
		]);
		expect(writes(sandbox.requests('funnelFox'))).toHaveLength(2);
	}));

test('another reason is not another wish: the second item repeats the first', async () =>
	await onFunnelFox(async (sandbox) => {
		const items = [
			{ id: 'sub_ada', why: 'one' },
			{ id: 'sub_ada', why: 'two' },
		];
		const { main } = await runNode(
			cancelling(sandbox, items, {
				parameters: { additionalFields: { reason: '={{ $json.why }}' } },
			}),
		);
		expect(main.map(({ json }) => [json.outcome, json.duplicateOf])).toEqual([
			['scheduled', undefined],
			['scheduled', 0],
		]);
		expect(writes(sandbox.requests('funnelFox'))).toHaveLength(1);
	}));

test('equal items under different guards follow one another: the second sees what the first did', async () =>
	await onFunnelFox(async (sandbox) => {
		sandbox.latency('funnelFox', 50);
		const items = [
			{ id: 'sub_ada', done: 'success' },
			{ id: 'sub_ada', done: 'fail' },
		];
		const { main } = await runNode(
			cancelling(sandbox, items, {
				onError: 'continueRegularOutput',
				options: { alreadyCancelled: '={{ $json.done }}' },
			}),
		);
		expect(main.map(({ json }) => json.outcome)).toEqual(['scheduled', 'scheduled']);
		expect(sandbox.maxInFlight('funnelFox')).toBe(1);
		expect(accepted(sandbox).get('sub_ada')).toBe(1);
	}));

describe('requests at a time', () => {
	test('are no more than the provider bears, whatever Parallel Requests allows', async () =>
		await onSandbox(async (sandbox) => {
			sandbox.latency('smokeball', 100);
			const { run } = runner('smokeball', 'subscription', smokeball.account(sandbox.url));
			const items = Array.from({ length: 12 }, (_, at) => ({ id: `unknown-${at}` }));
			const cancel = { subscriptionId: byId('={{ $json.id }}'), cancellationType: 'PeriodEnd' };
			const out = await run('cancel', cancel, { items, options: { maxConcurrency: 12 } });
			expect(new Set(out.map(({ outcome }) => outcome))).toEqual(new Set(['notFound']));
			expect(sandbox.maxInFlight('smokeball')).toBe(5);
		}));

	test('of two executions with one each are one on their account', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.latency('funnelFox', 50);
			const both = ['a', 'b'].map((prefix) => seeded(sandbox, 3, prefix));
			const options = { maxConcurrency: 1 };
			await Promise.all(both.map((items) => runNode(cancelling(sandbox, items, { options }))));
			expect(accepted(sandbox).size).toBe(6);
			expect(sandbox.maxInFlight('funnelFox')).toBe(1);
		}));
});

test('what was already cancelled fails where the user wants it to', async () =>
	await onFunnelFox(async (sandbox) => {
		const { main } = await runNode(
			cancelling(sandbox, [{ id: 'sub_cleo' }], {
				onError: 'continueRegularOutput',
				options: { alreadyCancelled: 'fail' },
			}),
		);
		expect(main[0].json).toMatchObject({
			ok: false,
			ended: false,
			outcome: 'notCancellable',
			description: 'It was already cancelled.',
		});
	}));

test('a refusal in the present state is told apart from "already cancelled" by reading', async () =>
	await onFunnelFox(async (sandbox) => {
		const { main } = await runNode(
			cancelling(sandbox, [{ id: 'sub_hana' }], { onError: 'continueRegularOutput' }),
		);
		expect(main[0].json).toMatchObject({ outcome: 'notCancellable', httpStatus: 400 });
		expect(sandbox.requests('funnelFox').map(({ method }) => method)).toEqual(['POST', 'GET']);
	}));

test('a provider that repeats the key in its answer does not get it into the output', async () => {
	const secret = 'secret_that_is_echoed';
	const server = createServer((request, response) => {
		response.writeHead(request.url?.includes('ok') ? 200 : 422, {
			'Content-Type': 'application/json',
		});
		const record = { id: 'ok', status: 'cancelled', renews: false };
		response.end(
			JSON.stringify({
				...record,
				message: `Key ${secret} was seen`,
				nested: [{ api_key: 'k', seen: secret }],
			}),
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const setting = cancelling({ url: '' }, [{ id: 'ok' }, { id: 'bad' }], {
		onError: 'continueRegularOutput',
		options: { includeResponse: true },
	});
	setting.credentials = {
		funnelFoxApi: { secretKey: secret, baseUrl: `http://127.0.0.1:${port}` },
	};
	const { main, run } = await runNode(setting);
	server.close();
	expect((main[0].json.response as IDataObject).message).toBe('Key *** was seen');
	expect(main[0].json.response).toMatchObject({ nested: [{ api_key: '***', seen: '***' }] });
	expect(JSON.stringify(run)).not.toContain(secret);
});

test('mock data that n8n cannot trace loses no item of the error output', async () =>
	await onSandbox(async (sandbox) => {
		const items = [{ id: 'sub_ada' }, { id: 'nope' }, { id: '' }];
		const setting = { onError: 'continueErrorOutput' as const, recorded: [{ id: 'sub_ada' }] };
		const { thrown, main, errors } = await runNode(cancelling(sandbox, items, setting));
		expect(thrown).toBeUndefined();
		expect(main.map(({ json }) => json.outcome)).toEqual(['scheduled']);
		expect(errors.map(({ json }) => (json.error as IDataObject).outcome)).toEqual([
			'notFound',
			'invalid',
		]);
		expect(accepted(sandbox)).toEqual(new Map([['sub_ada', 1]]));
	}));

describe('the limit per execution', () => {
	test('101 items: nothing is sent, one clear message', async () =>
		await onFunnelFox(async (sandbox) => {
			const { thrown } = await runNode(cancelling(sandbox, seeded(sandbox, 101)));
			expect(thrown?.message).toMatch(
				/^sub_x_00001: this run has 101 to cancel, but the limit is 100\. Nothing was sent\..*raise Options > Max per Execution\./,
			);
			expect(sandbox.requests('funnelFox')).toHaveLength(0);
		}));

	test('a dry run over the limit says that a live run would be refused', async () =>
		await onSandbox(async (sandbox) => {
			const dry = { dryRun: true, options: { maxPerExecution: 2 } };
			const { main, hints } = await runNode(cancelling(sandbox, seeded(sandbox, 3), dry));
			expect(main.map(({ json }) => json.outcome)).toEqual(['preview', 'preview', 'preview']);
			expect(hints).toEqual([
				expect.stringMatching(
					/^Nothing was sent\. 3 would end .*\. A live run would be refused: 3 to carry out, the limit is 2\.$/,
				),
			]);
			const within = { dryRun: true, options: { maxPerExecution: 3 } };
			const { hints: allowed } = await runNode(cancelling(sandbox, seeded(sandbox, 3), within));
			expect(String(allowed)).not.toContain('refused');
		}));

	test('a run over the limit says on the node how many it had, and names no item', async () =>
		await onSandbox(async (sandbox) => {
			const { hints } = await runNode(
				cancelling(sandbox, seeded(sandbox, 3), {
					onError: 'continueRegularOutput',
					options: { maxPerExecution: 2 },
				}),
			);
			expect(hints).toEqual(['Nothing was sent: 3 to carry out, the limit is 2.']);
		}));

	test('counts across loops: after 60, another 60 are refused whole', async () =>
		await onFunnelFox(async (sandbox) => {
			const first = await runNode(cancelling(sandbox, seeded(sandbox, 60, 'a')));
			const second = await runNode(
				cancelling(sandbox, seeded(sandbox, 60, 'b'), {
					onError: 'continueRegularOutput',
					continued: first.run.data,
				}),
			);
			expect(second.main).toHaveLength(60);
			expect(second.main.every(({ json }) => json.outcome === 'refused')).toBe(true);
			expect(second.main[0].json.message).toContain('60 earlier in this execution');
			expect(accepted(sandbox).size).toBe(60);
		}));

	test('counts what is in doubt as well, but an item that comes back to be settled only once', async () =>
		await onFunnelFox(async (sandbox) => {
			const [one, other] = seeded(sandbox, 2);
			sandbox.fault({ provider: 'funnelFox', kind: 'serverErrorAfter', on: 'any', times: 0 });
			const round = async (item: { id: string }, continued?: Setting['continued']) =>
				await runNode(
					cancelling(sandbox, [item], {
						onError: 'continueRegularOutput',
						options: { maxPerExecution: 1, maxAttempts: 1 },
						continued,
					}),
				);
			const first = await round(one);
			expect(first.main[0].json.outcome).toBe('unknown');
			const second = await round(other, first.run.data);
			expect(second.main[0].json).toMatchObject({ outcome: 'refused', attempts: 0 });
			sandbox.clearFaults();
			const settled = await round(one, first.run.data);
			expect(settled.main[0].json).toMatchObject({ outcome: 'scheduled', verified: true });
			expect([...accepted(sandbox).keys()]).toEqual([one.id]);
		}));

	test('0 means no limit, and dry runs do not count', async () =>
		await onFunnelFox(async (sandbox) => {
			const items = seeded(sandbox, 101);
			const dry = await runNode(
				cancelling(sandbox, items, { dryRun: true, options: { maxConcurrency: 20 } }),
			);
			expect(dry.main).toHaveLength(101);
			await runNode(
				cancelling(sandbox, items, { options: { maxPerExecution: 0, maxConcurrency: 20 } }),
			);
			expect(accepted(sandbox).size).toBe(101);
		}));
});

describe('the ledger', () => {
	test('a changed item is not taken for the old one', async () =>
		await onFunnelFox(async (sandbox) => {
			const items = [{ id: 'sub_ada' }, { id: 'nope' }];
			const first = await runNode(cancelling(sandbox, items));
			expect(first.thrown).toBeDefined();
			const data = JSON.parse(JSON.stringify(first.run.data)) as typeof first.run.data;
			const stack = data.executionData!.nodeExecutionStack[0].data.main[0]!;
			stack[0].json = { id: 'sub_ben' };
			stack[1].json = { id: 'sub_kim' };
			const again = await retrySaved(cancelling(sandbox, items), { ...first.run, data });
			expect(again.main.map(({ json }) => json.target)).toEqual(['sub_ben', 'sub_kim']);
			expect([...accepted(sandbox).keys()].sort()).toEqual(['sub_ada', 'sub_ben', 'sub_kim']);
		}));

	test('a loop that comes back with equal positions carries out its new items', async () =>
		await onFunnelFox(async (sandbox) => {
			const setting = cancelling(sandbox, [{ id: 'sub_ada' }, { id: 'nope' }], {
				onError: 'continueRegularOutput',
			});
			const first = await runNode(setting);
			const second = await runNode({
				...setting,
				items: [{ id: 'sub_ben' }],
				continued: first.run.data,
			});
			expect(second.main.map(({ json }) => json.outcome)).toEqual(['scheduled']);
			expect([...accepted(sandbox).values()]).toEqual([1, 1]);
		}));

	test('keeps no items after a clean end, and small ones without the answer otherwise', async () =>
		await onFunnelFox(async (sandbox) => {
			const entries = (run: { data: { executionData?: { contextData: IDataObject } } }) => {
				const context = run.data.executionData!.contextData['node:Cancel'] as IDataObject;
				const { runs } = context.cancellations as {
					runs: Record<string, { accepted: number; entries: IDataObject }>;
				};
				return runs['0'];
			};
			const clean = await runNode(cancelling(sandbox, seeded(sandbox, 10)));
			expect(entries(clean.run)).toEqual({ accepted: 10, entries: {}, over: true });
			const failed = await runNode(
				cancelling(sandbox, [...seeded(sandbox, 10, 'y'), { id: 'nope' }], {
					onError: 'continueRegularOutput',
				}),
			);
			const kept = entries(failed.run);
			expect(kept.accepted).toBe(10);
			expect(Object.keys(kept.entries)).toHaveLength(10);
			expect(JSON.stringify(kept).length).toBeLessThan(10 * 300);
		}));

	test('an item in doubt that a retry finds cancelled is a verified success', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'serverErrorAfter', on: 'any', times: 0 });
			const setting = cancelling(sandbox, [{ id: 'sub_ada' }], { options: { maxAttempts: 1 } });
			const first = await runNode(setting);
			expect(first.thrown?.message).toContain(
				'it is unclear whether it was cancelled in FunnelFox',
			);
			sandbox.clearFaults();
			const { main } = await retrySaved(setting, first.run);
			expect(main[0].json).toMatchObject({ outcome: 'scheduled', verified: true, attempts: 0 });
			expect(writes(sandbox.requests('funnelFox'))).toHaveLength(1);
		}));

	test('an item in doubt whose record says that it was over before is no success of ours', async () => {
		const over = { id: 'sub_ada', status: 'cancelled', renews: false };
		await onServer(
			({ method, before }) =>
				method === 'GET' && before > 0
					? { status: 200, body: { ...over, cancelled_at: '2020-01-01T00:00:00Z' } }
					: { status: 500, body: { message: 'Internal server error' } },
			async ({ url }) => {
				const setting = cancelling({ url }, [{ id: 'sub_ada' }], { options: { maxAttempts: 1 } });
				const first = await runNode(setting);
				expect(first.thrown?.message).toContain('it is unclear');
				const { main } = await retrySaved(setting, first.run);
				expect(main[0].json).toMatchObject({ outcome: 'alreadyCancelled', attempts: 0 });
				expect(main[0].json).not.toHaveProperty('verified');
			},
		);
	});

	test('an execution whose memory was lost looks before it sends again', async () =>
		await onFunnelFox(async (sandbox) => {
			const setting = cancelling(sandbox, [{ id: 'sub_ada' }]);
			const first = await runNode(setting);
			const data = JSON.parse(JSON.stringify(first.run.data)) as typeof first.run.data;
			data.executionData!.contextData = {};
			data.executionData!.nodeExecutionStack = [];
			const again = await runNode({ ...setting, mode: 'retry' });
			expect(again.main[0].json).toMatchObject({ outcome: 'alreadyCancelled', attempts: 0 });
			expect(writes(sandbox.requests('funnelFox'))).toHaveLength(1);
		}));
});

describe('FirstPromoter without an event ID', () => {
	const tracking = (url: string, more: object = {}) => ({
		node: 'firstPromoter',
		items: [{ email: 'ada@example.com' }],
		parameters: {
			resource: 'referral',
			operation: 'cancel',
			apiVersion: 'v1',
			identifyBy: 'email',
			email: '={{ $json.email }}',
			dryRun: false,
			options: { timeout: 10_000 } as IDataObject,
		},
		credentials: {
			firstPromoterApi: {
				apiKey: keys.firstPromoter.v1ApiKey,
				baseUrl: `${url}/firstpromoter/api/v1`,
			},
		},
		...more,
	});
	const lead = { id: 1, email: 'ada@example.com', state: 'active', cancelled_at: null };
	const broken = { status: 500, body: { message: 'Internal server error' } };

	test('one key is made per item and stays the same for all its attempts; the second is dropped', async () => {
		await onServer(
			({ method, before }) => {
				if (method === 'GET') return before === 0 ? { status: 200, body: lead } : broken;
				return before === 0 ? broken : { status: 409, body: { error: 'event_id is known' } };
			},
			async ({ url, asked }) => {
				const setting = tracking(url);
				setting.parameters.options = { maxAttempts: 2 };
				const { main } = await runNode(setting);
				expect(main[0].json).toMatchObject({
					outcome: 'cancelled',
					attempts: 2,
					httpStatus: 409,
				});
				const posts = asked.filter(({ method }) => method === 'POST');
				const sent = posts.map(({ query }) => query.get('event_id'));
				expect(sent).toHaveLength(2);
				expect(sent[0]).toMatch(/^n8n-[\w-]{22}$/);
				expect(sent[1]).toBe(sent[0]);
			},
		);
	});

	test('a re-run of the same execution sends the same key, another execution another one', async () => {
		let isUp = true;
		await onServer(
			({ method }) => {
				if (method === 'GET') return isUp ? { status: 200, body: lead } : broken;
				isUp = false;
				return broken;
			},
			async ({ url, asked }) => {
				const setting = tracking(url, { executionId: '41' });
				setting.parameters.options = { timeout: 10_000, maxAttempts: 1 };
				const first = await runNode(setting);
				expect(first.thrown?.message).toContain('it is unclear');
				isUp = true;
				const again = await retrySaved({ ...setting, executionId: '42' }, first.run);
				expect(again.thrown?.message).toContain('it is unclear');
				isUp = true;
				await runNode({ ...setting, executionId: '43' });
				const posts = asked.filter(({ method }) => method === 'POST');
				const sent = posts.map(({ query }) => query.get('event_id'));
				expect(sent).toHaveLength(3);
				expect(sent[1]).toBe(sent[0]);
				expect(sent[2]).not.toBe(sent[0]);
			},
		);
	});
});

test('an operation that is not ours gets a clear message', async () =>
	await onFunnelFox(async (sandbox) => {
		const { main } = await runNode(
			cancelling(sandbox, [{ id: 'sub_ada' }], {
				onError: 'continueRegularOutput',
				parameters: { operation: '__CUSTOM_API_CALL__' },
			}),
		);
		expect(main[0].json).toMatchObject({ ok: false, outcome: 'invalid' });
		expect(main[0].json.message).toContain('Choose one of: Cancel, Get, Get Many');
	}));

test('an expression that breaks for one item ends that item alone', async () =>
	await onFunnelFox(async (sandbox) => {
		const { main } = await runNode(
			cancelling(sandbox, [{ id: 'sub_ada' }, { id: 'sub_ben', bad: true }], {
				onError: 'continueRegularOutput',
				parameters: {
					subscriptionId: {
						__rl: true,
						mode: 'id',
						value: '={{ $json.bad ? $json.id.no.such() : $json.id }}',
					},
				},
			}),
		);
		expect(main.map(({ json }) => json.outcome)).toEqual(['scheduled', 'invalid']);
		expect(accepted(sandbox).size).toBe(1);
	}));

test.each([
	['maxAttempts', 0],
	['maxAttempts', 11],
	['maxConcurrency', 'many'],
	['timeout', 0.5],
	['maxPerExecution', -1],
	['alreadyCancelled', 'Fail'],
	['ifSeveral', 'All'],
])(
	'an option %s of %s is refused before anything is sent',
	async (option, value) =>
		await onFunnelFox(async (sandbox) => {
			const { main } = await runNode(
				cancelling(sandbox, [{ id: 'sub_ada' }], {
					onError: 'continueRegularOutput',
					options: { [option]: value },
				}),
			);
			expect(main[0].json).toMatchObject({ ok: false, outcome: 'invalid' });
			expect(sandbox.requests('funnelFox')).toHaveLength(0);
		}),
);
