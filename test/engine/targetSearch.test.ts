import type { IDataObject } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { retrySaved, runNode, type Setting } from '../host/harness';
import { virtualTime } from '../host/virtualTime';
import { accepted, cancelling, onFunnelFox } from './funnelFoxNode';
import { onServer } from './scriptedServer';

type More = Partial<Setting> & { options?: IDataObject; dryRun?: boolean };

const located = (mode: string, value: string) => ({ __rl: true, mode, value });
const by = (who: string) => ({ email: `${who}@example.com` });

/** Cancels by `$json.email`; a failure comes out as an item. */
const byEmail = (sandbox: Pick<Sandbox, 'url'>, items: IDataObject[], more: More = {}): Setting =>
	cancelling(sandbox, items, {
		onError: 'continueRegularOutput',
		...more,
		parameters: { subscriptionId: located('email', '={{ $json.email }}'), ...more.parameters },
	});

const outcomes = async (setting: Setting): Promise<IDataObject[]> =>
	(await runNode(setting)).main.map(({ json }) => json);

/** The same, for a node that only reads. */
const get: More = { parameters: { operation: 'get' } };

/** "GET subscriptions", "POST sub_ada/cancel" */
const asked = (sandbox: Sandbox) =>
	sandbox
		.requests('funnelFox')
		.map(({ method, path }) => `${method} ${path.split('?')[0].replace(/^.*\/v1\//, '')}`);

const list = 'GET subscriptions';
const read = (id: string) => `GET subscriptions/${id}`;
const cancel = (id: string) => `POST subscriptions/${id}/cancel`;
const once = (...ids: string[]) => new Map(ids.map((id) => [id, 1]));
const targets = (items: IDataObject[]) => items.map(({ target }) => target);
const outcomesOf = (items: IDataObject[]) => items.map(({ outcome }) => outcome);

/** "3 Dec", with its year where that is not this one. */
function shortDate(at: string): string {
	const isThisYear = new Date(at).getUTCFullYear() === new Date().getUTCFullYear();
	const year = isThisYear ? {} : ({ year: 'numeric' } as const);
	return new Date(at).toLocaleDateString('en-GB', {
		...{ day: 'numeric', month: 'short', timeZone: 'UTC' },
		...year,
	});
}

