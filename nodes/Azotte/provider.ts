import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest } from '../shared/contract/http';
import { lastPage } from '../shared/contract/page';
import { defineRead, defineWrite, type Provider } from '../shared/contract/provider';
import type { RecordState } from '../shared/contract/record';
import { invalid } from '../shared/contract/refusal';
import type { Verdict } from '../shared/contract/verdict';
import { credentialCheck } from './credentialCheck';
import * as fields from './fields';
import type { Order } from './fields';
import { listOf, recordQuery, searches, searchesToReactivate } from './records';
import {
	confirmCancel,
	confirmReactivate,
	interpretConfirm,
	interpretList,
	interpretPreview,
	interpretReactivate,
	interpretRequestCancel,
	isOwnError,
	predictCancel,
	storePrecondition,
	toRows,
} from './responses';

const { customerUrn, orderIdentifier, cancelationMethod, currentStep, survey } = fields;

interface Survey {
	reasonCode?: string;
	comment?: string;
}

const cancelRequest = (
	{ orderIdentifier, cancelationMethod }: Order,
	currentStep = 0,
): ApiRequest => ({
	method: 'POST',
	path: '/subscription/cancel/request',
	body: { orderIdentifier, cancelationMethod, currentStep },
});

/** Free text to Azotte; its sample is JSON. */
const surveyOf = ({ reasonCode, comment }: Survey): IDataObject =>
	reasonCode === undefined && comment === undefined
		? {}
		: { survey: JSON.stringify({ reasonCode, comment }) };

const confirmRequest = (order: Order & Survey): ApiRequest => ({
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
	customer: ({ customerUrn }: Order) => customerUrn,
	recordQuery,
	// Azotte's copy of a store order must not be cancelled.
	readsBeforeWrite: () => true,
	precondition: storePrecondition,
};

/** What both ways to a confirmed cancellation have in common. */
const confirming = {
	...onOrder,
	effect: 'cancel' as const,
	// Whether a second confirmation is harmless is not documented; the record decides.
	retrySafety: 'verifyFirst' as const,
	searches,
	request: confirmRequest,
	interpret: interpretConfirm,
	confirm: (state: RecordState | undefined, _: Verdict, order: Order) =>
		confirmCancel(state, order),
	predict: predictCancel,
};

export const azotte: Provider = {
	name: 'azotte',
	displayName: 'Azotte',
	overview: {
		ends: "a customer's subscription",
		timing: 'as Azotte decides, end of the period, at once',
		undo: 'until it ends',
		money: 'as set up in Azotte',
	},
	resource: { name: 'Subscription', value: 'subscription' },
	credentials: ['azotteApi'],
	baseUrl({ baseUrl, projectName, environment = 'live' }) {
		if (baseUrl) return baseUrl as string;
		const project = String(projectName ?? '').trim();
		if (project === '') {
			throw invalid(
				'The Project Name of the Azotte credential is empty.',
				'Fill it in (the first part of your Azotte address, such as acme), or fill in Base URL.',
			);
		}
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
	// The current pages name no limit; an older one allows live keys 1,000 a minute, and less for some calls.
	rateLimits: { requestsPerMinute: 600, burst: 5 },
	credentialChecks: [credentialCheck],
	isOwnError,
	defaultOperation: 'cancel',
	operations: {
		/** https://azotte.com/academy/developers/API/C2A/subscription/request-cancel */
		requestCancel: defineWrite({
			...onOrder,
			name: 'Request Cancel',
			action: 'Request the cancellation of a subscription',
			description:
				'Check whether it can be cancelled, and which offer or step the customer should see',
			notice: 'Only asks Azotte. Nothing is cancelled until you run Confirm Cancel.',
			effect: 'cancel',
			agentDescription: 'It asks whether the subscription can be cancelled, and cancels nothing.',
			retrySafety: 'safe',
			fields: { customerUrn, orderIdentifier, cancelationMethod, currentStep: currentStep(0) },
			searches,
			variant: ({ cancelationMethod, currentStep = 0 }) => [cancelationMethod, currentStep],
			request: (values) => cancelRequest(values, values.currentStep),
			interpret: interpretRequestCancel,
			preview: (values) => ({
				request: cancelRequest(values, values.currentStep),
				interpret: interpretRequestCancel,
			}),
		}),
		/** https://azotte.com/academy/developers/API/C2A/subscription/confirm-cancel */
		confirmCancel: defineWrite({
			...confirming,
			name: 'Confirm Cancel',
			action: 'Confirm the cancellation of a subscription',
			description: 'Cancel after Request Cancel, once the customer has seen the offer or step',
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
				request: cancelRequest(values),
				interpret: (response) => interpretPreview(response, ['offer', 'presentation']),
			}),
		}),
		/** Request, then confirm: the two pages above. */
		cancel: defineWrite({
			...confirming,
			name: 'Cancel',
			action: 'Cancel a subscription',
			description:
				'Request and confirm in one step; stops if the customer should see an offer or a step first',
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
				request: cancelRequest(values),
				required: true,
				interpret: (response) =>
					interpretPreview(response, values.onOffer === 'confirm' ? ['offer'] : []),
			}),
		}),
		/** https://azotte.com/academy/developers/API/C2A/subscription/reactivate */
		reactivate: defineWrite({
			...onOrder,
			name: 'Reactivate',
			action: 'Reactivate a subscription',
			description: 'Undo a cancellation before the subscription ends',
			effect: 'restore',
			agentDescription:
				"It takes back the cancellation of this customer's subscription, so that it renews and is charged again.",
			retrySafety: 'verifyFirst',
			fields: { customerUrn, orderIdentifier },
			searches: searchesToReactivate,
			request: ({ orderIdentifier }) => ({
				method: 'POST',
				path: '/subscription/reactivate',
				body: { orderIdentifier },
			}),
			interpret: interpretReactivate,
			confirm: confirmReactivate,
		}),
		/** https://azotte.com/academy/developers/API/C2A/subscription/list-customer-subscriptions */
		getAll: defineRead({
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'Retrieve the subscriptions of a customer',
			effect: 'read',
			fields: { customerUrn: fields.customer },
			target: ({ customerUrn }) => customerUrn,
			request: ({ customerUrn }) => listOf(customerUrn),
			interpret: interpretList,
			toRows,
			nextPage: () => lastPage,
		}),
	},
};
