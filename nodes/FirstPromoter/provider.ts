import type { IDataObject } from 'n8n-workflow';

import { additional, choice, email, flag, identifier, moment, text, when } from '../shared/fields';
import { words } from '../shared/outcome';
import { write, type Provider, type State } from '../shared/provider';

const identifyBy = choice({
	displayName: 'Identify By',
	type: 'options',
	default: 'email',
	description: 'What the customer is known by in FirstPromoter',
	options: [
		{ name: 'Email', value: 'email' },
		{ name: 'UID', value: 'uid' },
	],
});

const emailOfCustomer = when(
	{ identifyBy: ['email'] },
	email({
		displayName: 'Email',
		type: 'string',
		default: '',
		placeholder: 'e.g. nathan@example.com',
		description: 'Of the customer, as it was tracked at sign-up',
	}),
);

const uid = when(
	{ identifyBy: ['uid'] },
	identifier({
		displayName: 'UID',
		type: 'string',
		default: '',
		placeholder: 'e.g. cus_9s6XKzkNRiz8i3',
		description: 'The ID that was tracked at sign-up',
	}),
);

/** The `lead` of a v1 answer, as `GET /leads/show` and the tracking calls give it. */
function leadState(lead: unknown): State | undefined {
	const { state, email, cancelled_at, id } = (lead ?? {}) as IDataObject;
	if (typeof state !== 'string') return undefined;
	const over = state === 'cancelled';
	return {
		status: state,
		active: !over,
		endsAt: over && typeof cancelled_at === 'string' ? new Date(cancelled_at).toISOString() : null,
		email: typeof email === 'string' ? email : null,
		version: [id, state, cancelled_at].join(' '),
	};
}

export const firstPromoter: Provider = {
	name: 'firstPromoter',
	displayName: 'FirstPromoter',
	resource: { name: 'Referral', value: 'referral' },
	credentials: ['firstPromoterApi'],
	baseUrl: ({ baseUrl }) => (baseUrl as string) || 'https://firstpromoter.com/api/v1',
	// v1 publishes none; v2's 400 a minute for an account is taken for both.
	limits: { requestsPerMinute: 380, burst: 20 },
	defaultOperation: 'cancel',
	operations: {
		/** https://docs.firstpromoter.com/api-reference-v1/tracking-api/cancellation */
		cancel: write({
			name: 'Track Cancellation',
			action: 'Track the cancellation of a referral',
			description: 'Mark a customer as cancelled, so that the promoter earns no more from them',
			docs: 'https://docs.firstpromoter.com/api-reference-v1/tracking-api/cancellation',
			effect: 'cancel',
			effectInWords:
				'It marks this customer as cancelled for the affiliate program; no billing is changed.',
			repeat: 'deduplicated',
			record: { email: true, statuses: ['active', 'cancelled', 'denied', 'signup', 'subscribed'] },
			fields: {
				apiVersion: choice({
					displayName: 'API Version',
					type: 'options',
					default: 'v1',
					options: [{ name: 'V1', value: 'v1' }],
				}),
				identifyBy,
				email: emailOfCustomer,
				uid,
				eventId: additional(
					text({
						displayName: 'Event ID',
						type: 'string',
						default: '',
						placeholder: 'e.g. evt_1NG8Du2eZvKYlo2CUI79vXWy',
						description:
							'Of the cancellation at your billing provider; FirstPromoter drops a second one with the same ID. Without it the node makes one for each item.',
					}),
				),
				createdAt: additional(
					moment({
						displayName: 'Created At',
						type: 'dateTime',
						default: '',
						description: 'When the customer cancelled; now, where it is left out',
					}),
				),
				skipEmailNotification: additional(
					flag({
						displayName: 'Skip Email Notification',
						type: 'boolean',
						default: false,
						description: 'Whether to keep FirstPromoter from telling the promoter by e-mail',
					}),
				),
			},
			target: ({ email, uid }) => email ?? uid ?? '',
			request: ({ email, uid, eventId, createdAt, skipEmailNotification }, key) => ({
				method: 'POST',
				path: '/track/cancellation',
				query: {
					email,
					uid,
					event_id: eventId ?? key,
					created_at: createdAt,
					skip_email_notification: skipEmailNotification || undefined,
				},
			}),
			read(reply, { eventId }) {
				// 204 is documented for the sibling calls: the lead is unknown, or no referral.
				if (reply.status === 204) return { outcome: 'nothingToCancel' };
				// The key is this execution's own, so an earlier try of ours was recorded.
				if (reply.status === 409) {
					return eventId === undefined
						? { outcome: 'cancelled', verified: true }
						: { outcome: 'alreadyCancelled' };
				}
				if (reply.status === 400) return { outcome: 'failed', description: words(reply) };
				const state =
					reply.status === 200 ? leadState((reply.body as IDataObject)?.lead) : undefined;
				return state && { outcome: 'cancelled', effectiveAt: state.endsAt };
			},
			look: ({ email, uid }) => ({
				call: { path: '/leads/show', query: { email, uid } },
				as: ({ body }) => leadState(body),
			}),
		}),
	},
};
