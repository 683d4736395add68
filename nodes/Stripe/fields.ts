import { dateTimeField, futureOnly } from '../shared/fields/dateTime';
import { inAdditionalFields, inFilters, validOnlyWhen } from '../shared/fields/modifiers';
import { booleanField, choiceField } from '../shared/fields/primitives';
import { emailLookup, resourceLocatorField } from '../shared/fields/resourceLocator';
import { titleCase } from '../shared/fields/safetyOptions';
import { identifierField } from '../shared/fields/identifier';
import { providerId } from '../shared/fields/idForm';
import { textField } from '../shared/fields/string';

/** Source: https://docs.stripe.com/api/subscriptions/object#subscription_object-status */
export const statuses = [
	'active',
	'canceled',
	'incomplete',
	'incomplete_expired',
	'past_due',
	'paused',
	'trialing',
	'unpaid',
];

/**
 * Assumption: Stripe does not document the form of its IDs. The look-aheads refuse the IDs of Paddle and
 * FunnelFox, which begin alike.
 */
const subscriptionForm = /^sub_(?![0-9a-z]{26}$)(?!01[0-9A-HJKMNP-TV-Z]{24}$)[A-Za-z0-9]{8,64}$/;
const customerForm = /^cus_[A-Za-z0-9]{8,64}$/;

const checkSubscription = (id: string) =>
	subscriptionForm.test(id)
		? undefined
		: 'is not a subscription ID of Stripe, which is "sub_" with letters and digits.';

const checkCustomer = (id: string) =>
	customerForm.test(id)
		? undefined
		: 'is not a customer ID of Stripe, which is "cus_" with letters and digits.';

const customerRules = { idForm: providerId, check: checkCustomer };

const customerField = {
	displayName: 'Customer ID',
	type: 'string',
	default: '',
	placeholder: 'e.g. cus_NffrFeUfNV2Hib',
} as const;

/** The subscription of every operation on a single one. */
export const subscriptionId = resourceLocatorField(
	{ displayName: 'Subscription', description: 'The subscription in Stripe, or its customer' },
	{
		searchListMethod: 'searchSubscriptions',
		placeholder: 'e.g. sub_1MowQVLkdIwHu7ixeRlqHVzs',
		idForm: providerId,
		check: checkSubscription,
		lookupModes: {
			email: emailLookup("Finds this customer's active subscription; refused if there are several"),
			customer: {
				property: {
					displayName: 'By Customer ID',
					placeholder: customerField.placeholder,
					hint: "Finds this customer's active subscription; refused if there are several",
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
		{
			name: 'At a Date',
			value: 'date',
			description: 'Without proration, unless a field below says otherwise',
		},
		{
			name: 'At the End of the Period',
			value: 'periodEnd',
			description: 'When the paid period is over; can be undone until then',
		},
		{ name: 'Immediately', value: 'immediately', description: 'For good, without a refund' },
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

const comment = inAdditionalFields(
	textField({
		displayName: 'Comment',
		type: 'string',
		default: '',
		placeholder: 'e.g. Moved to another tool',
		description: 'Why the customer cancels; kept by Stripe',
	}),
);

/** Source: https://docs.stripe.com/api/subscriptions/cancel */
const feedback = inAdditionalFields(
	choiceField({
		displayName: 'Feedback',
		default: 'other',
		description: 'The reason that the customer gave; kept by Stripe',
		options: [
			{ name: 'Customer Service', value: 'customer_service' },
			{ name: 'Low Quality', value: 'low_quality' },
			{ name: 'Missing Features', value: 'missing_features' },
			{ name: 'Other', value: 'other' },
			{ name: 'Switched Service', value: 'switched_service' },
			{ name: 'Too Complex', value: 'too_complex' },
			{ name: 'Too Expensive', value: 'too_expensive' },
			{ name: 'Unused', value: 'unused' },
		],
	}),
);

const invoiceNow = validOnlyWhen(
	{ when: ['immediately'] },
	inAdditionalFields(
		booleanField({
			displayName: 'Invoice Now',
			default: false,
			description:
				'Whether to create a last invoice for usage and prorations that have not been invoiced. It may charge the customer.',
		}),
	),
);

const prorate = validOnlyWhen(
	{ when: ['immediately'] },
	inAdditionalFields(
		booleanField({
			displayName: 'Prorate',
			default: false,
			description:
				'Whether to credit the unused time of the period. Needs Invoice Now: without it the credit only waits.',
		}),
	),
);

const prorationBehavior = validOnlyWhen(
	{ when: ['date'] },
	inAdditionalFields(
		choiceField({
			displayName: 'Proration Behavior',
			default: 'none',
			description: 'What to do with the part of a period that the customer does not use',
			options: [
				{
					name: 'Always Invoice',
					value: 'always_invoice',
					description: 'Prorate, and invoice now',
				},
				{
					name: 'Create Prorations',
					value: 'create_prorations',
					description: 'Prorate, and settle it with the next invoice',
				},
				{ name: 'None', value: 'none' },
			],
		}),
	),
);

/** The fields of Cancel. */
export const cancellation = {
	subscriptionId,
	when,
	cancelAt,
	comment,
	feedback,
	invoiceNow,
	prorate,
	prorationBehavior,
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
