import type { IDataObject } from 'n8n-workflow';

import { retrySaved, runNode, type Setting } from '../host/harness';
import { virtualTime } from '../host/virtualTime';
import { facts as azotte } from '../providers/azotte/facts';
import { byId } from '../providers/facts';
import { facts as firstPromoter } from '../providers/firstPromoter/facts';
import { facts as reditus } from '../providers/reditus/facts';
import { runner } from '../providers/run';
import { facts as smokeball } from '../providers/smokeball/facts';
import type { Sandbox } from '../../sandbox/server';
import { accepted, cancelling, onSandbox } from './funnelFoxNode';
import { onServer, type ReceivedRequest } from './scriptedServer';

const continuing = { onError: 'continueRegularOutput' as const };
const posts = (sandbox: Sandbox, provider: string, target?: string) =>
	sandbox
		.requests(provider)
		.filter((one) => one.effect === 'write' && (target === undefined || one.target === target));

const tracking = (url: string, email: string, more: Partial<Setting> = {}, fields: object = {}) =>
	runner('firstPromoter', 'referral', firstPromoter.account(url)).setting(
		'cancel',
		{ apiVersion: 'v1', identifyBy: 'email', email, ...fields },
		more,
	);
const onAzotte = (url: string, operation: string, fields: object, more: Partial<Setting> = {}) =>
	runner('azotte', 'subscription', azotte.account(url)).setting(operation, fields as never, more);

describe('a value that differs at each evaluation', () => {
	test('in a reason does not make another item of it on Retry On Fail', async () =>
		await onSandbox(async (sandbox) => {
			await runNode(
				cancelling(sandbox, [{ id: 'sub_ada' }, { id: 'nope' }], {
					maxTries: 3,
					parameters: { additionalFields: { reason: '={{ $now.toMillis() + Math.random() }}' } },
				}),
			);
			expect(posts(sandbox, 'funnelFox', 'sub_ada')).toHaveLength(1);
		}));

	test('in Created At neither: one customer is recorded once', async () =>
		await onSandbox(async (sandbox) => {
			const items = [{ email: 'ada@example.com' }, { email: '' }];
			const more = { items, maxTries: 3, onError: undefined };
			const fields = { additionalFields: { createdAt: '={{ $now }}' } };
			await runNode(tracking(sandbox.url, '={{ $json.email || "x" }}', more, fields));
			const again = { items: [items[0], items[0]] };
			await runNode(tracking(sandbox.url, '={{ $json.email }}', again, fields));
			expect(sandbox.journal('firstPromoter')).toHaveLength(1);
		}));
});

test('an address in capitals is the same customer, an ID in capitals is another one', async () =>
	await onSandbox(async (sandbox) => {
		const items = ['ada@example.com', 'Ada@Example.com'].map((email) => ({ email }));
		const { main } = await runNode(tracking(sandbox.url, '={{ $json.email }}', { items }));
		expect(main.map(({ json }) => json.duplicateOf)).toEqual([undefined, 0]);
		expect(sandbox.journal('firstPromoter')).toHaveLength(1);

		const ids = [{ id: 'sub_ada' }, { id: 'SUB_ADA' }];
		const two = await runNode(cancelling(sandbox, ids, continuing));
		expect(two.main.map(({ json }) => json.outcome)).toEqual(['scheduled', 'notFound']);
		expect(two.main[1].json).not.toHaveProperty('duplicateOf');
	}));

