import {
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
} from 'n8n-workflow';
import { isEnded, isSuccess } from '../contract/outcome';
import type { ItemOutput } from '../run/itemRunner';
import type { ItemResult } from '../model/result';
import type { ExecutionContext } from '../run/executionContext';
import { summarize, stopSummary } from './summary';

/** The items that n8n passes on for one input item, each linked to it, with its binary data. */
export function toOutputItems(
	host: IExecuteFunctions,
	run: ExecutionContext,
	done: ItemOutput,
): INodeExecutionData[] {
	const { index, result, rows } = done;
	const input = host.getInputData()[index];
	const linked = { pairedItem: { item: index } };
	if (rows) return rows.map((json) => ({ json, ...linked }));
	if (!result) return [];
	const json = columns(run, result, index);
	const binary = input?.binary && { binary: input.binary };
	const toErrors = host.getNode().onError === 'continueErrorOutput';
	return isSuccess(result.outcome) || !toErrors
		? [{ json, ...binary, ...linked }]
		: [{ json: errorOf(json, input?.json ?? {}), ...binary, ...linked }];
}

/** One flat row, the same columns for all outcomes, what a person reads first. */
function columns(
	{ provider, around }: ExecutionContext,
	result: ItemResult,
	item: number,
): IDataObject {
	const { outcome, preview, response, duplicateOf, description, message } = result;
	const ok = isSuccess(outcome);
	const json: IDataObject = {
		summary: summarize(result, provider.displayName, around),
		ok,
		ended: isEnded(outcome) && !result.goesOn,
		outcome,
		email: result.email,
		effectiveAt: result.effectiveAt ?? null,
		provider: provider.name,
		operation: result.operation,
		target: result.target,
		requestedAt: result.requestedAt ?? null,
		reason: result.reason ?? null,
		dryRun: result.dryRun ?? false,
		attempts: result.attempts,
		httpStatus: result.httpStatus ?? null,
		...preview,
	};
	if (result.foundBy !== undefined) json.foundBy = result.foundBy;
	if (result.verified) json.verified = true;
	if (duplicateOf !== undefined) json.duplicateOf = duplicateOf;
	if (response !== undefined) json.response = response as IDataObject;
	if (ok) return { ...json, ...(description && { note: description }) };
	return {
		...json,
		message: `${message} [item ${item}]`,
		description: description ?? null,
		...result.data,
	};
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
export function stopError(
	node: INode,
	{ index, result }: ItemOutput,
	results: ItemResult[],
): NodeApiError {
	const message = `${result?.message} [item ${index}]`;
	const description = [stopSummary(results), result?.description].filter(Boolean).join(' ');
	const httpCode = result?.httpStatus === undefined ? undefined : String(result.httpStatus);
	return new NodeApiError(node, { message, description } as JsonObject, {
		message,
		description,
		itemIndex: index,
		httpCode,
	});
}
