import { startSandbox } from '../../sandbox/server';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const headers = signed.funnelFox;
const base = '/funnelfox/public/v1/subscriptions';

const cancel = (id: string) => ask(own.sandbox, 'POST', `${base}/${id}/cancel`, { headers });
const control = (method: string, path: string, json?: unknown) =>
	ask(own.sandbox, method, `/_control${path}`, { json });

describe('the sandbox', () => {
	it('counts the maximum of concurrent requests', async () => {
		own.sandbox.fault({ provider: 'funnelFox', kind: 'timeoutBefore' });
		const caller = new AbortController();
		const held = ['sub_ada', 'sub_ben', 'sub_emil'].map((id) =>
			ask(own.sandbox, 'POST', `${base}/${id}/cancel`, { headers, signal: caller.signal }).catch(
				() => 'given up',
			),
		);
		while (own.sandbox.requests().length < 3) await new Promise((next) => setTimeout(next, 5));
		caller.abort();
		await Promise.all(held);
		expect(own.sandbox.maxInFlight('funnelFox')).toBe(3);
		expect(own.sandbox.maxInFlight()).toBe(3);
	});

	it('counts concurrent requests even if it responds at once', async () => {
		await Promise.all(['sub_ada', 'sub_ben', 'sub_emil', 'sub_fay'].map(cancel));
		own.sandbox.reset();
		await Promise.all(['sub_ada', 'sub_ben', 'sub_emil', 'sub_fay'].map(cancel));
		expect(own.sandbox.maxInFlight()).toBeGreaterThan(1);
	});

	it('does not count a request after its response', async () => {
		for (let round = 0; round < 30; round += 1) await cancel('sub_ada');
		expect(own.sandbox.maxInFlight()).toBe(1);
	});

	it('masks keys in the request log', async () => {
		await cancel('sub_ada');
		expect(JSON.stringify(own.sandbox.requests())).not.toContain(headers['fox-secret']);
		expect(own.sandbox.requests()[0]).toMatchObject({
			provider: 'funnelFox',
			method: 'POST',
			path: `${base}/sub_ada/cancel`,
			effect: 'write',
			target: 'sub_ada',
			status: 200,
		});
	});

	it('restores the initial state on a reset', async () => {
		await cancel('sub_ada');
		own.sandbox.fault({ provider: '*', kind: 'html', times: 0 });
		own.sandbox.limit('funnelFox', { perSecond: 1 });
		own.sandbox.reset();
		expect(own.sandbox.journal()).toEqual([]);
		expect((await cancel('sub_ada')).status).toBe(200);
		expect((await cancel('sub_ben')).status).toBe(200);
	});

	it('adds 5,000 customers', async () => {
		own.sandbox.seed({ bulk: { provider: '*', count: 5_000, prefix: 'crowd' } });
		expect((await cancel('sub_crowd_05000')).body.profile.email).toBe('crowd_05000@example.com');
	});

	it('freezes its clock', async () => {
		own.sandbox.freeze('2026-11-21T09:30:00.000Z');
		own.sandbox.reset();
		const { body } = await cancel('sub_ada');
		own.sandbox.freeze(null);
		expect(body).toMatchObject({
			cancelled_at: '2026-11-21T09:30:00.000Z',
			period_ends_at: '2026-12-03T00:00:00.000Z',
		});
		expect(own.sandbox.journal()[0].at).toBe('2026-11-21T09:30:00.000Z');
	});

	it('closes at once while a response is pending', async () => {
		const other = await startSandbox({
			scenario: { faults: [{ provider: '*', kind: 'timeoutAfter' }] },
		});
		const held = ask(other, 'POST', `${base}/sub_ada/cancel`, { headers }).catch(() => 'gone');
		while (other.journal().length === 0) await new Promise((next) => setTimeout(next, 5));
		await other.close();
		await held;
		expect(other.journal()).toHaveLength(1);
	});
});

