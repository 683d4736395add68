import { choiceField, integerField } from '../shared/fields/primitives';
import { inAdditionalFields, optional } from '../shared/fields/modifiers';
import { resourceLocatorField } from '../shared/fields/resourceLocator';
import { identifierField, isEmail, textField } from '../shared/fields/string';

/** Source: https://azotte.com/academy/developers/API/C2A/subscription/list-customer-subscriptions */
export const statuses = ['Active', 'Canceled', 'Expired', 'PastDue', 'Reactivated', 'Trial'];

const placeholder = 'e.g. cu.00.482';

/** The customer of Get Many. */
export const customer = identifierField(
	{
		displayName: 'Customer URN',
		type: 'string',
		default: '',
		placeholder,
		description: 'The customer whose subscriptions are listed',
	},
	(urn) => (isEmail(urn) ? 'is an e-mail address, by which Azotte finds nobody.' : undefined),
);

/** On a write it may be left out; the state of an order cannot be read then. */
export const customerUrn = optional({
	...customer,
	property: {
		...customer.property,
		description:
			'The customer of the order. Fills the list below, and lets the node read the order before and after, so that the outcome says when it ends. Not needed where the order is found by its customer.',
	},
});

export const orderIdentifier = resourceLocatorField(
	{
		displayName: 'Order',
		description: 'The order identifier of the subscription, or the customer whose order it is',
	},
	{
		searchListMethod: 'searchOrders',
		placeholder: 'e.g. or_01J3X',
		lookupModes: {
			customer: {
				property: {
					displayName: 'By Customer URN',
					placeholder,
					hint: 'Finds the running order of this customer',
				},
				field: customer,
			},
			externalId: {
				property: {
					displayName: 'By Your Own Customer ID',
					placeholder: 'e.g. 4711',
					hint: 'Finds the customer whom you gave this ID in Azotte, and the running order',
				},
				field: identifierField({
					displayName: 'Your Own Customer ID',
					type: 'string',
					default: '',
				}),
			},
		},
	},
);

export const cancelationMethod = choiceField({
	displayName: 'Cancellation Method',
	default: 'Normal',
	options: [
		{ name: 'End of Period', value: 'EndOfPeriod' },
		{ name: 'Immediate', value: 'Immediate' },
		{ name: 'Normal', value: 'Normal', description: 'As Azotte is set up to do' },
	],
});

export const onOffer = choiceField({
	displayName: 'On Offer',
	default: 'stop',
	description: 'What to do where Azotte has a retention offer for the customer',
	options: [
		{
			name: 'Decline and Cancel',
			value: 'confirm',
			description: 'The customer does not get to see the offer',
		},
		{
			name: 'Stop',
			value: 'stop',
			description: 'Cancel nothing, and come out with the outcome offer',
		},
	],
});

/** `step` is what the panel fills in. */
export const currentStep = (step: number) =>
	inAdditionalFields(
		integerField({
			displayName: 'Current Step',
			typeOptions: { minValue: 0 },
			default: step,
			description: 'The step of the cancellation funnel, counted from 0',
		}),
	);

/** What the customer answered. */
export const survey = {
	reasonCode: inAdditionalFields(
		textField({
			displayName: 'Reason Code',
			type: 'string',
			default: '',
			placeholder: 'e.g. PRICE',
			description: 'One of the cancellationReasons that Request Cancel answers with',
		}),
	),
	comment: inAdditionalFields(
		textField({
			displayName: 'Comment',
			type: 'string',
			default: '',
			placeholder: 'e.g. Too expensive',
			description: 'What the customer said',
		}),
	),
};

/** What the writes have in common, as far as each has it. */
export interface Order {
	orderIdentifier: string;
	customerUrn?: string;
	cancelationMethod?: 'Normal' | 'Immediate' | 'EndOfPeriod';
	currentStep?: number;
}