describe('by an e-mail address', () => {
	test('an address without a subscription is notFound, after one read', async () =>
		await onFunnelFox(async (sandbox) => {
			const [json] = await outcomes(byEmail(sandbox, [by('nothing')]));
			expect(json).toMatchObject({
				ok: false,
				ended: false,
				outcome: 'notFound',
				target: 'nothing@example.com',
				requestedAt: null,
			});
			expect(json.summary).toContain('nothing@example.com');
			expect(asked(sandbox)).toEqual([list]);
		}));

	test('whose subscriptions are over has nothing left, as of the last of them', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.freeze('2026-11-21T09:30:00.000Z');
			sandbox.reset();
			const [json] = await outcomes(byEmail(sandbox, [by('over')]));
			expect(json).toMatchObject({
				ok: true,
				ended: true,
				outcome: 'alreadyCancelled',
				target: 'sub_over_2',
				foundBy: 'over@example.com',
				effectiveAt: '2026-12-03T00:00:00.000Z',
				requestedAt: null,
				attempts: 0,
			});
			expect(asked(sandbox)).toEqual([list]);
			const [failed] = await outcomes(
				byEmail(sandbox, [by('over')], { options: { alreadyCancelled: 'fail' } }),
			);
			expect(failed).toMatchObject({ ok: false, outcome: 'notCancellable' });
			expect(asked(sandbox)).toEqual([list, list]);
		}));

	test.each([
		['ada', 'sub_ada'],
		['renewed', 'sub_renewed'],
		['mixed', 'sub_mixed'],
	])(
		'%s has one that runs: one read, one write',
		async (who, id) =>
			await onFunnelFox(async (sandbox) => {
				const [json] = await outcomes(byEmail(sandbox, [by(who)]));
				expect(json).toMatchObject({
					ok: true,
					ended: true,
					outcome: 'scheduled',
					target: id,
					foundBy: `${who}@example.com`,
					email: `${who}@example.com`,
					attempts: 1,
				});
				expect(asked(sandbox)).toEqual([list, cancel(id)]);
				expect(accepted(sandbox)).toEqual(once(id));
			}),
	);

	test('a guarded target is read right before the write', async () =>
		await onFunnelFox(async (sandbox) => {
			const guarded = async (options: IDataObject) =>
				(await outcomes(byEmail(sandbox, [by('ada')], { options })))[0];
			expect(await guarded({ expectedStatus: ['trialing'] })).toMatchObject({
				outcome: 'refused',
			});
			expect(await guarded({ expectedEmail: 'ben@example.com' })).toMatchObject({
				outcome: 'refused',
			});
			const checked = [list, read('sub_ada')];
			expect(asked(sandbox)).toEqual([...checked, ...checked]);
			const options = { expectedStatus: ['active'], expectedEmail: 'ADA@example.com' };
			expect(await guarded(options)).toMatchObject({ outcome: 'scheduled' });
			expect(asked(sandbox)).toEqual([...checked, ...checked, ...checked, cancel('sub_ada')]);
		}));

	test('guards hold where nothing is left, too', async () =>
		await onFunnelFox(async (sandbox) => {
			const options = { expectedStatus: ['trialing'] };
			for (const dryRun of [true, false]) {
				expect(await outcomes(byEmail(sandbox, [by('over')], { options, dryRun }))).toMatchObject([
					{ ok: false, outcome: 'refused', message: expect.stringContaining('has the status') },
				]);
			}
			expect(asked(sandbox)).toEqual([list, list]);
		}));

	test('guards are answered by a new read where the search was five minutes ago', async () =>
		await onFunnelFox(async (sandbox) => {
			const real = Date.now;
			const searched = () => sandbox.requests('funnelFox').length > 0;
			const clock = jest.spyOn(Date, 'now');
			let later = 0;
			clock.mockImplementation(() => real() + (searched() ? (later += 301_000) : 0));
			try {
				const setting = byEmail(sandbox, [by('ada')], { options: { expectedStatus: ['active'] } });
				expect(outcomesOf(await outcomes(setting))).toEqual(['scheduled']);
			} finally {
				clock.mockRestore();
			}
			expect(asked(sandbox)).toEqual([list, read('sub_ada'), cancel('sub_ada')]);
		}));

	test('a dry run reads once, and its plan is carried out until the record changes', async () =>
		await onFunnelFox(async (sandbox) => {
			const ada = [by('ada')];
			const [{ planToken, ...dry }] = await outcomes(byEmail(sandbox, ada, { dryRun: true }));
			expect(dry).toMatchObject({
				outcome: 'preview',
				target: 'sub_ada',
				foundBy: 'ada@example.com',
				wouldBe: { outcome: 'scheduled' },
			});
			expect(asked(sandbox)).toEqual([list]);
			sandbox.change('funnelFox', 'sub_ada', { status: 'paused' });
			expect(await outcomes(byEmail(sandbox, ada, { options: { planToken } }))).toMatchObject([
				{ outcome: 'refused', message: expect.stringContaining('has changed since the dry run') },
			]);
			const [fresh] = await outcomes(byEmail(sandbox, ada, { dryRun: true }));
			const options = { planToken: fresh.planToken };
			expect(await outcomes(byEmail(sandbox, ada, { options }))).toMatchObject([
				{ outcome: 'scheduled' },
			]);
			const planned = [list, read('sub_ada')];
			expect(asked(sandbox)).toEqual([list, ...planned, list, ...planned, cancel('sub_ada')]);
		}));

	test('test rows count where there is no real one', async () =>
		await onFunnelFox(async (sandbox) => {
			const [both] = await outcomes(byEmail(sandbox, [by('tester')]));
			expect(both).toMatchObject({
				outcome: 'refused',
				candidates: [{ target: 'sub_tester_1' }, { target: 'sub_tester_2' }],
			});
			sandbox.change('funnelFox', 'sub_tester_2', { status: 'expired', renews: false });
			const [one] = await outcomes(byEmail(sandbox, [by('tester')]));
			expect(one).toMatchObject({ outcome: 'scheduled', target: 'sub_tester_1' });
			expect(accepted(sandbox)).toEqual(once('sub_tester_1'));
		}));

	test('120 rows are read in two pages, and the one that runs is found', async () =>
		await onFunnelFox(async (sandbox) => {
			const [json] = await outcomes(byEmail(sandbox, [by('many')]));
			expect(json).toMatchObject({ outcome: 'scheduled', target: 'sub_many_107' });
			expect(asked(sandbox)).toEqual([list, list, cancel('sub_many_107')]);
		}));
});

