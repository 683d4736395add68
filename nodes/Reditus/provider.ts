import type { IDataObject } from 'n8n-workflow';

import { choice, email, filter, identifier, moment, segment, when } from '../shared/fields';
import { Refusal, words } from '../shared/outcome';
import {
	read,
	write,
	type Blind,
	type Call,
	type Provider,
	type Reply,
	type State,
} from '../shared/provider';
import { readable, type Picker } from '../shared/search';

/** Named only for the Affiliates API's own `state_eq`, and taken to hold here, too. https://docs.getreditus.com/affiliates-api */
const states = ['churned', 'clicked', 'converted', 'paid', 'rejected'];
const uidIsBlind = 'Reditus offers no way to look a referral up by its UID.';

const byUid = {
	name: 'Referral UID',
	value: 'referralUid',
	description: 'Your own ID of the customer',
} as const;
const byEmail = { name: 'Referral Email', value: 'referralEmail' } as const;
const byId = {
	name: 'Referral ID',
	value: 'referralId',
	description: 'The ID that Reditus gave',
} as const;

const identifyBy = choice({
	displayName: 'Identify By',
	type: 'options',
	default: 'referralUid',
	description: 'What the customer is known by in Reditus; only the one that is chosen is sent',
	options: [byUid, byEmail, byId],
});

const findBy = choice({
	displayName: 'Identify By',
	type: 'options',
	default: 'referralEmail',
	description: `What the customer is known by in Reditus. ${uidIsBlind}`,
	options: [byEmail, byId],
});

const referralUid = when(
	{ identifyBy: ['referralUid'] },
	identifier({
		displayName: 'Referral UID',
		type: 'string',
		default: '',
		placeholder: 'e.g. user_4711',
		description: 'Your own ID of the customer, as it was tracked',
	}),
);

const referralEmail = when(
	{ identifyBy: ['referralEmail'] },
	email({
		displayName: 'Referral Email',
		type: 'string',
		default: '',
		placeholder: 'e.g. nathan@example.com',
		description: 'Of the customer, as it was tracked',
	}),
);

const referralId = when(
	{ identifyBy: ['referralId'] },
	identifier({
		displayName: 'Referral ID',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description: 'The referral in Reditus',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchReferrals', searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 12345' },
		],
	}),
);

const date = (displayName: string, description: string) =>
	filter(moment({ displayName, type: 'dateTime', default: '', description }));

/** Exactly one of the three is there: the fields show the one that was chosen. */
interface Who {
	referralUid?: string;
	referralEmail?: string;
	referralId?: string;
}
const target = ({ referralUid, referralEmail, referralId }: Who) =>
	referralUid ?? referralEmail ?? referralId ?? '';

/** Integers, which Reditus' own pages elsewhere call Unix seconds. */
const instant = (seconds: unknown) =>
	typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : null;

/** As the documents print it: `2022-12-24 12:47:45 +0200`. */
const written = (moment: string | undefined) => moment?.replace('T', ' ').replace(/\..*/, ' +0000');

const dataOf = ({ body }: Reply) => (body as { data?: unknown } | null)?.data;
const listed = (reply: Reply): IDataObject[] => [dataOf(reply) ?? []].flat() as IDataObject[];
const attributesOf = (referral: unknown) =>
	((referral as IDataObject | undefined)?.attributes ?? {}) as IDataObject;

function stateOf(referral: unknown): State | undefined {
	const { state, state_set_at, updated_at, email } = attributesOf(referral);
	if (typeof state !== 'string') return undefined;
	const over = state === 'churned';
	return {
		status: state,
		active: !over,
		endsAt: over ? instant(state_set_at) : null,
		email: typeof email === 'string' ? email : null,
		version: [state, state_set_at, updated_at].join(' '),
	};
}

/** The one referral that an e-mail search found; which of several a churn would take is not documented. */
function onlyOne(reply: Reply, address: string): State | 'missing' | Blind | undefined {
	if (!Array.isArray(dataOf(reply))) return undefined;
	const rows = listed(reply);
	const same = rows.filter(
		(row) => String(attributesOf(row).email).toLowerCase() === address.toLowerCase(),
	);
	if (rows.length === 0) return 'missing';
	return rows.length === 1 && same.length === 1
		? stateOf(same[0])
		: { blind: `Reditus does not name exactly one referral for "${address}".` };
}

/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/show and .../index */
const lookUp = ({ referralEmail, referralId }: Who): Call =>
	referralId === undefined
		? { path: '/v1/referrals', query: { email_eq: referralEmail, per_page: 50 } }
		: { path: `/v1/referrals/${segment(referralId)}` };

const flat = (referral: IDataObject): IDataObject => {
	const { attributes, ...rest } = referral;
	return { ...rest, ...(attributes as IDataObject) };
};

/** The number of the page after this one. */
function pageAfter({ body }: Reply): number | undefined {
	const { meta, data } = body as { meta?: { pagination?: IDataObject }; data?: unknown[] };
	const { has_more, page } = meta?.pagination ?? {};
	return has_more === true && typeof page === 'number' && data?.length ? page + 1 : undefined;
}