describe('what an execution has in doubt or accepted', () => {
	const blind = { orderIdentifier: byId('or_ada'), options: { maxAttempts: 1, timeout: 10_000 } };

	test("is known in an agent's next call and a loop's next round", async () =>
		await onSandbox(async (sandbox) => {
			sandbox.fault({ provider: 'azotte', kind: 'serverErrorAfter', times: 1 });
			const first = await runNode(onAzotte(sandbox.url, 'confirmCancel', blind));
			expect(first.main[0].json.outcome).toBe('unknown');
			let { data } = first.run;
			for (let round = 0; round < 3; round++) {
				const next = await runNode(
					onAzotte(sandbox.url, 'confirmCancel', blind, { continued: data }),
				);
				expect(next.main[0].json).toMatchObject({ outcome: 'unknown', attempts: 0 });
				({ data } = next.run);
			}
			expect(sandbox.journal('azotte')).toHaveLength(1);
		}));

	test.each([
		['runs again: the order is sent anew', true, 2],
		['does not: the outcome is told once more', false, 1],
	])(
		'is looked at in a later round where that can be read, and where it %s',
		async (_, runsAgain, sent) =>
			await onSandbox(async (sandbox) => {
				const first = await runNode(onAzotte(sandbox.url, 'cancel', blind));
				expect(first.main[0].json.ok).toBe(true);
				if (runsAgain) sandbox.change('azotte', 'or_ada', { state: 'Active', canceledAt: null });
				const read = { ...blind, customerUrn: 'cu.00.001' };
				const { main } = await runNode(
					onAzotte(sandbox.url, 'cancel', read, { continued: first.run.data }),
				);
				const told = first.main[0].json.outcome;
				expect(main[0].json).toMatchObject({ ok: true, outcome: runsAgain ? 'scheduled' : told });
				expect(posts(sandbox, 'azotte')).toHaveLength(sent);
			}),
	);

	test('is known to a second tool call at the same time', async () =>
		await onSandbox(async (sandbox) => {
			const other = { ...blind, orderIdentifier: byId('or_ben') };
			const { run } = await runNode(onAzotte(sandbox.url, 'requestCancel', other));
			sandbox.latency('azotte', 200);
			const both = await Promise.all(
				[0, 1].map(() =>
					runNode(onAzotte(sandbox.url, 'confirmCancel', blind, { continued: run.data })),
				),
			);
			expect(both.map(({ main }) => main[0].json.outcome)).toEqual([
				'pendingProvider',
				'pendingProvider',
			]);
			expect(sandbox.journal('azotte')).toHaveLength(1);
		}));
});

test('a server that accepts late, after the time-out, is waited for: accepted once', async () =>
	await onSandbox(async (sandbox) => {
		sandbox.fault({ provider: 'funnelFox', kind: 'lateAccept', delayMs: 2500, times: 0 });
		const { main } = await runNode(
			cancelling(sandbox, [{ id: 'sub_ada' }], { options: { timeout: 600 } }),
		);
		expect(main[0].json).toMatchObject({ outcome: 'scheduled', verified: true, attempts: 1 });
		expect(posts(sandbox, 'funnelFox')).toHaveLength(1);
	}));

test('nor does Retry On Fail send beside a call that may still run, where reads fail at first', async () =>
	await onSandbox(async (sandbox) => {
		sandbox.fault({ provider: 'funnelFox', kind: 'lateAccept', delayMs: 4000, times: 0 });
		sandbox.fault({ provider: 'funnelFox', kind: 'html', on: 'read', times: 2 });
		const { main } = await runNode(
			cancelling(sandbox, [{ id: 'sub_ada' }], {
				maxTries: 3,
				options: { timeout: 600, maxAttempts: 1 },
			}),
		);
		expect(main[0].json).toMatchObject({ outcome: 'scheduled' });
		expect(posts(sandbox, 'funnelFox')).toHaveLength(1);
		expect(accepted(sandbox).get('sub_ada')).toBe(1);
	}));

const record = (over = false) => ({
	id: 'sub_ada',
	status: over ? 'cancelled' : 'active',
	renews: !over,
	period_ends_at: '2099-12-31T00:00:00Z',
});

test.each([504, 524])(
	'a gateway that gives up waiting (%i) is no answer: the call behind it may still be accepted',
	async (status) => {
		let over = false;
		await onServer(
			({ method }) => {
				if (method === 'GET') return { status: 200, body: record(over) };
				void virtualTime()
					.sleep(3000)
					.then(() => (over = true));
				return { status, body: {} };
			},
			async ({ url, asked }) => {
				const { main } = await runNode(cancelling({ url }, [{ id: 'sub_ada' }]));
				expect(main[0].json).toMatchObject({ outcome: 'scheduled', verified: true });
				expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
			},
		);
	},
);

