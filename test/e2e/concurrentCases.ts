import type { IDataObject } from 'n8n-workflow';
import type { ProviderName } from '../../sandbox/providerNames';
import { sampleId as chargebeeId } from '../../sandbox/providers/chargebee/ids';
import { sampleId as paddleId } from '../../sandbox/providers/paddle/ids';
import { sampleId as recurlyId } from '../../sandbox/providers/recurly/ids';
import { sampleId as stripeId } from '../../sandbox/providers/stripe/ids';
import { nodeNames, node } from './n8nInstance';

const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** A cancellation of Ada at a provider, which two workers execute at the same time. */
interface Case {
	provider: ProviderName;
	credential: [type: string, id: string];
	operation: string;
	parameters: IDataObject;
	/** Outcomes of the two, in alphabetical order. */
	outcomes: [string, string];
	/** Number of times that the provider accepts it. */
	accepted: number;
}

const funnelFox = {
	provider: 'funnelFox',
	credential: ['funnelFoxApi', 'rehearsalFunnelFox'],
	operation: 'cancel',
	outcomes: ['alreadyCancelled', 'scheduled'],
	accepted: 1,
} satisfies Partial<Case>;
const firstPromoter = { provider: 'firstPromoter', operation: 'cancel' } satisfies Partial<Case>;
const byEmail = { identifyBy: 'email', email: 'ada@example.com' };
const onV1 = { apiVersion: 'v1', ...byEmail };
const v1: Case['credential'] = ['firstPromoterApi', 'rehearsalFirstPromoter'];
const v2: Case['credential'] = ['firstPromoterV2Api', 'rehearsalFirstPromoterV2'];
const azotte = {
	provider: 'azotte',
	credential: ['azotteApi', 'rehearsalAzotte'],
	operation: 'cancel',
	accepted: 1,
} satisfies Partial<Case>;
const reditus = {
	provider: 'reditus',
	credential: ['reditusApi', 'rehearsalReditus'],
	operation: 'churn',
	outcomes: ['alreadyCancelled', 'cancelled'],
	accepted: 1,
} satisfies Partial<Case>;

const billing = {
	operation: 'cancel',
	outcomes: ['alreadyCancelled', 'scheduled'],
	accepted: 1,
} satisfies Partial<Case>;
const stripe = {
	...billing,
	provider: 'stripe',
	credential: ['stripeCancellationsApi', 'rehearsalStripe'],
	// Stripe accepts a second end for the same time, which changes nothing.
	outcomes: ['scheduled', 'scheduled'],
	accepted: 2,
} satisfies Partial<Case>;
const paddle = {
	...billing,
	provider: 'paddle',
	credential: ['paddleCancellationsApi', 'rehearsalPaddle'],
} satisfies Partial<Case>;
const chargebee = {
	...billing,
	provider: 'chargebee',
	credential: ['chargebeeCancellationsApi', 'rehearsalChargebee'],
	// As Stripe: a second end for the same time changes nothing.
	outcomes: ['scheduled', 'scheduled'],
	accepted: 2,
} satisfies Partial<Case>;
const recurly = {
	...billing,
	provider: 'recurly',
	credential: ['recurlyApi', 'rehearsalRecurly'],
} satisfies Partial<Case>;
const adaByEmail = { subscriptionId: { ...byId('ada@example.com'), mode: 'email' } };

