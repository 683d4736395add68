import { choiceField } from '../shared/fields/primitives';
import { inAdditionalFields, inFilters } from '../shared/fields/modifiers';
import { dateTimeField } from '../shared/fields/dateTime';
import { resourceLocatorField, emailLookup } from '../shared/fields/resourceLocator';
import { emailField, identifierField } from '../shared/fields/identifier';
import { providerId } from '../shared/fields/idForm';
import { textField } from '../shared/fields/string';

/** Source: https://funnelfox.com/docs/api-reference/cancel-subscription */
export const statuses = [
	'active',
	'cancelled',
	'created',
	'expired',
	'paused',
	'trialing',
	'unpaid',
];

/**
 * IDs that are certainly a payment provider's: Stripe's (random, both cases) and PayPal's. FunnelFox does not
 * document the form of its own; its profiles, sessions and events have a prefix and 26 characters, as Paddle's
 * subscriptions do, so Paddle's are not recognised. https://funnelfox.com/docs/api-reference/profileupdated
 */
function foreignId(id: string): string | undefined {
	const stripe = /^sub_1(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9]{13,}$/.test(id);
	const payPal = /^I-[A-Z0-9]{10,}$/.test(id);
	if (!stripe && !payPal) return undefined;
	return `is an ID of ${stripe ? 'Stripe' : 'PayPal'}; FunnelFox has its own. Find it with Get Many: "id", not "psp_id".`;
}

/** The subscription of Cancel and Get. */
export const subscriptionId = resourceLocatorField(
	{
		displayName: 'Subscription',
		description: "FunnelFox's own subscription, not the ID from Stripe or PayPal",
	},
	{
		searchListMethod: 'searchSubscriptions',
		placeholder: 'e.g. sub_01J9ZC3VKX5W2T8QH4N7RBD6YM',
		idForm: providerId,
		check: foreignId,
		lookupModes: {
			email: emailLookup("Finds this customer's active subscription; refused if there are several"),
		},
	},
);

export const reason = inAdditionalFields(
	textField({
		displayName: 'Reason',
		type: 'string',
		default: '',
		placeholder: 'e.g. Too expensive',
		description: 'Saved in FunnelFox. Default there: "User requested cancellation"',
	}),
);

const updated = (displayName: string) =>
	inFilters(
		dateTimeField({
			displayName,
			default: '',
			description: "When the subscription last changed, in the workflow's time zone",
		}),
	);

/** The filters of Get Many. */
export const filters = {
	email: inFilters(
		emailField({
			displayName: 'Email',
			type: 'string',
			default: '',
			placeholder: 'e.g. nathan@example.com',
			description: "The e-mail address of the customer's profile",
		}),
	),
	funnelId: inFilters(
		identifierField(
			{ displayName: 'Funnel ID', type: 'string', default: '' },
			{ idForm: providerId },
		),
	),
	profileId: inFilters(
		identifierField(
			{ displayName: 'Profile ID', type: 'string', default: '' },
			{ idForm: providerId },
		),
	),
	psp: inFilters(
		choiceField({
			displayName: 'Payment Provider',
			default: 'stripe',
			options: [
				{ name: 'Braintree', value: 'braintree' },
				{ name: 'Paddle', value: 'paddle' },
				{ name: 'PayPal', value: 'paypal' },
				{ name: 'Solidgate', value: 'solidgate' },
				{ name: 'Stripe', value: 'stripe' },
			],
		}),
	),
	status: inFilters(
		choiceField({
			displayName: 'Status',
			default: 'active',
			options: statuses.map((value) => ({
				name: value[0].toUpperCase() + value.slice(1),
				value,
			})),
		}),
	),
	updatedAfter: updated('Updated After'),
	updatedBefore: updated('Updated Before'),
};
