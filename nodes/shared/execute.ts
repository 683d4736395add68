import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Provider } from './contract/provider';
import {
	resultOfError,
	itemRunner,
	isFailedOutput,
	type ItemOutput,
	type RunItem,
} from './run/itemRunner';
import { handoverFrom, type Handover, withTargetLock } from './run/targetLock';
import { executeWrite } from './write/executeWrite';
import { resolveTargets } from './lookup/resolveTargets';
import { readItems, type Step as ReadStep } from './input/readItems';
import { shortHash, lockKey, type ItemBase, type WriteItem, type SearchItem } from './model/item';
import { checkBatchLimit } from './input/batchLimit';
import { fetchRows } from './lookup/fetchRows';
import { duplicateResult } from './model/result';
import { createExecutionContext, type ExecutionContext } from './run/executionContext';
import { mapConcurrent } from './run/mapConcurrent';
import { stopError, toOutputItems } from './output/outputItems';
import { runHint } from './output/summary';

/** An input item without a search: whatever was searched for has been found. */
type Step = Exclude<ReadStep, { search: SearchItem }> | { index: number; done: ItemOutput };

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
	const run = createExecutionContext(this, provider);
	const asked = await readItems(this, provider, run);
	const isRefused = (step: Step | ReadStep) => 'refused' in step;
	// Where the run would stop at an item that is refused anyway, it does not begin.
	const guarded = itemRunner(run, continuing, !continuing && asked.some(isRefused));
	const lanes = asked.reduce((most, ready) => Math.max(most, maxConcurrencyOf(ready)), 1);

	const found = await mapConcurrent(asked, lanes, (ready) => resolve(ready, run, guarded));
	const steps = applyBatchLimit(found.flat(), run);
	if (!continuing && steps.some(isRefused)) guarded.halt();

	const twins = new Map<string, { index: number; done: Promise<ItemOutput> }>();
	const done = await mapConcurrent(steps, lanes, async (step): Promise<ItemOutput> => {
		if (!('item' in step)) return await runStep(step, run, guarded);
		const { index, item } = step;
		const twin = duplicateKey(item);
		const first = twins.get(twin);
		if (first) return asDuplicate(await first.done, index, first.index);
		const mine = runWrite(item, run, guarded);
		twins.set(twin, { index, done: mine });
		return await mine;
	});

	run.ledger.close(!done.some(isFailedOutput));
	const results = done.flatMap(({ result }) => result ?? []);
	const message = runHint(results, run.around);
	if (message) this.addExecutionHints?.({ message, location: 'outputPane' });
	const isTold = (one: ItemOutput) => run.signal.aborted || one.result?.outcome !== 'skipped';
	const failed = done.find((one) => isFailedOutput(one) && isTold(one));
	if (failed && !continuing) throw stopError(this.getNode(), failed, results);
	return [done.flatMap((one) => toOutputItems(this, run, one))];
}

function aboutOf(ready: ReadStep): ItemBase | undefined {
	if ('refused' in ready) return undefined;
	return 'search' in ready ? ready.search : 'item' in ready ? ready.item : ready.reading;
}
const maxConcurrencyOf = (ready: ReadStep) => aboutOf(ready)?.options.maxConcurrency ?? 1;

/** One search becomes as many steps as it means targets. */
async function resolve(ready: ReadStep, run: ExecutionContext, guarded: RunItem): Promise<Step[]> {
	if (!('search' in ready)) return [ready];
	const { index, search } = ready;
	let targets: WriteItem[] = [];
	const done = await guarded(search, async () => {
		const found = await resolveTargets(search, run.requestContext(search), run.ledger);
		if (!('targets' in found)) return { index, ...found };
		({ targets } = found);
		return { index };
	});
	return targets.length > 0 ? targets.map((item) => ({ index, item })) : [{ index, done }];
}

/** Over the limit nothing of this run is sent. */
function applyBatchLimit(steps: Step[], { ledger }: ExecutionContext): Step[] {
	const items = steps.flatMap((step) => ('item' in step ? [step.item] : []));
	const over = checkBatchLimit(items, ledger);
	return steps.map((step) =>
		over && 'item' in step && !step.item.dryRun
			? { index: step.index, refused: over(step.item) }
			: step,
	);
}

/** An item that asks for no write. */
async function runStep(
	step: Exclude<Step, { item: WriteItem }>,
	run: ExecutionContext,
	guarded: RunItem,
): Promise<ItemOutput> {
	const { index } = step;
	if ('done' in step) return step.done;
	if ('refused' in step) return { index, result: step.refused };
	const { reading } = step;
	return await guarded(reading, async () => ({
		index,
		...(await fetchRows(reading, run.requestContext(reading))),
	}));
}

/** Equal items ask for the same under the same guards. */
function duplicateKey({ identity, dryRun, options, values }: WriteItem): string {
	const { expectedEmail, expectedStatus, planToken, alreadyCancelled, ifNotReferral } = options;
	const guards = [expectedEmail, expectedStatus, planToken, alreadyCancelled, ifNotReferral];
	return shortHash(identity, dryRun, guards, dryRun && values);
}

const asDuplicate = ({ result, rows }: ItemOutput, index: number, first: number): ItemOutput => ({
	index,
	rows,
	result: result && duplicateResult(result, first),
});

/** Behind whoever of this process is at work on the same target; a dry run waits for nobody. */
async function runWrite(
	item: WriteItem,
	run: ExecutionContext,
	guarded: RunItem,
): Promise<ItemOutput> {
	const { index, dryRun } = item;
	const carry = async (before?: Handover) => {
		const done = await guarded(item, async () => ({
			index,
			result: await executeWrite(item, run.requestContext(item), run.ledger, before),
		}));
		return { done, left: handoverFrom(item, done, before) };
	};
	if (dryRun) return (await carry()).done;
	return await withTargetLock(lockKey(item), run.signal, carry).catch((thrown: Error) => ({
		index,
		result: resultOfError(run, item, thrown),
	}));
}
