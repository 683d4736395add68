import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { runNode, type Outcome, type Setting } from '../host/harness';
import { accepted, cancelling, onFunnelFox, seeded } from './funnelFoxNode';

const kinds = [
	'rateLimit',
	'serverErrorBefore',
	'serverErrorAfter',
	'badGateway',
	'timeoutBefore',
	'timeoutAfter',
	'lateAccept',
	'dropBefore',
	'dropAfter',
	'html',
	'empty',
	'errorInside',
	'emptyList',
	'otherRecord',
	'queued',
	'wrongContentType',
	'redirect',
	'unauthorized',
] as const;

/**
 * Runs in all, BATCHES=1000 for a long one; side by side, because most of a run is waiting for what
 * does not answer.
 */
const runs = Number(process.env.BATCHES ?? 24);
const groups = Math.min(20, Math.max(12, runs / 24));
/** More than the node's own burst: answers to faults may bunch on the way. */
const burst = 5;
/** Arrivals are later than departures by what the machine does in between. */
const jitter = 80;

const fraction = fc.double({ min: 0, max: 0.999, noNaN: true });
const nothing = fc.constantFrom<unknown>(undefined, null, '', ' ', false, []);
const limits = ['maxConcurrency', 'maxPerExecution', 'maxAttempts', 'timeout'] as const;

const batch = fc.record({
	size: fc.integer({ min: 1, max: 60 }),
	/** Positions that repeat an earlier item, as a fraction of the batch. */
	duplicates: fc.array(fraction, { maxLength: 10 }),
	faults: fc.array(
		fc.record({
			at: fraction,
			kind: fc.constantFrom(...kinds),
			on: fc.constantFrom('write' as const, 'read' as const, 'any' as const),
			times: fc.integer({ min: 1, max: 3 }),
		}),
		{ maxLength: 8 },
	),
	/** Every read fails, while writes work. */
	readsFail: fc.boolean(),
	/** Items for which an option's expression finds nothing. */
	empty: fc.option(
		fc.record({
			at: fraction,
			option: fc.constantFrom(...limits),
			found: nothing,
		}),
	),
	/** A Get Many beside it whose filter's expression finds nothing. */
	filter: fc.option(
		fc.record({ name: fc.constantFrom('email', 'status', 'profileId', 'psp'), found: nothing }),
	),
	/** A second execution that begins at the same time, on every third of the same targets. */
	second: fc.boolean(),
	/** n8n's Retry On Fail, in the mode in which it tries again, then a loop's next round. */
	retries: fc.boolean(),
	/** The same items in a sub-workflow of a parent that is retried. */
	asSubWorkflow: fc.boolean(),
	/** Items that an agent takes up in the same execution: it calls twice at once, and tries again. */
	agent: fc.array(fraction, { maxLength: 3 }),
	concurrency: fc.integer({ min: 1, max: 20 }),
	perMinute: fc.integer({ min: 3000, max: 60_000 }),
	maxAttempts: fc.integer({ min: 1, max: 3 }),
});
type Drawn = typeof batch extends fc.Arbitrary<infer T> ? T : never;

interface One extends IDataObject {
	id: string;
}

function prepare(sandbox: Sandbox, drawn: Drawn): One[] {
	const items: One[] = seeded(sandbox, drawn.size);
	for (const { at, kind, on, times } of drawn.faults) {
		const target = items[Math.floor(at * drawn.size)].id;
		sandbox.fault({
			provider: 'funnelFox',
			kind,
			target,
			on,
			times,
			delayMs: kind === 'lateAccept' ? 1500 : 5000,
			retryAfter: 0,
			location: 'http://127.0.0.1:9/elsewhere',
		});
	}
	if (drawn.readsFail) {
		sandbox.fault({ provider: 'funnelFox', kind: 'html', on: 'read', times: 0 });
	}
	for (const at of drawn.duplicates) items.push({ ...items[Math.floor(at * drawn.size)] });
	if (drawn.empty) items[Math.floor(drawn.empty.at * items.length)].nothing = true;
	return items;
}

function settingFor(sandbox: Sandbox, items: One[], drawn: Drawn, more: Partial<Setting>): Setting {
	const { empty, concurrency, perMinute, maxAttempts } = drawn;
	const options: IDataObject = {
		maxConcurrency: concurrency,
		requestsPerMinute: perMinute,
		maxAttempts,
		maxPerExecution: 0,
		timeout: 600,
	};
	const found = JSON.stringify(empty?.found) ?? 'undefined';
	if (empty) {
		options[empty.option] = `={{ $json.nothing ? ${found} : ${String(options[empty.option])} }}`;
	}
	const reason = '={{ "at " + $now.toMillis() + Math.random() }}';
	return cancelling(sandbox, items, {
		options,
		parameters: { additionalFields: { reason } },
		...more,
	});
}