describe('several that run', () => {
	test('are refused with a list that a person can choose from', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.freeze('2026-11-21T09:30:00.000Z');
			sandbox.reset();
			for (const dryRun of [true, false]) {
				const [json] = await outcomes(byEmail(sandbox, [by('twin')], { dryRun }));
				expect(json).toMatchObject({
					ok: false,
					ended: false,
					outcome: 'refused',
					target: 'twin@example.com',
					dryRun,
					candidates: [
						{
							target: 'sub_twin_1',
							product: 'Plus',
							status: 'active',
							effectiveAt: '2026-12-03T00:00:00.000Z',
							email: 'twin@example.com',
						},
						{
							target: 'sub_twin_2',
							product: 'Pro',
							status: 'active',
							effectiveAt: '2027-06-09T00:00:00.000Z',
							email: 'twin@example.com',
						},
					],
				});
				expect(json.message).toMatch(
					/^twin@example\.com: has 2 active subscriptions: Plus · active · until 2026-12-03 · sub_twin_1; Pro · active · until 2027-06-09 · sub_twin_2\. Nothing was sent\. Choose one By ID, or set Options > If Several Match to Cancel All\./,
				);
			}
			expect(asked(sandbox)).toEqual([list, list]);
		}));

	test.each([[['sub_1', 'sub_2']], [['sub_2', 'sub_1']]])(
		'that are all over (%j) are told by the one that ended last, not by one whose end is not known',
		async (order) => {
			const ends: Record<string, string | undefined> = { sub_2: '2020-01-31T00:00:00.000Z' };
			const data = order.map((id) => ({
				...{ id, status: 'expired', renews: false, period_ends_at: ends[id] },
				profile: { email: 'twin@example.com' },
			}));
			await onServer(
				() => ({ status: 200, body: { data } }),
				async (server) => {
					const [json] = await outcomes(byEmail(server, [by('twin')]));
					const effectiveAt = ends.sub_2;
					expect(json).toMatchObject({ outcome: 'alreadyCancelled', target: 'sub_2', effectiveAt });
				},
			);
		},
	);

	test('that are in doubt are refused with both, although one is over by now', async () => {
		let status = 'active';
		const profile = { email: 'twin@example.com' };
		const data = () => [
			{ id: 'sub_1', status, renews: true, profile },
			{ id: 'sub_2', status: 'active', renews: true, profile },
		];
		await onServer(
			({ path }) =>
				path.endsWith('/subscriptions')
					? { status: 200, body: { data: data() } }
					: { status: 500, body: { message: 'Internal server error' } },
			async (server) => {
				const searching = (ifSeveral: string, continued?: Setting['continued']) =>
					byEmail(server, [by('twin')], { options: { ifSeveral, maxAttempts: 1 }, continued });
				const first = await runNode(searching('all'));
				expect(first.main.map(({ json }) => json.outcome)).toEqual(['unknown', 'unknown']);
				status = 'expired';
				const [json] = await outcomes(searching('refuse', first.run.data));
				expect(json).toMatchObject({
					...{ outcome: 'refused', operation: 'cancel' },
					candidates: [{ target: 'sub_1' }, { target: 'sub_2' }],
				});
				expect(json.message).toContain(
					'twin@example.com: may mean any of 2 subscriptions: expired · sub_1; active · sub_2. Nothing was sent. Choose one',
				);
				expect(server.asked.filter(({ method }) => method === 'POST')).toHaveLength(2);
			},
		);
	});

	test('of one that runs and one that ended later, a get shows the one that runs', async () => {
		const ends = { period_ends_at: '2099-01-31T00:00:00.000Z' };
		const profile = { email: 'twin@example.com' };
		const data = [
			{ id: 'sub_1', status: 'expired', renews: false, profile, ...ends },
			{ id: 'sub_2', status: 'active', renews: true, profile },
		];
		await onServer(
			() => ({ status: 200, body: { data } }),
			async (server) => {
				const [json] = await outcomes(byEmail(server, [by('twin')], get));
				expect(json).toMatchObject({ id: 'sub_2' });
			},
		);
	});

	test('leave out what is over, however much there is of it', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.change('funnelFox', 'sub_many_003', { status: 'active', renews: true });
			const [json] = await outcomes(byEmail(sandbox, [by('many')]));
			expect(json).toMatchObject({
				outcome: 'refused',
				candidates: [{ target: 'sub_many_003' }, { target: 'sub_many_107' }],
			});
			expect(json.message).toMatch(
				/^many@example\.com: has 2 active subscriptions: [^;]+; [^;]+\. Nothing/,
			);
			const [shown] = await outcomes(byEmail(sandbox, [by('many')], get));
			expect(shown.candidates).toHaveLength(2);
		}));

	test('are told apart by the plan token of one of them', async () =>
		await onFunnelFox(async (sandbox) => {
			const [, second] = await outcomes(
				byEmail(sandbox, [by('twin')], { dryRun: true, options: { ifSeveral: 'all' } }),
			);
			const options = { planToken: second.planToken };
			expect(await outcomes(byEmail(sandbox, [by('twin')], { options }))).toMatchObject([
				{ outcome: 'scheduled', target: 'sub_twin_2', foundBy: 'twin@example.com' },
			]);
			expect(accepted(sandbox)).toEqual(once('sub_twin_2'));
			expect(asked(sandbox)).toEqual([list, list, read('sub_twin_2'), cancel('sub_twin_2')]);
		}));

	test('come with their data on the error output, and with the input', async () =>
		await onFunnelFox(async (sandbox) => {
			const { main, errors } = await runNode(
				byEmail(sandbox, [by('ada'), { ...by('twin'), deal: 'd1' }], {
					onError: 'continueErrorOutput',
				}),
			);
			expect(targets(main.map(({ json }) => json))).toEqual(['sub_ada']);
			expect(errors).toMatchObject([
				{
					pairedItem: { item: 1 },
					json: {
						deal: 'd1',
						error: {
							outcome: 'refused',
							candidates: [{ target: 'sub_twin_1' }, { target: 'sub_twin_2' }],
						},
					},
				},
			]);
			expect(accepted(sandbox)).toEqual(once('sub_ada'));
		}));

	test('with Cancel All become one item each, linked to theirs', async () =>
		await onFunnelFox(async (sandbox) => {
			const { main, hints } = await runNode(
				byEmail(sandbox, [by('ada'), by('twin'), by('ben')], { options: { ifSeveral: 'all' } }),
			);
			expect(main.map(({ json, pairedItem }) => [json.target, json.outcome, pairedItem])).toEqual([
				['sub_ada', 'scheduled', { item: 0 }],
				['sub_twin_1', 'scheduled', { item: 1 }],
				['sub_twin_2', 'scheduled', { item: 1 }],
				['sub_ben', 'scheduled', { item: 2 }],
			]);
			expect(main.map(({ json }) => json.foundBy)).toEqual(
				['ada', 'twin', 'twin', 'ben'].map((who) => by(who).email),
			);
			const ends = [...new Set(main.map(({ json }) => String(json.effectiveAt)))].sort();
			expect(ends).toHaveLength(3);
			expect(hints).toEqual([`4 cancelled (end ${ends.map(shortDate).join(', ')})`]);
			expect(asked(sandbox).filter((one) => one === list)).toHaveLength(3);
			expect(asked(sandbox)).toHaveLength(7);
			expect(accepted(sandbox)).toEqual(once('sub_ada', 'sub_twin_1', 'sub_twin_2', 'sub_ben'));
		}));

	test('with Cancel All, what is over already gives no item beside what runs', async () =>
		await onFunnelFox(async (sandbox) => {
			const setting = byEmail(sandbox, [by('renewed'), by('over')], {
				options: { ifSeveral: 'all' },
			});
			expect(await outcomes(setting)).toMatchObject([
				{ outcome: 'scheduled', target: 'sub_renewed' },
				{ outcome: 'alreadyCancelled', target: 'sub_over_2' },
			]);
			expect(accepted(sandbox)).toEqual(once('sub_renewed'));
		}));

	test('with Cancel All show each what a dry run would do', async () =>
		await onFunnelFox(async (sandbox) => {
			const setting = byEmail(sandbox, [by('twin')], {
				dryRun: true,
				options: { ifSeveral: 'all' },
			});
			const shown = await outcomes(setting);
			expect(shown).toMatchObject([
				{ outcome: 'preview', target: 'sub_twin_1', wouldBe: { outcome: 'scheduled' } },
				{ outcome: 'preview', target: 'sub_twin_2', wouldBe: { outcome: 'scheduled' } },
			]);
			expect(new Set(shown.map(({ planToken }) => planToken)).size).toBe(2);
			expect(asked(sandbox)).toEqual([list]);
		}));

	test('with Cancel All, a failure of one leaves the other in place', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.change('funnelFox', 'sub_twin_1', { payment_provider: 'braintree' });
			const { main } = await runNode(
				byEmail(sandbox, [by('twin')], { options: { ifSeveral: 'all' } }),
			);
			expect(main.map(({ json, pairedItem }) => [json.target, json.outcome, pairedItem])).toEqual([
				['sub_twin_1', 'notCancellable', { item: 0 }],
				['sub_twin_2', 'scheduled', { item: 0 }],
			]);
			expect(accepted(sandbox)).toEqual(once('sub_twin_2'));
		}));

	test('count one by one for Max per Execution', async () =>
		await onFunnelFox(async (sandbox) => {
			const run = async (maxPerExecution: number) =>
				await outcomes(
					byEmail(sandbox, [by('ada'), by('twin')], {
						options: { ifSeveral: 'all', maxPerExecution },
					}),
				);
			const held = await run(2);
			expect(outcomesOf(held)).toEqual(['refused', 'refused', 'refused']);
			expect(held[0].message).toContain('this run has 3 to cancel, but the limit is 2.');
			expect(accepted(sandbox)).toEqual(new Map());
			expect(outcomesOf(await run(3))).toEqual(['scheduled', 'scheduled', 'scheduled']);
		}));
});

