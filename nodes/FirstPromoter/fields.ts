import { choiceField, booleanField } from '../shared/fields/primitives';
import { inAdditionalFields, showWhen } from '../shared/fields/modifiers';
import { dateTimeField } from '../shared/fields/dateTime';
import { emailField, identifierField } from '../shared/fields/string';

const v1 = {
	name: 'V1',
	value: 'v1',
	description: 'Drops a cancellation that was recorded before; can be set active again',
} as const;
const v2 = { name: 'V2', value: 'v2', description: 'The current API' } as const;

/** Chosen above the credential, of which each version has one. */
export const apiVersion = choiceField({
	displayName: 'API Version',
	default: 'v1',
	description:
		'V1 is the default because it drops a repeated event and can undo a cancellation, which V2, the current API, does not. Each version has a credential of its own.',
	options: [v1, v2],
});

const identifyBy = choiceField({
	displayName: 'Identify By',
	default: 'email',
	description: 'What the customer is known by in FirstPromoter',
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
		description: 'Of the customer, as it was tracked at sign-up',
	}),
);

const uid = showWhen(
	{ identifyBy: ['uid'] },
	identifierField({
		displayName: 'UID',
		type: 'string',
		default: '',
		placeholder: 'e.g. cus_9s6XKzkNRiz8i3',
		description: 'The ID that was tracked at sign-up',
	}),
);

/** Who is meant; the fields show the one way that was chosen. */
export const who = { identifyBy, email: emailOfCustomer, uid };

const onV1 = { apiVersion: ['v1'] };

/** What v1 takes besides. */
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
					'Of the cancellation at your billing provider; FirstPromoter drops a second one with the same ID, so that each cancellation needs its own. Without it the node makes one.',
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
					"When the customer cancelled, in the workflow's time zone; now, where it is left out",
			}),
		),
	),
	skipEmailNotification: showWhen(
		onV1,
		inAdditionalFields(
			booleanField({
				displayName: 'Skip Email Notification',
				default: false,
				description: 'Whether to keep FirstPromoter from telling the promoter by e-mail',
			}),
		),
	),
};
