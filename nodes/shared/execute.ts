import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Provider } from './contract/provider';
import { afterThrow, brakeFor, isFailed, type Done, type Guarded } from './item/brake';
import { leftBy, type Left } from './item/before';
import { carryOut } from './item/carryOut';
import { find } from './item/find';
import { oneByOne } from './item/gate';
import { intake, type Ready } from './item/intake';
import { digestOf, doorOf, type Asked, type Item, type Search } from './item/item';
import { overLimit } from './item/limit';
import { fetchRows } from './item/rows';
import { repeats } from './item/result';
import { openRun, type Run } from './item/run';
import { inLanes } from './lanes';
import { stopped, toItems } from './output';
import { hint } from './summary';

/** An input item without a search: whatever was searched for has been found. */
type Step = Exclude<Ready, { search: Search }> | { index: number; done: Done };

/**
 * Every item once, linked, its outcome kept or its failure thrown: read them all, find their
 * targets, carry them out side by side.
 * In stop mode the first failure starts no new item; `unauthorized` stops its account in every mode.
 * @returns one output, in the order of the input
 * @throws NodeApiError in stop mode only: the first failed item, and what became of the others
 */
export async function execute(
	this: IExecuteFunctions,
	provider: Provider,
): Promise<INodeExecutionData[][]> {
	const continuing = this.continueOnFail();
	const run = openRun(this, provider);
	const asked = await intake(this, provider, run);
	const isRefused = (step: Step | Ready) => 'refused' in step;
	// Where the run would stop at an item that is refused anyway, it does not begin.
	const guarded = brakeFor(run, continuing, !continuing && asked.some(isRefused));
	const lanes = asked.reduce((most, ready) => Math.max(most, concurrencyOf(ready)), 1);

	const found = await inLanes(asked, lanes, (ready) => searched(ready, run, guarded));
	const steps = limited(found.flat(), run);
	if (!continuing && steps.some(isRefused)) guarded.halt();

	const twins = new Map<string, { index: number; done: Promise<Done> }>();
	const done = await inLanes(steps, lanes, async (step): Promise<Done> => {
		if (!('item' in step)) return await simply(step, run, guarded);
		const { index, item } = step;
		const twin = twinOf(item);
		const first = twins.get(twin);
		if (first) return repeated(await first.done, index, first.index);
		const mine = inTurn(item, run, guarded);
		twins.set(twin, { index, done: mine });
		return await mine;
	});

	run.ledger.close(!done.some(isFailed));
	const results = done.flatMap(({ result }) => result ?? []);
	const message = hint(results, run.around);
	if (message) this.addExecutionHints?.({ message, location: 'outputPane' });
	const isTold = (one: Done) => run.isCancelled() || one.result?.outcome !== 'skipped';
	const failed = done.find((one) => isFailed(one) && isTold(one));
	if (failed && !continuing) throw stopped(this.getNode(), failed, results);
	return [done.flatMap((one) => toItems(this, run, one))];
}

function aboutOf(ready: Ready): Asked | undefined {
	if ('refused' in ready) return undefined;
	return 'search' in ready ? ready.search : 'item' in ready ? ready.item : ready.reading;
}
const concurrencyOf = (ready: Ready) => aboutOf(ready)?.options.maxConcurrency ?? 1;

/** One search becomes as many steps as it means targets. */
async function searched(ready: Ready, run: Run, guarded: Guarded): Promise<Step[]> {
	if (!('search' in ready)) return [ready];
	const { index, search } = ready;
	let targets: Item[] = [];
	const done = await guarded(search, async () => {
		const found = await find(search, run.manner(search), run.ledger);
		if (!('targets' in found)) return { index, ...found };
		({ targets } = found);
		return { index };
	});
	return targets.length > 0 ? targets.map((item) => ({ index, item })) : [{ index, done }];
}

/** Over the limit nothing of this run is sent. */
function limited(steps: Step[], { ledger }: Run): Step[] {
	const items = steps.flatMap((step) => ('item' in step ? [step.item] : []));
	const over = overLimit(items, ledger);
	return steps.map((step) =>
		over && 'item' in step && !step.item.dryRun
			? { index: step.index, refused: over(step.item) }
			: step,
	);
}

/** An item that asks for no write. */
async function simply(
	step: Exclude<Step, { item: Item }>,
	run: Run,
	guarded: Guarded,
): Promise<Done> {
	const { index } = step;
	if ('done' in step) return step.done;
	if ('refused' in step) return { index, result: step.refused };
	const { reading } = step;
	return await guarded(reading, async () => ({
		index,
		...(await fetchRows(reading, run.manner(reading))),
	}));
}

/** Equal items ask for the same under the same guards. */
function twinOf({ identity, dryRun, options, values }: Item): string {
	const { expectedEmail, expectedStatus, planToken, alreadyCancelled, ifNotReferral } = options;
	const guards = [expectedEmail, expectedStatus, planToken, alreadyCancelled, ifNotReferral];
	return digestOf(identity, dryRun, guards, dryRun && values);
}

const repeated = ({ result, rows }: Done, index: number, first: number): Done => ({
	index,
	rows,
	result: result && repeats(result, first),
});

/** Behind whoever of this process is at work on the same target; a dry run waits for nobody. */
async function inTurn(item: Item, run: Run, guarded: Guarded): Promise<Done> {
	const { index, dryRun } = item;
	const carry = async (before?: Left) => {
		const done = await guarded(item, async () => ({
			index,
			result: await carryOut(item, run.manner(item), run.ledger, before),
		}));
		return { done, left: leftBy(item, done, before) };
	};
	if (dryRun) return (await carry()).done;
	return await oneByOne(doorOf(item), run.cancelled, carry).catch((thrown: Error) => ({
		index,
		result: afterThrow(run, item, thrown),
	}));
}
