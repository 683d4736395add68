import { faultKinds } from '../../sandbox/scenario';
import type { Fault } from '../../sandbox/server';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const headers = signed.funnelFox;
const base = '/funnelfox/public/v1/subscriptions';

const cancel = (id = 'sub_ada', signal?: AbortSignal) =>
	ask(own.sandbox, 'POST', `${base}/${id}/cancel`, { headers, signal });
const get = (id = 'sub_ada') => ask(own.sandbox, 'GET', `${base}/${id}`, { headers });
const fault = (more: Omit<Fault, 'provider'>) =>
	own.sandbox.fault({ provider: 'funnelFox', ...more });
const written = () => own.sandbox.journal().length;

describe('a fault before the write', () => {
	it.each([
		['rateLimit', 429],
		['rateLimitSilent', 429],
		['serverErrorBefore', 500],
		['badGateway', 502],
		['html', 200],
		['empty', 200],
		['redirect', 302],
		['unauthorized', 401],
		['forbidden', 403],
		['errorInside', 200],
		['emptyList', 200],
		['otherRecord', 200],
		['queued', 202],
	] as const)('%s answers %i once and writes nothing', async (kind, status) => {
		fault({ kind });
		expect((await cancel()).status).toBe(status);
		expect(written()).toBe(0);
		expect((await cancel()).status).toBe(200);
		expect(own.sandbox.requests()[0]).toMatchObject({ fault: kind, status });
	});

	it('rateLimit has a Retry-After in seconds or as a date', async () => {
		fault({ kind: 'rateLimit', retryAfter: 7 });
		expect((await cancel()).headers.get('retry-after')).toBe('7');
		own.sandbox.clearFaults();
		fault({ kind: 'rateLimit', retryAfter: 'date:+2' });
		const date = Date.parse((await cancel()).headers.get('retry-after') ?? '');
		expect(date - Date.now()).toBeGreaterThan(1_000);
		expect(date - Date.now()).toBeLessThanOrEqual(3_000);
	});

	it.each([
		[3600, '3600'],
		['99999999999999999999', '99999999999999999999'],
		[-5, '-5'],
		['1, 2', '1, 2'],
		['Wed, 21 Oct 2099 07:28:00 GMT', 'Wed, 21 Oct 2099 07:28:00 GMT'],
	])('rateLimit sends the Retry-After %s unchanged', async (retryAfter, text) => {
		fault({ kind: 'rateLimit', retryAfter });
		expect((await cancel()).headers.get('retry-after')).toBe(text);
	});

	it('rateLimitSilent has no Retry-After', async () => {
		fault({ kind: 'rateLimitSilent' });
		expect((await cancel()).headers.get('retry-after')).toBeNull();
	});

	it('html and badGateway respond with an HTML page', async () => {
		fault({ kind: 'html' });
		expect(await cancel()).toMatchObject({ type: 'text/html; charset=utf-8', body: undefined });
		own.sandbox.clearFaults();
		fault({ kind: 'badGateway' });
		expect((await cancel()).text).toContain('502 Bad Gateway');
	});

	it('errorInside, emptyList and queued respond without a record', async () => {
		for (const [kind, body] of [
			['errorInside', { error: 'no' }],
			['emptyList', []],
			['queued', { status: 'queued' }],
		] as const) {
			own.sandbox.clearFaults();
			fault({ kind });
			expect((await cancel()).body).toEqual(body);
		}
	});

	it('redirect has the given location', async () => {
		fault({ kind: 'redirect', location: 'http://127.0.0.1:9/' });
		expect((await cancel()).headers.get('location')).toBe('http://127.0.0.1:9/');
	});

	it('dropBefore closes the connection', async () => {
		fault({ kind: 'dropBefore' });
		await expect(cancel()).rejects.toThrow('fetch failed');
		expect(written()).toBe(0);
		expect(own.sandbox.requests()[0].status).toBeNull();
	});

	it('timeoutBefore delays the response and writes nothing', async () => {
		fault({ kind: 'timeoutBefore', delayMs: 80 });
		const start = performance.now();
		expect((await cancel()).status).toBe(504);
		expect(performance.now() - start).toBeGreaterThan(70);
		expect(written()).toBe(0);
	});
});