describe('a limit', () => {
	it('accepts n requests per window and sends a Retry-After', async () => {
		own.sandbox.limit('funnelFox', { perSecond: 2, seconds: 60 });
		await cancel('sub_ada');
		await cancel('sub_ben');
		const refused = await cancel('sub_emil');
		expect(refused).toMatchObject({ status: 429, body: { message: 'Too many requests' } });
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
		expect(own.sandbox.journal()).toHaveLength(2);
	});

	it('refills a token bucket continuously', async () => {
		const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000);
		own.sandbox.limit('funnelFox', { perSecond: 20, burst: 1, retryAfter: 'none' });
		await cancel('sub_ada');
		const refused = await cancel('sub_ben');
		clock.mockReturnValue(1_050);
		const taken = await cancel('sub_ben');
		clock.mockRestore();
		expect(refused.status).toBe(429);
		expect(refused.headers.get('retry-after')).toBeNull();
		expect(taken.status).toBe(200);
	});

	it('can send Retry-After as a date, and can be removed', async () => {
		own.sandbox.limit('funnelFox', { requests: 1, seconds: 60, retryAfter: 'date' });
		await cancel('sub_ada');
		const refused = await cancel('sub_ben');
		expect(Date.parse(refused.headers.get('retry-after') ?? '')).toBeGreaterThan(Date.now());
		own.sandbox.limit('funnelFox', null);
		expect((await cancel('sub_ben')).status).toBe(200);
	});
});

describe('the control routes', () => {
	it('return state, journal, requests and counts', async () => {
		await cancel('sub_ada');
		const state = await control('GET', '/state');
		expect(state.body.providers.map(({ name }: { name: string }) => name)).toContain('funnelFox');
		expect((await control('GET', '/journal?provider=funnelfox')).body).toHaveLength(1);
		expect((await control('GET', '/requests')).body).toHaveLength(1);
		expect((await control('GET', '/stats')).body.providers.funnelFox).toMatchObject({
			requests: 1,
			writes: 1,
			repeatedWrites: 0,
			maxInFlight: 1,
			writesPerTarget: { sub_ada: 1 },
		});
	});

	it('count a write as repeated only if it follows the same write on its record', async () => {
		const lead = (path: string, method = 'POST') =>
			ask(own.sandbox, method, `/firstpromoter/api/v1${path}`, { headers: signed.firstPromoterV1 });
		const repeated = async () =>
			(await control('GET', '/stats')).body.providers.firstPromoter.repeatedWrites;
		await lead('/track/cancellation?uid=cus_ada');
		await lead('/leads/update?uid=cus_ada&state=active', 'PUT');
		await lead('/track/cancellation?uid=cus_ada');
		await lead('/track/cancellation?uid=cus_dora');
		expect(await repeated()).toBe(0);
		await lead('/track/cancellation?uid=cus_dora');
		expect(await repeated()).toBe(1);
	});

	it('add faults and clear them', async () => {
		const [added] = (await control('POST', '/faults', { provider: '*', kind: 'html' })).body;
		expect(added).toMatchObject({ kind: 'html', applied: 0 });
		await cancel('sub_ada');
		expect((await control('GET', '/faults')).body).toMatchObject([{ applied: 1 }]);
		expect((await control('DELETE', '/faults')).body).toEqual([]);
		expect(await control('POST', '/faults', { provider: 'x', kind: 'html' })).toMatchObject({
			status: 400,
			body: { message: expect.stringContaining('No provider "x"') },
		});
	});

	it('change and remove a record', async () => {
		await control('PUT', '/record/funnelFox/sub_ada', { status: 'paused' });
		const { body } = await ask(own.sandbox, 'GET', `${base}/sub_ada`, { headers });
		expect(body.status).toBe('paused');
		expect((await control('DELETE', '/record/funnelFox/sub_ada')).status).toBe(200);
		expect((await cancel('sub_ada')).status).toBe(404);
		expect((await control('PUT', '/record/funnelFox/sub_none', {})).status).toBe(404);
	});

	it('set limits, latency, clock, seed and scenario', async () => {
		await control('PUT', '/limits/funnelFox', { requests: 1, seconds: 60 });
		await cancel('sub_ada');
		expect((await cancel('sub_ben')).status).toBe(429);
		await control('PUT', '/limits/funnelFox', null);
		await control('PUT', '/latency/*', { ms: 30 });
		const start = performance.now();
		await cancel('sub_ben');
		expect(performance.now() - start).toBeGreaterThan(25);
		await control('POST', '/seed', { bulk: { provider: 'funnelFox', count: 2, prefix: 'y' } });
		expect((await cancel('sub_y_00002')).status).toBe(200);
		await control('PUT', '/clock', { at: '2026-01-01T00:00:00Z' });
		expect((await control('GET', '/state')).body.frozenAt).toBe('2026-01-01T00:00:00.000Z');
		await control('PUT', '/scenario', { clock: null, seed: { samples: false } });
		expect((await cancel('sub_ada')).status).toBe(404);
		await control('PUT', '/scenario', {});
		expect((await control('POST', '/reset')).status).toBe(200);
	});
});
