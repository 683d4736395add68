import type { INodeProperties } from 'n8n-workflow';

import type { Field, Shown } from './contract/field';
import type { Operation, Provider } from './contract/provider';
import { shownOptions } from './fields/options';

/** Turns a provider into the fields that n8n shows; what is declared once is shown, read and checked from there. */
export function properties(provider: Provider): INodeProperties[] {
	const { resource, limits, credentials } = provider;
	const all = Object.entries(provider.operations);
	const writes = all.filter(([, { effect }]) => effect !== 'read');
	const menu = all.map(([value, { name, action, description }]) => ({
		name,
		value,
		action,
		description,
	}));
	const pace = typeof limits === 'function' ? limits(credentials[0]) : limits;
	return [
		...(provider.notice ? [notice('aboutNode', provider.notice)] : []),
		...(provider.common ?? []).map(({ name, field: { shown }, on }) =>
			property(name, shown, on && { operation: on }),
		),
		property('resource', {
			displayName: 'Resource',
			type: 'options',
			noDataExpression: true,
			options: [resource],
			default: resource.value,
		}),
		property(
			'operation',
			{
				displayName: 'Operation',
				type: 'options',
				noDataExpression: true,
				options: menu.sort((one, other) => one.name.localeCompare(other.name)),
				default: provider.defaultOperation,
			},
			{ resource: [resource.value] },
		),
		...all.flatMap(([name, { notice: text }]) =>
			text ? [notice(`about_${name}`, text, name)] : [],
		),
		...topLevel(provider),
		...all.flatMap(([name, operation]) => paging(name, operation)),
		property(
			'dryRun',
			{
				displayName: 'Dry Run',
				type: 'boolean',
				default: true,
				description:
					'Whether to only look: shows what would happen and a plan token, and changes nothing',
			},
			{ operation: writes.map(([name]) => name) },
		),
		...writes.flatMap(([name, { name: label }]) => dryRunNotices(name, label)),
		...collection(provider, 'additionalFields', 'Additional Fields', 'Add Field'),
		...collection(provider, 'filters', 'Filters', 'Add Filter'),
		...all.map(([name, operation]) =>
			property(
				'options',
				{
					displayName: 'Options',
					type: 'collection',
					placeholder: 'Add option',
					default: {},
					options: shownOptions(operation, pace),
				},
				{ operation: [name] },
			),
		),
	];
}

/**
 * What stands under the node on the canvas: "Cancel · dry run", "Cancel · live", "Get Many".
 * Where an expression decides that only a run can know, it says so.
 */
export function subtitleOf({ operations }: Provider): string {
	const all = Object.entries(operations);
	const labels = JSON.stringify(Object.fromEntries(all.map(([name, one]) => [name, one.name])));
	const writes = JSON.stringify(
		all.flatMap(([name, { effect }]) => (effect === 'read' ? [] : name)),
	);
	const chosen = '$parameter["operation"]';
	const dry = '$parameter["dryRun"]';
	const how = `${dry} === true ? " · dry run" : ${dry} === false ? " · live" : " · dry run by expression"`;
	return `={{ (${labels}[${chosen}] ?? ${chosen}) + (${writes}.includes(${chosen}) ? (${how}) : "") }}`;
}

type Show = Record<string, Array<string | boolean>>;

const property = (name: string, shown: Shown, show?: Show): INodeProperties => ({
	name,
	...shown,
	...(show && { displayOptions: { show } }),
});

/** What Execute step will do, right under the switch. */
const dryRunNotices = (name: string, label: string): INodeProperties[] => [
	property(
		`looks_${name}`,
		{
			displayName: `Dry run: shows what "${label}" would do, and sends nothing. Switch it off to carry it out.`,
			type: 'notice',
			default: '',
		},
		{ operation: [name], dryRun: [true] },
	),
	property(
		`acts_${name}`,
		{
			displayName: `Live: "${label}" is carried out for every item.`,
			type: 'notice',
			default: '',
		},
		{ operation: [name], dryRun: [false] },
	),
];

const notice = (name: string, displayName: string, operation?: string) =>
	property(
		name,
		{ displayName, type: 'notice', default: '' },
		operation ? { operation: [operation] } : undefined,
	);

/** A field that several operations share is one property: n8n keeps its value when the operation changes. */
function topLevel({ operations }: Provider): INodeProperties[] {
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
		.map(([{ shown, when }, { name, operation }]) => property(name, shown, { operation, ...when }));
}

function paging(name: string, operation: Operation): INodeProperties[] {
	if (operation.effect !== 'read' || !operation.next) return [];
	return [
		property(
			'returnAll',
			{
				displayName: 'Return All',
				type: 'boolean',
				default: false,
				description: 'Whether to return all results or only up to a given limit',
			},
			{ operation: [name] },
		),
		property(
			'limit',
			{
				displayName: 'Limit',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 50,
				description: 'Max number of results to return',
			},
			{ operation: [name], returnAll: [false] },
		),
	];
}

/** Within a collection n8n finds the node's top level behind a "/". */
function collection(
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
