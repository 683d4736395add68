import type { IDataObject } from 'n8n-workflow';

import { additional, choice, identifier, segment, text, whole, type Field } from '../shared/fields';
import { Refusal, words } from '../shared/outcome';
import {
	read,
	write,
	type Call,
	type Look,
	type Provider,
	type Rehearsal,
	type Reply,
	type State,
	type Verdict,
} from '../shared/provider';
import { readable, type Picker } from '../shared/search';

/** Source: https://azotte.com/academy/developers/API/C2A/subscription/list-customer-subscriptions */
const statuses = ['Active', 'Canceled', 'Expired', 'PastDue', 'Reactivated', 'Trial'];

const customer = identifier({
	displayName: 'Customer URN',
	type: 'string',
	default: '',
	placeholder: 'e.g. cu.00.482',
	description: 'The customer whose subscriptions are listed',
});

/** On a write it may be left out; the state of an order cannot be read then. */
const customerUrn: Field<string | undefined> = {
	shown: {
		...customer.shown,
		required: undefined,
		description:
			'The customer of the order. Fills the list below, and lets the node read the order before and after, so that the outcome says when it ends.',
	},
	parse: (raw, around) =>
		raw === undefined || raw === null || raw === '' ? undefined : customer.parse(raw, around),
};

const orderIdentifier = identifier({
	displayName: 'Order',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'The order identifier of the subscription',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchOrders', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. or_01J3X' },
	],
});

const cancelationMethod = choice({
	displayName: 'Cancellation Method',
	type: 'options',
	default: 'Normal',
	options: [
		{ name: 'End of Period', value: 'EndOfPeriod' },
		{ name: 'Immediate', value: 'Immediate' },
		{ name: 'Normal', value: 'Normal', description: 'As Azotte is set up to do' },
	],
});

const currentStep = (step: number) =>
	additional(
		whole({
			displayName: 'Current Step',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: step,
			description: 'The step of the cancellation funnel, counted from 0',
		}),
	);

const survey = {
	reasonCode: additional(
		text({
			displayName: 'Reason Code',
			type: 'string',
			default: '',
			placeholder: 'e.g. PRICE',
			description: 'One of the cancellationReasons that Request Cancel answers with',
		}),
	),
	comment: additional(
		text({
			displayName: 'Comment',
			type: 'string',
			default: '',
			placeholder: 'e.g. Too expensive',
			description: 'What the customer said',
		}),
	),
};

interface Order {
	orderIdentifier: string;
	customerUrn?: string;
	cancelationMethod?: 'Normal' | 'Immediate' | 'EndOfPeriod';
}

const object = (value: unknown) =>
	(typeof value === 'object' && value !== null ? value : {}) as IDataObject;
const codeOf = ({ body }: Reply) => object(object(body).status).messageCode as string | undefined;
const time = (value: unknown) =>
	typeof value === 'string' && !Number.isNaN(Date.parse(value))
		? new Date(value).toISOString()
		: null;
const isAhead = (at: string | null) => at !== null && Date.parse(at) > Date.now();

/**
 * The code in the envelope decides, whatever the HTTP status says.
 * Source: https://azotte.com/academy/developers/API/C2A/subscription/
 */
function enveloped(reply: Reply, accepted: (body: IDataObject) => Verdict): Verdict | undefined {
	const code = codeOf(reply);
	const sound = reply.status < 300;
	const description = words(reply);
	switch (code) {
		case 'SUCCESS':
			return sound ? accepted(object(reply.body)) : undefined;
		case 'SUBSCRIPTION_NOT_FOUND':
		case 'CUSTOMER_NOT_FOUND':
			return { outcome: 'notFound', description };
		case 'SUBSCRIPTION_NOT_CANCELABLE':
		case 'SUBSCRIPTION_NOT_REACTIVATABLE':
			return { outcome: 'notCancellable', description, ask: true };
		case 'INTERNAL_SERVER_ERROR':
		case 'SQL_DATABASE_FAILURE':
			return { outcome: 'unknown', description, ask: true };
		case undefined:
			return sound
				? { outcome: 'unknown', description: 'The answer has no status.messageCode.', ask: true }
				: undefined;
		default:
			return sound ? { outcome: 'failed', description } : undefined;
	}
}

const rowsOf = ({ body }: Reply): IDataObject[] => {
	const { result } = object(body);
	return Array.isArray(result) ? (result as IDataObject[]) : [];
};

