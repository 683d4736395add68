import { type Counting, queueMode, type Round } from './queueMode';

jest.mock('n8n-workflow', () => ({
	sleep: async (ms: number) => await new Promise<void>((done) => setTimeout(done, ms)),
}));

beforeEach(() => jest.useFakeTimers({ now: Date.UTC(2026, 10, 21) }));
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

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
	// Each has less than one request a second: more processes than the limit has room for.
	{ processes: 16, counting: 'bucket', cold: 0.12, next: 0.12, time: 1.35, lost: 4 },
	{ processes: 1, counting: 'windows', cold: 0.01, next: 0.01, time: 1.1, lost: 0 },
	{ processes: 2, counting: 'windows', cold: 0.06, next: 0.06, time: 1.2, lost: 0 },
	{ processes: 4, counting: 'windows', cold: 0.06, next: 0.06, time: 1.2, lost: 0 },
	{ processes: 8, counting: 'windows', cold: 0.1, next: 0.1, time: 1.25, lost: 2 },
	{ processes: 16, counting: 'windows', cold: 0.3, next: 0.2, time: 1.65, lost: 8 },
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
				// A write now and then, never one for each execution.
				expect(round.marks).toBeLessThanOrEqual(webhooks / (processes < 16 ? 5 : 2));
			}
		},
	);

	const crews: Array<[number, Counting]> = [
		[2, 'bucket'],
		[4, 'bucket'],
		[16, 'bucket'],
		[4, 'windows'],
		[16, 'windows'],
	];

	test.each(crews)(
		'when all but one of %i stop, the last is back at 80 %% of the limit within 90 s (%s)',
		async (processes, counting) => {
			const theatre = await queueMode({ processes, counting, seed });
			await theatre.round(20, 20);
			theatre.stop(...allBut(1, processes));
			const stopped = Date.now();
			const { acceptedAt } = await theatre.round(12, 120);
			const late = acceptedAt.filter((at) => at > stopped + 80_000 && at <= stopped + 90_000);
			expect(late.length).toBeGreaterThanOrEqual(80);
		},
	);

	test.each(crews)(
		'when half of %i are killed in the middle, the others go on without them (%s)',
		async (processes, counting) => {
			const theatre = await queueMode({ processes, counting, seed });
			await theatre.round(20, 20);
			setTimeout(() => theatre.kill(...allBut(processes / 2, processes)), 10_000);
			const round = await theatre.round(20, 20);
			expect(share(round)).toBeLessThanOrEqual(processes === 16 ? 0.15 : 0.06);
			const room = processes === 16 ? 4 : 0;
			expect(round.accepted + round.died).toBeGreaterThanOrEqual(webhooks - room);
			// No more than they may have begun.
			expect(round.died).toBeLessThanOrEqual(200);
			const after = await theatre.round(20, 20);
			expect(share(after)).toBeLessThanOrEqual(processes === 16 ? 0.15 : 0.06);
			expect(after.accepted).toBeGreaterThanOrEqual(webhooks - room);
			expect(unfairness(after)).toBeLessThan(2);
		},
	);

	test.each(crews)(
		'when half of %i join those that are busy, they take their part (%s)',
		async (processes, counting) => {
			const atWork = processes / 2;
			const theatre = await queueMode({ processes, counting, seed, atWork });
			await theatre.round(20, 20);
			const joining = allBut(atWork, processes);
			setTimeout(() => theatre.start(...joining), 5000);
			const round = await theatre.round(20, 20);
			const theirs = round.waits.filter(({ worker }) => joining.includes(worker)).length;
			expect(share(round)).toBeLessThanOrEqual(processes === 16 ? 0.18 : 0.1);
			expect(theirs).toBeGreaterThan(webhooks / 5);
			expect(round.lost).toBe(0);
		},
	);

	test('four that run three nodes on one account share it as four that run one do', async () => {
		const theatre = await queueMode({ processes: 4, counting: 'bucket', seed, nodes: 3 });
		const [first, second] = [await theatre.round(20, 20), await theatre.round(20, 20)];
		expect(share(first)).toBeLessThanOrEqual(0.08);
		expect(share(second)).toBeLessThanOrEqual(0.02);
		for (const round of [first, second]) {
			expect(round.accepted).toBe(webhooks);
			expect(round.took).toBeLessThanOrEqual(1.15 * ideal);
			expect(unfairness(round)).toBeLessThan(2);
		}
	});

	test('four that are set to twice the limit keep to what the answers say remains of it', async () => {
		const setting = { processes: 4, counting: 'bucket', setTo: 20 } as const;
		const theatre = await queueMode({ ...setting, seed, says: true });
		for (const round of [await theatre.round(20, 20), await theatre.round(20, 20)]) {
			expect(share(round)).toBeLessThanOrEqual(0.08);
			expect(round.took).toBeLessThanOrEqual(1.2 * ideal);
			expect(round.accepted).toBe(webhooks);
		}
	});
});

/** The processes from this one on. */
const allBut = (first: number, processes: number) =>
	Array.from({ length: processes - first }, (_, index) => first + index);

test('a process that need not wait leaves no mark', async () => {
	const theatre = await queueMode({ processes: 4, counting: 'bucket' });
	const round = await theatre.round(2, 60);
	expect(round).toMatchObject({ refused: 0, accepted: 120, marks: 0 });
});
