import { isRetryable, retryDelay } from '../../nodes/shared/http/requestWithRetry';
import type { CallResult } from '../../nodes/shared/http/response';
import { keys } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { runNode } from '../host/harness';
import { virtualTime } from '../host/virtualTime';
import { cancelling, onFunnelFox, seeded } from './funnelFoxNode';

const reply = (status: number, headers: Record<string, string> = {}): CallResult => ({
	kind: 'response',
	status,
	headers,
	body: {},
});
const silence = (delivered: 'no' | 'maybe', final = false): CallResult => ({
	kind: 'noResponse',
	delivered,
	reason: '',
	permanent: final,
});

describe('whether a request is sent again', () => {
	test.each([
		['a 429', reply(429), true, true],
		['a call that never left', silence('no'), true, true],
		['a call without a credential', silence('no', true), false, false],
		['silence', silence('maybe'), false, true],
		['a 500', reply(500), false, true],
		['a 503', reply(503), false, true],
		['a 200', reply(200), false, false],
		['a 302', reply(302), false, false],
		['a 400', reply(400), false, false],
		['a 401', reply(401), false, false],
		['a 404', reply(404), false, false],
		['a 409', reply(409), false, false],
	])('%s', (_, answer, asWrite, ifHarmless) => {
		expect(isRetryable(answer, false)).toBe(asWrite);
		expect(isRetryable(answer, true)).toBe(ifHarmless);
	});
});

describe('how long a retry waits', () => {
	const now = Date.parse('2026-11-21T10:00:00Z');
	test('as many seconds as Retry-After says', () => {
		expect(retryDelay(3, reply(429, { 'retry-after': '7' }), now)).toBe(7000);
	});
	test('until the date that Retry-After says', () => {
		const headers = { 'retry-after': 'Sat, 21 Nov 2026 10:00:09 GMT' };
		expect(retryDelay(1, reply(503, headers), now)).toBe(9000);
	});
	test('not at all when that date has passed', () => {
		const headers = { 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT' };
		expect(retryDelay(1, reply(429, headers), now)).toBe(0);
	});
	test.each([
		[1, 500],
		[2, 1000],
		[4, 4000],
		[20, 30_000],
	])('before try %i without Retry-After: %i ms and up to a quarter more', (attempt, wait) => {
		expect(retryDelay(attempt, reply(429), now, 0)).toBe(wait);
		expect(retryDelay(attempt, reply(429, { 'retry-after': 'soon' }), now, 1)).toBe(wait * 1.25);
	});
});

test.each([
	['http://api.funnelfox.io/public/v1', /must start with https/],
	['not-a-url', /not a URL/],
])(
	'a base URL of %s gets no request',
	async (baseUrl, message) =>
		await onFunnelFox(async (sandbox) => {
			const setting = cancelling(sandbox, [{ id: 'sub_ada' }], {
				onError: 'continueRegularOutput',
			});
			setting.credentials = { funnelFoxApi: { ...keys.funnelFox, baseUrl } };
			const { main } = await runNode(setting);
			expect(main[0].json).toMatchObject({ outcome: 'invalid', attempts: 0 });
			expect(main[0].json.message).toMatch(message);
		}),
);

describe('sending', () => {
	const one = async (fault: object, options = {}) =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', times: 0, ...fault } as never);
			const { main } = await runNode(
				cancelling(sandbox, [{ id: 'sub_ada' }], { onError: 'continueRegularOutput', options }),
			);
			return {
				json: main[0].json,
				sandbox,
				requests: sandbox.requests('funnelFox'),
			};
		});

	test('a 401 is sent once and ends the item as unauthorized', async () => {
		const { json, requests } = await one({ kind: 'unauthorized', on: 'any' });
		expect(json).toMatchObject({ outcome: 'unauthorized', httpStatus: 401, attempts: 1 });
		expect(requests).toHaveLength(1);
	});

	test('a redirect of a write is not followed', async () => {
		const { json, requests } = await one({
			kind: 'redirect',
			location: '/funnelfox/public/v1/subscriptions/sub_ben/cancel',
		});
		expect(json).toMatchObject({ outcome: 'unknown', httpStatus: 302 });
		expect(json.description).toContain('redirect');
		expect(requests.filter(({ effect }) => effect === 'write')).toHaveLength(1);
	});

	test('a wait over the maximum is not made: the item says when to come back', async () => {
		const started = Date.now();
		const { json } = await one({ kind: 'rateLimit', retryAfter: 3600 });
		expect(json.outcome).toBe('rateLimited');
		const at = Date.parse(/Run it again after (\S+)\.(?: |$)/.exec(json.message as string)![1]);
		expect(at).toBeGreaterThan(started + 3_590_000);
		expect(at).toBeLessThan(started + 3_660_000);
	});

	test('Retry-After is waited for before the next try', async () => {
		const { json, requests } = await one({ kind: 'rateLimit', retryAfter: 1, times: 1 });
		expect(json).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		expect(Date.parse(requests[1].at) - Date.parse(requests[0].at)).toBeGreaterThanOrEqual(950);
	});

	test('an HTML page instead of an answer may be carried out later: it is read on, and not sent again', async () => {
		const { json, requests } = await one({ kind: 'html', times: 1 });
		expect(json).toMatchObject({ outcome: 'unknown', attempts: 1 });
		const [first, ...others] = requests.map(({ method }) => method);
		expect(first).toBe('POST');
		expect(others.length).toBeGreaterThan(2);
		expect(new Set(others)).toEqual(new Set(['GET']));
	});

	test('where nothing can be read after a doubtful answer, the item is unknown and says what to do', async () => {
		const { json, sandbox, requests } = await one(
			{ kind: 'serverErrorAfter', on: 'any' },
			{ maxAttempts: 2 },
		);
		expect(json).toMatchObject({ outcome: 'unknown', httpStatus: 500, attempts: 1 });
		expect(json.message).toContain('Check in FunnelFox before you run it again');
		expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
		expect(sandbox.journal()).toHaveLength(1);
	});

	test('a server that is down: nothing was sent, every try is counted, the item says so', async () => {
		const { main } = await runNode(
			cancelling({ url: 'http://127.0.0.1:9' }, [{ id: 'sub_ada' }], {
				onError: 'continueRegularOutput',
				options: { maxAttempts: 2 },
			}),
		);
		expect(main[0].json).toMatchObject({
			outcome: 'failed',
			attempts: 2,
			description: 'It was not sent: the connection was refused.',
		});
	});
});

/** Something came in, and nothing is on its way any more. */
async function allAnswered(sandbox: Sandbox) {
	const isQuiet = () => {
		const all = sandbox.requests('funnelFox');
		return all.length > 0 && all.every(({ status }) => status !== null);
	};
	do await virtualTime().sleep(300);
	while (!isQuiet());
}

test('the stop button ends a wait at once, and nothing more is sent', async () =>
	await onFunnelFox(async (sandbox) => {
		const items = seeded(sandbox, 20);
		sandbox.fault({ provider: 'funnelFox', kind: 'rateLimit', retryAfter: 60, times: 0 });
		const { thrown } = await runNode(
			cancelling(sandbox, items, {
				onStart: (running) => void allAnswered(sandbox).then(() => running.cancel()),
			}),
		);
		expect(sandbox.requests('funnelFox').length).toBeLessThanOrEqual(5);
		expect(thrown?.message).toContain('because the run was stopped between two tries');
	}));
