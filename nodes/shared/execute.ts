import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Provider } from './contract/provider';
import { isSuccess } from './contract/outcome';
import { checkBatchLimit, previewedOverLimit } from './input/batchLimit';
import { readItems, type Step } from './input/readItems';
import { fetchRows } from './lookup/fetchRows';
import { resolveTargets } from './lookup/resolveTargets';
import { shortHash, type WriteItem } from './model/item';
import { duplicateResult, isFailedOutput, type ItemOutput } from './model/result';
import { stopError, toOutputItems } from './output/outputItems';
import { runHint } from './output/runHint';
import { createExecutionContext, type ExecutionContext } from './run/executionContext';
import { ItemRunner } from './run/itemRunner';
import { mapConcurrent } from './run/mapConcurrent';
import { executeWrite } from './write/executeWrite';

/**
 * Every item once, linked, with its outcome: read all items, resolve their targets, check the batch
 * limit, then run them side by side. In stop mode the first failure starts no new item; a rejected
 * credential stops its account in every mode.
 * @returns one output, in the order of the input
 * @throws NodeApiError in stop mode only: the first failed item, and what became of the others
 */
export async function execute(
	this: IExecuteFunctions,
	provider: Provider,
): Promise<INodeExecutionData[][]> {
	const run = createExecutionContext(this, provider);
	const read = await readItems(this, run);
	const stopsAtFailure = !this.continueOnFail() && !isPreviewOnly(read);
	const runner = new ItemRunner(run, stopsAtFailure);
	if (stopsAtFailure && read.some(isRefused)) runner.stop(anotherRefused);

	const concurrency = read.reduce((most, step) => Math.max(most, maxConcurrencyOf(step)), 1);
	const resolved = await mapConcurrent(read, concurrency, (step) => resolve(step, run, runner));
	const steps = applyBatchLimit(resolved.flat(), run);
	if (stopsAtFailure && steps.some(isRefused)) runner.stop(anotherRefused);

	const outputs = await runSteps(steps, concurrency, (step) => runStep(step, run, runner));
	run.ledger.close(!outputs.some(isFailedOutput));
	const results = outputs.flatMap((output) => (output.kind === 'result' ? [output.result] : []));
	const previewed = previewedOverLimit(writesIn(steps), run.ledger);
	const message = runHint(results, provider, run.parseContext, previewed);
	if (message) this.addExecutionHints?.({ message, location: 'outputPane' });
	const failed = outputs.find((output) => isReported(output, run));
	if (failed && stopsAtFailure) throw stopError(this.getNode(), failed, results);
	return [outputs.flatMap((output) => toOutputItems(this, run, output))];
}

const anotherRefused = 'another item was refused, so that the run did not begin';

const isRefused = ({ kind }: Step) => kind === 'refused';

/** A dry run shows every row, whatever On Error says: one malformed row must not hide the others. */
function isPreviewOnly(steps: Step[]): boolean {
	const isDry = (step: Step) =>
		(step.kind === 'write' || (step.kind === 'search' && step.item.operation.effect !== 'read')) &&
		step.item.dryRun;
	return steps.some(isDry) && steps.every((step) => isDry(step) || isRefused(step));
}

/** The failure that stop mode throws: of what the run itself has stopped, nothing is reported. */
const isReported = (output: ItemOutput, { signal }: ExecutionContext): boolean =>
	output.kind === 'result' &&
	!isSuccess(output.result.outcome) &&
	(signal.aborted || output.result.outcome !== 'skipped');

function maxConcurrencyOf(step: Step): number {
	return step.kind === 'refused' || step.kind === 'done' ? 1 : step.item.options.maxConcurrency;
}

/** One search becomes as many steps as it means targets. */
async function resolve(step: Step, run: ExecutionContext, runner: ItemRunner): Promise<Step[]> {
	if (step.kind !== 'search') return [step];
	const { index, item } = step;
	let targets: WriteItem[] = [];
	const output = await runner.runItem(item, async () => {
		const context = { ...run.requestContext(item), sendSignal: runner.sendSignal(item.account) };
		const resolution = await resolveTargets(item, context, run);
		if (resolution.kind !== 'targets') return { index, ...resolution };
		targets = resolution.items;
		return { kind: 'rows', index, rows: [] };
	});
	return targets.length > 0
		? targets.map((target) => ({ kind: 'write', index, item: target }))
		: [{ kind: 'done', index, output }];
}

const writesIn = (steps: Step[]): WriteItem[] =>
	steps.flatMap((step) => (step.kind === 'write' ? [step.item] : []));

/** Over the limit nothing of this run is sent. */
function applyBatchLimit(steps: Step[], { ledger }: ExecutionContext): Step[] {
	const refuse = checkBatchLimit(writesIn(steps), ledger);
	if (!refuse) return steps;
	return steps.map((step) =>
		step.kind === 'write' && !step.item.dryRun
			? { kind: 'refused', index: step.index, result: refuse(step.item) }
			: step,
	);
}

/** Runs the steps side by side; of equal writes the first is carried out and the others repeat it. */
async function runSteps(
	steps: Step[],
	concurrency: number,
	runOne: (step: Step) => Promise<ItemOutput>,
): Promise<ItemOutput[]> {
	const firsts = new Map<string, { index: number; output: Promise<ItemOutput> }>();
	return await mapConcurrent(steps, concurrency, async (step) => {
		if (step.kind !== 'write') return await runOne(step);
		const key = duplicateKey(step.item);
		const first = firsts.get(key);
		if (first) return asDuplicate(await first.output, step.index, first.index);
		const output = runOne(step);
		firsts.set(key, { index: step.index, output });
		return await output;
	});
}

/** Equal writes ask for the same end of the same target under the same guards; the reason does not count. */
function duplicateKey({ requestHash, digest, dryRun, options }: WriteItem): string {
	const { expectedEmail, expectedStatus, planToken, alreadyCancelled, ifNotReferral } = options;
	const guards = [expectedEmail, expectedStatus, planToken, alreadyCancelled, ifNotReferral];
	// A dry run's plan token is of all its parameters.
	return shortHash(requestHash, guards, dryRun && digest);
}

function asDuplicate(output: ItemOutput, index: number, first: number): ItemOutput {
	return output.kind === 'result'
		? { ...output, index, result: duplicateResult(output.result, first) }
		: { ...output, index };
}

async function runStep(step: Step, run: ExecutionContext, runner: ItemRunner): Promise<ItemOutput> {
	switch (step.kind) {
		case 'refused':
			return { kind: 'result', index: step.index, result: step.result };
		case 'done':
			return step.output;
		case 'read': {
			const { item } = step;
			const context = { ...run.requestContext(item), sendSignal: runner.sendSignal(item.account) };
			return await runner.runItem(item, async () => await fetchRows(item, context));
		}
		case 'write': {
			const { index, item } = step;
			const { ledger } = run;
			const request = run.requestContext(item);
			const sendSignal = runner.sendSignal(item.account);
			return await runner.runItem(item, async (handover) => {
				const result = await executeWrite({ item, request, sendSignal, ledger, handover });
				return { kind: 'result', index, result };
			});
		}
		case 'search':
			throw new Error('Every search has been resolved.');
	}
}