/** A list whose envelope says no is no list. */
const listed = (reply: Reply): Verdict | undefined => {
	const { result } = object(reply.body);
	if (codeOf(reply) === undefined && Array.isArray(result)) return undefined;
	return enveloped(reply, () => ({ outcome: 'restored' }));
};

const list = (customerUrn: string): Call => ({ path: `/subscription/${segment(customerUrn)}` });

/** There is no call for one order, only the list of a customer. */
function look({ orderIdentifier, customerUrn, cancelationMethod }: Order): Look {
	if (customerUrn === undefined) {
		return {
			blind: 'Azotte shows an order only in the list of its customer. Give the Customer URN.',
		};
	}
	return {
		call: list(customerUrn),
		as(reply) {
			const verdict = listed(reply);
			if (verdict?.outcome === 'notFound') return 'missing';
			if (verdict && verdict.outcome !== 'restored') return undefined;
			const row = rowsOf(reply).find((one) => one.orderIdentifier === orderIdentifier);
			return row ? orderState(row, cancelationMethod) : 'missing';
		},
	};
}

function orderState(row: IDataObject, method: Order['cancelationMethod']): State | undefined {
	const { state, endDate, subscriptionChannel, options } = row;
	if (typeof state !== 'string') return undefined;
	const active = state !== 'Canceled' && state !== 'Expired';
	const partner = subscriptionChannel === 'ExternalPartner';
	return {
		...(partner && { lags: true }),
		status: state,
		active,
		// Ended at once, it would not last until the end of the period.
		endsAt: active && method === 'Immediate' ? null : time(endDate),
		email: null,
		version: [state, endDate, subscriptionChannel, object(options).canCancel].join(' '),
		channel: typeof subscriptionChannel === 'string' ? subscriptionChannel : undefined,
	};
}

const stores: Record<string, string> = {
	InappAppStore: "Apple's App Store",
	InappPlayStore: 'the Google Play Store',
};

/** What an app store sold, only its customer can end there; Azotte would change no more than its copy. */
function leftToCustomer({ channel }: State): Verdict | undefined {
	const store = stores[channel ?? ''];
	return store === undefined
		? undefined
		: {
				outcome: 'customerActionRequired',
				description: `It was bought in ${store}. Nothing was sent: ask the customer to manage it there.`,
			};
}

const requestCall = ({ orderIdentifier, cancelationMethod }: Order, currentStep = 0): Call => ({
	method: 'POST',
	path: '/subscription/cancel/request',
	body: { orderIdentifier, cancelationMethod, currentStep },
});

/** The first phase changes nothing: without a clear answer nothing has happened. */
function firstPhase(reply: Reply): Verdict | undefined {
	const verdict = enveloped(reply, ({ responseType }) => {
		switch (responseType) {
			case 'Processed':
				return { outcome: 'readyToConfirm' };
			case 'Presentation':
				return { outcome: 'presentation' };
			case 'Offer':
				return { outcome: 'offer' };
			default:
				return {
					outcome: 'failed',
					description: `The answer has no responseType that is known (${String(responseType)}).`,
				};
		}
	});
	const doubtful = verdict?.outcome === 'unknown' || reply.status >= 500;
	return doubtful
		? { outcome: 'failed', description: verdict?.description ?? words(reply) }
		: verdict;
}

/** A dry run of the confirmation: an offer or a step before it would not hold it up. */
const rehearse = (order: Order): Rehearsal => ({
	call: requestCall(order),
	read(reply) {
		const verdict = firstPhase(reply);
		return verdict && ['presentation', 'offer'].includes(verdict.outcome)
			? { outcome: 'readyToConfirm' }
			: verdict;
	},
});

interface Answers {
	reasonCode?: string;
	comment?: string;
}

/** Free text to Azotte; its sample is JSON. */
const surveyOf = ({ reasonCode, comment }: Answers): IDataObject =>
	reasonCode === undefined && comment === undefined
		? {}
		: { survey: JSON.stringify({ reasonCode, comment }) };

const confirmCall = (order: Order & Answers & { currentStep?: number }): Call => ({
	method: 'POST',
	path: '/subscription/cancel/confirm',
	body: {
		orderIdentifier: order.orderIdentifier,
		cancelationMethod: order.cancelationMethod,
		currentStep: order.currentStep ?? 1,
		...surveyOf(order),
	},
});

