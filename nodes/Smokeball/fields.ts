import { choiceField, booleanField } from '../shared/fields/primitives';
import { inAdditionalFields, validOnlyWhen } from '../shared/fields/modifiers';
import { providerId } from '../shared/fields/idForm';
import { resourceLocatorField } from '../shared/fields/resourceLocator';
import { futureOnly, dateTimeField } from '../shared/fields/dateTime';
import { textField } from '../shared/fields/string';

/** The statuses of a record, as Expected Status offers them. */
export const statuses = [
	'Active',
	'Canceled',
	'Incomplete',
	'IncompleteExpired',
	'PastDue',
	'Trialing',
	'Unpaid',
];

/** Shown above the credential. */
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
		idForm: providerId,
		alternative: 'choose the subscription from the list',
	},
);

const cancellationType = choiceField({
	displayName: 'Cancellation Type',
	default: 'PeriodEnd',
	description:
		'When the subscription ends. Until then, Resume undoes this; after that, resuming charges your firm immediately.',
	options: [
		{
			name: 'At a Date',
			value: 'Date',
			description: 'Smokeball may charge or credit the remaining period',
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
		dateTimeField(
			{
				displayName: 'Cancel At',
				default: '',
				description:
					'Workflow time zone, unless the date has an offset. A date without a time is the end of that day (23:59:59).',
			},
			'itsEnd',
		),
		'choose the cancellation type Immediately',
	),
);

const reason = inAdditionalFields(
	textField({
		displayName: 'Reason',
		type: 'string',
		default: '',
		placeholder: 'e.g. Too expensive',
		description: 'Saved in Smokeball',
	}),
);

const cancelSubscription = inAdditionalFields(
	booleanField({
		displayName: 'End During Trial',
		default: false,
		description:
			'Whether to end the whole subscription even if a tier or add-on is on trial. By its specification Smokeball then ends it at once, whatever the cancellation type: check with a dry run.',
	}),
);

/** The fields of Cancel. */
export const cancellation = {
	subscriptionId,
	cancellationType,
	cancelAt,
	reason,
	cancelSubscription,
};
