import type { IDataObject } from 'n8n-workflow';

import {
	additional,
	choice,
	email,
	flag,
	identifier,
	moment,
	segment,
	text,
	when,
} from '../shared/fields';
import { Refusal, words } from '../shared/outcome';
import {
	read,
	write,
	type Call,
	type Provider,
	type Reply,
	type State,
	type Verdict,
} from '../shared/provider';

const apiVersion = choice({
	displayName: 'API Version',
	type: 'options',
	default: 'v1',
	description: 'Each version has a key and a credential of its own',
	options: [
		{
			name: 'V1',
			value: 'v1',
			description: 'Drops a cancellation that was recorded before; can be set active again',
		},
		{ name: 'V2', value: 'v2', description: 'The current API' },
	],
});

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

/** Exactly one of the two is there: the fields show the one that was chosen. */
interface Who {
	email?: string;
	uid?: string;
}
const target = ({ email, uid }: Who) => email ?? uid ?? '';

/** https://docs.firstpromoter.com/api-reference-v1/leads-api/show */
const leadV1 = ({ email, uid }: Who): Call => ({ path: '/leads/show', query: { email, uid } });

/** https://docs.firstpromoter.com/api-reference-v2/api-admin/referrals/get-referral-for-current-company-based-on-id */
const referralV2 = (who: Who): Call => ({
	path: `/company/referrals/${segment(target(who))}`,
	query: { find_by: who.email === undefined ? 'uid' : 'email' },
});

const isV2 = ({ apiVersion }: { apiVersion: string }) => apiVersion === 'v2';
const record = (values: Who & { apiVersion: string }) =>
	isV2(values) ? referralV2(values) : leadV1(values);
const credential = (values: { apiVersion: string }) =>
	isV2(values) ? 'firstPromoterV2Api' : 'firstPromoterApi';

const instant = (value: unknown) =>
	typeof value === 'string' && !Number.isNaN(Date.parse(value))
		? new Date(value).toISOString()
		: null;

/** A lead of v1 or a referral of v2: the same fields, as far as they are needed here. */
function stateOf(lead: unknown): State | undefined {
	const { state, email, cancelled_at, id } = (lead ?? {}) as IDataObject;
	if (typeof state !== 'string') return undefined;
	const over = state === 'cancelled';
	return {
		status: state,
		active: !over,
		endsAt: over ? instant(cancelled_at) : null,
		email: typeof email === 'string' ? email : null,
		version: [id, state, cancelled_at].join(' '),
	};
}

/**
 * Not a referral. For a cancellation no page says how that is answered; the sibling calls document
 * 204 (v1 sale, v2 refund) and 404 with this code (v2 sale), and v1's leads the other text. Any other
 * 404 may come from a wrong base URL, and is no word about a customer.
 */
function notReferred(reply: Reply): Verdict | undefined {
	const { code, error } = (reply.body ?? {}) as IDataObject;
	const said = code === 'not_found' || /^lead not found/i.test(String(error));
	if (reply.status !== 204 && !(reply.status === 404 && said)) return undefined;
	return {
		outcome: 'nothingToCancel',
		description: `FirstPromoter knows no such referral (${words(reply)}).`,
	};
}

/** What a tracked cancellation is answered with; v2 shows the same shape in its documents. */
function recorded(reply: Reply): Verdict | undefined {
	const { lead, referral } = (reply.body ?? {}) as IDataObject;
	const state = reply.status === 200 ? stateOf(lead ?? referral) : undefined;
	if (!state) return undefined;
	const { status, active, endsAt } = state;
	return {
		outcome: 'cancelled',
		effectiveAt: endsAt,
		...(active && { description: `It was recorded; the referral is shown as "${status}".` }),
	};
}

