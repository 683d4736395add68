import type { IDataObject } from 'n8n-workflow';

import { facts as azotte } from '../providers/azotte/facts';
import { byId } from '../providers/facts';
import { facts as firstPromoter } from '../providers/firstPromoter/facts';
import { runner } from '../providers/run';
import { retrySaved, runNode, type Setting } from '../host/harness';
import { virtualTime } from '../host/virtualTime';
import { accepted, cancelling, onSandbox, seeded } from './funnelFoxNode';
import { onServer, type ReceivedRequest } from './scriptedServer';

const continuing = { onError: 'continueRegularOutput' as const };
const record = (over = false) => ({
	id: 'sub_ada',
	status: over ? 'cancelled' : 'active',
	renews: !over,
	period_ends_at: '2099-12-31T00:00:00Z',
});

/** What a dry run for Ada comes out with. */
const preview = async (url: string): Promise<IDataObject> => {
	const setting = cancelling({ url }, [{ id: 'sub_ada' }], { ...continuing, dryRun: true });
	return (await runNode(setting)).main[0].json;
};

describe('a check that needs the record sends nothing where it cannot be read', () => {
	test('a dry run, so that there is no plan token of what was not read', async () =>
		await onSandbox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'html', on: 'read', times: 0 });
			const { main } = await runNode(
				cancelling(sandbox, [{ id: 'sub_ada' }], { ...continuing, dryRun: true }),
			);
			expect(main[0].json).toMatchObject({ ok: false, outcome: 'refused', attempts: 0 });
			expect(main[0].json).not.toHaveProperty('planToken');
		}));

	test.each([
		[200, 'the response is not the record (HTTP 200: Well.)'],
		[299, 'the response is not the record (HTTP 299: Well.)'],
		[300, 'HTTP 300: Well.'],
		[418, 'HTTP 418: Well.'],
	])(
		'a dry run, and says what came instead of the record: %i',
		async (status, why) =>
			await onServer(
				() => ({ status, body: { message: 'Well.' } }),
				async ({ url }) => {
					const json = await preview(url);
					expect(json).toMatchObject({
						outcome: 'refused',
						description: `The record could not be read: ${why}. It has to be read before anything is sent.`,
					});
				},
			),
	);

	test('a dry run whose look is denied with a record: it is not believed', async () =>
		await onServer(
			() => ({ status: 403, body: record() }),
			async ({ url }) => {
				const json = await preview(url);
				expect(json).toMatchObject({ outcome: 'unauthorized' });
			},
		));

	test('a dry run of an account that is closed for long, and says when to come back', async () =>
		await onServer(
			() => ({ status: 429, headers: { 'Retry-After': '3600' } }),
			async ({ url, asked }) => {
				const { main } = await runNode(
					cancelling({ url }, [{ id: 'sub_ada' }, { id: 'sub_ben' }], {
						...continuing,
						dryRun: true,
						options: { maxConcurrency: 1 },
					}),
				);
				for (const { json } of main) {
					expect(json).toMatchObject({ outcome: 'rateLimited', attempts: 0 });
					expect(json.message).toContain('Run it again after 20');
				}
				expect(asked).toHaveLength(1);
			},
		));

	test('Reactivate', async () =>
		await onSandbox(async (sandbox) => {
			sandbox.fault({ provider: 'firstPromoter', kind: 'html', on: 'read', times: 0 });
			const { setting } = runner('firstPromoter', 'referral', firstPromoter.account(sandbox.url));
			const who = { identifyBy: 'email', email: 'cleo@example.com' };
			const { main } = await runNode(setting('restore', { apiVersion: 'v1', ...who }));
			expect(main[0].json).toMatchObject({ outcome: 'refused', attempts: 0 });
			expect(sandbox.journal('firstPromoter')).toHaveLength(0);
		}));

	test("Azotte's look for an app store", async () =>
		await onSandbox(async (sandbox) => {
			sandbox.fault({ provider: 'azotte', kind: 'html', on: 'read', times: 0 });
			const { setting } = runner('azotte', 'subscription', azotte.account(sandbox.url));
			const order = { orderIdentifier: byId('or_ada'), customerUrn: 'cu.00.001' };
			const { main } = await runNode(setting('confirmCancel', order));
			expect(main[0].json).toMatchObject({ outcome: 'refused', attempts: 0 });
			expect(sandbox.journal('azotte')).toHaveLength(0);
		}));

	test.each([
		['unauthorized', 'unauthorized'],
		['forbidden', 'unauthorized'],
		['rateLimit', 'rateLimited'],
	] as const)(
		'a look that is answered with "%s" ends the item as %s, and counts no try',
		async (kind, outcome) =>
			await onSandbox(async (sandbox) => {
				sandbox.fault({ provider: 'funnelFox', kind, on: 'read', times: 0, retryAfter: 0 });
				const { main } = await runNode(
					cancelling(sandbox, [{ id: 'sub_ada' }], {
						...continuing,
						options: { expectedEmail: 'ada@example.com' },
					}),
				);
				expect(main[0].json).toMatchObject({ outcome, attempts: 0, requestedAt: null });
				expect(main[0].json.message).not.toContain('after 0');
				expect(sandbox.journal()).toHaveLength(0);
			}),
	);
});

