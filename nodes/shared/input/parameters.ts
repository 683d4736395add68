import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Field, Fields, ParseContext } from '../contract/field';
import { invalid } from '../contract/refusal';
import type { RateLimits, Operation } from '../contract/provider';
import { excerpt } from '../fields/characters';
import { optionsFor, type Options } from '../fields/options';

/** Reads a parameter for an item, expressions evaluated. */
export interface ParameterReader {
	(name: string, index: number, absent?: unknown): unknown;
	/** Whether the parameter, as saved in the workflow, holds an expression. */
	isExpression(name: string): boolean;
}

/** A parameter without an expression is the same for all items, so it is read once. */
export function parameterReader(host: IExecuteFunctions): ParameterReader {
	const saved = host.getNode().parameters;
	const constant = new Map<string, unknown>();
	// n8n marks an expression by a leading "=", at any depth.
	const isExpression = (name: string) => {
		const value = saved[name] ?? '';
		return typeof value === 'string' ? value.startsWith('=') : JSON.stringify(value).includes('"=');
	};
	const read = (name: string, index: number, absent?: unknown): unknown => {
		if (constant.has(name)) return constant.get(name);
		const value = host.getNodeParameter(name, index, absent);
		if (!isExpression(name)) constant.set(name, value);
		return value;
	};
	return Object.assign(read, { isExpression });
}

interface LocatorValue {
	mode: string;
	value: unknown;
}

/** The value of a resource locator; a workflow that a program wrote may hold the ID alone. */
export const locatorParts = (raw: unknown): LocatorValue =>
	isLocatorValue(raw) ? raw : { mode: 'id', value: raw };

const isLocatorValue = (raw: unknown): raw is LocatorValue =>
	typeof raw === 'object' && raw !== null && '__rl' in raw && 'mode' in raw && 'value' in raw;

/** A locator's value that is not an ID: the target is to be found by it. */
export interface TargetLookup {
	field: string;
	mode: string;
	value: string;
}

/** The parsed values of an item's fields. */
export interface ParsedFields {
	values: Record<string, unknown>;
	/** Set where the target is still to be found. */
	searchBy?: TargetLookup;
}

/**
 * Reads and parses the fields that n8n shows for an operation, for one item.
 * @throws Refusal (`invalid`) at the first value that is empty, doubtful or contradictory
 */
export function parseFields(
	parameter: ParameterReader,
	fields: Fields,
	index: number,
	context: ParseContext,
): ParsedFields {
	const reader = new ItemFields(parameter, index);
	const parsed: ParsedFields = { values: {} };
	const { values } = parsed;
	for (const [name, field] of Object.entries(fields)) {
		const condition = unmetCondition(field, values);
		const isEmptyElsewhere =
			field.showWhenFilled !== undefined && values[field.showWhenFilled] === undefined;
		if (isEmptyElsewhere) {
			values[name] = undefined;
			continue;
		}
		rejectExpression(parameter, name, field);
		if (condition) rejectStray(reader.read(name, field, ''), field, fields, condition);
		if (condition || reader.isLeftOut(name, field)) values[name] = undefined;
		else if (field.property.type === 'resourceLocator') {
			const { mode, value } = locatorParts(reader.read(name, field));
			const lookup = field.lookupModes?.[mode];
			if (lookup) parsed.searchBy = { field: name, mode, value: lookup.parse(value, context) };
			values[name] = lookup ? '' : field.parse(value, context);
		} else values[name] = field.parse(reader.read(name, field), context);
	}
	return parsed;
}

/** The raw values of one item, at top level and in the collections. */
export class ItemFields {
	private readonly groups = new Map<string, IDataObject>();

	constructor(
		private readonly parameter: ParameterReader,
		private readonly index: number,
	) {}

	read(name: string, { group }: Field, absent?: unknown): unknown {
		return group ? this.group(group)[name] : this.parameter(name, this.index, absent);
	}

	/** Not added to its collection, or optional and left empty in the panel. */
	isLeftOut(name: string, field: Field): boolean {
		if (field.group) return !(name in this.group(field.group));
		if (!field.optional || this.parameter.isExpression(name)) return false;
		const raw = this.read(name, field, '');
		return typeof raw === 'string' && raw.trim() === '';
	}

	private group(name: string): IDataObject {
		const known = this.groups.get(name) ?? (this.parameter(name, this.index, {}) as IDataObject);
		this.groups.set(name, known);
		return known;
	}
}

/** n8n 2 takes such a value as a fixed text; n8n 1 evaluates any "=…". */
function rejectExpression(
	{ isExpression }: ParameterReader,
	name: string,
	{ property, group }: Field,
): void {
	if (!property.noDataExpression || group || !isExpression(name)) return;
	throw invalid(
		`${property.displayName} is an expression, which it does not take.`,
		'Write it out as a fixed text.',
	);
}

/** Another field's value under which a field does not exist. */
interface UnmetCondition {
	other: string;
	value: unknown;
	allowed: string[];
}

export function unmetCondition(
	{ showWhen = {} }: Field,
	values: Record<string, unknown>,
): UnmetCondition | undefined {
	const unmet = Object.entries(showWhen).find(
		([other, allowed]) => !allowed.includes(String(values[other])),
	);
	return unmet && { other: unmet[0], value: values[unmet[0]], allowed: unmet[1] };
}

function rejectStray(
	raw: unknown,
	{ property, rejectElsewhere }: Field,
	fields: Fields,
	{ other, value, allowed }: UnmetCondition,
): void {
	// A switch that is off asks for nothing.
	const stray = rejectElsewhere && raw !== false ? String(raw ?? '').trim() : '';
	if (stray === '') return;
	throw invalid(
		`${property.displayName} is "${excerpt(stray)}", but ${fields[other].property.displayName} is "${String(value)}".`,
		`Leave ${property.displayName} empty, or use ${allowed.join(' or ')}.`,
	);
}

/**
 * Parses the options. An option that was added must hold a value; the others have their defaults.
 * @param agent an AI agent may leave the plan token empty and gets a dry run; so does every caller if
 * `requirePlanToken` is set
 * @throws Refusal (`invalid` or `refused`)
 */
export function parseOptions(
	given: IDataObject,
	operation: Operation,
	limits: RateLimits,
	{ agent, around }: { agent: boolean; around: ParseContext },
): Options {
	const options: Record<string, unknown> = {};
	const mayLeaveTokenEmpty = agent || String(given.requirePlanToken) === 'true';
	for (const [name, { parse, defaultValue }] of optionsFor(operation, limits)) {
		const isEmptyToken =
			name === 'planToken' && mayLeaveTokenEmpty && !/\S{5}/.test(String(given[name] ?? ''));
		options[name] = isEmptyToken || !(name in given) ? defaultValue : parse(given[name], around);
	}
	return options as unknown as Options;
}
