import type { INodeProperties } from 'n8n-workflow';

import type { Field, Shown } from '../contract/field';
import type { Operation, Provider } from '../contract/provider';
import { limit, returnAll } from './common';
import { finding, nowFound } from './locator';

type Show = Record<string, Array<string | boolean>>;

/** A property of the panel, shown where `show` says. */
export const property = (name: string, shown: Shown, show?: Show): INodeProperties => ({
	name,
	...shown,
	...(show && { displayOptions: { show } }),
});

export const notice = (name: string, displayName: string, operation?: string) =>
	property(
		name,
		{ displayName, type: 'notice', default: '' },
		operation ? { operation: [operation] } : undefined,
	);

/** A field that several operations share is one property: n8n keeps its value when the operation changes. */
export function topLevel({ operations }: Provider): INodeProperties[] {
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
		.flatMap(([{ shown, when, sought }, { name, operation }]) => [
			property(name, shown, { operation, ...when }),
			...findingBy(name, operation, Object.keys(sought ?? {}), names),
		]);
}

/** Under a locator: what its fixed value finds. */
function findingBy(
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
	return [{ name: nowFound, ...finding(locator, others), displayOptions }];
}

export function paging(name: string, operation: Operation): INodeProperties[] {
	if (operation.effect !== 'read' || !operation.next) return [];
	return [
		property('returnAll', returnAll.shown, { operation: [name] }),
		property('limit', limit.shown, { operation: [name], returnAll: [false] }),
	];
}

/** Within a collection n8n finds the node's top level behind a "/". */
export function collection(
	{ operations }: Provider,
	group: 'additionalFields' | 'filters',
	displayName: string,
	placeholder: string,
): INodeProperties[] {
	return Object.entries(operations).flatMap(([operation, { fields }]) => {
		const inside = Object.entries(fields).filter(([, field]) => field.group === group);
		if (inside.length === 0) return [];
		const shown = inside.map(([name, { shown, when }]) => {
			const atTop = Object.entries(when ?? {}).map(([other, values]) => [`/${other}`, values]);
			return property(name, shown, when && (Object.fromEntries(atTop) as Show));
		});
		shown.sort((one, other) => one.displayName.localeCompare(other.displayName));
		return [
			property(
				group,
				{ displayName, type: 'collection', placeholder, default: {}, options: shown },
				{ operation: [operation], ...sharedBy(inside.map(([, { when }]) => when)) },
			),
		];
	});
}

/** The condition that all of them have: a collection that nothing could be added to is not shown. */
const sharedBy = ([first, ...rest]: Array<Field['when']>): Field['when'] =>
	rest.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : undefined;