test('after a clear no one look is enough', async () =>
	await onServer(
		({ method }) =>
			method === 'POST'
				? { status: 400, body: { message: 'Well.' } }
				: { status: 200, body: record() },
		async ({ url, asked }) => {
			const { main } = await runNode(cancelling({ url }, [{ id: 'sub_ada' }], continuing));
			expect(main[0].json).toMatchObject({ outcome: 'notCancellable', attempts: 1 });
			expect(asked.map(({ method }) => method)).toEqual(['POST', 'GET']);
		},
	));

const ofAda = { orderIdentifier: byId('or_ada'), customerUrn: 'cu.00.001' };
const order = {
	orderIdentifier: 'or_ada',
	state: 'Active',
	subscriptionChannel: 'ExternalPartner',
};
const orders = { result: [order], status: { messageCode: 'SUCCESS' } };
const confirming = (url: string, more: Partial<Setting> = {}) =>
	runner('azotte', 'subscription', azotte.account(url)).setting('confirmCancel', ofAda, {
		...continuing,
		...more,
	});

test('a clear no stands where the record may change later', async () =>
	await onServer(
		({ method }) =>
			method === 'POST'
				? { status: 409, body: { status: { messageCode: 'SUBSCRIPTION_NOT_CANCELABLE' } } }
				: { status: 200, body: orders },
		async ({ url }) => {
			const { main } = await runNode(confirming(url));
			expect(main[0].json).toMatchObject({ outcome: 'notCancellable', attempts: 1 });
		},
	));

test('what failed for certain says what its record still is', async () =>
	await onServer(
		({ method }) =>
			method === 'POST'
				? { status: 500, body: { message: 'Well.' } }
				: { status: 200, body: record() },
		async ({ url }) => {
			const options = { maxAttempts: 1 };
			const { main } = await runNode(
				cancelling({ url }, [{ id: 'sub_ada' }], { ...continuing, options }),
			);
			expect(main[0].json).toMatchObject({
				...{ outcome: 'failed', attempts: 1 },
				description: 'HTTP 500: Well. It was read afterwards: still "active".',
			});
		},
	));

describe('Retry-After of an hour', () => {
	test('ends all items of the account at once, each with the time to come back', async () =>
		await onSandbox(async (sandbox) => {
			const items = seeded(sandbox, 6);
			sandbox.fault({ provider: 'funnelFox', kind: 'rateLimit', retryAfter: 3600, times: 0 });
			const { main } = await runNode(
				cancelling(sandbox, items, { ...continuing, options: { maxConcurrency: 2 } }),
			);
			expect(main.map(({ json }) => json.outcome)).toEqual(items.map(() => 'rateLimited'));
			for (const { json } of main) {
				expect(json.message).toMatch(/Run it again after \d{4}-\d\d-\d\dT/);
				expect(json.message).not.toContain('after 0');
			}
			const [waited] = main.filter(({ json }) => json.attempts === 0);
			expect(waited.json.description).toMatch(
				/^It was not sent: the account is limited until \d{4}-\d\d-\d\dT.+Z\.$/,
			);
			expect(sandbox.requests('funnelFox').length).toBeLessThanOrEqual(2);
		}));

	test('to a look is not waited for either', async () =>
		await onServer(
			() => ({ status: 503, headers: { 'Retry-After': '3600' } }),
			async ({ url, asked }) => {
				const json = await preview(url);
				expect(json).toMatchObject({ ok: false, attempts: 0 });
				expect(asked).toHaveLength(1);
			},
		));

	test.each(['99999999999999999999', '-5', '1, 2'])(
		'a Retry-After of %j does not turn the item into invalid input',
		async (retryAfter) =>
			await onSandbox(async (sandbox) => {
				sandbox.fault({ provider: 'funnelFox', kind: 'rateLimit', retryAfter, times: 0 });
				const { main } = await runNode(
					cancelling(sandbox, [{ id: 'sub_ada' }], { ...continuing, options: { maxAttempts: 1 } }),
				);
				expect(main[0].json).toMatchObject({ outcome: 'rateLimited', attempts: 1 });
			}),
	);
});

