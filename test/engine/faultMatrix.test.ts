import type { FaultKind } from '../../sandbox/scenario';
import type { Sandbox } from '../../sandbox/server';
import { retrySaved, runNode, type Outcome } from '../host/harness';
import { accepted, cancelling, onFunnelFox, seeded } from './funnelFoxNode';

interface Trouble {
	name: string;
	fault?: FaultKind;
	/** What becomes of the item; null: it turns out to be cancelled, and is a success. */
	outcome: string | null;
}

const troubles: Trouble[] = [
	{ name: '404', outcome: 'notFound' },
	{ name: '429', fault: 'rateLimit', outcome: 'rateLimited' },
	{ name: '500 before the write', fault: 'serverErrorBefore', outcome: 'failed' },
	{ name: '500 after the write', fault: 'serverErrorAfter', outcome: null },
	{ name: 'timeout after the write', fault: 'timeoutAfter', outcome: null },
	{ name: 'dropped connection before the write', fault: 'dropBefore', outcome: 'failed' },
	{ name: 'dropped connection after the write', fault: 'dropAfter', outcome: null },
];
/** The third of five: which place it has, and what else happens at the same time, the simulation varies. */
const at = 2;
const modes = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const retries = ['no retry', 'Retry On Fail', 'Retry of the saved execution'] as const;

const cases = modes.flatMap((mode) => retries.map((retry) => ({ mode, retry })));

function prepare(sandbox: Sandbox, trouble: Trouble) {
	const items = seeded(sandbox, 5);
	if (trouble.fault === undefined) items[at] = { id: 'sub_nobody' };
	else {
		const fault = { provider: 'funnelFox', kind: trouble.fault, target: items[at].id };
		sandbox.fault({ ...fault, times: 0, delayMs: 20_000, retryAfter: 0 });
	}
	return items;
}

/** Every item exactly once, linked to its input, in the order of the input. */
function expectAllLinked({ main, errors }: Outcome) {
	const linked = [...main, ...errors].map(
		({ pairedItem }) => (pairedItem as { item: number }).item,
	);
	expect([...linked].sort()).toEqual([0, 1, 2, 3, 4]);
	expect(main.map(({ pairedItem }) => (pairedItem as { item: number }).item)).toEqual(
		linked.slice(0, main.length).sort(),
	);
}

describe.each(troubles)('when one of five items meets $name', (trouble) => {
	test.each(cases)(
		'$mode, $retry: nothing is accepted twice and every item comes out once',
		async ({ mode, retry }) =>
			await onFunnelFox(async (sandbox) => {
				const items = prepare(sandbox, trouble);
				const setting = cancelling(sandbox, items, {
					onError: mode,
					// Short only where the answer never comes: a busy machine may be slow.
					options: {
						// A silent try is waited for: one has to do.
						maxAttempts: trouble.fault === 'dropBefore' ? 1 : 2,
						maxConcurrency: 2,
						...(trouble.fault === 'timeoutAfter' && { timeout: 2500 }),
					},
					...(retry === 'Retry On Fail' && { maxTries: 3 }),
				});
				let outcome = await runNode(setting);
				const fails = trouble.outcome !== null;

				if (fails && mode === 'stopWorkflow') {
					expect(outcome.thrown?.message).toContain(`[item ${at}]`);
					expect(outcome.thrown?.description).toContain(
						`${accepted(sandbox).size} of 5 done, 1 failed (`,
					);
					if (retry !== 'Retry of the saved execution') {
						expect([...accepted(sandbox).values()].every((times) => times === 1)).toBe(true);
						return;
					}
					sandbox.clearFaults();
					if (trouble.fault === undefined) {
						// The saved input cannot change, so the execution ends as before.
						outcome = await retrySaved(setting, outcome.run);
						expect(outcome.thrown?.message).toContain(`[item ${at}]`);
						expect([...accepted(sandbox).values()].every((times) => times === 1)).toBe(true);
						return;
					}
					outcome = await retrySaved(setting, outcome.run);
				}

				expectAllLinked(outcome);
				for (const [index, { id }] of items.entries()) {
					const sent = sandbox
						.requests('funnelFox')
						.filter(({ method, target }) => method === 'POST' && target === id);
					if (index !== at) expect(sent).toHaveLength(1);
				}
				const mended = !fails || mode === 'stopWorkflow';
				expect(Object.fromEntries(accepted(sandbox))).toEqual(
					Object.fromEntries(
						items.filter((_, index) => mended || index !== at).map(({ id }) => [id, 1]),
					),
				);
				for (const { json, pairedItem } of [...outcome.main, ...outcome.errors]) {
					const { item } = pairedItem as { item: number };
					if (mended || item !== at) expect(json).toMatchObject({ ok: true, outcome: 'scheduled' });
					else {
						const told = mode === 'continueErrorOutput' ? json.error : json;
						expect(told).toMatchObject({
							ok: false,
							outcome: trouble.outcome,
							message: expect.stringContaining(`[item ${at}]`),
						});
					}
				}
				if (!fails) expect(outcome.main[at].json).toMatchObject({ verified: true });
				expect(outcome.errors).toHaveLength(mode === 'continueErrorOutput' && fails ? 1 : 0);
			}),
	);
});