/** The cases of each provider and each identifier of Ada. */
export const concurrentCases: Record<string, Case> = {
	'FunnelFox, by ID': { ...funnelFox, parameters: { subscriptionId: byId('sub_ada') } },
	'FunnelFox, by e-mail': {
		...funnelFox,
		parameters: adaByEmail,
	},
	'Stripe, by ID': { ...stripe, parameters: { subscriptionId: byId(stripeId('sub', 'ada')) } },
	'Stripe, by e-mail': { ...stripe, parameters: adaByEmail },
	'Stripe, at once': {
		...stripe,
		parameters: { ...adaByEmail, when: 'immediately' },
		outcomes: ['alreadyCancelled', 'cancelled'],
		accepted: 1,
	},
	'Paddle, by ID': { ...paddle, parameters: { subscriptionId: byId(paddleId('sub', 'ada')) } },
	'Paddle, by e-mail': { ...paddle, parameters: adaByEmail },
	'Paddle, at once': {
		...paddle,
		parameters: { ...adaByEmail, when: 'immediately' },
		outcomes: ['alreadyCancelled', 'cancelled'],
	},
	'Chargebee, by ID': {
		...chargebee,
		parameters: { subscriptionId: byId(chargebeeId('sub', 'ada')) },
	},
	'Chargebee, at once': {
		...chargebee,
		parameters: { ...adaByEmail, when: 'immediately' },
		outcomes: ['alreadyCancelled', 'cancelled'],
		accepted: 1,
	},
	'Recurly, by ID': {
		...recurly,
		parameters: { subscriptionId: byId(recurlyId('subscription', 'ada')) },
	},
	'Recurly, by e-mail': { ...recurly, parameters: adaByEmail },
	'Recurly, at once': {
		...recurly,
		parameters: { ...adaByEmail, when: 'immediately' },
		outcomes: ['alreadyCancelled', 'cancelled'],
	},
	'FirstPromoter v1': {
		...firstPromoter,
		credential: v1,
		parameters: onV1,
		outcomes: ['cancelled', 'cancelled'],
		accepted: 2,
	},
	'FirstPromoter v1, with an event ID of your own': {
		...firstPromoter,
		credential: v1,
		parameters: { ...onV1, additionalFields: { eventId: 'evt_4711' } },
		outcomes: ['alreadyCancelled', 'cancelled'],
		accepted: 1,
	},
	'FirstPromoter v2': {
		...firstPromoter,
		credential: v2,
		parameters: { apiVersion: 'v2', ...byEmail },
		outcomes: ['cancelled', 'cancelled'],
		accepted: 2,
	},
	'Reditus, by e-mail': {
		...reditus,
		parameters: { identifyBy: 'referralEmail', referralEmail: 'ada@example.com' },
	},
	'Reditus, by UID': {
		...reditus,
		parameters: { identifyBy: 'referralUid', referralUid: 'cus_ada' },
	},
	Smokeball: {
		provider: 'smokeball',
		credential: ['smokeballApi', 'rehearsalSmokeball'],
		operation: 'cancel',
		parameters: {
			subscriptionId: byId('b471682e-fa17-4e46-b7fe-000000000001'),
			cancellationType: 'PeriodEnd',
		},
		// Smokeball accepts a second cancellation while the first is pending.
		outcomes: ['scheduled', 'scheduled'],
		accepted: 2,
	},
	'Azotte, with a Customer URN': {
		...azotte,
		parameters: { orderIdentifier: byId('or_ada'), customerUrn: 'cu.00.001' },
		outcomes: ['alreadyCancelled', 'scheduled'],
	},
	'Azotte, without one': {
		...azotte,
		parameters: { orderIdentifier: byId('or_ada') },
		outcomes: ['notCancellable', 'pendingProvider'],
	},
};

/** Requests a URL that responds when two requests have arrived, so that both executions continue together. */
export const rendezvousNode = (url: string) =>
	node('Meet', 'n8n-nodes-base.httpRequest', 4.2, { url, options: {} });

/** The node of a case, with errors as items. */
export function cancelAda({ provider, credential: [type, id], operation, parameters }: Case) {
	const resource = ['firstPromoter', 'reditus'].includes(provider) ? 'referral' : 'subscription';
	const settings = { additionalFields: {}, dryRun: false, options: {}, ...parameters };
	return {
		...node(nodeNames.node, `n8n-nodes-cancellations.${provider}`, 1, {
			resource,
			operation,
			...settings,
		}),
		onError: 'continueRegularOutput',
		credentials: { [type]: { id, name: id } },
	};
}
