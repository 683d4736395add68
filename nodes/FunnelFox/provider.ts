import type { IDataObject } from 'n8n-workflow';

import { additional, choice, email, filter, identifier, segment, text } from '../shared/fields';
import { words } from '../shared/outcome';
import { read, write, type Provider, type Reply, type State } from '../shared/provider';
import { readable, type Picker } from '../shared/search';

/** Source: https://funnelfox.com/docs/api-reference/cancel-subscription */
const statuses = ['active', 'cancelled', 'created', 'expired', 'paused', 'trialing', 'unpaid'];

/**
 * Ids that are certainly a payment provider's: Stripe's (random, both cases) and PayPal's. FunnelFox does
 * not document its own; its profiles, sessions and events have a prefix and 26 signs, as Paddle's
 * subscriptions do, so Paddle's cannot be told apart. https://funnelfox.com/docs/api-reference/profileupdated
 */
function foreignId(id: string): string | undefined {
	const stripe = /^sub_1(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9]{13,}$/.test(id);
	const payPal = /^I-[A-Z0-9]{10,}$/.test(id);
	if (!stripe && !payPal) return undefined;
	return `is an ID of ${stripe ? 'Stripe' : 'PayPal'}; FunnelFox has its own. Find it with Get Many: "id", not "psp_id".`;
}

const subscriptionId = identifier(
	{
		displayName: 'Subscription',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: "The subscription in FunnelFox. Its own ID is meant, not the payment provider's.",
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchSubscriptions', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. sub_01J9ZC3VKX5W2T8QH4N7RBD6YM',
			},
		],
	},
	foreignId,
);

const moment = (value: unknown) =>
	typeof value === 'string' && !Number.isNaN(Date.parse(value))
		? new Date(value).toISOString()
		: null;

/** The record that `GET /subscriptions/{id}` and a cancel both answer with. */
function subscriptionState({ body }: Reply): State | undefined {
	const { id, status, renews, profile, period_ends_at, updated_at } = (body ?? {}) as IDataObject;
	if (typeof id !== 'string' || typeof status !== 'string') return undefined;
	const over = status === 'cancelled' || status === 'expired';
	return {
		status,
		// Renewal switched off: the end is fixed although the status may still say active. One that is
		// paused may merely not renew while it is.
		active: !over && (renews !== false || status === 'paused'),
		endsAt: moment(period_ends_at),
		email: ((profile as IDataObject | undefined)?.email as string | undefined) ?? null,
		version: [status, renews, updated_at, period_ends_at].join(' '),
	};
}

const rowsOf = ({ body }: Reply): IDataObject[] => {
	const { data } = body as { data?: IDataObject[] };
	return (Array.isArray(data) ? data : [body as IDataObject]).map(marked);
};

/** Sandbox and preview rows stand among the real ones; `isTest` tells them apart in one field. */
const marked = (row: IDataObject): IDataObject => ({
	...row,
	isTest: row.sandbox === true || (row.profile as IDataObject | undefined)?.preview === true,
});

function cursorIn({ body }: Reply): string | undefined {
	const { has_more, next_cursor } = ((body as IDataObject).pagination ?? {}) as IDataObject;
	return has_more === true && typeof next_cursor === 'string' ? next_cursor : undefined;
}

