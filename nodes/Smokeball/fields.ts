import { choiceField, booleanField } from '../shared/fields/primitives';
import { inAdditionalFields, validOnlyWhen } from '../shared/fields/modifiers';
import { resourceLocatorField } from '../shared/fields/resourceLocator';
import { futureOnly, dateTimeField } from '../shared/fields/dateTime';
import { textField } from '../shared/fields/string';

/** The words of the record, as Expected Status offers them. */
export const statuses = [
	'Active',
	'Canceled',
	'Incomplete',
	'IncompleteExpired',
	'PastDue',
	'Trialing',
	'Unpaid',
];

/** Chosen above the credential. */
export const authentication = choiceField({
	displayName: 'Authentication',
	default: 'accessToken',
	options: [
		{ name: 'Access Token', value: 'accessToken' },
		{ name: 'OAuth2', value: 'oAuth2' },
	],
});

/** The subscription of every operation on a single one. */
export const subscriptionId = resourceLocatorField(
	{ displayName: 'Subscription', description: "The firm's own subscription to Smokeball" },
	{
		searchListMethod: 'searchSubscriptions',
		placeholder: 'e.g. b471682e-fa17-4e46-b7fe-9b2b8fdcb3c2',
		alternative: 'choose the subscription from the list',
	},
);

const cancellationType = choiceField({
	displayName: 'Cancellation Type',
	default: 'PeriodEnd',
	description: 'When the subscription ends',
	options: [
		{
			name: 'At a Date',
			value: 'Date',
			description: 'Smokeball may charge or credit the part of a period that is left',
		},
		{
			name: 'At the End of the Period',
			value: 'PeriodEnd',
			description: 'When the paid billing cycle is over',
		},
		{ name: 'Immediately', value: 'Immediate' },
	],
});

const cancelAt = validOnlyWhen(
	{ cancellationType: ['Date'] },
	futureOnly(
		dateTimeField({
			displayName: 'Cancel At',
			default: '',
			description: 'Without an offset, the time zone of the workflow counts',
		}),
		'choose the cancellation type Immediately',
	),
);

const reason = inAdditionalFields(
	textField({
		displayName: 'Reason',
		type: 'string',
		default: '',
		placeholder: 'e.g. Too expensive',
		description: 'Kept by Smokeball',
	}),
);

const cancelSubscription = inAdditionalFields(
	booleanField({
		displayName: 'Cancel Subscription',
		default: false,
		description:
			'Whether to end the subscription itself even while a tier or an add-on is on trial. By its specification Smokeball then ends it at once, whatever the cancellation type: look at a dry run first.',
	}),
);

/** What Cancel asks for. */
export const cancellation = {
	subscriptionId,
	cancellationType,
	cancelAt,
	reason,
	cancelSubscription,
};
