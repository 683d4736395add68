import type { Field, FieldProperty } from '../contract/field';
import type { Operation } from '../contract/provider';
import { invalid, refused } from '../contract/refusal';
import { choiceField, booleanField, multiChoiceField, integerOption } from './primitives';
import { nodeOption, onWrites } from './modifiers';
import { excerpt, trimInvisible } from './characters';
import { emailField } from './identifier';
import { toText } from './string';

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
		description: 'Only go ahead if it has one of these statuses',
	});

/** A token that an earlier dry run returned. @throws Refusal if the text is not one */
function planTokenField(property: FieldProperty): Field<string> {
	const label = property.displayName;
	return {
		property,
		parse(raw) {
			const text = trimInvisible(toText(raw, label));
			if (/^plan\d/.test(text)) return text;
			const advice =
				'Use the planToken of a dry run as it is. Without one, an AI agent must leave it empty; elsewhere remove the option.';
			if (text === '') throw invalid(`${label} is empty.`, advice);
			if (/[{}$]/.test(text))
				throw invalid(`${label} is "${excerpt(text)}", an expression.`, advice);
			throw refused(`${label} "${excerpt(text)}" is not a plan token.`, advice);
		},
	};
}

/** The options that can hold an item back, in the order of the panel. */
export function safetyOptions(operation: Operation) {
	const record = operation.effect === 'read' ? undefined : operation.guardable;
	return {
		expectedEmail: nodeOption(
			emailField({
				displayName: 'Expected Email',
				type: 'string',
				placeholder: 'e.g. nathan@example.com',
				default: '',
				description: 'Only go ahead if the target belongs to this address',
			}),
			() => record?.email === true,
		),
		expectedStatus: nodeOption(
			status(record?.statuses ?? []),
			() => (record?.statuses.length ?? 0) > 0,
		),
		planToken: nodeOption(
			planTokenField({
				displayName: 'Plan Token',
				type: 'string',
				default: '',
				placeholder: 'e.g. plan1.…',
				description: 'The planToken of an earlier dry run: refused if anything has changed since',
			}),
			onWrites,
		),
		requirePlanToken: nodeOption(
			booleanField({
				displayName: 'Plan Token Required',
				default: false,
				description:
					'Whether to treat runs without a plan token as dry runs. Use in sub-workflows called by an AI agent.',
			}),
			onWrites,
			false,
		),
		maxPerExecution: nodeOption(
			integerOption(
				'Max per Execution',
				[0],
				100,
				'If there is more to cancel in this execution, nothing is sent. Use 0 for no limit. Counts separately in each run of a sub-workflow.',
			),
			onWrites,
			100,
		),
		ifSeveral: nodeOption(
			choiceField({
				displayName: 'If Several Match',
				default: 'refuse',
				description: 'What to do if the customer has several active subscriptions',
				options: [
					{
						name: 'Cancel All',
						value: 'all',
						description: 'One output item for each of them',
					},
					{
						name: 'Refuse',
						value: 'refuse',
						description: 'Cancel nothing and list them',
					},
				],
			}),
			(one) => one.effect !== 'read' && one.searches !== undefined,
			'refuse',
		),
		alreadyCancelled: nodeOption(
			choiceField({
				displayName: 'If Already Cancelled',
				default: 'success',
				description: 'What to do if there is nothing left to cancel',
				options: [
					{ name: 'Counts as Success', value: 'success' },
					{ name: 'Goes to the Error Output', value: 'fail' },
				],
			}),
			({ effect }) => effect === 'cancel',
			'success',
		),
		ifNotReferral: nodeOption(
			choiceField({
				displayName: 'If Not a Referral',
				default: 'nothingToCancel',
				description: 'What to do if the customer is not a referral',
				options: [
					{ name: 'Counts as Success', value: 'nothingToCancel' },
					{ name: 'Goes to the Error Output', value: 'fail' },
				],
			}),
			(one) => one.effect !== 'read' && one.referral === true,
			'nothingToCancel',
		),
	};
}
