import type { IDataObject } from 'n8n-workflow';

import {
	additional,
	choice,
	flag,
	identifier,
	moment,
	onlyWhen,
	segment,
	text,
	type Field,
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
import { readable, type Picker } from '../shared/search';

const docs = 'https://docs.smokeball.com/api-reference/subscriptions/get-subscriptions';

/** Source: https://docs.smokeball.com/docs/api-docs/z2q8vla6b77g8-base-urls */
const hosts: Record<string, string> = {
	au: 'api.smokeball.com.au',
	uk: 'api.smokeball.co.uk',
	us: 'api.smokeball.com',
};

const statuses = [
	'Active',
	'Canceled',
	'Incomplete',
	'IncompleteExpired',
	'PastDue',
	'Trialing',
	'Unpaid',
];

const subscriptionId = identifier({
	displayName: 'Subscription',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: "The firm's own subscription to Smokeball",
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
			placeholder: 'e.g. b471682e-fa17-4e46-b7fe-9b2b8fdcb3c2',
		},
	],
});

const cancellationType = choice({
	displayName: 'Cancellation Type',
	type: 'options',
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

const cancelAt = onlyWhen(
	{ cancellationType: ['Date'] },
	ahead(
		moment({
			displayName: 'Cancel At',
			type: 'dateTime',
			default: '',
			description: 'Without an offset, the time zone of the workflow counts',
		}),
	),
);

/** Required, and not in the past. */
function ahead(field: Field<string | undefined>): Field<string> {
	const { displayName } = field.shown;
	return {
		...field,
		parse(raw, around) {
			const at = field.parse(raw, around);
			if (at === undefined) {
				throw new Refusal(
					'invalid',
					`${displayName} is empty. Nothing was sent. Give the date at which the subscription ends.`,
				);
			}
			if (Date.parse(at) <= around.now.getTime()) {
				throw new Refusal(
					'invalid',
					`${displayName} ${at} is in the past. Nothing was sent. Give a date ahead, or choose the cancellation type Immediately.`,
				);
			}
			return at;
		},
	};
}

const time = (value: unknown) =>
	typeof value === 'string' && !Number.isNaN(Date.parse(value))
		? new Date(value).toISOString()
		: null;
const isAhead = (at: string | null) => at !== null && Date.parse(at) > Date.now();

interface Wish {
	cancellationType: 'PeriodEnd' | 'Immediate' | 'Date';
	cancelAt?: string;
}

/**
 * The record of `GET /subscriptions/{id}`. A pending end later than the one that is wished for
 * leaves something to cancel.
 */
function subscriptionState({ body }: Reply, wish?: Wish): State | undefined {
	const { id, status, cancellationStatus, cancellationType, ...dates } = (body ??
		{}) as IDataObject;
	if (typeof id !== 'string') return undefined;
	const [cancelAt, canceledAt, periodEnd] = [
		time(dates.cancelAt),
		time(dates.canceledAt),
		time(dates.currentPeriodEndDate),
	];
	const over = status === 'Canceled' || cancellationStatus === 'Canceled';
	const pending = !over && cancellationStatus === 'Pending';
	const due = cancelAt ?? periodEnd;
	const tooLate =
		wish?.cancellationType === 'Immediate' ||
		(wish?.cancelAt !== undefined && (due === null || due > wish.cancelAt));
	return {
		// Smokeball leaves the status out where the firm has no platform subscription.
		status: typeof status === 'string' ? status : 'None',
		active: !over && (!pending || tooLate),
		// While an end is pending, canceledAt is the time of the request.
		endsAt: over ? (isAhead(cancelAt) ? canceledAt : (cancelAt ?? canceledAt ?? periodEnd)) : due,
		email: null,
		version: [
			status,
			cancellationStatus,
			cancellationType,
			cancelAt,
			canceledAt,
			periodEnd,
			(dates.trialingTier as IDataObject | null)?.cancellationStatus,
		].join(' '),
	};
}

/** The `CancellationResponse` that a cancel and its preview both answer with. */
function cancellation(reply: Reply, preview: boolean): Verdict | undefined {
	const { status } = reply;
	if (status === 400) return { outcome: 'notCancellable', description: words(reply), ask: true };
	if (status >= 300) return undefined;
	const answer = (typeof reply.body === 'object' ? (reply.body ?? {}) : {}) as IDataObject;
	const { cancellationType: type, cancellationBehaviour: behaviour } = answer;
	if ((answer.preview === true) !== preview) {
		const description = preview
			? 'Smokeball does not say that its answer was only a preview.'
			: 'Smokeball answered with a preview: nothing is cancelled by that.';
		return { outcome: 'unknown', description, ask: true };
	}
	if (!['PeriodEnd', 'Immediate', 'Date'].includes(String(type))) {
		const description = `The answer names no cancellation type that is known (${String(type)}).`;
		return { outcome: 'unknown', description, ask: true };
	}
	const effectiveAt = time(answer.cancelAt);
	const later = effectiveAt === null ? type !== 'Immediate' : isAhead(effectiveAt);
	const verdict: Verdict = { outcome: later ? 'scheduled' : 'cancelled', effectiveAt };
	return behaviour === 'CancelTrials' ? { ...verdict, ...trialsOnly(answer) } : verdict;
}

function trialsOnly({ tier }: IDataObject): Partial<Verdict> {
	const { name } = (tier ?? {}) as IDataObject;
	return tier
		? {
				goesOn: true,
				description: `Only what is on trial ends; the subscription goes on with the tier "${String(name)}". Set Cancel Subscription to end it as well.`,
			}
		: { description: 'It was on trial; nothing is left after that.' };
}

const cancelCall = (
	{
		subscriptionId,
		...wish
	}: Wish & { subscriptionId: string; reason?: string; cancelSubscription?: boolean },
	preview?: true,
): Call => {
	const { cancellationType, cancelAt, reason, cancelSubscription } = wish;
	const given = Object.entries({ cancelAt, reason, cancelSubscription, preview });
	return {
		method: 'PATCH',
		path: `/subscriptions/${segment(subscriptionId)}/cancel`,
		headers: { 'Content-Type': 'application/json' },
		body: {
			cancellationType,
			...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
		},
	};
};

/** A collection's `value`, a bare array as in older pages, or one record. */
const rowsOf = ({ body }: Reply): IDataObject[] => {
	if (Array.isArray(body)) return body as IDataObject[];
	const { value } = body as { value?: IDataObject[] };
	return Array.isArray(value) ? value : [body as IDataObject];
};

/** `authentication` stands above every operation. */
const credential = (values: object) =>
	(values as { authentication?: string }).authentication === 'oAuth2'
		? 'smokeballOAuth2Api'
		: 'smokeballApi';

export const smokeball: Provider = {
	name: 'smokeball',
	displayName: 'Smokeball',
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['smokeballApi', 'smokeballOAuth2Api'],
	baseUrl({ baseUrl, customBaseUrl, region, environment }, type) {
		if (type === 'smokeballApi') {
			return String(baseUrl === 'custom' ? customBaseUrl : baseUrl || `https://${hosts.us}`);
		}
		const host = hosts[String(region)] ?? hosts.us;
		return (baseUrl as string) || `https://${environment === 'staging' ? 'staging' : ''}${host}`;
	},
	headers: ({ apiKey }, type): Record<string, string> =>
		type === 'smokeballOAuth2Api' ? { 'x-api-key': String(apiKey) } : {},
	/**
	 * Five a second with a burst of five. Sent one by one, so that no second ever sees more than
	 * five, whichever way Smokeball counts; the burst stays in reserve for calls that bunch on the way.
	 * Source: https://docs.smokeball.com/docs/api-docs/vj4jovpoopdov-rate-limits
	 */
	limits: { requestsPerMinute: 300, burst: 1, concurrency: 5 },
	defaultOperation: 'cancel',
	notice: "This is your firm's own Smokeball plan, not a client's matter or subscription.",
	common: {
		authentication: choice({
			displayName: 'Authentication',
			type: 'options',
			default: 'accessToken',
			options: [
				{ name: 'Access Token', value: 'accessToken' },
				{ name: 'OAuth2', value: 'oAuth2' },
			],
		}),
	},
	operations: {
		/** PATCH /subscriptions/{id}/cancel; the page is hidden since 2025-09-16, its neighbour is linked. */
		cancel: write({
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: "End the firm's own plan, at the end of the period, at once or at a date",
			docs,
			notice: "This ends your firm's own plan. Switch on Dry Run to see first what would happen.",
			effect: 'cancel',
			effectInWords:
				"It ends the law firm's own Smokeball plan, at the end of the period unless another time is chosen. While the end is pending it can be resumed; after that, resuming charges at once.",
			// No key against repetition is documented, but the record can be read.
			repeat: 'readFirst',
			record: { email: false, statuses },
			credential,
			fields: {
				subscriptionId,
				cancellationType,
				cancelAt,
				reason: additional(
					text({
						displayName: 'Reason',
						type: 'string',
						default: '',
						placeholder: 'e.g. Too expensive',
						description: 'Kept by Smokeball',
					}),
				),
				cancelSubscription: additional(
					flag({
						displayName: 'Cancel Subscription',
						type: 'boolean',
						default: false,
						description:
							'Whether to end the subscription itself even while a tier or an add-on is on trial. Smokeball may then end it at once: look at a dry run first.',
					}),
				),
			},
			target: ({ subscriptionId }) => subscriptionId,
			request: (values) => cancelCall(values),
			read: (reply) => cancellation(reply, false),
			look: ({ subscriptionId, ...wish }) => ({
				call: { path: `/subscriptions/${segment(subscriptionId)}` },
				as: (reply) => subscriptionState(reply, wish),
			}),
			rehearse: (values) => ({
				call: cancelCall(values, true),
				read: (reply) =>
					reply.status >= 500
						? { outcome: 'failed', description: words(reply) }
						: cancellation(reply, true),
			}),
		}),
		/** PATCH /subscriptions/{id}/resume; the page is hidden since 2025-09-16, its neighbour is linked. */
		resume: write({
			name: 'Resume',
			action: 'Resume a subscription',
			description: 'Take back a pending cancellation, or start an ended plan again',
			docs,
			notice:
				'Resuming a plan that has already ended charges your firm at once. If the charge does not go through, the plan is past due.',
			effect: 'restore',
			effectInWords:
				"It takes back a pending cancellation of the law firm's own Smokeball plan. A plan that has already ended is started again and charged at once.",
			// It may charge, and is carried out in the background: a look right after proves nothing.
			repeat: 'never',
			record: { email: false, statuses },
			credential,
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			request: ({ subscriptionId }) => ({
				method: 'PATCH',
				path: `/subscriptions/${segment(subscriptionId)}/resume`,
				headers: { 'Content-Type': 'application/json' },
				body: {},
			}),
			read(reply) {
				if (reply.status === 400) {
					return { outcome: 'notCancellable', description: words(reply), ask: true };
				}
				if (reply.status !== 202) return undefined;
				return {
					outcome: 'restored',
					description:
						'Smokeball carries it out in the background. A plan that had ended is charged at once; until the charge succeeds its status is PastDue.',
				};
			},
			look: ({ subscriptionId }) => ({
				call: { path: `/subscriptions/${segment(subscriptionId)}` },
				as: (reply) => subscriptionState(reply),
			}),
		}),
		/** GET /subscriptions/{id}; the page is hidden since 2025-09-16, its neighbour is linked. */
		get: read({
			name: 'Get',
			action: 'Get a subscription',
			description: 'Retrieve one subscription',
			docs,
			effect: 'read',
			credential,
			fields: { subscriptionId },
			target: ({ subscriptionId }) => subscriptionId,
			request: ({ subscriptionId }) => ({ path: `/subscriptions/${segment(subscriptionId)}` }),
			rows: ({ body }) => [body as IDataObject],
		}),
		/** https://docs.smokeball.com/api-reference/subscriptions/get-subscriptions */
		getAll: read({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve a list of subscriptions',
			docs,
			effect: 'read',
			credential,
			fields: {},
			target: () => 'all subscriptions',
			request: () => ({ path: '/subscriptions' }),
			rows: rowsOf,
			// All of them come in one answer.
			next: () => undefined,
		}),
	},
};

/** The list behind the Subscription field, filtered here: the API has no search. */
export const subscriptions: Picker = {
	credential: (parameter) => credential({ authentication: parameter('authentication') }),
	request: () => ({ path: '/subscriptions' }),
	rows: rowsOf,
	item({ id, productSuite, tier, status, cancellationStatus, cancelAt, currentPeriodEndDate }) {
		const day = time(cancelAt ?? currentPeriodEndDate)?.slice(0, 10);
		const { name } = (tier ?? {}) as IDataObject;
		return {
			name: readable(
				[productSuite, name].filter(Boolean).join(' ') || id,
				status ?? 'no plan',
				cancellationStatus === 'Pending' && 'cancellation pending',
				day && `until ${day}`,
			),
			value: id as string,
		};
	},
	local: true,
};
