import { choiceField, booleanField } from '../shared/fields/primitives';
import { inAdditionalFields, showWhen } from '../shared/fields/modifiers';
import { dateTimeField } from '../shared/fields/dateTime';
import { emailField, identifierField } from '../shared/fields/identifier';

const v1 = {
	name: 'V1',
	value: 'v1',
	description: 'Ignores repeated events; can undo a cancellation',
} as const;
const v2 = { name: 'V2', value: 'v2', description: 'The current API' } as const;

/** Shown above the credential: each version has its own credential type. */
export const apiVersion = choiceField({
	displayName: 'API Version',
	default: 'v1',
	description:
		'V1 ignores repeated events and can undo a cancellation; V2 cannot. Each version needs its own credential.',
	options: [v1, v2],
});

const identifyBy = choiceField({
	displayName: 'Identify By',
	default: 'email',
	description: 'How FirstPromoter knows the customer',
	options: [
		{ name: 'Email', value: 'email' },
		{ name: 'UID', value: 'uid' },
	],
});

const emailOfCustomer = showWhen(
	{ identifyBy: ['email'] },
	emailField({
		displayName: 'Email',
		type: 'string',
		default: '',
		placeholder: 'e.g. nathan@example.com',
		description: "The customer's e-mail address as tracked at sign-up",
	}),
);

const uid = showWhen(
	{ identifyBy: ['uid'] },
	identifierField({
		displayName: 'UID',
		type: 'string',
		default: '',
		placeholder: 'e.g. cus_9s6XKzkNRiz8i3',
		description: "The customer's ID as tracked at sign-up",
	}),
);

/** The customer; only the field of the chosen way is shown. */
export const who = { identifyBy, email: emailOfCustomer, uid };

const onV1 = { apiVersion: ['v1'] };

/** Further fields of v1. */
export const aboutCancellation = {
	eventId: showWhen(
		onV1,
		inAdditionalFields(
			identifierField({
				displayName: 'Event ID',
				type: 'string',
				default: '',
				placeholder: 'e.g. evt_1NG8Du2eZvKYlo2CUI79vXWy',
				description:
					"Your billing provider's ID of this cancellation. FirstPromoter ignores a repeated ID. Created for you if left out.",
			}),
		),
	),
	createdAt: showWhen(
		onV1,
		inAdditionalFields(
			dateTimeField({
				displayName: 'Created At',
				default: '',
				description:
					'When the customer cancelled (workflow time zone). A date without a time is the start of that day. Leave out for now.',
			}),
		),
	),
	skipEmailNotification: showWhen(
		onV1,
		inAdditionalFields(
			booleanField({
				displayName: 'Skip Email Notification',
				default: false,
				description: "Whether to skip FirstPromoter's e-mail to the promoter",
			}),
		),
	),
};
