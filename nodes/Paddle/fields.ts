import { inFilters } from '../shared/fields/modifiers';
import { choiceField } from '../shared/fields/primitives';
import { emailLookup, resourceLocatorField } from '../shared/fields/resourceLocator';
import { titleCase } from '../shared/fields/safetyOptions';
import { identifierField } from '../shared/fields/identifier';
import { providerId } from '../shared/fields/idForm';

/** Source: https://developer.paddle.com/api-reference/subscriptions/overview */
export const statuses = ['active', 'canceled', 'past_due', 'paused', 'trialing'];

/** Source: https://developer.paddle.com/api-reference/about/paddle-ids */
const idOf = (prefix: string, what: string) => (id: string) =>
	new RegExp(`^${prefix}_[a-z\\d]{26}$`).test(id)
		? undefined
		: `is not a ${what} ID of Paddle, which is "${prefix}_" with 26 lower-case letters and digits.`;

const customerField = {
	displayName: 'Customer ID',
	type: 'string',
	default: '',
	placeholder: 'e.g. ctm_01hv6y1jedq4p1n0yqn5ba3ky4',
} as const;
const customerRules = { idForm: providerId, check: idOf('ctm', 'customer') };

/** The subscription of every operation on a single one. */
export const subscriptionId = resourceLocatorField(
	{ displayName: 'Subscription', description: 'The subscription in Paddle, or its customer' },
	{
		searchListMethod: 'searchSubscriptions',
		placeholder: 'e.g. sub_01hv8x29kz0t586xy6zn1a62ny',
		idForm: providerId,
		check: idOf('sub', 'subscription'),
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

export const when = choiceField({
	displayName: 'When',
	default: 'periodEnd',
	description: 'When the subscription ends',
	options: [
		{
			name: 'At the End of the Period',
			value: 'periodEnd',
			description: 'When the paid period is over; can be undone until then',
		},
		{ name: 'Immediately', value: 'immediately', description: 'For good, without a refund' },
	],
});

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
