import type { INodeProperties } from 'n8n-workflow';

import type { Field, FieldProperty } from '../contract/field';
import type { Operation, Provider } from '../contract/provider';
import { matchPreviewField, matchPreviewValue, recordPreviewField } from './resourceLocator';
import { booleanField, integerField } from './primitives';

type DisplayCondition = Record<string, Array<string | boolean>>;

/**
 * A property of the panel, shown under the condition `show`.
 * @param unlessEmpty another field that must not be left empty
 */
export const property = (
	name: string,
	shown: FieldProperty,
	show?: DisplayCondition,
	unlessEmpty?: string,
): INodeProperties => {
	const hide = unlessEmpty === undefined ? undefined : { [unlessEmpty]: [''] };
	return {
		name,
		...shown,
		...((show ?? hide) && { displayOptions: { ...(show && { show }), ...(hide && { hide }) } }),
	};
};

export const notice = (name: string, displayName: string, operation?: string) =>
	property(
		name,
		{ displayName, type: 'notice', default: '' },
		operation ? { operation: [operation] } : undefined,
	);

/** A field that several operations share is one property: n8n keeps its value when the operation changes. */
export function topLevelProperties({ operations }: Provider): INodeProperties[] {
	const shared = new Map<Field, { name: string; operation: string[] }>();
	for (const [operation, { fields }] of Object.entries(operations)) {
		for (const [name, field] of Object.entries(fields)) {
			if (!field.group)
				shared.set(field, {
					name,
					operation: [...(shared.get(field)?.operation ?? []), operation],
				});
		}
	}
	// Variants of one name stand together, in the place of the first: the order holds for every operation.
	const names = [...new Set([...shared.values()].map(({ name }) => name))];
	return [...shared]
		.sort(([, one], [, other]) => names.indexOf(one.name) - names.indexOf(other.name))
		.flatMap(([field, { name, operation }]) => [
			property(name, field.property, { operation, ...field.showWhen }, field.showWhenFilled),
			...matchPreviewFor(name, operation, Object.keys(field.lookupModes ?? {}), names),
			...(field.previewsRecord ? [recordPreviewFor(name, operation, names)] : []),
		]);
}

/** Under a locator: the preview of what its fixed value finds. */
function matchPreviewFor(
	locator: string,
	operation: string[],
	modes: string[],
	fields: string[],
): INodeProperties[] {
	if (modes.length === 0) return [];
	// By the leading "/" both host lines take it for a path, and not for the name of a field.
	const [mode, value] = [`/${locator}.mode`, `/${locator}.value`];
	const displayOptions = {
		show: { operation, [mode]: modes },
		hide: { [value]: ['', { _cnd: { regex: '^=' } }] },
	};
	const others = ['operation', ...fields.filter((name) => name !== locator)];
	return [{ name: matchPreviewValue, ...matchPreviewField(locator, others), displayOptions }];
}

/** Under a target: the preview of what the record query reads for its fixed value. */
const recordPreviewFor = (
	target: string,
	operation: string[],
	fields: string[],
): INodeProperties => ({
	name: matchPreviewValue,
	...recordPreviewField(['operation', ...fields]),
	displayOptions: { show: { operation }, hide: { [target]: ['', { _cnd: { regex: '^=' } }] } },
});

export function pagingProperties(name: string, operation: Operation): INodeProperties[] {
	if (operation.effect !== 'read' || !operation.nextPage) return [];
	return [
		property('returnAll', returnAll.property, { operation: [name] }),
		property('limit', limit.property, { operation: [name], returnAll: [false] }),
	];
}

/** Within a collection n8n finds the node's top level behind a "/". */
export function collectionProperty(
	{ operations }: Provider,
	group: 'additionalFields' | 'filters',
	displayName: string,
	placeholder: string,
): INodeProperties[] {
	return Object.entries(operations).flatMap(([operation, { fields }]) => {
		const inside = Object.entries(fields).filter(([, field]) => field.group === group);
		if (inside.length === 0) return [];
		const shown = inside.map(([name, { property: shown, showWhen }]) => {
			const atTop = Object.entries(showWhen ?? {}).map(([other, values]) => [`/${other}`, values]);
			return property(name, shown, showWhen && (Object.fromEntries(atTop) as DisplayCondition));
		});
		shown.sort((one, other) => one.displayName.localeCompare(other.displayName));
		return [
			property(
				group,
				{ displayName, type: 'collection', placeholder, default: {}, options: shown },
				{ operation: [operation], ...commonCondition(inside.map(([, { showWhen }]) => showWhen)) },
			),
		];
	});
}

/** The condition that all fields share: a collection is hidden while no field can be added to it. */
const commonCondition = ([first, ...rest]: Array<Field['showWhen']>): Field['showWhen'] =>
	rest.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : undefined;

/** Fields beside those of a provider: `dryRun` in every write, the others in every list. */
export const dryRun = booleanField({
	displayName: 'Dry Run',
	default: true,
	description: 'Whether to only preview: shows what would happen, changes nothing',
});

export const returnAll = booleanField({
	displayName: 'Return All',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
});

export const limit = integerField({
	displayName: 'Limit',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
});