describe('a search that does not succeed', () => {
	const ada = [by('ada')];

	test('with 404 and no word of the provider is not taken for notFound, and sends nothing', async () =>
		await onFunnelFox(async (sandbox) => {
			const credentials = {
				funnelFoxApi: { ...keys.funnelFox, baseUrl: `${sandbox.url}/funnelfox/public/v2` },
			};
			expect(await outcomes(byEmail(sandbox, ada, { credentials }))).toMatchObject([
				{
					outcome: 'failed',
					target: 'ada@example.com',
					description: expect.stringContaining('It could not be looked up.'),
				},
			]);
			expect(sandbox.journal()).toEqual([]);
		}));

	test('with 429 is repeated', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'rateLimit', on: 'read', retryAfter: 0 });
			expect(outcomesOf(await outcomes(byEmail(sandbox, ada)))).toEqual(['scheduled']);
			expect(asked(sandbox)).toEqual([list, list, cancel('sub_ada')]);
		}));

	test('with 429 until it gives up is rateLimited, and sends nothing', async () =>
		await onFunnelFox(async (sandbox) => {
			const limited = { provider: 'funnelFox', kind: 'rateLimit', on: 'read', times: 0 } as const;
			sandbox.fault({ ...limited, retryAfter: 0 });
			const options = { maxAttempts: 2 };
			for (const dryRun of [true, false]) {
				expect(await outcomes(byEmail(sandbox, ada, { options, dryRun }))).toMatchObject([
					{ ok: false, outcome: 'rateLimited', target: 'ada@example.com', requestedAt: null },
				]);
			}
			expect(asked(sandbox)).toEqual([list, list, list, list]);
		}));

	test('with 429 for an hour ends at once, and says when to come back', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'rateLimit', on: 'read', retryAfter: 3600 });
			const [first, second] = await outcomes(
				byEmail(sandbox, [by('ada'), by('ben')], { options: { maxConcurrency: 1 } }),
			);
			for (const json of [first, second]) {
				expect(json).toMatchObject({
					outcome: 'rateLimited',
					message: expect.stringMatching(/Run it again after \d{4}-\d\d-\d\dT/),
				});
			}
			expect(asked(sandbox)).toEqual([list]);
		}));

	test('in time is repeated, because it changes nothing', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'timeoutBefore', on: 'read' });
			const options = { timeout: 3000 };
			expect(outcomesOf(await outcomes(byEmail(sandbox, ada, { options })))).toEqual(['scheduled']);
			expect(asked(sandbox)).toEqual([list, list, cancel('sub_ada')]);
		}));

	test('at all sends nothing, and leaves no doubt', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'timeoutBefore', on: 'read', times: 0 });
			const options = { timeout: 500, maxAttempts: 2 };
			for (const dryRun of [true, false]) {
				expect(await outcomes(byEmail(sandbox, ada, { options, dryRun }))).toMatchObject([
					{ outcome: 'failed', description: expect.stringContaining('no answer') },
				]);
			}
			expect(asked(sandbox)).toEqual([list, list, list, list]);
		}));

	test('for want of a key stops the others of the account', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'unauthorized', on: 'read', times: 0 });
			const items = [by('ada'), by('ben'), by('twin')];
			expect(
				outcomesOf(await outcomes(byEmail(sandbox, items, { options: { maxConcurrency: 1 } }))),
			).toEqual(['unauthorized', 'skipped', 'skipped']);
			expect(asked(sandbox)).toEqual([list]);
		}));

	test('in stop mode is the one error, and nothing else is sent', async () =>
		await onFunnelFox(async (sandbox) => {
			const { thrown } = await runNode(
				byEmail(sandbox, [by('nothing'), by('ada')], {
					onError: 'stopWorkflow',
					options: { maxConcurrency: 1 },
				}),
			);
			expect(thrown?.message).toMatch(/^nothing@example\.com: .*\[item 0\]$/);
			expect(thrown?.description).toContain('0 of 2 done, 1 failed');
			expect(asked(sandbox)).toEqual([list]);
		}));
});

