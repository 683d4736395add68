import {
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
} from 'n8n-workflow';
import { isEnded, isSuccess } from '../contract/outcome';
import type { ItemOutput, ItemResult } from '../model/result';
import type { ExecutionContext } from '../run/executionContext';
import { stopSummary } from './runHint';
import { summarize } from './summary';

/** The items that n8n passes on for one input item, each linked to it, with its binary data. */
export function toOutputItems(
	host: IExecuteFunctions,
	run: ExecutionContext,
	output: ItemOutput,
): INodeExecutionData[] {
	const { index } = output;
	const linked = { pairedItem: { item: index } };
	if (output.kind === 'rows') return output.rows.map((json) => ({ json, ...linked }));
	const input = host.getInputData()[index];
	const json = columns(run, output.result, index);
	const binary = input?.binary && { binary: input.binary };
	const toErrors = host.getNode().onError === 'continueErrorOutput';
	return isSuccess(output.result.outcome) || !toErrors
		? [{ json, ...binary, ...linked }]
		: [
				{
					json: errorOf(json, input?.json ?? {}),
					...binary,
					...(isTraceable(host, index) && linked),
				},
			];
}

/**
 * Whether n8n finds the input item of an item of the error output. With mock data it may hold fewer items
 * of the node before than it passed on, and would throw after the node has sent, all items lost.
 */
function isTraceable(host: IExecuteFunctions, item: number): boolean {
	try {
		const source = host.getInputSourceData();
		host.getWorkflowDataProxy(item).$getPairedItem(source.previousNode, source, { item });
		return true;
	} catch {
		return false;
	}
}

/** One flat row with the same columns for all outcomes, those that a person reads first in front. */
function columns(
	{ provider, parseContext }: ExecutionContext,
	result: ItemResult,
	item: number,
): IDataObject {
	const { outcome, preview, operation, target, email, attempts } = result;
	const { effectiveAt = null, requestedAt = null, reason = null } = result;
	const { dryRun = false, httpStatus = null } = result;
	return {
		summary: summarize(result, provider, parseContext),
		ok: isSuccess(outcome),
		ended: isEnded(outcome) && !result.planContinues,
		outcome,
		email,
		effectiveAt,
		provider: provider.name,
		operation,
		target,
		requestedAt,
		reason,
		dryRun,
		attempts,
		httpStatus,
		...preview,
		...optionalColumns(result),
		...textColumns(result, item),
	};
}

/** Columns that only some results have. */
function optionalColumns({ foundBy, verified, duplicateOf, response }: ItemResult): IDataObject {
	return {
		...(foundBy !== undefined && { foundBy }),
		...(verified && { verified: true }),
		...(duplicateOf !== undefined && { duplicateOf }),
		...(response !== undefined && { response: response as IDataObject }),
	};
}

function textColumns({ outcome, message, description, data }: ItemResult, item: number) {
	if (isSuccess(outcome)) return description ? { note: description } : {};
	return { message: `${message} [item ${item}]`, description: description ?? null, ...data };
}

/**
 * The one shape that n8n, both lines, routes to the error output with its data. n8n merges the input
 * item into it; what would be lost by that stays under `input`.
 */
function errorOf(json: IDataObject, input: IDataObject): IDataObject {
	const { message, ...rest } = json;
	const hidden = Object.entries(input).filter(([name]) => ['error', 'message'].includes(name));
	const error: IDataObject = { message, ...rest };
	if (hidden.length > 0) error.input = Object.fromEntries(hidden);
	return { error, message };
}

/** The one exception of stop mode. Built from a plain object: n8n hands a wrapped one back unchanged. */
export function stopError(node: INode, output: ItemOutput, results: ItemResult[]): NodeApiError {
	const result = output.kind === 'result' ? output.result : undefined;
	const message = `${result?.message} [item ${output.index}]`;
	// The message says why already, if only it has room for it.
	const why = result?.description ?? '';
	const description = [stopSummary(results), message.includes(why) ? '' : why]
		.filter(Boolean)
		.join(' ');
	const httpCode = result?.httpStatus === undefined ? undefined : String(result.httpStatus);
	const error = new NodeApiError(node, { message, description } as JsonObject, {
		message,
		description,
		itemIndex: output.index,
		httpCode,
	});
	// n8n puts a general text in the place of one that holds the code of a network error.
	error.message = message;
	return error;
}
