import { type WindowKind, startSimulation, type RoundResult } from './simulation';

const share = ({ refused, requests }: RoundResult) => refused / requests;

/** 400 webhooks, 20 a second, at a provider that accepts 10 a second. */
const webhooks = 400;
const ideal = 40_000;

/** Longest wait of any worker, divided by the mean of the workers' longest waits. */
function unfairness({ waits }: RoundResult): number {
	const longest = new Map<number, number>();
	for (const { worker, ms } of waits) longest.set(worker, Math.max(longest.get(worker) ?? 0, ms));
	const all = [...longest.values()];
	return Math.max(...all) / (all.reduce((sum, ms) => sum + ms, 0) / all.length);
}

interface Bounds {
	processes: number;
	windowKind: WindowKind;
	/** Maximum share of refused requests in the first round, when no process knows its peers, and in the next. */
	cold: number;
	next: number;
	/** Maximum time to the last acceptance, as a multiple of the ideal. */
	time: number;
	/** Maximum number of failed items, of 400. */
	lost: number;
}

/** They hold in twelve runs of chance; four of them run here. */
const bounds: Bounds[] = [
	{ processes: 1, windowKind: 'bucket', cold: 0, next: 0, time: 1.001, lost: 0 },
	{ processes: 2, windowKind: 'bucket', cold: 0.05, next: 0.01, time: 1.05, lost: 0 },
	{ processes: 4, windowKind: 'bucket', cold: 0.05, next: 0.01, time: 1.1, lost: 0 },
	{ processes: 8, windowKind: 'bucket', cold: 0.05, next: 0.015, time: 1.15, lost: 0 },
	// More processes than requests a second.
	{ processes: 16, windowKind: 'bucket', cold: 0.14, next: 0.14, time: 1.36, lost: 4 },
	{ processes: 1, windowKind: 'windows', cold: 0.01, next: 0.01, time: 1.1, lost: 0 },
	{ processes: 2, windowKind: 'windows', cold: 0.06, next: 0.06, time: 1.2, lost: 0 },
	{ processes: 4, windowKind: 'windows', cold: 0.06, next: 0.06, time: 1.2, lost: 0 },
	{ processes: 8, windowKind: 'windows', cold: 0.1, next: 0.1, time: 1.25, lost: 2 },
	{ processes: 16, windowKind: 'windows', cold: 0.3, next: 0.21, time: 1.65, lost: 8 },
];

describe.each([1, 2, 3, 4])('processes that share an account, run %i of chance', (seed) => {
	test.each(bounds)(
		'$processes at a provider that counts by $windowKind',
		async ({ processes, windowKind, cold, next, time, lost }) => {
			const simulation = startSimulation({ processes, windowKind, seed });
			const first = await simulation.round(20, 20);
			const second = await simulation.round(20, 20);
			expect(share(first)).toBeLessThanOrEqual(cold);
			expect(share(second)).toBeLessThanOrEqual(next);
			for (const round of [first, second]) {
				expect(round.accepted).toBeGreaterThanOrEqual(webhooks - lost);
				expect(round.took).toBeLessThanOrEqual(time * ideal);
				expect(unfairness(round)).toBeLessThan(2.1);
				// Fewer writes than executions.
				expect(round.marks).toBeLessThanOrEqual(webhooks / (processes < 16 ? 4.5 : 2));
			}
		},
	);

	const workerSets: Array<[number, WindowKind]> = [
		[2, 'bucket'],
		[4, 'bucket'],
		[16, 'bucket'],
		[4, 'windows'],
		[16, 'windows'],
	];

	test.each(workerSets)(
		'when all but one of %i stop, the last is back at 80 %% of the limit within 90 s (%s)',
		async (processes, windowKind) => {
			const simulation = startSimulation({ processes, windowKind, seed });
			await simulation.round(20, 20);
			simulation.stop(...allBut(1, processes));
			const stopped = simulation.time.now;
			const { acceptedAt } = await simulation.round(12, 120);
			const late = acceptedAt.filter((at) => at > stopped + 80_000 && at <= stopped + 90_000);
			expect(late.length).toBeGreaterThanOrEqual(80);
		},
	);

	test.each(workerSets)(
		'when half of %i are killed in the middle, the others go on without them (%s)',
		async (processes, windowKind) => {
			const simulation = startSimulation({ processes, windowKind, seed });
			await simulation.round(20, 20);
			simulation.time.after(10_000, () => simulation.kill(...allBut(processes / 2, processes)));
			const round = await simulation.round(20, 20);
			expect(share(round)).toBeLessThanOrEqual(processes === 16 ? 0.15 : 0.06);
			const room = processes === 16 ? 4 : 0;
			expect(round.accepted + round.died).toBeGreaterThanOrEqual(webhooks - room);
			// At most as many as they run concurrently.
			expect(round.died).toBeLessThanOrEqual(200);
			const after = await simulation.round(20, 20);
			expect(share(after)).toBeLessThanOrEqual(processes === 16 ? 0.15 : 0.06);
			expect(after.accepted).toBeGreaterThanOrEqual(webhooks - room);
			expect(unfairness(after)).toBeLessThan(2);
		},
	);

	test.each(workerSets)(
		'when half of %i join those that are busy, they take their part (%s)',
		async (processes, windowKind) => {
			const initialWorkers = processes / 2;
			const simulation = startSimulation({ processes, windowKind, seed, initialWorkers });
			await simulation.round(20, 20);
			const joining = allBut(initialWorkers, processes);
			simulation.time.after(5000, () => simulation.start(...joining));
			const round = await simulation.round(20, 20);
			const theirs = round.waits.filter(({ worker }) => joining.includes(worker)).length;
			expect(share(round)).toBeLessThanOrEqual(processes === 16 ? 0.2 : 0.1);
			expect(theirs).toBeGreaterThan(webhooks / 5);
			expect(round.lost).toBeLessThanOrEqual(processes === 16 ? 2 : 0);
		},
	);

	test('four that are set to twice the limit keep to what the answers say remains of it', async () => {
		const setting = { processes: 4, windowKind: 'bucket', configuredPerSecond: 20 } as const;
		const simulation = startSimulation({ ...setting, seed, sendsRemaining: true });
		for (const round of [await simulation.round(20, 20), await simulation.round(20, 20)]) {
			expect(share(round)).toBeLessThanOrEqual(0.08);
			expect(round.took).toBeLessThanOrEqual(1.2 * ideal);
			expect(round.accepted).toBe(webhooks);
		}
	});
});

/** Indexes of the processes from `first` on. */
const allBut = (first: number, processes: number) =>
	Array.from({ length: processes - first }, (_, index) => first + index);

test('processes that do not wait write no marks', async () => {
	const simulation = startSimulation({ processes: 4, windowKind: 'bucket' });
	const round = await simulation.round(2, 60);
	expect(round).toMatchObject({ refused: 0, accepted: 120, marks: 0 });
});