describe('a write without an answer', () => {
	test('that was accepted is settled by the record of what was found', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'timeoutAfter' });
			const options = { timeout: 3000 };
			expect(await outcomes(byEmail(sandbox, [by('ada')], { options }))).toMatchObject([
				{ outcome: 'scheduled', verified: true, target: 'sub_ada', foundBy: 'ada@example.com' },
			]);
			expect(asked(sandbox)).toEqual([list, cancel('sub_ada'), read('sub_ada')]);
			expect(accepted(sandbox)).toEqual(once('sub_ada'));
		}));

	test('that was not accepted goes out again, once the record has been read for long enough', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'timeoutBefore' });
			const options = { timeout: 3000 };
			expect(await outcomes(byEmail(sandbox, [by('ada')], { options }))).toMatchObject([
				{ outcome: 'scheduled', attempts: 2, target: 'sub_ada', foundBy: 'ada@example.com' },
			]);
			const requests = asked(sandbox);
			expect(requests.filter((one) => one === list)).toHaveLength(1);
			expect([requests[1], requests.at(-2), requests.at(-1)]).toEqual([
				cancel('sub_ada'),
				read('sub_ada'),
				cancel('sub_ada'),
			]);
			expect(accepted(sandbox)).toEqual(once('sub_ada'));
		}));
});