test('a look that fails is tried again half a second later', async () => {
	const at: number[] = [];
	await onServer(
		({ before }) => {
			at.push(virtualTime().monotonicNow());
			return before === 0 ? { status: 503 } : { status: 200, body: record() };
		},
		async ({ url }) => {
			const json = await preview(url);
			expect(json).toMatchObject({ outcome: 'preview' });
			expect(at).toHaveLength(2);
			expect(at[1] - at[0]).toBeGreaterThan(450);
		},
	);
});

describe('what counts as accepted', () => {
	test('"already cancelled" does not: it uses up no limit and has no time of acceptance', async () =>
		await onSandbox(async (sandbox) => {
			const options = { maxPerExecution: 1 };
			const first = await runNode(cancelling(sandbox, [{ id: 'sub_cleo' }], { options }));
			expect(first.main[0].json).toMatchObject({
				outcome: 'alreadyCancelled',
				requestedAt: null,
			});
			const { main } = await runNode(
				cancelling(sandbox, [{ id: 'sub_ada' }], { options, continued: first.run.data }),
			);
			expect(main[0].json).toMatchObject({
				outcome: 'scheduled',
				requestedAt: expect.stringMatching(/Z$/),
			});
		}));

	test('neither does "nothing to cancel"', async () =>
		await onServer(
			({ method }) =>
				method === 'GET' ? { status: 404, body: { error: 'Lead not found' } } : { status: 204 },
			async ({ url }) => {
				const { setting } = runner('firstPromoter', 'referral', firstPromoter.account(url));
				const who = { apiVersion: 'v1', identifyBy: 'email', email: 'ada@example.com' };
				const { main } = await runNode(setting('cancel', who));
				expect(main[0].json).toMatchObject({ outcome: 'nothingToCancel', requestedAt: null });
			},
		));

	test('an answer of Request Cancel neither; its reasons come out of the second of two equal items, too', async () =>
		await onSandbox(async (sandbox) => {
			const { setting } = runner('azotte', 'subscription', azotte.account(sandbox.url));
			const items = [{}, {}, { bad: true }];
			const orderIdentifier = byId('={{ $json.bad ? "" : "or_ada" }}');
			const { main } = await runNode(setting('requestCancel', { orderIdentifier }, { items }));
			for (const { json } of main.slice(0, 2)) {
				expect(json).toMatchObject({ outcome: 'readyToConfirm', requestedAt: null });
				expect(json.response).toMatchObject({ cancellationReasons: expect.any(Array) });
			}
		}));

	test('on Retry On Fail Request Cancel is asked again, and answered', async () =>
		await onSandbox(async (sandbox) => {
			sandbox.fault({
				provider: 'azotte',
				kind: 'serverErrorBefore',
				target: 'or_ben',
				on: 'any',
			});
			const { setting } = runner('azotte', 'subscription', azotte.account(sandbox.url));
			const items = ['or_ada', 'or_ben'].map((order) => ({ order }));
			const fields = { orderIdentifier: byId('={{ $json.order }}'), options: { maxAttempts: 1 } };
			const { main } = await runNode(
				setting('requestCancel', fields, { items, onError: undefined, maxTries: 3 }),
			);
			expect(main).toHaveLength(2);
			for (const { json } of main) expect(json.response).toHaveProperty('cancellationReasons');
		}));
});

test('a call that was sent says so, although the look after it is forbidden', async () =>
	await onSandbox(async (sandbox) => {
		sandbox.fault({ provider: 'funnelFox', kind: 'forbidden', on: 'read', times: 0 });
		const { main } = await runNode(cancelling(sandbox, [{ id: 'sub_cleo' }], continuing));
		expect(main[0].json).toMatchObject({
			outcome: 'notCancellable',
			attempts: 1,
			httpStatus: 400,
		});
		expect(main[0].json.message).not.toContain('Nothing was sent');
	}));

test('a 403 on a look locks the account: the rest is skipped', async () =>
	await onSandbox(async (sandbox) => {
		sandbox.fault({ provider: 'funnelFox', kind: 'forbidden', on: 'read', times: 0 });
		const { main } = await runNode(
			cancelling(sandbox, seeded(sandbox, 4), {
				...continuing,
				options: { expectedStatus: 'active', maxConcurrency: 1 },
			}),
		);
		expect(main.map(({ json }) => json.outcome)).toEqual([
			'unauthorized',
			'skipped',
			'skipped',
			'skipped',
		]);
		expect(sandbox.requests('funnelFox')).toHaveLength(1);
	}));

