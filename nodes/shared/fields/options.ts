import type { INodeProperties } from 'n8n-workflow';

import type { Field, Shown } from '../contract/field';
import type { Limits, Operation } from '../contract/provider';
import { choice, flag, several, whole } from './choice';
import { email, identifier } from './text';

/** The options of an operation, parsed, with their defaults filled in. */
export interface Options {
	alreadyCancelled: 'success' | 'fail';
	ifNotReferral: 'nothingToCancel' | 'fail';
	ifSeveral: 'refuse' | 'all';
	expectedEmail?: string;
	expectedStatus?: string[];
	planToken?: string;
	requirePlanToken: boolean;
	maxPerExecution: number;
	maxConcurrency: number;
	requestsPerMinute?: number;
	maxAttempts: number;
	/** Milliseconds per try. */
	timeout: number;
	includeResponse: boolean;
}

/** An option, declared once: where it is offered, its panel, bounds, parser and default. */
interface Option<T = unknown> extends Field<T> {
	/** What counts where it was not added. */
	absent?: T;
	offered(operation: Operation): boolean;
}

const writes = ({ effect }: Operation) => effect !== 'read';
const always = () => true;

const option = <T>(
	field: Field<T>,
	offered: Option['offered'],
	absent?: NonNullable<T>,
): Option<T> => ({
	...field,
	shown: { ...field.shown, required: undefined },
	offered,
	...(absent !== undefined && { absent }),
});

const number = (
	displayName: string,
	[least, most]: [number, number?],
	fallback: number,
	description: string,
) =>
	whole({
		displayName,
		typeOptions: { minValue: least, ...(most && { maxValue: most }) },
		default: fallback,
		description,
	});

/** "pastDue" and "active" as "Past Due" and "Active". */
const titled = (value: string) =>
	(value[0].toUpperCase() + value.slice(1)).replace(/([a-z])([A-Z])/g, '$1 $2');

const status = (statuses: string[]): Field<string[]> =>
	several({
		displayName: 'Expected Status',
		options: statuses.map((value) => ({ name: titled(value), value })),
		default: [],
		description: 'Read the record first and send nothing unless it has one of these statuses',
	});

/** In the order of the panel: guards first, plumbing last. */
function offers(operation: Operation, pace: number): Record<keyof Options, Option> {
	const record = operation.effect === 'read' ? undefined : operation.record;
	return {
		expectedEmail: option(
			email({
				displayName: 'Expected Email',
				type: 'string',
				placeholder: 'e.g. nathan@example.com',
				default: '',
				description: 'Read the record first and send nothing unless it belongs to this address',
			}),
			() => record?.email === true,
		),
		expectedStatus: option(
			status(record?.statuses ?? []),
			() => (record?.statuses.length ?? 0) > 0,
		),
		planToken: option(
			identifier({
				displayName: 'Plan Token',
				type: 'string',
				default: '',
				description:
					'Token of an earlier dry run: send nothing if the record or the request has changed since',
			}),
			writes,
		),
		requirePlanToken: option(
			flag({
				displayName: 'Plan Token Required',
				default: false,
				description:
					'Whether every run without a plan token is a dry run: for sub-workflows that an AI agent calls',
			}),
			writes,
			false,
		),
		maxPerExecution: option(
			number(
				'Max per Execution',
				[0],
				100,
				'If the items of this run and what this execution got accepted before exceed it, nothing is sent. Use 0 for no limit. A sub-workflow that runs once for each item counts anew each time.',
			),
			writes,
			100,
		),
		ifSeveral: option(
			choice({
				displayName: 'If Several Match',
				default: 'refuse',
				description: 'What to do where more than one subscription that runs is found',
				options: [
					{
						name: 'Cancel All',
						value: 'all',
						description: 'One output item for each of them',
					},
					{
						name: 'Refuse',
						value: 'refuse',
						description: 'Send nothing, and list them in the message',
					},
				],
			}),
			(one) => one.effect !== 'read' && one.find !== undefined,
			'refuse',
		),
		ifNotReferral: option(
			choice({
				displayName: 'If Not a Referral',
				default: 'nothingToCancel',
				description: 'What to do with a customer whom nobody has referred',
				options: [
					{ name: 'Counts as Success', value: 'nothingToCancel' },
					{ name: 'Goes to the Error Output', value: 'fail' },
				],
			}),
			(one) => one.effect !== 'read' && one.referral === true,
			'nothingToCancel',
		),
		alreadyCancelled: option(
			choice({
				displayName: 'Already Cancelled',
				default: 'success',
				description: 'What to do with a target that has nothing left to cancel',
				options: [
					{ name: 'Counts as Success', value: 'success' },
					{ name: 'Goes to the Error Output', value: 'fail' },
				],
			}),
			({ effect }) => effect === 'cancel',
			'success',
		),
		includeResponse: option(
			flag({
				displayName: 'Include Response',
				default: false,
				description: "Whether to keep the provider's answer, without secrets, under response",
			}),
			writes,
			false,
		),
		requestsPerMinute: option(
			number(
				'Requests per Minute',
				[1],
				pace,
				'Pace of this account, shared by all executions of this n8n process',
			),
			always,
		),
		maxConcurrency: option(
			number('Requests at a Time', [1, 50], 5, 'How many requests wait for an answer at most'),
			always,
			5,
		),
		maxAttempts: option(
			number(
				'Tries per Item',
				[1, 10],
				4,
				'One that may have been accepted is never repeated blindly',
			),
			always,
			4,
		),
		timeout: option(
			number('Timeout', [1, 3_600_000], 30_000, 'Milliseconds to wait for an answer, per try'),
			always,
			30_000,
		),
	};
}

/** The options that are offered for an operation, by name, in the order of the panel. */
export function optionsFor(operation: Operation, { requestsPerMinute }: Limits) {
	return Object.entries(offers(operation, requestsPerMinute)).filter(([, { offered }]) =>
		offered(operation),
	);
}

/** What n8n shows under Options. */
export const shownOptions = (operation: Operation, limits: Limits): INodeProperties[] =>
	optionsFor(operation, limits).map(([name, { shown }]) => ({ name, ...(shown as Shown) }));