describe('a fault after the write', () => {
	it('serverErrorAfter responds 500 although the subscription is cancelled', async () => {
		fault({ kind: 'serverErrorAfter' });
		expect(await cancel()).toMatchObject({
			status: 500,
			body: { message: 'Internal server error' },
		});
		expect(written()).toBe(1);
		expect((await get()).body.status).toBe('cancelled');
	});

	it('dropAfter closes the connection', async () => {
		fault({ kind: 'dropAfter' });
		await expect(cancel()).rejects.toThrow('fetch failed');
		expect(written()).toBe(1);
		expect(own.sandbox.requests()[0].status).toBeNull();
	});

	it('timeoutAfter writes at once, before the client times out', async () => {
		fault({ kind: 'timeoutAfter' });
		await expect(cancel('sub_ada', AbortSignal.timeout(60))).rejects.toThrow(/abort|timeout/);
		expect(written()).toBe(1);
	});

	it('slow delays a correct response', async () => {
		fault({ kind: 'slow', delayMs: 60 });
		const start = performance.now();
		expect((await cancel()).body.status).toBe('cancelled');
		expect(performance.now() - start).toBeGreaterThan(50);
	});

	it('wrongContentType declares JSON as plain text', async () => {
		fault({ kind: 'wrongContentType' });
		expect(await cancel()).toMatchObject({
			status: 200,
			type: 'text/plain; charset=utf-8',
			body: { status: 'cancelled' },
		});
	});
});

describe('a write that is accepted late', () => {
	const later = async (delayMs: number) => {
		fault({ kind: 'lateAccept', delayMs });
		await expect(cancel('sub_ada', AbortSignal.timeout(20))).rejects.toThrow(/abort|timeout/);
	};

	it('takes effect after its delay, although the client has disconnected', async () => {
		await later(150);
		expect(written()).toBe(0);
		expect((await get()).body.status).toBe('active');
		while (written() === 0) await new Promise((next) => setTimeout(next, 10));
		expect((await get()).body.status).toBe('cancelled');
		expect(own.sandbox.requests()[0]).toMatchObject({ fault: 'lateAccept', status: null });
	});

	it('is confirmed to a client that waits', async () => {
		fault({ kind: 'lateAccept', delayMs: 30 });
		expect(await cancel()).toMatchObject({ status: 200, body: { status: 'cancelled' } });
	});

	it('has no effect after a reset', async () => {
		await later(60);
		own.sandbox.reset();
		await new Promise((next) => setTimeout(next, 120));
		expect(written()).toBe(0);
		expect((await get()).body.status).toBe('active');
	});
});

describe('a fault of reads only', () => {
	it.each(faultKinds)('%s applies to reads, while writes succeed', async (kind) => {
		fault({ kind, on: 'read', times: 0, delayMs: 20, retryAfter: 1 });
		expect(await cancel()).toMatchObject({ status: 200, body: { status: 'cancelled' } });
		await get().catch(() => 'no answer');
		expect(own.sandbox.requests().map((request) => request.fault)).toEqual([undefined, kind]);
	});

	it('delays a read while a write is accepted', async () => {
		fault({ kind: 'timeoutBefore', on: 'read', times: 0 });
		const signal = AbortSignal.timeout(50);
		const read = ask(own.sandbox, 'GET', `${base}/sub_ada`, { headers, signal });
		const isUnanswered = expect(read).rejects.toThrow(/abort|timeout/);
		expect((await cancel()).status).toBe(200);
		await isUnanswered;
	});
});

