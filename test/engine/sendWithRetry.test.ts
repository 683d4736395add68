import { neverAborted } from '../../nodes/shared/contract/clock';
import type { ApiRequest } from '../../nodes/shared/contract/http';
import type { Account } from '../../nodes/shared/http/account';
import {
	requestWithRetry,
	type RequestContext,
	type RetryOptions,
} from '../../nodes/shared/http/requestWithRetry';
import { anyAccount, SampleApi, type ApiBehaviour } from './sampleProvider';
import { onVirtualClock, type VirtualClock } from './virtualClock';

const write: ApiRequest = { method: 'POST', path: '/subscriptions/sub_1/cancel' };
const read: ApiRequest = { path: '/subscriptions/sub_1' };

/** An account whose API responds to its requests like this, one after the other. */
const onAccount = async <T>(
	answers: ApiBehaviour[],
	test: (sent: {
		send: (request: ApiRequest, options?: Partial<RetryOptions>) => Promise<unknown>;
		/** Path and time of each request, ms since the first one could leave. */
		left: () => Array<[string, number]>;
		clock: VirtualClock;
		account: Account;
	}) => Promise<T>,
) =>
	await onVirtualClock(async (clock) => {
		const api = new SampleApi(clock);
		const next = () => answers.shift();
		api.onRead = next;
		api.onWrite = next;
		const account = anyAccount();
		const context: RequestContext = {
			...{ host: api.host, account, timeout: 10_000, maxAttempts: 3, signal: neverAborted },
			limits: { requestsPerMinute: 600_000, burst: 1000, concurrency: 50 },
		};
		const send = async (request: ApiRequest, options: Partial<RetryOptions> = {}) =>
			await requestWithRetry(context, request, { safe: false, ...options });
		const left = () => api.sent.map(({ path, at }): [string, number] => [path, at]);
		return await test({ send, left, clock, account });
	});
const ok: ApiBehaviour = { status: 200, body: {} };
const limited = (seconds?: number, more: Partial<ApiBehaviour> = {}): ApiBehaviour => ({
	status: 429,
	headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
	...more,
});

test('after an error of the server a read waits, and the account does not', async () =>
	await onAccount([{ status: 503 }, ok, ok], async ({ send, left, clock }) => {
		const first = send(read, { safe: true });
		await clock.sleep(10);
		await Promise.all([first, send({ path: '/other' }, { safe: true })]);
		expect(left().map(([path]) => path)).toEqual([read.path, '/other', read.path]);
		expect(left()[1][1]).toBe(10);
		expect(left()[2][1]).toBeGreaterThanOrEqual(501);
	}));

test('after a 429 the whole account waits, as long as Retry-After says', async () =>
	await onAccount([limited(5), ok, ok], async ({ send, left, clock }) => {
		const first = send(write);
		await clock.sleep(10);
		await Promise.all([first, send({ path: '/other' }, { safe: true })]);
		for (const [, at] of left().slice(1)) expect(at).toBeGreaterThanOrEqual(5000);
		for (const [, at] of left().slice(1)) expect(at).toBeLessThan(5100);
	}));

test.each([
	['a 429 without one does not shorten it', undefined, 60_000],
	['a later one does', 5, 5_000],
])('Retry-After holds: %s', async (_, seconds, ms) => {
	await onAccount(
		[limited(60), limited(seconds, { afterMs: 20 }), ok, ok],
		async ({ send, left }) => {
			await Promise.all([send(write), send({ path: '/other', method: 'POST' })]);
			const [, , third] = left();
			expect(third[1]).toBeGreaterThanOrEqual(ms);
			expect(third[1]).toBeLessThan(ms + 1000);
		},
	);
});

test('a wait of two minutes is made, and a longer one is the answer', async () => {
	await onAccount([limited(120), ok], async ({ send }) => {
		expect(await send(write)).toMatchObject({ answer: { status: 200 }, attempts: 2 });
	});
	await onAccount([limited(121)], async ({ send }) => {
		expect(await send(write)).toMatchObject({
			...{ answer: { status: 429 }, attempts: 1 },
			retryAt: '2026-11-21T10:02:01.001Z',
		});
		expect(await send(write)).toEqual({
			answer: {
				...{ kind: 'noResponse', delivered: 'no' },
				reason: expect.stringMatching(/^the account is limited until 2026-11-21T10:02:01/),
				retryAt: expect.stringMatching(/^2026-11-21T10:02:01/),
			},
			attempts: 0,
			retryAt: expect.stringMatching(/^2026-11-21T10:02:01/),
		});
	});
});

describe('an account that has the alternative to a request', () => {
	const alternativeTo = ({ path, ...request }: ApiRequest) =>
		/\/(cancel|end)$/.test(path)
			? { ...request, path: path.replace(/[^/]+$/, (name) => (name === 'end' ? 'cancel' : 'end')) }
			: undefined;
	const isUnavailable = ({ status }: { status: number }) => status === 400;
	const alternatives = { isUnavailable, alternativeTo };
	const none: ApiBehaviour = { status: 400, body: {} };

	test('gets that one, which comes first from then on', async () =>
		await onAccount([none, ok, ok, none, ok, ok], async ({ send, left, account }) => {
			account.alternatives = alternatives;
			const onAttempt = jest.fn();
			const onNotAccepted = jest.fn();
			const result = await send(write, { onAttempt, onNotAccepted });
			expect(result).toMatchObject({ answer: { status: 200 }, attempts: 2 });
			expect([onAttempt, onNotAccepted].map(({ mock }) => mock.calls.length)).toEqual([2, 1]);
			for (let count = 0; count < 3; count++) await send(write);
			expect(left().map(([path]) => path.replace(/.*\//, ''))).toEqual([
				...['cancel', 'end', 'end'],
				// It has changed.
				...['end', 'cancel', 'cancel'],
			]);
		}));

	test('that has neither gives the second answer, and gets both again', async () =>
		await onAccount([none, none, none, none], async ({ send, left, account }) => {
			account.alternatives = alternatives;
			for (let count = 0; count < 2; count++) {
				expect(await send(write)).toMatchObject({ answer: { status: 400 }, attempts: 2 });
			}
			expect(left().map(([path]) => path.replace(/.*\//, ''))).toEqual([
				...['cancel', 'end', 'cancel', 'end'],
			]);
		}));

	test('gets a request without an alternative once', async () =>
		await onAccount([none, none], async ({ send, account }) => {
			account.alternatives = alternatives;
			expect(await send(read)).toMatchObject({ answer: { status: 400 }, attempts: 1 });
			account.alternatives = undefined;
			expect(await send(write)).toMatchObject({ answer: { status: 400 }, attempts: 1 });
		}));
});
