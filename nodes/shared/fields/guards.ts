import type { Field } from '../contract/field';
import type { Operation } from '../contract/provider';
import { choice, flag, several } from './choice';
import { number } from './number';
import { option, writes } from './option';
import { email, identifier } from './text';

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

/** The options that hold something back, in the order of the panel. */
export function guards(operation: Operation) {
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
	};
}
