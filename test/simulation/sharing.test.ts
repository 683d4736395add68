import { type Counting, queueMode, type Round } from './queueMode';

jest.mock('n8n-workflow', () => ({
	sleep: async (ms: number) => await new Promise<void>((done) => setTimeout(done, ms)),
}));

beforeEach(() => jest.useFakeTimers({ now: Date.UTC(2026, 10, 21) }));
afterEach(() => jest.useRealTimers());

const share = ({ refused, requests }: Round) => refused / requests;

/** 400 webhooks, 20 a second, at a provider that takes 10 a second. */
const webhooks = 400;
const ideal = 40_000;

/** The longest wait of the worker that waited longest, as a multiple of the workers' mean. */
function unfairness({ waits }: Round): number {
	const longest = new Map<number, number>();
	for (const { worker, ms } of waits) longest.set(worker, Math.max(longest.get(worker) ?? 0, ms));
	const all = [...longest.values()];
	return Math.max(...all) / (all.reduce((sum, ms) => sum + ms, 0) / all.length);
}

interface Bounds {
	processes: number;
	counting: Counting;
	/** Refused at most, as a share of the requests: while nobody knows of the others, and then. */
	cold: number;
	next: number;
	/** The last accepted, as a multiple of the ideal. */
	time: number;
	/** Given up at most, of 400. */
	lost: number;
}

const bounds: Bounds[] = [
	{ processes: 1, counting: 'bucket', cold: 0, next: 0, time: 1, lost: 0 },
	{ processes: 2, counting: 'bucket', cold: 0.05, next: 0.01, time: 1.05, lost: 0 },
	{ processes: 4, counting: 'bucket', cold: 0.05, next: 0.01, time: 1.1, lost: 0 },
	{ processes: 8, counting: 'bucket', cold: 0.05, next: 0.01, time: 1.15, lost: 0 },
	{ processes: 16, counting: 'bucket', cold: 0.1, next: 0.03, time: 1.35, lost: 4 },
	{ processes: 1, counting: 'windows', cold: 0.01, next: 0.01, time: 1.1, lost: 0 },
	{ processes: 2, counting: 'windows', cold: 0.06, next: 0.06, time: 1.2, lost: 0 },
	{ processes: 4, counting: 'windows', cold: 0.06, next: 0.06, time: 1.2, lost: 0 },
	{ processes: 8, counting: 'windows', cold: 0.15, next: 0.06, time: 1.25, lost: 2 },
	// Each has less than one request a window: more processes than a limit has room for.
	{ processes: 16, counting: 'windows', cold: 0.3, next: 0.12, time: 1.65, lost: 8 },
];

describe.each([1, 2, 3])('processes that share an account, run %i of chance', (seed) => {
	test.each(bounds)(
		'$processes at a provider that counts by $counting',
		async ({ processes, counting, cold, next, time, lost }) => {
			const theatre = await queueMode({ processes, counting, seed });
			const first = await theatre.round(20, 20);
			const second = await theatre.round(20, 20);
			expect(share(first)).toBeLessThanOrEqual(cold);
			expect(share(second)).toBeLessThanOrEqual(next);
			for (const round of [first, second]) {
				expect(round.accepted).toBeGreaterThanOrEqual(webhooks - lost);
				expect(round.took).toBeLessThanOrEqual(time * ideal);
				expect(unfairness(round)).toBeLessThan(2);
				// A save now and then, never one for each execution.
				expect(round.saves).toBeLessThanOrEqual(webhooks / 5);
			}
		},
	);

	test('when three of four stop, the last is back at 80 % of the limit within 90 s', async () => {
		const theatre = await queueMode({ processes: 4, counting: 'bucket', seed });
		await theatre.round(20, 20);
		theatre.stop(1, 2, 3);
		const stopped = Date.now();
		const { acceptedAt } = await theatre.round(12, 120);
		const late = acceptedAt.filter((at) => at > stopped + 80_000 && at <= stopped + 90_000);
		expect(late.length).toBeGreaterThanOrEqual(80);
	});

	test('who joins three that are busy takes its part, and the others make room', async () => {
		const theatre = await queueMode({ processes: 4, counting: 'bucket', seed, atWork: 3 });
		await theatre.round(20, 20);
		theatre.start(3);
		const round = await theatre.round(20, 20);
		expect(share(round)).toBeLessThanOrEqual(0.05);
		expect(round.took).toBeLessThanOrEqual(1.2 * ideal);
		expect(round.waits.filter(({ worker }) => worker === 3).length).toBeGreaterThan(60);
	});
});

test('who has no need to wait leaves no mark', async () => {
	const theatre = await queueMode({ processes: 4, counting: 'bucket' });
	const round = await theatre.round(2, 60);
	expect(round).toMatchObject({ refused: 0, accepted: 120, saves: 0 });
});