export const firstPromoter: Provider = {
	name: 'firstPromoter',
	displayName: 'FirstPromoter',
	resource: { name: 'Referral', value: 'referral' },
	credentials: ['firstPromoterApi', 'firstPromoterV2Api'],
	baseUrl: ({ baseUrl }, type) =>
		(baseUrl as string) ||
		(type === 'firstPromoterV2Api'
			? 'https://api.firstpromoter.com/api/v2'
			: 'https://firstpromoter.com/api/v1'),
	// v1 publishes none; v2's 400 a minute for an account is taken for both.
	limits: { requestsPerMinute: 380, burst: 20 },
	defaultOperation: 'cancel',
	operations: {
		/**
		 * v1: https://docs.firstpromoter.com/api-reference-v1/tracking-api/cancellation
		 * v2: https://docs.firstpromoter.com/api-reference-v2/api-admin/tracking-api/cancellation
		 */
		cancel: write({
			name: 'Track Cancellation',
			action: 'Track the cancellation of a referral',
			description: 'Mark a customer as cancelled, so that the promoter earns no more from them',
			docs: 'https://docs.firstpromoter.com/api-reference-v1/tracking-api/cancellation',
			notice:
				'This records a cancellation and ends no billing. Where Stripe, Paddle, Chargebee, Recurly or Braintree is connected to FirstPromoter, it learns of cancellations by itself.',
			effect: 'cancel',
			effectInWords:
				'It marks this customer as cancelled for the affiliate program; no billing is changed.',
			// v2 has no event ID, but the referral can be read.
			repeat: (values) => (isV2(values) ? 'readFirst' : 'deduplicated'),
			record: {
				email: true,
				statuses: [
					'active',
					'cancelled',
					'denied',
					'moved',
					'pending',
					'refunded',
					'signup',
					'subscribed',
				],
			},
			fields: {
				apiVersion,
				identifyBy,
				email: emailOfCustomer,
				uid,
				eventId: when(
					{ apiVersion: ['v1'] },
					additional(
						text({
							displayName: 'Event ID',
							type: 'string',
							default: '',
							placeholder: 'e.g. evt_1NG8Du2eZvKYlo2CUI79vXWy',
							description:
								'Of the cancellation at your billing provider; FirstPromoter drops a second one with the same ID. Without it the node makes one for each item.',
						}),
					),
				),
				createdAt: when(
					{ apiVersion: ['v1'] },
					additional(
						moment({
							displayName: 'Created At',
							type: 'dateTime',
							default: '',
							description:
								"When the customer cancelled, in the workflow's time zone; now, where it is left out",
						}),
					),
				),
				skipEmailNotification: when(
					{ apiVersion: ['v1'] },
					additional(
						flag({
							displayName: 'Skip Email Notification',
							type: 'boolean',
							default: false,
							description: 'Whether to keep FirstPromoter from telling the promoter by e-mail',
						}),
					),
				),
			},
			target,
			credential,
			request(values, key) {
				const { email, uid, eventId, createdAt, skipEmailNotification } = values;
				const call: Call = { method: 'POST', path: '/track/cancellation' };
				if (isV2(values)) return { ...call, body: email === undefined ? { uid } : { email } };
				return {
					...call,
					query: {
						email,
						uid,
						event_id: eventId ?? key,
						created_at: createdAt,
						skip_email_notification: skipEmailNotification || undefined,
					},
				};
			},
			read(reply, values) {
				if (reply.status === 409 && !isV2(values)) {
					// The key is this execution's own, so an earlier try of ours was recorded.
					return values.eventId === undefined
						? { outcome: 'cancelled', verified: true }
						: { outcome: 'alreadyCancelled' };
				}
				if (reply.status === 400) return { outcome: 'failed', description: words(reply) };
				return notReferred(reply) ?? recorded(reply);
			},
			look: (values) => ({ call: record(values), as: ({ body }) => stateOf(body) }),
			missing: notReferred,
		}),
		/** https://docs.firstpromoter.com/api-reference-v1/leads-api/show; v2 as in `referralV2` */
		get: read({
			name: 'Get',
			action: 'Get a referral',
			description: 'Retrieve one referral',
			docs: 'https://docs.firstpromoter.com/api-reference-v1/leads-api/show',
			effect: 'read',
			fields: { apiVersion, identifyBy, email: emailOfCustomer, uid },
			target,
			credential,
			request: record,
			rows: ({ body }) => [body as IDataObject],
		}),
		/** https://docs.firstpromoter.com/api-reference-v1/leads-api/update */
		restore: write({
			name: 'Set Active Again',
			action: 'Set a cancelled referral active again',
			description: 'Undo a tracked cancellation; only API v1 can',
			docs: 'https://docs.firstpromoter.com/api-reference-v1/leads-api/update',
			effect: 'restore',
			effectInWords:
				'It sets this cancelled customer active again for the affiliate program; no billing is changed.',
			repeat: 'readFirst',
			record: { email: true, statuses: ['active', 'cancelled', 'denied', 'signup', 'subscribed'] },
			fields: { identifyBy, email: emailOfCustomer, uid },
			target,
			request: ({ email, uid }) => ({
				method: 'PUT',
				path: '/leads/update',
				query: { email, uid, state: 'active' },
			}),
			read({ status, body }) {
				const state = status === 200 ? stateOf(body) : undefined;
				if (!state || state.status === 'active') return undefined;
				return {
					outcome: 'unknown',
					description: `It answered 200, but the referral still says "${state.status}".`,
					ask: true,
				};
			},
			look: (who) => ({
				call: leadV1(who),
				as({ body }) {
					const state = stateOf(body);
					return state && { ...state, active: state.status === 'active' };
				},
			}),
			// Anything else than "cancelled" (denied, a mere sign-up) would become a customer by this.
			before(state, who) {
				if (state.status === 'cancelled') return undefined;
				throw new Refusal(
					'refused',
					`"${target(who)}" is "${state.status}", not "cancelled", so there is no cancellation to undo. Nothing was sent. If it should be active, set that in FirstPromoter.`,
				);
			},
		}),
	},
};