const unseen =
	'Azotte accepted. Whether it is over depends on where it was bought: give the Customer URN to have that read.';

/** SUCCESS is final only for what Azotte itself bills; the record tells. */
const confirmed = (reply: Reply): Verdict | undefined =>
	enveloped(reply, () => ({ outcome: 'pendingProvider', description: unseen }));

/** What the order's record says after a confirmed cancellation. */
function seenThrough(state: State | undefined, { customerUrn }: Order): Verdict {
	if (state === undefined) {
		const description =
			customerUrn === undefined
				? unseen
				: 'Azotte accepted, but the order could not be read afterwards. Look it up in Azotte.';
		return { outcome: 'pendingProvider', description };
	}
	if (!state.active) return endOf(state);
	const left = leftToCustomer(state);
	if (left) {
		return {
			...left,
			description: `It was bought in ${stores[state.channel ?? '']}, where only the customer can end it.`,
		};
	}
	const description =
		state.channel === 'ExternalPartner'
			? 'Azotte has asked the partner through whom it is billed. It is over when the partner confirms.'
			: `Azotte accepted, but the order still says "${state.status}". Read it again later.`;
	return { outcome: 'pendingProvider', description };
}

const endOf = ({ endsAt }: State): Verdict => ({
	outcome: isAhead(endsAt) ? 'scheduled' : 'cancelled',
	effectiveAt: endsAt,
});

/** For a dry run: what a confirmation would come to. */
function expected(state: State | undefined, order: Order): Verdict {
	return state === undefined || state.channel === 'ExternalPartner'
		? seenThrough(state, order)
		: endOf(state);
}

/** What both ways to a confirmed cancellation have in common. */
const confirming = {
	effect: 'cancel' as const,
	// Whether a second confirmation is harmless is not documented; the record tells.
	repeat: 'readFirst' as const,
	record: { email: false, statuses },
	target: ({ orderIdentifier }: Order) => orderIdentifier,
	request: confirmCall,
	read: confirmed,
	look,
	before: leftToCustomer,
	after: (state: State | undefined, _: Verdict, order: Order) => seenThrough(state, order),
	expect: expected,
};

