import { choiceField, integerField } from '../shared/fields/primitives';
import { inAdditionalFields, optional } from '../shared/fields/modifiers';
import { resourceLocatorField } from '../shared/fields/resourceLocator';
import { identifierField } from '../shared/fields/identifier';
import { providerId } from '../shared/fields/idForm';
import { isEmail, textField } from '../shared/fields/string';

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
	{
		idForm: providerId,
		check: (urn) =>
			isEmail(urn) ? 'is an e-mail address, by which Azotte does not find customers.' : undefined,
	},
);

/** Optional on a write; without it the order cannot be read. */
export const customerUrn = optional({
	...customer,
	property: {
		...customer.property,
		description:
			'The customer of the order. Recommended: fills the list below and makes the end date known. Not needed with By Customer URN or By External ID.',
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
		idForm: providerId,
		lookupModes: {
			customer: {
				property: {
					displayName: 'By Customer URN',
					placeholder,
					hint: 'Finds the active order of this customer; refused if there are several',
				},
				field: customer,
			},
			externalId: {
				property: {
					displayName: 'By External ID',
					placeholder: 'e.g. 4711',
					hint: 'Finds the active order of the customer with your ID in Azotte',
				},
				field: identifierField({
					displayName: 'External ID',
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
		{ name: 'Azotte Default', value: 'Normal', description: 'As set up in Azotte' },
		{ name: 'End of Period', value: 'EndOfPeriod' },
		{ name: 'Immediate', value: 'Immediate' },
	],
});

export const onOffer = choiceField({
	displayName: 'If There Is an Offer',
	default: 'stop',
	description: 'What to do if Azotte has a retention offer for the customer',
	options: [
		{
			name: 'Cancel Anyway',
			value: 'confirm',
			description: 'Without showing the offer',
		},
		{
			name: 'Hold',
			value: 'stop',
			description: 'Cancel nothing, return the offer (outcome "offer")',
		},
	],
});

/** @param step the panel's default */
export const currentStep = (step: number) =>
	inAdditionalFields(
		integerField({
			displayName: 'Current Step',
			typeOptions: { minValue: 0 },
			default: step,
			description: 'The step of the cancellation funnel, counted from 0',
		}),
	);

/** The customer's answers. */
export const survey = {
	reasonCode: inAdditionalFields(
		textField({
			displayName: 'Reason Code',
			type: 'string',
			default: '',
			placeholder: 'e.g. PRICE',
			description: 'One of the cancellationReasons that Request Cancel returns',
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

/** The values that the writes share, as far as each has them. */
export interface Order {
	orderIdentifier: string;
	customerUrn?: string;
	cancelationMethod?: 'Normal' | 'Immediate' | 'EndOfPeriod';
	currentStep?: number;
}