test('a web page that calls itself 404 is no word on the record: what is in doubt stays so', async () =>
	await onServer(
		({ method }) =>
			method === 'GET'
				? { status: 404, body: '<html>Not found</html>' }
				: { status: 500, body: { message: 'Internal server error' } },
		async ({ url, asked }) => {
			const setting = cancelling({ url }, [{ id: 'sub_ada' }]);
			const { run, thrown } = await runNode(setting);
			expect(thrown?.message).toContain('it is unclear');
			expect((await retrySaved(setting, run)).thrown?.message).toContain('it is unclear');
			expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
		},
	));

test('what was accepted in an earlier round counts where its record cannot be read', async () =>
	await onSandbox(async (sandbox) => {
		const orderIdentifier = byId('or_ada');
		const ada = { orderIdentifier, customerUrn: 'cu.00.001' };
		const first = await runNode(onAzotte(sandbox.url, 'cancel', { orderIdentifier }));
		sandbox.fault({ provider: 'azotte', kind: 'html', on: 'read', times: 0 });
		const { main } = await runNode(
			onAzotte(sandbox.url, 'cancel', ada, { continued: first.run.data }),
		);
		expect(main[0].json).toMatchObject({ ok: true, outcome: first.main[0].json.outcome });
		expect(posts(sandbox, 'azotte')).toHaveLength(1);
	}));

describe('a second write on the same target', () => {
	const twice = [
		{ id: 'sub_ada', done: 'success' },
		{ id: 'sub_ada', done: 'fail' },
	];
	const options = { alreadyCancelled: '={{ $json.done }}', maxAttempts: 1 };

	test('does not leave in stop mode after the first has failed', async () =>
		await onSandbox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'serverErrorBefore', times: 0 });
			const { thrown } = await runNode(cancelling(sandbox, twice, { options }));
			expect(thrown?.message).toContain('[item 0]');
			expect(posts(sandbox, 'funnelFox')).toHaveLength(1);
		}));

	test.each(['unauthorized', 'forbidden'] as const)(
		'does not leave in any mode after an answer of "%s"',
		async (kind) =>
			await onSandbox(async (sandbox) => {
				sandbox.fault({ provider: 'funnelFox', kind, on: 'any', times: 0 });
				const { main } = await runNode(cancelling(sandbox, twice, { ...continuing, options }));
				expect(main.map(({ json }) => json.outcome)).toEqual(['unauthorized', 'skipped']);
				expect(sandbox.requests('funnelFox')).toHaveLength(1);
			}),
	);

	test('does not leave blindly after doubt', async () =>
		await onSandbox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'serverErrorAfter', on: 'any', times: 0 });
			const { main } = await runNode(cancelling(sandbox, twice, { ...continuing, options }));
			expect(main.map(({ json }) => json.outcome)).toEqual(['unknown', 'unknown']);
			expect(posts(sandbox, 'funnelFox')).toHaveLength(1);
		}));
});

test('another wish for a target that is in doubt is not sent either', async () => {
	const order = { orderIdentifier: 'or_ada', state: 'Active', subscriptionChannel: 'Azotte' };
	const read = { status: 200, body: { result: [order], status: { messageCode: 'SUCCESS' } } };
	await onServer(
		({ method, before }) =>
			method === 'GET' && before === 0
				? read
				: { status: 500, body: { message: 'Internal server error' } },
		async ({ url, asked }) => {
			const fields = {
				...{ orderIdentifier: byId('or_ada'), customerUrn: 'cu.00.001' },
				additionalFields: { currentStep: '={{ $json.step }}' },
				options: { maxAttempts: 1 },
			};
			const items = [{ step: 1 }, { step: 2 }];
			const { main } = await runNode(
				onAzotte(url, 'confirmCancel', fields, { items, ...continuing }),
			);
			expect(main.map(({ json }) => json.outcome)).toEqual(['unknown', 'unknown']);
			expect(main[1].json).toMatchObject({ attempts: 0 });
			expect(main[1].json).not.toHaveProperty('duplicateOf');
			expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
		},
	);
});

