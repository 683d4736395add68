import type { INodeProperties } from 'n8n-workflow';

import type { Provider, WriteOperation } from './contract/provider';
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
		...all.flatMap(([name, one]) => (one.effect === 'read' ? [] : dryRunNotices(name, one))),
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
 * What stands under the node on the canvas: "Cancel · dry run", "Cancel · LIVE", "Get Many".
 * Dry Run by an expression that only a run can answer is "Cancel · may be LIVE": n8n throws where the
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
	const how = `({ true: "dry run", false: "LIVE" })[${dry}] ?? "may be LIVE"`;
	return `={{ (${labels}[${chosen}] ?? ${chosen}) + (${writes}.includes(${chosen}) ? " · " + (${how}) : "") }}`;
}

/** What Execute step will do, right under the switch; to a tool for agents something else applies. */
function dryRunNotices(
	name: string,
	{ name: label, liveNotice }: WriteOperation,
): INodeProperties[] {
	const operation = [name];
	const text = (displayName: string) => ({ displayName, type: 'notice' as const, default: '' });
	return [
		{
			...property(
				`looks_${name}`,
				text(`Dry run: previews "${label}", changes nothing. Turn off to run it for real.`),
			),
			displayOptions: { show: { operation, dryRun: [true] }, hide: { '@tool': [true] } },
		},
		{
			...property(
				`acts_${name}`,
				text(
					`<b>LIVE: every run carries out "${label}" for real, Execute Step too.</b>${liveNotice ? ` ${liveNotice}` : ''}`,
				),
			),
			displayOptions: { show: { operation, dryRun: [false] }, hide: { '@tool': [true] } },
		},
		{
			...property(
				`either_${name}`,
				text(
					`The expression decides for each item: false carries out "${label}" for real, true previews, anything else is refused.`,
				),
			),
			displayOptions: { show: { operation }, hide: { dryRun: [true, false], '@tool': [true] } },
		},
		{
			...property(
				`agent_${name}`,
				text(
					`An AI agent always gets a preview first. To let it carry out "${label}", let the model fill Options > Plan Token.`,
				),
			),
			displayOptions: { show: { operation, '@tool': [true] } },
		},
	];
}
