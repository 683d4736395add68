import type { INodeProperties } from 'n8n-workflow';

import type { Field } from './fields';
import type { Limits, Operation, Provider, Shown } from './provider';

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
		...Object.entries(provider.common ?? {}).map(([name, { shown }]) => property(name, shown)),
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
				default: false,
				description:
					'Whether to only look: shows what would happen and a plan token, and changes nothing',
			},
			{ operation: writes.map(([name]) => name) },
		),
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
					options: operation.effect === 'read' ? pacing(pace) : options(operation.record, pace),
				},
				{ operation: [name] },
			),
		),
	];
}

type Show = Record<string, Array<string | boolean>>;

const property = (name: string, shown: Shown, show?: Show): INodeProperties => ({
	name,
	...shown,
	...(show && { displayOptions: { show } }),
});

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

/** "pastDue" and "active" as "Past Due" and "Active". */
const titled = (value: string) =>
	(value[0].toUpperCase() + value.slice(1)).replace(/([a-z])([A-Z])/g, '$1 $2');

const number = (
	name: string,
	displayName: string,
	defaultValue: number,
	minValue: number,
	maxValue: number | undefined,
	description: string,
) =>
	property(name, {
		displayName,
		type: 'number',
		typeOptions: { minValue, ...(maxValue && { maxValue }) },
		default: defaultValue,
		description,
	});

/** How fast and how patient; for every operation. */
const pacing = ({ requestsPerMinute }: Limits): INodeProperties[] => [
	number(
		'maxAttempts',
		'Max Attempts',
		4,
		1,
		10,
		'Tries per item; one that may have been accepted is never repeated blindly',
	),
	number('maxConcurrency', 'Max Concurrency', 5, 1, 50, 'Requests in flight at most'),
	number(
		'requestsPerMinute',
		'Requests per Minute',
		requestsPerMinute,
		1,
		undefined,
		'Pace of this account, shared by all executions of this n8n process',
	),
	number('timeout', 'Timeout', 30000, 1, undefined, 'Milliseconds to wait for an answer, per try'),
];

const options = (
	record: { email: boolean; statuses: string[] } | undefined,
	limits: Limits,
): INodeProperties[] =>
	[
		property('alreadyCancelled', {
			displayName: 'Already Cancelled',
			type: 'options',
			options: [
				{ name: 'Counts as Success', value: 'success' },
				{ name: 'Goes to the Error Output', value: 'fail' },
			],
			default: 'success',
			description: 'What to do with a target that has nothing left to cancel',
		}),
		property('expectedEmail', {
			displayName: 'Expected Email',
			type: 'string',
			placeholder: 'e.g. nathan@example.com',
			default: '',
			description: 'Read the record first and send nothing unless it belongs to this address',
		}),
		property('expectedStatus', {
			displayName: 'Expected Status',
			type: 'options',
			options: (record?.statuses ?? []).map((value) => ({ name: titled(value), value })),
			default: record?.statuses[0] ?? '',
			description: 'Read the record first and send nothing unless it has this status',
		}),
		property('includeResponse', {
			displayName: 'Include Response',
			type: 'boolean',
			default: true,
			description: "Whether to keep the provider's answer, without secrets, under response",
		}),
		number(
			'maxPerExecution',
			'Max per Execution',
			100,
			0,
			undefined,
			'If the items of this run and what this execution got accepted before exceed it, nothing is sent. Use 0 for no limit.',
		),
		property('planToken', {
			displayName: 'Plan Token',
			type: 'string',
			default: '',
			description:
				'Token of an earlier dry run: send nothing if the record or the request has changed since',
		}),
		...pacing(limits),
	]
		.filter(({ name }) => name !== 'expectedEmail' || record?.email)
		.filter(({ name }) => name !== 'expectedStatus' || record?.statuses.length)
		.sort((one, other) => one.displayName.localeCompare(other.displayName));