test('a doubt that the record has settled claims nothing of what comes after', async () => {
	const ada = { id: 'sub_ada', status: 'active', renews: true };
	let asked: ReceivedRequest[] = [];
	const sent = () => asked.filter(({ method }) => method === 'POST').length;
	let broken = true;
	await onServer(
		({ method, before }) => {
			if (method === 'POST')
				return { status: before === 0 ? 500 : 400, body: { message: 'Not possible now' } };
			if (broken) return { status: 500, body: { message: 'Internal server error' } };
			// Another program cancels right before the second POST.
			return { status: 200, body: { ...ada, renews: sent() < 2 } };
		},
		async (server) => {
			({ asked } = server);
			const setting = cancelling(server, [{ id: 'sub_ada' }], { options: { maxAttempts: 1 } });
			const { run, thrown } = await runNode(setting);
			expect(thrown?.message).toContain('it is unclear');
			broken = false;
			const { main } = await retrySaved(setting, run);
			expect(main[0].json).toMatchObject({ outcome: 'alreadyCancelled' });
			expect(main[0].json).not.toHaveProperty('verified');
			expect(sent()).toBe(2);
		},
	);
});

describe('FirstPromoter, where a try is in doubt and reads fail', () => {
	const lead = { id: 1, email: 'ada@example.com', state: 'active', cancelled_at: null };
	const broken = { status: 500, body: { message: 'Internal server error' } };
	const limited = { status: 429, body: {}, headers: { 'Retry-After': '0' } };
	const doubtThen = async (
		then: { status: number; body: object; headers?: Record<string, string> },
		more: Partial<Setting>,
	) =>
		await onServer(
			({ method, before }) => {
				if (method === 'GET') return before === 0 ? { status: 200, body: lead } : broken;
				return before === 0 ? broken : then;
			},
			async ({ url, asked }) => {
				const options = { maxAttempts: 2 };
				const outcome = await runNode(tracking(url, 'ada@example.com', more, { options }));
				return { ...outcome, asked };
			},
		);

	test.each([
		['a 429', limited],
		['another 500', broken],
		['a 401', { status: 401, body: {} }],
	])('%s of the same item does not wipe the doubt out', async (_, then) => {
		const { main, asked } = await doubtThen(then, continuing);
		expect(main[0].json).toMatchObject({ outcome: 'unknown', attempts: 2 });
		expect(main[0].json.message).not.toContain('was not changed');
		const keys = asked.flatMap(({ method, query }) =>
			method === 'POST' ? query.get('event_id') : [],
		);
		expect(new Set(keys).size).toBe(1);
	});

	test('a retry that cannot read either says that it is not known, not that nothing has changed', async () => {
		const { thrown } = await doubtThen(limited, { onError: undefined, maxTries: 2 });
		expect(thrown?.message).toContain('it is unclear');
	});
});

test.each(['errorInside', 'emptyList', 'otherRecord', 'queued', 'empty', 'html'] as const)(
	'a 2xx that is no record of it (%s) is no success, and is not sent again',
	async (kind) =>
		await onSandbox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind, times: 0 });
			const { main } = await runNode(cancelling(sandbox, [{ id: 'sub_ada' }], continuing));
			expect(main[0].json).toMatchObject({ ok: false, ended: false, outcome: 'unknown' });
			expect(posts(sandbox, 'funnelFox')).toHaveLength(1);
		}),
);

