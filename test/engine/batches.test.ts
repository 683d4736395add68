import fc from 'fast-check';

import { keys } from '../../sandbox/keys';
import { runNode } from '../host/harness';
import { accepted, cancelling, onSandbox, seeded } from './funnelFox';

const kinds = [
	'rateLimit',
	'serverErrorBefore',
	'serverErrorAfter',
	'badGateway',
	'timeoutBefore',
	'timeoutAfter',
	'dropBefore',
	'dropAfter',
	'html',
	'empty',
	'wrongContentType',
	'redirect',
] as const;

/** More than the node's own burst: answers to faults may bunch on the way. */
const burst = 5;
/** Arrivals are later than departures by what the machine does in between. */
const jitter = 80;

const batch = fc.record({
	size: fc.integer({ min: 1, max: 200 }),
	/** Positions that repeat an earlier item, as a fraction of the batch. */
	duplicates: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 10 }),
	faults: fc.array(
		fc.record({
			at: fc.double({ min: 0, max: 0.999, noNaN: true }),
			kind: fc.constantFrom(...kinds),
			on: fc.constantFrom('write' as const, 'any' as const),
			times: fc.integer({ min: 1, max: 3 }),
		}),
		{ maxLength: 12 },
	),
	concurrency: fc.integer({ min: 1, max: 20 }),
	perMinute: fc.integer({ min: 3000, max: 60_000 }),
	maxAttempts: fc.integer({ min: 1, max: 4 }),
});

test('any batch, any schedule of faults: accepted once at most, out exactly once, never too fast, no secret', async () => {
	await fc.assert(
		fc.asyncProperty(batch, async (drawn) => {
			await onSandbox(async (sandbox) => {
				const items = seeded(sandbox, drawn.size);
				for (const fraction of drawn.duplicates) {
					items.push(items[Math.floor(fraction * drawn.size)]);
				}
				for (const { at, kind, on, times } of drawn.faults) {
					const target = items[Math.floor(at * drawn.size)].id;
					const location = 'http://127.0.0.1:9/elsewhere';
					sandbox.fault({
						provider: 'funnelFox',
						kind,
						target,
						on,
						times,
						delayMs: 3000,
						retryAfter: 0,
						location,
					});
				}
				const { main, run } = await runNode(
					cancelling(sandbox, items, {
						onError: 'continueRegularOutput',
						options: {
							maxConcurrency: drawn.concurrency,
							requestsPerMinute: drawn.perMinute,
							maxAttempts: drawn.maxAttempts,
							maxPerExecution: 0,
							timeout: 200,
						},
					}),
				);

				expect(Math.max(0, ...accepted(sandbox).values())).toBeLessThanOrEqual(1);
				expect(main.map(({ pairedItem }) => pairedItem)).toEqual(
					items.map((_, item) => ({ item })),
				);
				for (const { json, pairedItem } of main) {
					const { id } = items[(pairedItem as { item: number }).item];
					if (json.ended === true) expect(accepted(sandbox).get(id)).toBe(1);
				}
				// A server notices late that a caller has given up, so it counts such a call for longer.
				if (!drawn.faults.some(({ kind }) => kind.startsWith('timeout'))) {
					expect(sandbox.maxInFlight('funnelFox')).toBeLessThanOrEqual(drawn.concurrency);
				}
				const arrivals = sandbox.requests('funnelFox').map(({ at }) => Date.parse(at));
				const interval = 60_000 / drawn.perMinute;
				for (let from = 0; from + burst < arrivals.length; from += 7) {
					const allowed =
						burst + 1 + (arrivals[arrivals.length - 1] - arrivals[from] + jitter) / interval;
					expect(arrivals.length - from).toBeLessThanOrEqual(allowed);
				}
				expect(JSON.stringify(run)).not.toContain(keys.funnelFox.secretKey);
			});
		}),
		{ numRuns: 15 },
	);
}, 300_000);