function expectAllOut({ main, run }: Outcome, items: One[], sandbox: Sandbox) {
	expect(main.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
	for (const { json, pairedItem } of main) {
		const { id, nothing } = items[(pairedItem as { item: number }).item];
		if (json.ended === true) expect(accepted(sandbox).get(id)).toBe(1);
		if (nothing) expect(json).toMatchObject({ outcome: 'invalid', attempts: 0 });
		expect(json).not.toHaveProperty('error');
	}
	expect(JSON.stringify(run)).not.toContain(keys.funnelFox.secretKey);
}

/** A Get Many that would list everybody if nothing were taken for no filter. */
async function expectNobodyListed(sandbox: Sandbox, { filter }: Drawn) {
	if (!filter) return;
	const { main } = await runNode(
		cancelling(sandbox, [{ found: filter.found } as IDataObject], {
			onError: 'continueRegularOutput',
			parameters: { operation: 'getAll', filters: { [filter.name]: '={{ $json.found }}' } },
		}),
	);
	expect(main.map(({ json }) => json.outcome)).toEqual(['invalid']);
}

/** An agent's calls in the execution of `before`: a preview, then its token, twice at once and with Retry On Fail. */
async function takeUp(sandbox: Sandbox, item: One, drawn: Drawn, before: Outcome) {
	const calling = (planToken: string) => {
		const setting = settingFor(sandbox, [item], drawn, {
			node: 'funnelFoxTool',
			continued: before.run.data,
			maxTries: 2,
		});
		Object.assign(setting.parameters.options as IDataObject, { planToken });
		// What the model says is the same each time; a plan is of one request.
		return { ...setting, parameters: { ...setting.parameters, additionalFields: {} } };
	};
	const { main } = await runNode(calling(''));
	const token = main[0]?.json.planToken as string | undefined;
	if (token === undefined) return;
	await Promise.all([runNode(calling(token)), runNode(calling(token))]);
	await runNode(calling(token));
}

/** Nothing leaves for a target after it was accepted: the next write knows it, or reads the record first. */
function expectNoWriteAfterwards(sandbox: Sandbox) {
	const since = new Map(sandbox.journal('funnelFox').map(({ record, at }) => [record, at]));
	const late = sandbox
		.requests('funnelFox')
		.filter(({ effect, target = '', at }) => effect === 'write' && at > (since.get(target) ?? '~'));
	expect(late).toEqual([]);
}

function expectPace(sandbox: Sandbox, { faults, second, concurrency, perMinute }: Drawn) {
	// A server notices late that a caller has given up, so it counts such a call for longer.
	const isSilent = faults.some(({ kind }) => kind.startsWith('timeout') || kind === 'lateAccept');
	if (!isSilent && !second) {
		expect(sandbox.maxInFlight('funnelFox')).toBeLessThanOrEqual(concurrency);
	}
	const arrivals = sandbox.requests('funnelFox').map(({ at }) => Date.parse(at));
	const interval = 60_000 / perMinute;
	for (let from = 0; from + burst < arrivals.length; from += 7) {
		const allowed =
			burst + 1 + (arrivals[arrivals.length - 1] - arrivals[from] + jitter) / interval;
		expect(arrivals.length - from).toBeLessThanOrEqual(allowed);
	}
}

async function holds(drawn: Drawn): Promise<void> {
	await onFunnelFox(async (sandbox) => {
		const items = prepare(sandbox, drawn);
		const setting = (all: One[], more: Partial<Setting>) => settingFor(sandbox, all, drawn, more);
		const continuing = { onError: 'continueRegularOutput' as const };
		const third = items.filter((_, at) => at % 3 === 0);
		const [first, second] = await Promise.all([
			runNode(setting(items, { ...continuing, executionId: '1' })),
			drawn.second ? runNode(setting(third, { ...continuing, executionId: '2' })) : undefined,
			expectNobodyListed(sandbox, drawn),
		]);
		expectAllOut(first, items, sandbox);
		if (second) expectAllOut(second, third, sandbox);
		const same = { executionId: '1', continued: first.run.data };
		if (drawn.retries) {
			await runNode(setting(items, { ...same, maxTries: 2 }));
			await runNode(setting(items, { ...same, ...continuing }));
		}
		for (const at of drawn.agent) {
			await takeUp(sandbox, items[Math.floor(at * items.length)], drawn, first);
		}
		if (drawn.asSubWorkflow) {
			await runNode(setting(items, { ...continuing, executionId: '3', mode: 'integrated' }));
		}
		// Another execution, or a loop's next round, that comes later sends, and is told that it is over.
		if (!second && !drawn.retries) expectNoWriteAfterwards(sandbox);
		expect(Math.max(0, ...accepted(sandbox).values())).toBeLessThanOrEqual(1);
		expectPace(sandbox, drawn);
	});
}

test.each(Array.from({ length: groups }, (_, group) => group))(
	'any batch, any schedule of faults: accepted once at most, out exactly once, never too fast, no secret (%i)',
	async () => {
		const numRuns = Math.ceil(runs / groups);
		await fc.assert(fc.asyncProperty(batch, holds), { numRuns, endOnFailure: true });
	},
	120_000 + runs * 10_000,
);