describe('a webhook that is delivered twice', () => {
	const deliveries: Array<[string, string, (sandbox: Sandbox) => Setting]> = [
		['funnelFox', 'FunnelFox', (sandbox) => cancelling(sandbox, [{ id: 'sub_ada' }])],
		['firstPromoter', 'FirstPromoter v1', ({ url }) => tracking(url, 'ada@example.com')],
		[
			'reditus',
			'Reditus by e-mail',
			({ url }) =>
				runner('reditus', 'referral', reditus.account(url)).setting('churn', {
					identifyBy: 'referralEmail',
					referralEmail: 'ada@example.com',
				}),
		],
		[
			'smokeball',
			'Smokeball',
			({ url }) =>
				runner('smokeball', 'subscription', smokeball.account(url)).setting(
					'cancel',
					smokeball.samples.cancel(smokeball.ada),
				),
		],
		[
			'azotte',
			'Azotte',
			({ url }) =>
				onAzotte(url, 'cancel', { orderIdentifier: byId('or_ada'), customerUrn: 'cu.00.001' }),
		],
	];

	describe.each(deliveries)('to %s (%s)', (provider, _, setting) => {
		test('at once ends it once; the second is told', async () =>
			await onSandbox(async (sandbox) => {
				sandbox.latency(provider, 100);
				const both = await Promise.all(
					['1', '2'].map((executionId) => runNode({ ...setting(sandbox), executionId })),
				);
				const outcomes = both.map(({ main }) => main[0].json.outcome);
				expect(outcomes.filter((outcome) => outcome === 'alreadyCancelled')).toHaveLength(1);
				expect(both.every(({ main }) => main[0].json.ended === true)).toBe(true);
				const [one, other] = both.map(({ main }) => main[0].json.email);
				expect(one).toBe(other);
				expect(sandbox.journal(provider)).toHaveLength(1);
			}));

		test('later ends it once', async () =>
			await onSandbox(async (sandbox) => {
				const first = await runNode({ ...setting(sandbox), executionId: '1' });
				const { email } = first.main[0].json;
				const { main } = await runNode({ ...setting(sandbox), executionId: '2' });
				expect(main[0].json).toMatchObject({ outcome: 'alreadyCancelled', ended: true, email });
				expect(sandbox.journal(provider)).toHaveLength(1);
			}));
	});

	test.each([
		[
			'Reditus by UID, which no record tells of',
			'reditus',
			'alreadyCancelled',
			(url: string) =>
				runner('reditus', 'referral', reditus.account(url)).setting('churn', {
					identifyBy: 'referralUid',
					referralUid: 'cus_ada',
				}),
		],
		[
			'Azotte without the Customer URN',
			'azotte',
			'pendingProvider',
			(url: string) => onAzotte(url, 'confirmCancel', { orderIdentifier: byId('or_ada') }),
		],
		[
			'Smokeball Resume, whose record lags',
			'smokeball',
			'restored',
			(url: string) =>
				runner('smokeball', 'subscription', smokeball.account(url)).setting('resume', {
					subscriptionId: byId('b471682e-fa17-4e46-b7fe-000000000004'),
				}),
		],
	])(
		'at once, to %s: the second sends nothing',
		async (_, provider, outcome, setting) =>
			await onSandbox(async (sandbox) => {
				sandbox.latency(provider, 200);
				if (provider === 'smokeball') sandbox.settings(provider, { lagMs: 60_000 });
				const both = await Promise.all(
					['1', '2'].map((executionId) => runNode({ ...setting(sandbox.url), executionId })),
				);
				expect(both.map(({ main }) => main[0].json.outcome)).toContain(outcome);
				expect(both.every(({ main }) => main[0].json.ok)).toBe(true);
				expect(both.map(({ main }) => main[0].json.note)).toContainEqual(
					expect.stringMatching(
						/^(Reditus|Azotte|Smokeball) accepted the same request a moment ago\.$/,
					),
				);
				expect(posts(sandbox, provider)).toHaveLength(1);
			}),
	);
});

