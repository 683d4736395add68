import type { INodeProperties } from 'n8n-workflow';

import type { RateLimits, Operation } from '../contract/provider';
import type { Field, FieldValues } from '../contract/field';
import { safetyOptions } from './safetyOptions';
import { type Option, onEverything, nodeOption, onWrites } from './modifiers';
import { booleanField, integerOption } from './primitives';

const allOptions = (operation: Operation, { requestsPerMinute }: RateLimits) => ({
	...safetyOptions(operation),
	...requestOptions(requestsPerMinute),
});

/** The options of an operation, parsed, with their defaults filled in. */
export type Options = FieldValues<ReturnType<typeof allOptions>>;

const known = new WeakMap<Operation, { limits: RateLimits; options: Array<[string, Option]> }>();

/** The options that an operation has, by name, in the order of the panel; made once, and read for each item. */
export function optionsFor(operation: Operation, limits: RateLimits): Array<[string, Option]> {
	const made = known.get(operation);
	if (made?.limits === limits) return made.options;
	const options = Object.entries<Option>(allOptions(operation, limits)).filter(
		([, { availableFor }]) => availableFor(operation),
	);
	known.set(operation, { limits, options });
	return options;
}

/** What n8n shows under Options: guards, the operation's own fields, then what every request has. */
export function optionProperties(operation: Operation, limits: RateLimits): INodeProperties[] {
	const own = Object.entries(operation.fields).filter(([, { group }]) => group === 'options');
	const request = requestOptions(limits.requestsPerMinute);
	const all: Array<[string, Field]> = optionsFor(operation, limits);
	const isRequest = ([name]: [string, Field]) => Object.hasOwn(request, name);
	const guards = all.filter((one) => !isRequest(one));
	return [...guards, ...own, ...all.filter(isRequest)].map(([name, { property }]) => ({
		name,
		...property,
	}));
}

/**
 * Output, rate, concurrency, retries and timeout, in the order of the panel.
 * @param providerRate the provider's requests per minute
 */
export const requestOptions = (providerRate: number) => ({
	includeResponse: nodeOption(
		booleanField({
			displayName: 'Include Response',
			default: false,
			description: 'Whether to add the provider\'s raw answer (without secrets) as "response"',
		}),
		onWrites,
		false,
	),
	requestsPerMinute: nodeOption(
		integerOption(
			'Requests per Minute',
			[1],
			providerRate,
			'Highest speed for this account, shared by all executions of this n8n process',
		),
		onEverything,
	),
	maxConcurrency: nodeOption(
		integerOption('Parallel Requests', [1, 50], 5, 'Most requests waiting for an answer at once'),
		onEverything,
		5,
	),
	maxAttempts: nodeOption(
		integerOption(
			'Max Tries per Item',
			[1, 10],
			4,
			'A request that may have been accepted is never sent again before the record has been read',
		),
		onEverything,
		4,
	),
	timeout: nodeOption(
		integerOption('Timeout', [1, 3_600_000], 30_000, 'Milliseconds to wait for an answer, per try'),
		onEverything,
		30_000,
	),
});
