import type { INodeProperties } from 'n8n-workflow';

import type { Provider } from './contract/provider';
import {
	dryRun,
	collectionProperty,
	notice,
	pagingProperties,
	property,
	topLevelProperties,
} from './fields/panelProperties';
import { optionProperties } from './fields/options';

/** Turns a provider into the fields that n8n shows; what is declared once is shown, read and checked from there. */
export function nodeProperties(provider: Provider): INodeProperties[] {
	const { resource, rateLimits } = provider;
	const all = Object.entries(provider.operations);
	const writes = all.filter(([, { effect }]) => effect !== 'read');
	const menu = all.map(([value, { name, action, description }]) => ({
		name,
		value,
		action,
		description,
	}));
	return [
		...(provider.notice ? [notice('aboutNode', provider.notice)] : []),
		...Object.entries(provider.nodeFields ?? {}).map(([name, { property: shown }]) =>
			property(name, shown),
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
		...topLevelProperties(provider),
		...all.flatMap(([name, operation]) => pagingProperties(name, operation)),
		property('dryRun', dryRun.property, { operation: writes.map(([name]) => name) }),
		...writes.flatMap(([name, { name: label }]) => dryRunNotices(name, label)),
		...collectionProperty(provider, 'additionalFields', 'Additional Fields', 'Add Field'),
		...collectionProperty(provider, 'filters', 'Filters', 'Add Filter'),
		...all.map(([name, operation]) =>
			property(
				'options',
				{
					displayName: 'Options',
					type: 'collection',
					placeholder: 'Add option',
					default: {},
					options: optionProperties(operation, rateLimits),
				},
				{ operation: [name] },
			),
		),
	];
}

/**
 * What stands under the node on the canvas: "Cancel · dry run", "Cancel · live", "Get Many".
 * Dry Run by an expression that only a run can answer is "Cancel · may be live": n8n throws where the
 * canvas asks for it, and would show nothing at all.
 */
export function nodeSubtitle({ operations }: Provider): string {
	const all = Object.entries(operations);
	const labels = JSON.stringify(Object.fromEntries(all.map(([name, one]) => [name, one.name])));
	const writes = JSON.stringify(
		all.flatMap(([name, { effect }]) => (effect === 'read' ? [] : name)),
	);
	const chosen = '$parameter["operation"]';
	const dry = '(() => { try { return $parameter["dryRun"]; } catch (unknown) { return null; } })()';
	const how = `({ true: "dry run", false: "live" })[${dry}] ?? "may be live"`;
	return `={{ (${labels}[${chosen}] ?? ${chosen}) + (${writes}.includes(${chosen}) ? " · " + (${how}) : "") }}`;
}

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
	{
		...property(
			`either_${name}`,
			{
				displayName: `An expression decides: where Dry Run is false, "${label}" is carried out; where it is neither true nor false, nothing is sent.`,
				type: 'notice',
				default: '',
			},
			{ operation: [name] },
		),
		displayOptions: { show: { operation: [name] }, hide: { dryRun: [true, false] } },
	},
];