export const azotte: Provider = {
	name: 'azotte',
	displayName: 'Azotte',
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['azotteApi'],
	baseUrl({ baseUrl, projectName, environment }) {
		if (baseUrl) return baseUrl as string;
		const project = String(projectName ?? '').trim();
		if (!/^[a-z0-9-]+$/.test(project)) {
			throw new Refusal(
				'invalid',
				`The Project Name of the Azotte credential is "${project}", but it may hold only a-z, 0-9 and "-". Nothing was sent. Use the first part of your Azotte address, such as acme.`,
			);
		}
		return `https://${project}${environment === 'sandbox' ? '.sandbox' : ''}.azotte.com/api/v1/c2a`;
	},
	// The current pages give none; an older one allows live keys 1,000 a minute, and less for some calls.
	limits: { requestsPerMinute: 600, burst: 5 },
	defaultOperation: 'cancel',
	operations: {
		/** https://azotte.com/academy/developers/API/C2A/subscription/request-cancel */
		requestCancel: write({
			name: 'Request Cancel',
			action: 'Request the cancellation of a subscription',
			description: 'Ask whether it can be cancelled, and which offer or step comes first',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/request-cancel',
			notice: 'This asks only. Nothing is cancelled until Confirm Cancel.',
			effect: 'cancel',
			effectInWords: 'It asks whether the subscription can be cancelled, and cancels nothing.',
			repeat: 'harmless',
			record: { email: false, statuses },
			fields: {
				customerUrn,
				orderIdentifier,
				cancelationMethod,
				currentStep: currentStep(0),
			},
			target: ({ orderIdentifier }) => orderIdentifier,
			request: (values) => requestCall(values, values.currentStep),
			read: firstPhase,
			look,
			before: leftToCustomer,
			rehearse: (values) => ({
				call: requestCall(values, values.currentStep),
				read: firstPhase,
			}),
		}),
		/** https://azotte.com/academy/developers/API/C2A/subscription/confirm-cancel */
		confirmCancel: write({
			...confirming,
			name: 'Confirm Cancel',
			action: 'Confirm the cancellation of a subscription',
			description: 'Cancel for good, after Request Cancel and whatever the customer was shown',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/confirm-cancel',
			effectInWords:
				"It cancels this customer's subscription. Until it ends it can be reactivated; after that, the customer has to buy again.",
			fields: {
				customerUrn,
				orderIdentifier,
				cancelationMethod,
				currentStep: currentStep(1),
				...survey,
			},
			rehearse,
		}),
		/** Request, then confirm: the two pages above. */
		cancel: write({
			...confirming,
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: 'Request and confirm in one go; comes out early with an offer or a step to show',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/confirm-cancel',
			effectInWords:
				"It cancels this customer's subscription, unless Azotte has a retention offer or a step to show first. Until it ends it can be reactivated; after that, the customer has to buy again.",
			fields: {
				customerUrn,
				orderIdentifier,
				cancelationMethod,
				onOffer: choice({
					displayName: 'On Offer',
					type: 'options',
					default: 'stop',
					description: 'What to do where Azotte has a retention offer for the customer',
					options: [
						{
							name: 'Decline and Cancel',
							value: 'confirm',
							description: 'The customer does not get to see the offer',
						},
						{
							name: 'Stop',
							value: 'stop',
							description: 'Cancel nothing, and come out with the outcome offer',
						},
					],
				}),
				currentStep: currentStep(1),
				...survey,
			},
			rehearse: (values) => ({
				call: requestCall(values),
				always: true,
				read(reply) {
					const verdict = firstPhase(reply);
					return verdict?.outcome === 'offer' && values.onOffer === 'confirm'
						? { outcome: 'readyToConfirm' }
						: verdict;
				},
			}),
		}),
		/** https://azotte.com/academy/developers/API/C2A/subscription/reactivate */
		reactivate: write({
			name: 'Reactivate',
			action: 'Reactivate a subscription',
			description: 'Take back a cancellation before the subscription has ended',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/reactivate',
			effect: 'restore',
			effectInWords:
				"It takes back the cancellation of this customer's subscription, so that it renews and is charged again.",
			repeat: 'readFirst',
			record: { email: false, statuses },
			fields: { customerUrn, orderIdentifier },
			target: ({ orderIdentifier }) => orderIdentifier,
			request: ({ orderIdentifier }) => ({
				method: 'POST',
				path: '/subscription/reactivate',
				body: { orderIdentifier },
			}),
			read: (reply) =>
				enveloped(reply, () => ({
					outcome: 'restored',
					description:
						'It was not read afterwards. For an order that was bought in an app store nothing changes.',
				})),
			look,
			before: leftToCustomer,
			after(state, verdict, { customerUrn }) {
				if (state?.active) return { outcome: 'restored' };
				if (state === undefined && customerUrn === undefined) return verdict;
				const description = state
					? `Azotte accepted, but the order still says "${state.status}". Read it again later.`
					: 'Azotte accepted, but the order could not be read afterwards. Look it up in Azotte.';
				return { outcome: 'pendingProvider', description };
			},
		}),
		/** https://azotte.com/academy/developers/API/C2A/subscription/list-customer-subscriptions */
		getAll: read({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve the subscriptions of a customer',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/list-customer-subscriptions',
			effect: 'read',
			fields: { customerUrn: customer },
			target: ({ customerUrn }) => customerUrn,
			request: ({ customerUrn }) => list(customerUrn),
			read: listed,
			rows: rowsOf,
			// All of a customer's come in one answer.
			next: () => undefined,
		}),
	},
};

/** The list behind the Order field: what the customer above has. */
export const ordersOfCustomer: Picker = {
	needs(_, parameter) {
		const urn = parameter('customerUrn');
		if (typeof urn !== 'string' || urn.trim() === '') {
			return 'Fill in Customer URN first: Azotte lists the orders of one customer.';
		}
		return urn.startsWith('=')
			? 'Customer URN is an expression, so there is no list yet. Choose By ID, or fill in a URN to pick from.'
			: undefined;
	},
	request: (_typed, _page, parameter) => list(String(parameter('customerUrn')).trim()),
	read: listed,
	rows: rowsOf,
	item({ orderIdentifier, bundleName, state, endDate, subscriptionChannel }) {
		const day = time(endDate)?.slice(0, 10);
		return {
			name: readable(
				bundleName ?? orderIdentifier,
				state,
				subscriptionChannel !== 'Azotte' && subscriptionChannel,
				day && `until ${day}`,
			),
			value: orderIdentifier as string,
		};
	},
	local: true,
};