export const funnelFox: Provider = {
	name: 'funnelFox',
	displayName: 'FunnelFox',
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['funnelFoxApi'],
	baseUrl: ({ baseUrl }) => (baseUrl as string) || 'https://api.funnelfox.io/public/v1',
	// None is published; a pace at which public clients have been seen to work.
	limits: { requestsPerMinute: 1140, burst: 1 },
	defaultOperation: 'cancel',
	operations: {
		/** https://funnelfox.com/docs/api-reference/cancel-subscription */
		cancel: write({
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: 'Stop the renewal of a subscription; access lasts until the paid period ends',
			docs: 'https://funnelfox.com/docs/api-reference/cancel-subscription',
			effect: 'cancel',
			effectInWords:
				"It stops the renewal of this customer's subscription. The API offers no way to undo it.",
			// No key against repetition is documented, but the record can be read.
			repeat: 'readFirst',
			record: { email: true, statuses },
			fields: {
				subscriptionId,
				reason: additional(
					text({
						displayName: 'Reason',
						type: 'string',
						default: '',
						placeholder: 'e.g. Too expensive',
						description: 'Kept by FunnelFox; without one it notes "User requested cancellation"',
					}),
				),
			},
			target: ({ subscriptionId }) => subscriptionId,
			request: ({ subscriptionId, reason }) => ({
				method: 'POST',
				path: `/subscriptions/${segment(subscriptionId)}/cancel`,
				body: reason === undefined ? undefined : { reason },
			}),
			read(reply) {
				if (reply.status === 400) {
					return { outcome: 'notCancellable', description: words(reply), ask: true };
				}
				const state = reply.status === 200 ? subscriptionState(reply) : undefined;
				if (!state) return undefined;
				const { cancelled_at, renews } = reply.body as IDataObject;
				if (state.active && renews !== false) {
					return {
						outcome: 'unknown',
						description: `It answered 200, but the subscription still says "${state.status}".`,
						ask: true,
					};
				}
				const later = state.endsAt !== null && Date.parse(state.endsAt) > Date.now();
				return later
					? { outcome: 'scheduled', effectiveAt: state.endsAt }
					: { outcome: 'cancelled', effectiveAt: state.endsAt ?? moment(cancelled_at) };
			},
			look: ({ subscriptionId }) => ({
				call: { path: `/subscriptions/${segment(subscriptionId)}` },
				as: subscriptionState,
			}),
		}),
		/** https://funnelfox.com/docs/api-reference/get-subscription-details */
		get: read({
			name: 'Get',
			action: 'Get a subscription',
			description: 'Retrieve one subscription',
			docs: 'https://funnelfox.com/docs/api-reference/get-subscription-details',
			effect: 'read',
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			request: ({ subscriptionId }) => ({ path: `/subscriptions/${segment(subscriptionId)}` }),
			rows: rowsOf,
		}),
		/** https://funnelfox.com/docs/api-reference/list-subscriptions */
		getAll: read({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve a list of subscriptions',
			docs: 'https://funnelfox.com/docs/api-reference/list-subscriptions',
			effect: 'read',
			fields: {
				email: filter(
					email({
						displayName: 'Email',
						type: 'string',
						default: '',
						placeholder: 'e.g. nathan@example.com',
						description: "Of the customer's profile",
					}),
				),
				funnelId: filter(text({ displayName: 'Funnel ID', type: 'string', default: '' })),
				profileId: filter(text({ displayName: 'Profile ID', type: 'string', default: '' })),
				psp: filter(
					choice({
						displayName: 'Payment Provider',
						type: 'options',
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
				status: filter(
					choice({
						displayName: 'Status',
						type: 'options',
						default: 'active',
						options: statuses.map((value) => ({
							name: value[0].toUpperCase() + value.slice(1),
							value,
						})),
					}),
				),
			},
			target: ({ email = 'all subscriptions' }) => email,
			request: ({ email, funnelId, profileId, psp, status }) => ({
				path: '/subscriptions',
				query: {
					// The guide and older pages allow no more than 100.
					limit: 100,
					'filter[email]': email,
					'filter[funnel_id]': funnelId,
					'filter[profile_id]': profileId,
					'filter[psp]': psp,
					'filter[status]': status,
				},
			}),
			rows: rowsOf,
			next(reply, call) {
				const cursor = cursorIn(reply);
				return cursor ? { ...call, query: { ...call.query, cursor } } : undefined;
			},
		}),
	},
};

/** The list behind the Subscription field: those of the e-mail that was typed, else the newest. */
export const subscriptionsByEmail: Picker = {
	request: (typed, cursor) => ({
		path: '/subscriptions',
		query: { limit: 50, 'filter[email]': typed || undefined, cursor },
	}),
	rows: rowsOf,
	item({ id, status, product, profile, period_ends_at, isTest }) {
		const day = moment(period_ends_at)?.slice(0, 10);
		const name = readable(
			(product as IDataObject | undefined)?.name ?? id,
			status,
			(profile as IDataObject | undefined)?.email,
			day && `until ${day}`,
			isTest && 'test',
		);
		return { name, value: id as string };
	},
	nextPage: cursorIn,
};
