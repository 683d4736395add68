import { identifierField } from '../shared/fields/identifier';
import { providerId } from '../shared/fields/idForm';
import { inAdditionalFields, inFilters, validOnlyWhen } from '../shared/fields/modifiers';
import { booleanField, choiceField } from '../shared/fields/primitives';
import { emailLookup, resourceLocatorField } from '../shared/fields/resourceLocator';
import { titleCase } from '../shared/fields/safetyOptions';

/** Source: the package "recurly" 4.81.0, openapi/api.yaml, SubscriptionStateEnum */
export const statuses = ['active', 'canceled', 'expired', 'failed', 'future', 'paused'];

/**
 * Assumption: Recurly gives a length of 13 at most and examples of 12 characters. Besides, its pages show
 * the UUID, of 32.
 */
const subscriptionForm = /^([0-9a-z]{8,13}|(uuid-)?[0-9a-f]{32})$/;

const checkSubscription = (id: string) =>
	subscriptionForm.test(id)
		? undefined
		: 'is not a subscription ID of Recurly, which has up to 13 lower-case letters and digits, or a UUID of 32.';

/** Source: openapi/api.yaml, AccountMini */
const maxCodeLength = 50;

const checkCode = (code: string) =>
	code.length > maxCodeLength
		? `is longer than ${maxCodeLength} characters, which no account code is.`
		: undefined;

const codeField = {
	displayName: 'Account Code',
	type: 'string',
	default: '',
	placeholder: 'e.g. customer-4711',
} as const;

const found = "Finds this customer's active subscription; refused if there are several";

/** The subscription of every operation on a single one. */
export const subscriptionId = resourceLocatorField(
	{ displayName: 'Subscription', description: 'The subscription in Recurly, or its customer' },
	{
		searchListMethod: 'searchSubscriptions',
		placeholder: 'e.g. s3xq8dk2p1vz',
		idForm: providerId,
		check: checkSubscription,
		lookupModes: {
			email: emailLookup(found),
			customer: {
				property: {
					displayName: 'By Account Code',
					placeholder: codeField.placeholder,
					hint: found,
				},
				field: identifierField(codeField, { check: checkCode }),
			},
		},
	},
);

const when = choiceField({
	displayName: 'When',
	default: 'periodEnd',
	description: 'When the subscription ends',
	options: [
		{
			name: 'At the End of the Period',
			value: 'periodEnd',
			description: 'When Recurly would bill next; can be undone until then',
		},
		{
			name: 'At the End of the Term',
			value: 'termEnd',
			description: 'Recurly goes on billing until the term is over; can be undone until then',
		},
		{
			name: 'Immediately',
			value: 'immediately',
			description: 'For good, without a refund unless a field below says otherwise',
		},
	],
});

const refund = validOnlyWhen(
	{ when: ['immediately'] },
	inAdditionalFields(
		choiceField({
			displayName: 'Refund',
			default: 'none',
			description: 'What Recurly pays back of the last invoice',
			options: [
				{ name: 'Full', value: 'full', description: 'All of the last invoice' },
				{ name: 'None', value: 'none' },
				{
					name: 'Partial',
					value: 'partial',
					description: 'In proportion to the time that remains of the period',
				},
			],
		}),
	),
);

const charge = validOnlyWhen(
	{ when: ['immediately'] },
	inAdditionalFields(
		booleanField({
			displayName: 'Charge Usage',
			default: false,
			description:
				'Whether to bill the usage of this period on a last invoice; otherwise Recurly waives it. Needed where an add-on is billed by usage.',
		}),
	),
);

/** The fields of Cancel. */
export const cancellation = { subscriptionId, when, refund, charge };

/** The states by which Recurly's list can be filtered. Source: openapi/api.yaml, FilterSubscriptionStateEnum */
const filterStates = ['active', 'canceled', 'expired', 'future', 'in_trial', 'live'] as const;

/** The filters of Get Many. */
export const filters = {
	customerId: inFilters(identifierField(codeField, { check: checkCode })),
	status: inFilters(
		choiceField({
			displayName: 'Status',
			default: 'active',
			options: filterStates.map((value) => ({ name: titleCase(value), value })),
		}),
	),
};
