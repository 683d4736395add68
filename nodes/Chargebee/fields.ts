import { dateTimeField, futureOnly } from '../shared/fields/dateTime';
import { inAdditionalFields, inFilters, validOnlyWhen } from '../shared/fields/modifiers';
import { choiceField, integerField } from '../shared/fields/primitives';
import { emailLookup, resourceLocatorField } from '../shared/fields/resourceLocator';
import { titleCase } from '../shared/fields/safetyOptions';
import { identifierField } from '../shared/fields/identifier';
import { textField } from '../shared/fields/string';

/** Source: the package "chargebee" 3.33.0, types/resources/Subscription.d.ts */
export const statuses = [
	'active',
	'cancelled',
	'future',
	'in_trial',
	'non_renewing',
	'paused',
	'transferred',
];

/** Merchants choose and import IDs, so that only their length is known. */
const checkLength = (id: string) =>
	id.length > 50 ? 'is longer than the 50 characters that an ID of Chargebee may have.' : undefined;

const customerField = {
	displayName: 'Customer ID',
	type: 'string',
	default: '',
	placeholder: 'e.g. __test__8asz8Ru9WhHOJO',
} as const;

const customerRules = { check: checkLength };

const lookupHint = "Finds this customer's active subscription; refused if there are several";

/** The subscription of every operation on a single one. */
export const subscriptionId = resourceLocatorField(
	{ displayName: 'Subscription', description: 'The subscription in Chargebee, or its customer' },
	{
		searchListMethod: 'searchSubscriptions',
		placeholder: 'e.g. __test__8asukSOXdvg4PD',
		check: checkLength,
		lookupModes: {
			email: emailLookup(lookupHint),
			customer: {
				property: {
					displayName: 'By Customer ID',
					placeholder: customerField.placeholder,
					hint: lookupHint,
				},
				field: identifierField(customerField, customerRules),
			},
		},
	},
);

const when = choiceField({
	displayName: 'When',
	default: 'periodEnd',
	description: 'When the subscription ends',
	options: [
		{ name: 'At a Date', value: 'date' },
		{
			name: 'At the End of the Period',
			value: 'periodEnd',
			description: 'When the paid term or the trial is over; can be undone until then',
		},
		{
			name: 'Immediately',
			value: 'immediately',
			description: 'Without credits or refunds, unless a field below says otherwise',
		},
	],
});

const cancelAt = validOnlyWhen(
	{ when: ['date'] },
	futureOnly(
		dateTimeField({
			displayName: 'Cancel At',
			default: '',
			description: "When the subscription ends, in the workflow's time zone",
		}),
		'choose Immediately',
	),
);

const contractTerm = inAdditionalFields(
	choiceField({
		displayName: 'Contract Term',
		default: '',
		description:
			'How a subscription with an active contract term ends, in place of When. Without it such a subscription is refused.',
		options: [
			{
				name: 'At the End of the Billing Term',
				value: 'endOfBillingTerm',
				description: 'Ends the contract term early, with the paid term',
			},
			{
				name: 'At the End of the Contract Term',
				value: 'endOfContractTerm',
				description: 'Keeps the contract term, and does not renew it',
			},
			{
				name: 'Immediately',
				value: 'immediately',
				description: 'Ends the contract term now; a termination fee may be charged',
			},
		],
	}),
);

/** Source: the package "chargebee" 3.33.0, types/core.d.ts; as of all choices below. */
const creditOption = inAdditionalFields(
	choiceField({
		displayName: 'Credit Option',
		default: 'none',
		description: 'What to credit for the present term',
		options: [
			{ name: 'By Consumption', value: 'consumption_based', description: 'What was not used' },
			{ name: 'Full', value: 'full', description: 'The whole charges of the term' },
			{ name: 'None', value: 'none' },
			{ name: 'Prorated', value: 'prorate', description: 'The unused time of the term' },
		],
	}),
);

const reasonCode = inAdditionalFields(
	textField({
		displayName: 'Reason Code',
		type: 'string',
		default: '',
		placeholder: 'e.g. Too Expensive',
		description:
			'One of the codes that are set up in Chargebee under Reason Codes, with the same capitals',
	}),
);

const receivables = inAdditionalFields(
	choiceField({
		displayName: 'Receivables',
		default: 'no_action',
		description: 'What to do with open invoices of the subscription',
		options: [
			{
				name: 'Collect',
				value: 'schedule_payment_collection',
				description: 'Charge the payment method once more',
			},
			{ name: 'Leave Open', value: 'no_action' },
			{ name: 'Write Off', value: 'write_off' },
		],
	}),
);

const refundableCredits = inAdditionalFields(
	choiceField({
		displayName: 'Refundable Credits',
		default: 'no_action',
		description: "What to do with the customer's refundable credits",
		options: [
			{ name: 'Keep', value: 'no_action' },
			{ name: 'Refund', value: 'schedule_refund', description: 'Pay them back to the customer' },
		],
	}),
);

const unbilledCharges = inAdditionalFields(
	choiceField({
		displayName: 'Unbilled Charges',
		default: '',
		description:
			'What to do with charges that have not been invoiced. Without it a subscription that has some is refused.',
		options: [
			{ name: 'Delete', value: 'delete', description: 'The customer never pays them' },
			{
				name: 'Invoice',
				value: 'invoice',
				description: 'Chargebee may charge the customer at once',
			},
		],
	}),
);

/** The fields of Cancel. */
export const cancellation = {
	subscriptionId,
	when,
	cancelAt,
	contractTerm,
	creditOption,
	reasonCode,
	receivables,
	refundableCredits,
	unbilledCharges,
};

/** The fields of Resume. */
export const resumption = {
	subscriptionId,
	billingCycles: inAdditionalFields(
		integerField({
			displayName: 'Billing Cycles',
			typeOptions: { minValue: 1 },
			default: 1,
			description: "Number of terms to bill from now on. Without it the plan's own number applies.",
		}),
	),
	ifEnded: inAdditionalFields(
		choiceField({
			displayName: 'If Ended',
			default: 'refuse',
			description: 'What to do if the subscription has ended already',
			options: [
				{
					name: 'Reactivate',
					value: 'reactivate',
					description: 'Start it again; may charge the customer at once',
				},
				{ name: 'Refuse', value: 'refuse' },
			],
		}),
	),
};

/** The filters of Get Many. */
export const filters = {
	customerId: inFilters(identifierField(customerField, customerRules)),
	status: inFilters(
		choiceField({
			displayName: 'Status',
			default: 'active',
			options: statuses.map((value) => ({ name: titleCase(value), value })),
		}),
	),
};