test('a retry with Dry Run switched on shows what would happen now, and not the accepted item again', async () =>
	await onSandbox(async (sandbox) => {
		const items = [{ id: 'sub_ada' }, { id: 'nope' }];
		const first = await runNode(cancelling(sandbox, items));
		expect(accepted(sandbox).size).toBe(1);
		const { main } = await retrySaved(
			cancelling(sandbox, items, { ...continuing, dryRun: true }),
			first.run,
		);
		expect(main[0].json).toMatchObject({
			outcome: 'preview',
			dryRun: true,
			wouldBe: { outcome: 'alreadyCancelled' },
		});
	}));

test.each(['DEFAULT', 'Mars/Olympus', ''])(
	'what was carried out comes out, whatever the workflow calls its time zone: %j',
	async (timezone) =>
		await onSandbox(async (sandbox) => {
			const { main, thrown } = await runNode(
				cancelling(sandbox, [{ id: 'sub_ada' }, { id: 'sub_ben' }], { ...continuing, timezone }),
			);
			expect(thrown).toBeUndefined();
			expect(main.map(({ json }) => json.outcome)).toEqual(['scheduled', 'scheduled']);
			expect(main[0].json.summary).toMatch(/^ada@example\.com: cancelled, ends on \d+ \w+ \d{4} /);
		}),
);

describe('when an execution is stopped', () => {
	/** Stops it as soon as so many requests have come in. */
	const stopAfter =
		(count: number, asked: ReceivedRequest[]): Setting['onStart'] =>
		async (running) => {
			while (asked.length < count) await virtualTime().sleep(20);
			running.cancel();
		};

	test('in Continue mode nothing more leaves, and what did not leave is skipped', async () =>
		await onServer(
			() => ({ status: 200, body: record(true), delayMs: 500 }),
			async ({ url, asked }) => {
				const ids = Array.from({ length: 13 }, (_, at) => ({ id: `sub_${at}` }));
				await runNode(
					cancelling({ url }, ids, {
						...continuing,
						options: { maxConcurrency: 2 },
						onStart: stopAfter(1, asked),
					}),
				);
				await virtualTime().sleep(2500);
				expect(asked.length).toBeLessThanOrEqual(2);
			},
		));

	test('during a look, the write behind it does not leave', async () =>
		await onServer(
			() => ({ status: 200, body: record(), delayMs: 1000 }),
			async ({ url, asked }) => {
				await runNode(
					cancelling({ url }, [{ id: 'sub_ada' }], {
						...continuing,
						options: { expectedStatus: 'active' },
						onStart: stopAfter(1, asked),
					}),
				);
				await virtualTime().sleep(2500);
				expect(asked.map(({ method }) => method)).toEqual(['GET']);
			},
		));

	test('during the look after an accepted call, what was accepted stays so', async () =>
		await onServer(
			({ method, before }) => ({
				...{ status: 200, delayMs: method === 'GET' && before > 0 ? 1500 : 0 },
				body: orders,
			}),
			async ({ url, asked }) => {
				const { main } = await runNode(confirming(url, { onStart: stopAfter(3, asked) }));
				expect(main[0].json).toMatchObject({
					...{ ok: true, outcome: 'pendingProvider' },
					note: expect.stringContaining('could not be read afterwards'),
				});
			},
		));

	test('an item whose call never left is not unknown', async () => {
		const { main } = await runNode(
			cancelling({ url: 'http://127.0.0.1:1' }, [{ id: 'sub_ada' }], {
				...continuing,
				// Between its third try and its fourth.
				onStart: (running) =>
					void virtualTime()
						.sleep(2500)
						.then(() => running.cancel()),
			}),
		);
		expect(main[0].json).toMatchObject({ outcome: 'skipped', attempts: 0 });
	});

	test('an item whose call has left is unknown, and no text says that nothing was sent', async () =>
		await onServer(
			() => 'silence',
			async ({ url, asked }) => {
				const { thrown } = await runNode(
					cancelling({ url }, [{ id: 'sub_ada' }], {
						options: { timeout: 800 },
						onStart: stopAfter(1, asked),
					}),
				);
				expect(thrown?.message).not.toContain('Nothing was sent');
				expect(thrown?.description ?? '').not.toContain('Nothing was sent');
			},
		));
});