describe('run again in the same execution', () => {
	/** The second of these is turned away once, which stops the run after the first was accepted. */
	const failing = (sandbox: Sandbox, items: IDataObject[], more: More = {}) => {
		sandbox.fault({ provider: 'funnelFox', kind: 'forbidden', target: 'sub_ben' });
		return byEmail(sandbox, items, {
			onError: 'stopWorkflow',
			...more,
			options: { maxConcurrency: 1, ...more.options },
		});
	};
	const both = [by('ada'), by('ben')];
	const asBefore = [
		{ outcome: 'scheduled', target: 'sub_ada', foundBy: 'ada@example.com' },
		{ outcome: 'scheduled', target: 'sub_ben', foundBy: 'ben@example.com' },
	];

	test('by Retry On Fail, what was ended a moment ago is no alreadyCancelled', async () =>
		await onFunnelFox(async (sandbox) => {
			const { main } = await runNode(failing(sandbox, both, { maxTries: 2 }));
			expect(main.map(({ json }) => json)).toMatchObject(asBefore);
			expect(main[0].json.requestedAt).toEqual(expect.any(String));
			expect(asked(sandbox)).toEqual([
				...[list, list, cancel('sub_ada'), cancel('sub_ben')],
				...[list, list, cancel('sub_ben')],
			]);
			expect(accepted(sandbox)).toEqual(once('sub_ada', 'sub_ben'));
		}));

	test('by the Retry button, what was ended before is no alreadyCancelled', async () =>
		await onFunnelFox(async (sandbox) => {
			const setting = failing(sandbox, both);
			const { run, thrown } = await runNode(setting);
			expect(thrown?.message).toContain('did not accept the credential');
			expect(thrown?.description).toContain('1 of 2 done, 1 failed');
			const { main } = await retrySaved(setting, run);
			expect(main.map(({ json }) => json)).toMatchObject(asBefore);
			expect(accepted(sandbox)).toEqual(once('sub_ada', 'sub_ben'));
		}));

	test('what was in doubt is a verified success once the record shows its end', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'serverErrorAfter', target: 'sub_ada' });
			const unreadable = {
				provider: 'funnelFox',
				kind: 'serverErrorBefore',
				on: 'read',
			} as const;
			sandbox.fault({ ...unreadable, target: 'sub_ada', times: 1 });
			const { main } = await runNode(
				byEmail(sandbox, [by('ada')], {
					onError: 'stopWorkflow',
					maxTries: 2,
					options: { maxAttempts: 1 },
				}),
			);
			expect(main.map(({ json }) => json)).toMatchObject([
				{ outcome: 'scheduled', verified: true, target: 'sub_ada', foundBy: 'ada@example.com' },
			]);
			const settled = read('sub_ada');
			expect(asked(sandbox)).toEqual([list, cancel('sub_ada'), settled, list, settled]);
			expect(accepted(sandbox)).toEqual(once('sub_ada'));
		}));

	test('with Cancel All, only what is open is sent', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'forbidden', target: 'sub_twin_2' });
			const setting = byEmail(sandbox, [by('twin')], {
				onError: 'stopWorkflow',
				options: { ifSeveral: 'all', maxConcurrency: 1 },
			});
			const { run, thrown } = await runNode(setting);
			expect(thrown?.description).toContain('1 of 2 done, 1 failed');
			const { main } = await retrySaved(setting, run);
			expect(main.map(({ json }) => json)).toMatchObject([
				{ outcome: 'scheduled', target: 'sub_twin_1' },
				{ outcome: 'scheduled', target: 'sub_twin_2' },
			]);
			expect(asked(sandbox)).toEqual([
				...[list, cancel('sub_twin_1'), cancel('sub_twin_2')],
				...[list, cancel('sub_twin_2')],
			]);
			expect(accepted(sandbox)).toEqual(once('sub_twin_1', 'sub_twin_2'));
		}));

	test('with a refused search beside it, nothing is sent twice', async () =>
		await onFunnelFox(async (sandbox) => {
			const setting = byEmail(sandbox, [by('ada'), by('twin')], {
				onError: 'stopWorkflow',
				options: { maxConcurrency: 1 },
			});
			const { run } = await runNode(setting);
			sandbox.change('funnelFox', 'sub_twin_2', { status: 'expired', renews: false });
			const { main } = await retrySaved(setting, run);
			expect(main.map(({ json }) => json)).toMatchObject([
				{ outcome: 'scheduled', target: 'sub_ada' },
				{ outcome: 'scheduled', target: 'sub_twin_1' },
			]);
			expect(accepted(sandbox)).toEqual(once('sub_ada', 'sub_twin_1'));
		}));
});

