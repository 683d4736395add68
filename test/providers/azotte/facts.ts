import { keys } from '../../../sandbox/keys';
import { byId, type Ask, type Facts } from '../facts';

const { tenantId, apiKey } = keys.azotte;
const byCustomer = ['customer', 'externalId'];
const headers = { 'x-api-key': apiKey, 'x-tn': tenantId };
const base = '/azotte/api/v1/c2a';
const ofAda = (id: string) => ({ orderIdentifier: byId(id), customerUrn: 'cu.00.001' });
const post = (call: string, path: string, json: unknown, status = 200): Ask => ({
	call,
	path: `${base}${path}`,
	headers,
	json,
	status,
});
const asking = (orderIdentifier: string) =>
	post('requestCancel', '/subscription/cancel/request', { orderIdentifier });
const confirming = (orderIdentifier: string, cancelationMethod = 'Normal', status = 200) =>
	post(
		'confirmCancel',
		'/subscription/cancel/confirm',
		{ orderIdentifier, cancelationMethod },
		status,
	);
const reactivating = (orderIdentifier: string) =>
	post('reactivate', '/subscription/reactivate', { orderIdentifier });

export const facts: Facts = {
	samples: {
		requestCancel: (id) => ({ ...ofAda(id), cancelationMethod: 'Normal' }),
		confirmCancel: (id) => ({ ...ofAda(id), cancelationMethod: 'Normal' }),
		cancel: (id) => ({ ...ofAda(id), cancelationMethod: 'Normal', onOffer: 'stop' }),
		reactivate: ofAda,
		getAll: () => ({ customerUrn: 'cu.00.001' }),
	},
	ada: 'or_ada',
	account: (url) => ({
		azotteApi: {
			projectName: 'acme',
			environment: 'sandbox',
			tenantId,
			apiKey,
			baseUrl: `${url}${base}`,
		},
	}),
	names: {
		requestCancel: [
			'customerUrn',
			'orderIdentifier',
			'cancelationMethod',
			'additionalFields.currentStep',
		],
		confirmCancel: [
			'customerUrn',
			'orderIdentifier',
			'cancelationMethod',
			'additionalFields.currentStep',
			'additionalFields.reasonCode',
			'additionalFields.comment',
		],
		cancel: [
			'customerUrn',
			'orderIdentifier',
			'cancelationMethod',
			'onOffer',
			'additionalFields.reasonCode',
			'additionalFields.comment',
		],
		reactivate: ['customerUrn', 'orderIdentifier'],
		getAll: ['customerUrn'],
	},
	sought: {
		requestCancel: byCustomer,
		confirmCancel: byCustomer,
		cancel: byCustomer,
		reactivate: byCustomer,
	},
	change: { state: 'PastDue' },
	path: /^\/azotte\/api\/v1\/c2a\/subscription\/(cancel\/(request|confirm)|reactivate|[^/]+)$/,
	query: [],
	asks: [
		asking('or_ada'),
		asking('or_hana'),
		asking('or_ivo'),
		asking('or_cleo'),
		asking('or_nobody'),
		confirming('or_ada'),
		confirming('or_nobody'),
		confirming('or_ada', 'Never', 400),
		reactivating('or_cleo'),
		reactivating('or_ada'),
		{
			call: 'listSubscriptions',
			path: `${base}/subscription/cu.00.001`,
			headers,
			status: 200,
		},
		{
			call: 'listSubscriptions',
			path: `${base}/subscription/cu.unknown`,
			headers,
			status: 404,
		},
		{ call: 'customerInfo', path: `${base}/customer/info?exId=cus_ada`, headers, status: 200 },
		{ call: 'customerInfo', path: `${base}/customer/info?exId=unknown`, headers, status: 404 },
		post('validateCustomer', '/customer/validate', { externalId: 'new' }),
	],
};
