import type { Field } from '../contract/field';
import type { Operation } from '../contract/provider';
import { choiceField, booleanField, multiChoiceField, integerOption } from './primitives';
import { nodeOption, onWrites } from './modifiers';
import { emailField, identifierField } from './string';

/** "pastDue", "past_due" and "active" as "Past Due", "Past Due" and "Active". */
export const titleCase = (value: string) =>
	value
		.replace(
			/(^|_)([a-z])/g,
			(_, start: string, letter: string) => `${start && ' '}${letter.toUpperCase()}`,
		)
		.replace(/([a-z])([A-Z])/g, '$1 $2');

const status = (statuses: string[]): Field<string[]> =>
	multiChoiceField({
		displayName: 'Expected Status',
		options: statuses.map((value) => ({ name: titleCase(value), value })),
		default: [],
		description: 'Read the record first and send nothing unless it has one of these statuses',
	});

/** The options that hold something back, in the order of the panel. */
export function safetyOptions(operation: Operation) {
	const record = operation.effect === 'read' ? undefined : operation.guardable;
	return {
		expectedEmail: nodeOption(
			emailField({
				displayName: 'Expected Email',
				type: 'string',
				placeholder: 'e.g. nathan@example.com',
				default: '',
				description: 'Read the record first and send nothing unless it belongs to this address',
			}),
			() => record?.email === true,
		),
		expectedStatus: nodeOption(
			status(record?.statuses ?? []),
			() => (record?.statuses.length ?? 0) > 0,
		),
		planToken: nodeOption(
			identifierField({
				displayName: 'Plan Token',
				type: 'string',
				default: '',
				description:
					'Token of an earlier dry run: send nothing if the record or the request has changed since',
			}),
			onWrites,
		),
		requirePlanToken: nodeOption(
			booleanField({
				displayName: 'Plan Token Required',
				default: false,
				description:
					'Whether every run without a plan token is a dry run: for sub-workflows that an AI agent calls',
			}),
			onWrites,
			false,
		),
		maxPerExecution: nodeOption(
			integerOption(
				'Max per Execution',
				[0],
				100,
				'If the items of this run and what this execution got accepted before exceed it, nothing is sent. Use 0 for no limit. A sub-workflow that runs once for each item counts anew each time.',
			),
			onWrites,
			100,
		),
		ifSeveral: nodeOption(
			choiceField({
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
			(one) => one.effect !== 'read' && one.searches !== undefined,
			'refuse',
		),
		ifNotReferral: nodeOption(
			choiceField({
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
		alreadyCancelled: nodeOption(
			choiceField({
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