describe('two items that mean one subscription', () => {
	const which = [located('email', 'ada@example.com'), located('id', 'sub_ada')];
	const parameters = { subscriptionId: '={{ $json.which }}' };

	test.each([
		['by e-mail and by ID', which],
		['by ID and by e-mail', [...which].reverse()],
		[
			'by an address in capitals and in small letters',
			[which[0], located('email', 'ADA@example.com')],
		],
	])(
		'%s are sent once',
		async (_, given) =>
			await onFunnelFox(async (sandbox) => {
				sandbox.settings('funnelFox', { assumptions: { emailMatch: 'anyCase' } });
				const items = given.map((one) => ({ which: one }));
				const [first, second] = await outcomes(byEmail(sandbox, items, { parameters }));
				expect(first).toMatchObject({ outcome: 'scheduled', target: 'sub_ada' });
				expect(second).toMatchObject({ outcome: 'scheduled', target: 'sub_ada', duplicateOf: 0 });
				expect(accepted(sandbox)).toEqual(once('sub_ada'));
				expect(asked(sandbox).filter((one) => one === cancel('sub_ada'))).toHaveLength(1);
			}),
	);

	test('in two executions: the second says that it was over', async () =>
		await onFunnelFox(async (sandbox) => {
			const run = async (executionId: string) =>
				await outcomes(byEmail(sandbox, [by('ada')], { executionId }));
			const both = await Promise.all([run('41'), run('42')]);
			expect(outcomesOf(both.flat()).sort()).toEqual(['alreadyCancelled', 'scheduled']);
			expect(accepted(sandbox)).toEqual(once('sub_ada'));
		}));

	test('in two executions, one of them through between the search and the call: it is read again', async () =>
		await onFunnelFox(async (sandbox) => {
			const slow = { provider: 'funnelFox', kind: 'slow', target: 'sub_ben' } as const;
			sandbox.fault({ ...slow, on: 'write', delayMs: 3000, times: 1 });
			const items = [by('ben'), by('ada')];
			const first = outcomes(byEmail(sandbox, items, { options: { maxConcurrency: 1 } }));
			while (!asked(sandbox).includes(cancel('sub_ben'))) {
				await virtualTime().sleep(20);
			}
			await runNode(cancelling(sandbox, [{ id: 'sub_ada' }], { executionId: '42' }));
			expect(outcomesOf(await first)).toEqual(['scheduled', 'alreadyCancelled']);
			expect(asked(sandbox).filter((one) => one === cancel('sub_ada'))).toHaveLength(1);
			expect(asked(sandbox).at(-1)).toBe(read('sub_ada'));
		}));
});