describe('a sub-workflow, which its caller may have called before', () => {
	test('looks first', async () =>
		await onSandbox(async (sandbox) => {
			const setting = {
				...cancelling(sandbox, [{ id: 'sub_ada' }]),
				mode: 'integrated' as const,
			};
			for (const executionId of ['1', '2', '3']) await runNode({ ...setting, executionId });
			expect(posts(sandbox, 'funnelFox')).toHaveLength(1);
		}));

	test('does not send Resume, which is never sent again, unless the record shows it done', async () =>
		await onSandbox(async (sandbox) => {
			const resuming = (subscriptionId: string, mode: 'integrated' | 'trigger') =>
				runner('smokeball', 'subscription', smokeball.account(sandbox.url)).setting(
					'resume',
					{ subscriptionId: byId(subscriptionId) },
					{ mode },
				);
			const [ada, dora] = [1, 4].map(
				(n) => `b471682e-fa17-4e46-b7fe-${String(n).padStart(12, '0')}`,
			);
			const { main } = await runNode(resuming(dora, 'integrated'));
			expect(main[0].json).toMatchObject({ outcome: 'refused', attempts: 0 });
			expect(posts(sandbox, 'smokeball')).toHaveLength(0);
			const done = await runNode(resuming(ada, 'integrated'));
			expect(done.main[0].json).toMatchObject({ outcome: 'restored', attempts: 0 });
		}));
});

test('what is accepted is remembered before it is looked at', async () => {
	const order = { orderIdentifier: 'or_ada', state: 'Active', subscriptionChannel: 'Azotte' };
	const status = { messageCode: 'SUCCESS' };
	const contextData = {};
	let saved: unknown;
	await onServer(
		({ method, before }) => {
			// As n8n saves it where it is stopped here.
			if (method === 'GET' && before === 1) saved = structuredClone(contextData);
			return { status: 200, body: method === 'GET' ? { result: [order], status } : { status } };
		},
		async ({ url, asked }) => {
			const ofAda = { orderIdentifier: byId('or_ada'), customerUrn: 'cu.00.001' };
			const setting = onAzotte(url, 'confirmCancel', ofAda);
			const from = (context: unknown) =>
				({ resultData: { runData: {} }, executionData: { contextData: context } }) as never;
			await runNode({ ...setting, continued: from(contextData) });
			const again = { mode: 'retry' as const, executionId: '8', continued: from(saved) };
			const { main } = await runNode({ ...setting, ...again });
			expect(main[0].json).toMatchObject({ ok: true, outcome: 'pendingProvider' });
			expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
		},
	);
});

test('a retry whose ledger is lost sends nothing where the record cannot be read', async () =>
	await onSandbox(async (sandbox) => {
		const setting = cancelling(sandbox, [{ id: 'sub_ada' }], continuing);
		await runNode(setting);
		sandbox.fault({ provider: 'funnelFox', kind: 'html', on: 'read', times: 0 });
		const { main } = await runNode({ ...setting, mode: 'retry' });
		expect(main[0].json).toMatchObject({ outcome: 'refused', attempts: 0 });
		expect(posts(sandbox, 'funnelFox')).toHaveLength(1);
	}));

test('an item in doubt with an expectation and a plan token is settled by the record, not by the guards', async () =>
	await onSandbox(async (sandbox) => {
		const plan = await runNode(cancelling(sandbox, [{ id: 'sub_ada' }], { dryRun: true }));
		const { planToken } = plan.main[0].json;
		const setting = cancelling(sandbox, [{ id: 'sub_ada' }], {
			options: { expectedStatus: ['active'], planToken, maxAttempts: 1 } as IDataObject,
		});
		sandbox.fault({ provider: 'funnelFox', kind: 'serverErrorAfter', times: 1 });
		sandbox.fault({ provider: 'funnelFox', kind: 'wrongContentType', on: 'read', times: 1 });
		sandbox.fault({ provider: 'funnelFox', kind: 'html', on: 'read', times: 1 });
		const first = await runNode(setting);
		expect(first.thrown?.message).toContain('it is unclear');
		const { main } = await retrySaved(setting, first.run);
		expect(main[0].json).toMatchObject({ outcome: 'scheduled', verified: true });
	}));