export const reditus: Provider = {
	name: 'reditus',
	displayName: 'Reditus',
	resource: { name: 'Referral', value: 'referral' },
	credentials: ['reditusApi'],
	baseUrl: ({ baseUrl }) => (baseUrl as string) || 'https://api.getreditus.com/api',
	// 100 in 5 minutes: 10 at once, and 18 in each of the 5. https://docs.getreditus.com/affiliate-program-api/rate-limits
	limits: { requestsPerMinute: 18, burst: 10 },
	defaultOperation: 'churn',
	operations: {
		/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/churn */
		churn: write({
			name: 'Churn',
			action: 'Mark a referral as churned',
			description: 'Mark a customer as churned, so that the partner earns no more from them',
			docs: 'https://docs.getreditus.com/affiliate-program-api/v1/referrals/churn',
			notice:
				'This records a churn and ends no billing. A later payment makes the referral active again; there is no other way to undo it.',
			effect: 'cancel',
			effectInWords:
				'It marks this customer as churned for the affiliate program; no billing is changed. Only a new payment undoes it.',
			repeat: 'readFirst',
			record: { email: true, statuses: states },
			fields: { identifyBy, referralUid, referralEmail, referralId },
			target,
			request: ({ referralUid, referralEmail, referralId }) => ({
				method: 'POST',
				path: '/v1/referrals/churn',
				body:
					referralUid !== undefined
						? { referral_uid: referralUid }
						: referralEmail !== undefined
							? { referral_email: referralEmail }
							: { referral_id: referralId },
			}),
			read(reply) {
				const { status } = reply;
				const description = words(reply);
				if (status === 400) return { outcome: 'failed', description };
				// Its own words; any other 404 may come from a wrong base URL.
				if (status === 404 && Array.isArray((reply.body as IDataObject)?.errors)) {
					return { outcome: 'notFound', description };
				}
				// The text for "already churned" follows the documented one for "clicked"; the record decides.
				if (status === 422 && /in state '?churned/i.test(description)) {
					return { outcome: 'alreadyCancelled', ask: true };
				}
				const state = status === 200 ? stateOf(dataOf(reply)) : undefined;
				if (!state) return undefined;
				if (state.active) {
					return {
						outcome: 'unknown',
						description: `It answered 200, but the referral still says "${state.status}".`,
						ask: true,
					};
				}
				return { outcome: 'cancelled', effectiveAt: state.endsAt };
			},
			look(who) {
				if (who.referralUid !== undefined) return { blind: uidIsBlind };
				const { referralEmail } = who;
				return {
					call: lookUp(who),
					as: (reply) =>
						referralEmail === undefined ? stateOf(dataOf(reply)) : onlyOne(reply, referralEmail),
				};
			},
			expect: (state) =>
				state?.status === 'clicked'
					? {
							outcome: 'notCancellable',
							description: 'Reditus refuses a referral that never converted.',
						}
					: { outcome: 'cancelled', effectiveAt: null },
		}),
		/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/show */
		get: read({
			name: 'Get',
			action: 'Get a referral',
			description: 'Retrieve one referral',
			docs: 'https://docs.getreditus.com/affiliate-program-api/v1/referrals/show',
			effect: 'read',
			fields: {
				identifyBy: {
					...findBy,
					parse(raw, around) {
						if (raw !== 'referralUid') return findBy.parse(raw, around);
						throw new Refusal(
							'invalid',
							`${uidIsBlind} Nothing was sent. Identify it by e-mail or by its ID.`,
						);
					},
				},
				referralEmail,
				referralId,
			},
			target,
			request: lookUp,
			read(reply) {
				const data = reply.status === 200 ? dataOf(reply) : undefined;
				return Array.isArray(data) && data.length === 0 ? { outcome: 'notFound' } : undefined;
			},
			rows: (reply) => listed(reply).map(flat),
		}),
		/** https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
		getAll: read({
			name: 'Get Many',
			action: 'Get many referrals',
			description: 'Retrieve a list of referrals',
			docs: 'https://docs.getreditus.com/affiliate-program-api/v1/referrals/index',
			effect: 'read',
			fields: {
				email: filter(
					email({
						displayName: 'Email',
						type: 'string',
						default: '',
						placeholder: 'e.g. nathan@example.com',
						description: 'Of the customer',
					}),
				),
				state: filter(
					choice({
						displayName: 'State',
						type: 'options',
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
			},
			target: ({ email = 'all referrals' }) => email,
			request: ({ email, state, createdAfter, createdBefore, stateSetAfter, stateSetBefore }) => ({
				path: '/v1/referrals',
				query: {
					email_eq: email,
					state_eq: state,
					created_at_gt: written(createdAfter),
					created_at_lt: written(createdBefore),
					state_set_at_gt: written(stateSetAfter),
					state_set_at_lt: written(stateSetBefore),
					page: 1,
					per_page: 50,
				},
			}),
			rows: (reply) => listed(reply).map(flat),
			next(reply, call) {
				const page = pageAfter(reply);
				return page === undefined ? undefined : { ...call, query: { ...call.query, page } };
			},
		}),
	},
};

/** The list behind the Referral ID field: those of the e-mail that was typed, else the first ones. */
export const referralsByEmail: Picker = {
	needs: (typed) =>
		typed === '' || /^\S+@\S+\.\S+$/.test(typed)
			? undefined
			: 'Type the whole e-mail address: Reditus finds no parts of one.',
	request: (typed, page = '1') => ({
		path: '/v1/referrals',
		query: { email_eq: typed || undefined, page: Number(page), per_page: 50 },
	}),
	rows: listed,
	item(referral) {
		const { email, state } = attributesOf(referral);
		return { name: readable(email, state, referral.id), value: String(referral.id) };
	},
	nextPage(reply) {
		const page = pageAfter(reply);
		return page === undefined ? undefined : String(page);
	},
};
