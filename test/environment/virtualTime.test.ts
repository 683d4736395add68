import { startSandbox } from '../../sandbox/server';
import { cancelling, onFunnelFox, seeded } from '../engine/funnelFoxNode';
import { runNode } from '../host/harness';
import { virtualTime } from '../host/virtualTime';

/** Milliseconds of virtual and of real time that a piece of work takes. */
async function timed(work: () => Promise<unknown>): Promise<{ virtual: number; real: number }> {
	const [virtual, real] = [virtualTime().monotonicNow(), performance.now()];
	await work();
	return { virtual: virtualTime().monotonicNow() - virtual, real: performance.now() - real };
}

test('a node waits minutes for its rate limit, and the test does not', async () =>
	await onFunnelFox(async (sandbox) => {
		const setting = cancelling(sandbox, seeded(sandbox, 3), { options: { requestsPerMinute: 1 } });
		const { virtual, real } = await timed(async () => await runNode(setting));
		expect(virtual).toBeGreaterThan(60_000);
		expect(real).toBeLessThan(30_000);
		const [first, ...others] = sandbox.journal('funnelFox').map(({ at }) => Date.parse(at));
		expect(others.at(-1)! - first).toBeGreaterThan(60_000);
	}));

test('a response that the sandbox holds back is waited for, as long as the node does', async () =>
	await onFunnelFox(async (sandbox) => {
		sandbox.latency('funnelFox', 8000);
		const items = [{ id: 'sub_ada' }];
		const { virtual } = await timed(async () => {
			const { main } = await runNode(cancelling(sandbox, items));
			expect(main[0].json).toMatchObject({ outcome: 'scheduled', attempts: 1 });
		});
		expect(virtual).toBeGreaterThanOrEqual(8000);
	}));

test('several waits end in their order', async () => {
	const ended: number[] = [];
	const waits = [3000, 1000, 2000].map(async (ms) => {
		await virtualTime().sleep(ms);
		ended.push(ms);
	});
	await Promise.all(waits);
	expect(ended).toEqual([1000, 2000, 3000]);
});

test('a sandbox serves the providers that are asked for', async () => {
	const sandbox = await startSandbox({ providers: ['funnelFox'] });
	try {
		const statusOf = async (path: string) => (await fetch(sandbox.url + path)).status;
		expect(await statusOf('/funnelfox/public/v1/subscriptions')).toBe(401);
		expect(await statusOf('/reditus/api/referrals')).toBe(404);
	} finally {
		await sandbox.close();
	}
});