describe('an AI agent', () => {
	const node = 'funnelFoxTool';

	test('may look up by e-mail, and carries out what was found with its token', async () =>
		await onFunnelFox(async (sandbox) => {
			const [{ planToken, ...shown }] = await outcomes(byEmail(sandbox, [by('ada')], { node }));
			expect(shown).toMatchObject({
				outcome: 'preview',
				target: 'sub_ada',
				foundBy: 'ada@example.com',
				nextStep: expect.stringContaining(String(planToken)),
			});
			expect(accepted(sandbox)).toEqual(new Map());
			const [done] = await outcomes(
				byEmail(sandbox, [by('ada')], { node, options: { planToken } }),
			);
			expect(done).toMatchObject({ outcome: 'scheduled', target: 'sub_ada' });
			expect(asked(sandbox)).toEqual([list, list, read('sub_ada'), cancel('sub_ada')]);
		}));

	test('gets the list of several, and a token for each with Cancel All', async () =>
		await onFunnelFox(async (sandbox) => {
			expect(await outcomes(byEmail(sandbox, [by('twin')], { node }))).toMatchObject([
				{ outcome: 'refused', candidates: [{ target: 'sub_twin_1' }, { target: 'sub_twin_2' }] },
			]);
			const all = { ifSeveral: 'all' };
			const shown = await outcomes(byEmail(sandbox, [by('twin')], { node, options: all }));
			expect(outcomesOf(shown)).toEqual(['preview', 'preview']);
			const [{ planToken: other }] = await outcomes(byEmail(sandbox, [by('ada')], { node }));
			const held = await outcomes(
				byEmail(sandbox, [by('twin')], { node, options: { ...all, planToken: other } }),
			);
			expect(held).toMatchObject([
				{ outcome: 'refused', message: expect.stringContaining('one item a call') },
				{ outcome: 'refused', message: expect.stringContaining('one item a call') },
			]);
			expect(accepted(sandbox)).toEqual(new Map());
			const [{ planToken }] = shown;
			const options = { ...all, planToken };
			expect(await outcomes(byEmail(sandbox, [by('twin')], { node, options }))).toMatchObject([
				{ outcome: 'scheduled', target: 'sub_twin_1' },
			]);
			expect(accepted(sandbox)).toEqual(once('sub_twin_1'));
		}));

	test('behind a sub-workflow gets a dry run where a plan token is required', async () =>
		await onFunnelFox(async (sandbox) => {
			const options = { requirePlanToken: true };
			expect(await outcomes(byEmail(sandbox, [by('ada')], { options }))).toMatchObject([
				{ outcome: 'preview', target: 'sub_ada', dryRun: true },
			]);
			expect(asked(sandbox)).toEqual([list]);
		}));
});
