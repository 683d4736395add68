import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest } from '../shared/contract/http';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import { invalid } from '../shared/contract/refusal';
import type { RecordState, Verdict } from '../shared/contract/verdict';
import * as fields from './fields';
import type { Order } from './fields';
import { find, findToReactivate, list, look } from './records';
import * as replies from './responses';

const { customerUrn, orderIdentifier, cancelationMethod, currentStep, survey } = fields;

interface Answers {
	reasonCode?: string;
	comment?: string;
}

const requestCall = (
	{ orderIdentifier, cancelationMethod }: Order,
	currentStep = 0,
): ApiRequest => ({
	method: 'POST',
	path: '/subscription/cancel/request',
	body: { orderIdentifier, cancelationMethod, currentStep },
});

/** Free text to Azotte; its sample is JSON. */
const surveyOf = ({ reasonCode, comment }: Answers): IDataObject =>
	reasonCode === undefined && comment === undefined
		? {}
		: { survey: JSON.stringify({ reasonCode, comment }) };

const confirmCall = (order: Order & Answers): ApiRequest => ({
	method: 'POST',
	path: '/subscription/cancel/confirm',
	body: {
		orderIdentifier: order.orderIdentifier,
		cancelationMethod: order.cancelationMethod,
		currentStep: order.currentStep ?? 1,
		...surveyOf(order),
	},
});

/** What all writes have in common. */
const onOrder = {
	guardable: { email: false, statuses: fields.statuses },
	target: ({ orderIdentifier }: Order) => orderIdentifier,
	recordQuery: look,
	precondition: replies.leftToCustomer,
};

/** What both ways to a confirmed cancellation have in common. */
const confirming = {
	...onOrder,
	effect: 'cancel' as const,
	// Whether a second confirmation is harmless is not documented; the record tells.
	retrySafety: 'readFirst' as const,
	searches: find,
	request: confirmCall,
	interpret: replies.confirmed,
	confirm: (state: RecordState | undefined, _: Verdict, order: Order) =>
		replies.seenThrough(state, order),
	predict: replies.expected,
};

export const azotte: Provider = {
	name: 'azotte',
	displayName: 'Azotte',
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['azotteApi'],
	baseUrl({ baseUrl, projectName, environment = 'live' }) {
		if (baseUrl) return baseUrl as string;
		const project = String(projectName ?? '').trim();
		if (!/^[a-z0-9-]+$/.test(project)) {
			throw invalid(
				`The Project Name of the Azotte credential is "${project}", but it may hold only a-z, 0-9 and "-".`,
				'Use the first part of your Azotte address, such as acme.',
			);
		}
		if (environment !== 'live' && environment !== 'sandbox') {
			throw invalid(
				`The Environment of the Azotte credential is "${String(environment)}", which is neither live nor sandbox.`,
				'Choose one of the two in the credential.',
			);
		}
		return `https://${project}${environment === 'sandbox' ? '.sandbox' : ''}.azotte.com/api/v1/c2a`;
	},
	// The current pages give none; an older one allows live keys 1,000 a minute, and less for some calls.
	rateLimits: { requestsPerMinute: 600, burst: 5 },
	defaultOperation: 'cancel',
	operations: {
		/** https://azotte.com/academy/developers/API/C2A/subscription/request-cancel */
		requestCancel: defineWrite({
			...onOrder,
			name: 'Request Cancel',
			action: 'Request the cancellation of a subscription',
			description: 'Ask whether it can be cancelled, and which offer or step comes first',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/request-cancel',
			notice: 'This asks only. Nothing is cancelled until Confirm Cancel.',
			effect: 'cancel',
			agentDescription: 'It asks whether the subscription can be cancelled, and cancels nothing.',
			retrySafety: 'harmless',
			fields: { customerUrn, orderIdentifier, cancelationMethod, currentStep: currentStep(0) },
			searches: find,
			variant: ({ cancelationMethod, currentStep = 0 }) => [cancelationMethod, currentStep],
			request: (values) => requestCall(values, values.currentStep),
			interpret: replies.firstPhase,
			preview: (values) => ({
				request: requestCall(values, values.currentStep),
				interpret: replies.firstPhase,
			}),
		}),
		/** https://azotte.com/academy/developers/API/C2A/subscription/confirm-cancel */
		confirmCancel: defineWrite({
			...confirming,
			name: 'Confirm Cancel',
			action: 'Confirm the cancellation of a subscription',
			description: 'Cancel for good, after Request Cancel and whatever the customer was shown',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/confirm-cancel',
			agentDescription:
				"It cancels this customer's subscription. Until it ends it can be reactivated; after that, the customer has to buy again.",
			fields: {
				customerUrn,
				orderIdentifier,
				cancelationMethod,
				currentStep: currentStep(1),
				...survey,
			},
			variant: ({ cancelationMethod, currentStep = 1 }) => [cancelationMethod, currentStep],
			// An offer or a step before it would not hold it up.
			preview: (values) => ({
				request: requestCall(values),
				interpret: (reply) => replies.firstPhasePast(['offer', 'presentation'], reply),
			}),
		}),
		/** Request, then confirm: the two pages above. */
		cancel: defineWrite({
			...confirming,
			name: 'Cancel',
			action: 'Cancel a subscription',
			description: 'Request and confirm in one go; comes out early with an offer or a step to show',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/confirm-cancel',
			agentDescription:
				"It cancels this customer's subscription, unless Azotte has a retention offer or a step to show first. Until it ends it can be reactivated; after that, the customer has to buy again.",
			fields: {
				customerUrn,
				orderIdentifier,
				cancelationMethod,
				onOffer: fields.onOffer,
				currentStep: currentStep(1),
				...survey,
			},
			variant: ({ cancelationMethod, onOffer, currentStep = 1 }) => [
				cancelationMethod,
				onOffer,
				currentStep,
			],
			preview: (values) => ({
				request: requestCall(values),
				required: true,
				interpret: (reply) =>
					replies.firstPhasePast(values.onOffer === 'confirm' ? ['offer'] : [], reply),
			}),
		}),
		/** https://azotte.com/academy/developers/API/C2A/subscription/reactivate */
		reactivate: defineWrite({
			...onOrder,
			name: 'Reactivate',
			action: 'Reactivate a subscription',
			description: 'Take back a cancellation before the subscription has ended',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/reactivate',
			effect: 'restore',
			agentDescription:
				"It takes back the cancellation of this customer's subscription, so that it renews and is charged again.",
			retrySafety: 'readFirst',
			fields: { customerUrn, orderIdentifier },
			searches: findToReactivate,
			request: ({ orderIdentifier }) => ({
				method: 'POST',
				path: '/subscription/reactivate',
				body: { orderIdentifier },
			}),
			interpret: replies.reactivated,
			confirm: replies.seenRunning,
		}),
		/** https://azotte.com/academy/developers/API/C2A/subscription/list-customer-subscriptions */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve the subscriptions of a customer',
			docs: 'https://azotte.com/academy/developers/API/C2A/subscription/list-customer-subscriptions',
			effect: 'read',
			fields: { customerUrn: fields.customer },
			target: ({ customerUrn }) => customerUrn,
			request: ({ customerUrn }) => list(customerUrn),
			interpret: replies.notListed,
			toRows: replies.rowsIn,
			// All of a customer's come in one answer.
			nextPage: () => undefined,
		}),
	},
};
