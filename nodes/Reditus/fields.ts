import type { Field } from '../shared/contract/field';
import { invalid } from '../shared/contract/refusal';
import { choiceField } from '../shared/fields/primitives';
import { inFilters, showWhen } from '../shared/fields/modifiers';
import { resourceLocatorField } from '../shared/fields/resourceLocator';
import { dateTimeField } from '../shared/fields/dateTime';
import { emailField, identifierField } from '../shared/fields/identifier';
import { providerId } from '../shared/fields/idForm';

/**
 * Assumption: the states that the Affiliates API names for its `state_eq`, and `expired`, which the page
 * of payments names. https://docs.getreditus.com/affiliates-api
 */
export const states = ['churned', 'clicked', 'converted', 'expired', 'paid', 'rejected'];

/** Why no referral can be read by UID. */
export const uidIsBlind = 'Reditus offers no way to look a referral up by its UID.';

const byEmail = { name: 'Email', value: 'referralEmail' } as const;
const byUid = {
	name: 'Your Customer ID (UID)',
	value: 'referralUid',
} as const;
const byId = {
	name: 'Reditus ID',
	value: 'referralId',
} as const;

const identifyBy = choiceField({
	displayName: 'Identify By',
	default: 'referralEmail',
	description: 'How Reditus knows the customer. Only the chosen identifier is sent.',
	options: [byEmail, byUid, byId],
});

const findBy = choiceField({
	displayName: 'Identify By',
	default: 'referralEmail',
	description: `How Reditus knows the customer. ${uidIsBlind}`,
	options: [byEmail, byId],
});

/** Only Churn takes a UID. */
const identifyWithoutUid: Field<'referralEmail' | 'referralId'> = {
	...findBy,
	parse(raw, context) {
		if (raw !== byUid.value) return findBy.parse(raw, context);
		throw invalid(uidIsBlind, 'Identify it by e-mail or by its ID.');
	},
};

const referralUid = showWhen(
	{ identifyBy: ['referralUid'] },
	identifierField({
		displayName: 'Referral UID',
		type: 'string',
		default: '',
		placeholder: 'e.g. user_4711',
		description: 'Your own ID of the customer, as tracked',
	}),
);

const referralEmail = showWhen(
	{ identifyBy: ['referralEmail'] },
	emailField({
		displayName: 'Referral Email',
		type: 'string',
		default: '',
		placeholder: 'e.g. nathan@example.com',
		description: "The customer's e-mail address as tracked",
	}),
);

const referralId = showWhen(
	{ identifyBy: ['referralId'] },
	resourceLocatorField(
		{ displayName: 'Referral ID', description: 'The referral in Reditus' },
		{
			searchListMethod: 'searchReferrals',
			placeholder: 'e.g. 12345',
			idForm: providerId,
			alternative: 'identify it by Referral Email',
		},
	),
);

/** The customer who churns; only the field of the chosen way is shown. */
export const who = { identifyBy, referralUid, referralEmail, referralId };

/** The customer whose referral is read. */
export const whoIsRead = { identifyBy: identifyWithoutUid, referralEmail, referralId };

const date = (displayName: string, description: string) =>
	inFilters(dateTimeField({ displayName, default: '', description }));

/** The filters of Get Many. */
export const filters = {
	email: inFilters(
		emailField({
			displayName: 'Email',
			type: 'string',
			default: '',
			placeholder: 'e.g. nathan@example.com',
			description: "The customer's e-mail address",
		}),
	),
	state: inFilters(
		choiceField({
			displayName: 'State',
			default: 'churned',
			options: states.map((value) => ({
				name: value[0].toUpperCase() + value.slice(1),
				value,
			})),
		}),
	),
	createdAfter: date('Created After', 'When the referral was created'),
	createdBefore: date('Created Before', 'When the referral was created'),
	stateSetAfter: date('State Set After', 'When the state last changed'),
	stateSetBefore: date('State Set Before', 'When the state last changed'),
};
