import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Field, Fields, ParseContext } from '../contract/field';
import { invalid } from '../contract/refusal';
import { optionsFor, type Options } from '../fields/options';
import type { RateLimits, Operation } from '../contract/provider';

/** Reads a parameter for an item; `written` is what stands in the panel, expressions unevaluated. */
export interface ParameterReader {
	(name: string, index: number, absent?: unknown): unknown;
	isExpression(name: string): boolean;
}

/** One without an expression is the same for all items and read once. */
export function parameterReader(host: IExecuteFunctions): ParameterReader {
	const written = host.getNode().parameters;
	const constant = new Map<string, unknown>();
	// n8n marks an expression by a leading "=", at any depth.
	const isExpression = (name: string) => JSON.stringify(written[name] ?? '').includes('"=');
	const read = (name: string, index: number, absent?: unknown): unknown => {
		if (constant.has(name)) return constant.get(name);
		const value = host.getNodeParameter(name, index, absent);
		if (!isExpression(name)) constant.set(name, value);
		return value;
	};
	return Object.assign(read, { isExpression });
}

/** A locator's parts; one that a program wrote may be the bare ID. */
const locatorParts = (raw: unknown): { mode: string; value: unknown } =>
	typeof raw === 'object' && raw !== null && '__rl' in raw
		? (raw as never)
		: { mode: 'id', value: raw };

/** What the fields hold; `lookup` where the target's own field holds something to find it by. */
export interface ParsedFields {
	values: Record<string, unknown>;
	lookup?: { field: string; mode: string; value: string };
}

/**
 * Reads what n8n shows for this operation, each with the item's index, and checks it.
 * @throws Refusal (`invalid`) at the first value that is empty, doubtful or contradictory
 */
export function parseFields(
	parameter: ParameterReader,
	fields: Fields,
	index: number,
	around: ParseContext,
): ParsedFields {
	const groups: Record<string, IDataObject> = {};
	const typed: ParsedFields = { values: {} };
	const { values } = typed;
	for (const [name, field] of Object.entries(fields)) {
		const { group, lookupModes } = field;
		const inGroup = group && (groups[group] ??= parameter(group, index, {}) as IDataObject);
		const raw = (absent?: unknown) => (inGroup ? inGroup[name] : parameter(name, index, absent));
		const against = Object.entries(field.showWhen ?? {}).find(
			([other, allowed]) => !allowed.includes(String(values[other])),
		);
		if (against) rejectStray(field, raw(''), fields[against[0]], values[against[0]], against[1]);
		else if (inGroup && !(name in inGroup)) values[name] = undefined;
		else if (field.optional && isBlank(raw('')) && !parameter.isExpression(name)) {
			values[name] = undefined;
		} else if (field.property.type === 'resourceLocator') {
			const { mode, value } = locatorParts(raw());
			const other = lookupModes?.[mode];
			if (other) typed.lookup = { field: name, mode, value: other.parse(value, around) };
			values[name] = other ? '' : field.parse(value, around);
		} else values[name] = field.parse(raw(), around);
	}
	return typed;
}

const isBlank = (raw: unknown) => typeof raw === 'string' && raw.trim() === '';

function rejectStray(
	{ property, rejectElsewhere }: Field,
	raw: unknown,
	other: Field,
	value: unknown,
	allowed: string[],
): void {
	// A switch that is off asks for nothing.
	const stray = rejectElsewhere && raw !== false ? String(raw ?? '').trim() : '';
	if (stray === '') return;
	throw invalid(
		`${property.displayName} is "${stray.slice(0, 60)}", but ${other.property.displayName} is "${String(value)}".`,
		`Leave ${property.displayName} empty, or use ${allowed.join(' or ')}.`,
	);
}

/**
 * The options, each checked; one that is there but empty is refused, one left out has its default.
 * @param agent an AI agent that has no plan token yet leaves it empty, and gets a dry run; so does
 * whoever calls where one is required
 * @throws Refusal (`invalid`)
 */
export function parseOptions(
	given: IDataObject,
	operation: Operation,
	limits: RateLimits,
	{ agent, around }: { agent: boolean; around: ParseContext },
): Options {
	const options: Record<string, unknown> = {};
	const offered = optionsFor(operation, limits);
	const required = [true, 'true'].includes(given.requirePlanToken as boolean);
	for (const [name, { parse, defaultValue }] of offered) {
		const none =
			(agent || required) && name === 'planToken' && !/\S{5}/.test(String(given[name] ?? ''));
		if (none || !(name in given)) options[name] = defaultValue;
		else options[name] = parse(given[name], around);
	}
	return options as unknown as Options;
}