describe('the response of another record', () => {
	const { firstPromoterV1: v1, firstPromoterV2: v2, reditus, smokeball, azotte } = signed;
	const firm = 'b471682e-fa17-4e46-b7fe-000000000001';
	const order = { orderIdentifier: 'or_ada', cancelationMethod: 'Normal' };

	it.each([
		['POST', `${base}/sub_ada/cancel`, headers, undefined, { id: 'sub_another' }],
		['GET', `${base}/sub_ada`, headers, undefined, { status: 'cancelled' }],
		['GET', base, headers, undefined, { data: [{ id: 'sub_another' }] }],
		[
			'POST',
			'/firstpromoter/api/v1/track/cancellation?uid=cus_ada',
			v1,
			undefined,
			{
				lead: { uid: 'cus_another' },
			},
		],
		[
			'GET',
			'/firstpromoter/api/v1/leads/show?uid=cus_ada',
			v1,
			undefined,
			{
				uid: 'cus_another',
				state: 'cancelled',
			},
		],
		[
			'POST',
			'/firstpromoter/api/v2/track/cancellation',
			v2,
			{ uid: 'cus_ada' },
			{
				lead: { uid: 'cus_another' },
			},
		],
		[
			'GET',
			'/firstpromoter/api/v2/company/referrals/cus_ada?find_by=uid',
			v2,
			undefined,
			{
				uid: 'cus_another',
			},
		],
		[
			'POST',
			'/reditus/api/v1/referrals/churn',
			reditus,
			{ referral_uid: 'cus_ada' },
			{
				data: { id: 'ref_another' },
			},
		],
		[
			'GET',
			'/reditus/api/v1/referrals?email_eq=ada@example.com',
			reditus,
			undefined,
			{
				data: [{ id: 'ref_another', attributes: { state: 'churned' } }],
			},
		],
		[
			'PATCH',
			`/smokeball/subscriptions/${firm}/resume`,
			smokeball,
			{},
			{
				id: expect.not.stringContaining(firm),
			},
		],
		['GET', `/smokeball/subscriptions/${firm}`, smokeball, undefined, { status: 'Canceled' }],
		[
			'PATCH',
			`/smokeball/subscriptions/${firm}/cancel`,
			smokeball,
			{},
			{
				cancellationType: 'Immediate',
			},
		],
		[
			'POST',
			'/azotte/api/v1/c2a/subscription/cancel/confirm',
			azotte,
			order,
			{
				status: { messageCode: 'SUCCESS' },
			},
		],
		[
			'GET',
			'/azotte/api/v1/c2a/subscription/cu.00.001',
			azotte,
			undefined,
			{
				result: [{ orderIdentifier: 'or_another', state: 'Canceled' }],
			},
		],
		[
			'GET',
			'/azotte/api/v1/c2a/customer/info?exId=cus_ada',
			azotte,
			undefined,
			{
				result: { externalIdentifier: 'cus_another' },
			},
		],
	])('to %s %s is well formed, and nothing is written', async (method, path, sign, json, body) => {
		own.sandbox.fault({ provider: '*', kind: 'otherRecord', on: 'any' });
		const got = await ask(own.sandbox, method, path, { headers: sign, json });
		expect(got.status).toBeLessThan(300);
		expect(got.body).toMatchObject(body);
		expect(own.sandbox.journal()).toEqual([]);
	});
});

describe('the requests that a fault applies to', () => {
	it('are the first n requests of each record', async () => {
		fault({ kind: 'rateLimitSilent', times: 2 });
		const answers = [];
		for (const id of ['sub_ada', 'sub_ben', 'sub_ada', 'sub_ada', 'sub_ben', 'sub_ben']) {
			answers.push((await cancel(id)).status);
		}
		expect(answers).toEqual([429, 429, 429, 200, 429, 200]);
	});

	it('are all requests with times 0', async () => {
		fault({ kind: 'forbidden', times: 0 });
		for (let round = 0; round < 3; round += 1) expect((await cancel()).status).toBe(403);
	});

	it('are those of one record, by any of its names', async () => {
		fault({ kind: 'forbidden', target: 'ben@example.com' });
		expect((await cancel('sub_ada')).status).toBe(200);
		expect((await cancel('sub_ben')).status).toBe(403);
	});

	it('are those of each n-th record in the order of arrival, without their repetitions', async () => {
		own.sandbox.seed({ bulk: { provider: 'funnelFox', count: 6, prefix: 'x' } });
		fault({ kind: 'serverErrorBefore', every: 3 });
		const statuses = [];
		for (let index = 1; index <= 6; index += 1) {
			statuses.push((await cancel(`sub_x_0000${index}`)).status);
		}
		expect(statuses).toEqual([200, 200, 500, 200, 200, 500]);
		expect((await cancel('sub_x_00003')).status).toBe(200);
	});

	it('are writes by default', async () => {
		fault({ kind: 'forbidden' });
		expect((await get()).status).toBe(200);
		fault({ kind: 'badGateway', on: 'read' });
		expect((await get()).status).toBe(502);
	});

	it('are those of its provider only', async () => {
		own.sandbox.fault({ provider: 'reditus', kind: 'forbidden' });
		expect((await cancel()).status).toBe(200);
		own.sandbox.fault({ provider: '*', kind: 'forbidden' });
		expect((await cancel('sub_ben')).status).toBe(403);
	});

	it('cannot be of an unknown kind or provider', () => {
		expect(() => own.sandbox.fault({ provider: 'unknown', kind: 'html' })).toThrow('unknown');
		expect(() => fault({ kind: 'earthquake' as 'html' })).toThrow('earthquake');
	});
});
