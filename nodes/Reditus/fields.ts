import type { Field } from '../shared/contract/field';
import { invalid } from '../shared/contract/refusal';
import { choiceField } from '../shared/fields/primitives';
import { inFilters, showWhen } from '../shared/fields/modifiers';
import { resourceLocatorField } from '../shared/fields/resourceLocator';
import { dateTimeField } from '../shared/fields/dateTime';
import { emailField, identifierField } from '../shared/fields/string';

/**
 * Assumption: the states that the Affiliates API names for its `state_eq`, and `expired`, which the page
 * of payments names. https://docs.getreditus.com/affiliates-api
 */
export const states = ['churned', 'clicked', 'converted', 'expired', 'paid', 'rejected'];

/** Why nothing can be read by UID. */
export const uidIsBlind = 'Reditus offers no way to look a referral up by its UID.';

const byEmail = { name: 'Referral Email', value: 'referralEmail' } as const;
const byUid = {
	name: 'Referral UID',
	value: 'referralUid',
	description: 'Your own ID of the customer',
} as const;
const byId = {
	name: 'Referral ID',
	value: 'referralId',
	description: 'The ID that Reditus gave',
} as const;

const identifyBy = choiceField({
	displayName: 'Identify By',
	default: 'referralEmail',
	description: 'What the customer is known by in Reditus; only the one that is chosen is sent',
	options: [byEmail, byUid, byId],
});

const findBy = choiceField({
	displayName: 'Identify By',
	default: 'referralEmail',
	description: `What the customer is known by in Reditus. ${uidIsBlind}`,
	options: [byEmail, byId],
});

/** A UID is a way of Churn alone. */
const identifyWithoutUid: Field<'referralEmail' | 'referralId'> = {
	...findBy,
	parse(raw, around) {
		if (raw !== byUid.value) return findBy.parse(raw, around);
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
		description: 'Your own ID of the customer, as it was tracked',
	}),
);

const referralEmail = showWhen(
	{ identifyBy: ['referralEmail'] },
	emailField({
		displayName: 'Referral Email',
		type: 'string',
		default: '',
		placeholder: 'e.g. nathan@example.com',
		description: 'Of the customer, as it was tracked',
	}),
);

const referralId = showWhen(
	{ identifyBy: ['referralId'] },
	resourceLocatorField(
		{ displayName: 'Referral ID', description: 'The referral in Reditus' },
		{
			searchListMethod: 'searchReferrals',
			placeholder: 'e.g. 12345',
			alternative: 'identify it by Referral Email',
		},
	),
);

/** Who churns; the fields show the one way that was chosen. */
export const who = { identifyBy, referralUid, referralEmail, referralId };

/** Who is read. */
export const whoIsRead = { identifyBy: identifyWithoutUid, referralEmail, referralId };

const date = (displayName: string, description: string) =>
	inFilters(dateTimeField({ displayName, default: '', description }));

/** What Get Many filters by. */
export const filters = {
	email: inFilters(
		emailField({
			displayName: 'Email',
			type: 'string',
			default: '',
			placeholder: 'e.g. nathan@example.com',
			description: 'Of the customer',
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
	createdAfter: date('Created After', 'When the referral was made'),
	createdBefore: date('Created Before', 'When the referral was made'),
	stateSetAfter: date('State Set After', 'When the referral came into its present state'),
	stateSetBefore: date('State Set Before', 'When the referral came into its present state'),
};
