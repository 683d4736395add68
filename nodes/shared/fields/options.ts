import type { INodeProperties } from 'n8n-workflow';

import type { RateLimits, Operation } from '../contract/provider';
import type { FieldValues } from '../contract/field';
import { safetyOptions } from './safetyOptions';
import { type Option, onEverything, nodeOption, onWrites } from './modifiers';
import { booleanField, integerOption } from './primitives';
const allOptions = (operation: Operation, { requestsPerMinute }: RateLimits) => ({
	...safetyOptions(operation),
	...requestOptions(requestsPerMinute),
});

/** The options of an operation, parsed, with their defaults filled in. */
export type Options = FieldValues<ReturnType<typeof allOptions>>;

/** The options that are offered for an operation, by name, in the order of the panel. */
export const optionsFor = (operation: Operation, limits: RateLimits): Array<[string, Option]> =>
	Object.entries(allOptions(operation, limits)).filter(([, { availableFor }]) =>
		availableFor(operation),
	);

/** What n8n shows under Options. */
export const optionProperties = (operation: Operation, limits: RateLimits): INodeProperties[] =>
	optionsFor(operation, limits).map(([name, { property }]) => ({ name, ...property }));

/**
 * How much comes out, how fast and how patiently, in the order of the panel.
 * @param pace the provider's requests per minute
 */
export const requestOptions = (pace: number) => ({
	includeResponse: nodeOption(
		booleanField({
			displayName: 'Include Response',
			default: false,
			description: "Whether to keep the provider's answer, without secrets, under response",
		}),
		onWrites,
		false,
	),
	requestsPerMinute: nodeOption(
		integerOption(
			'Requests per Minute',
			[1],
			pace,
			'Pace of this account, shared by all executions of this n8n process',
		),
		onEverything,
	),
	maxConcurrency: nodeOption(
		integerOption('Requests at a Time', [1, 50], 5, 'How many requests wait for an answer at most'),
		onEverything,
		5,
	),
	maxAttempts: nodeOption(
		integerOption(
			'Tries per Item',
			[1, 10],
			4,
			'One that may have been accepted is never repeated blindly',
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
