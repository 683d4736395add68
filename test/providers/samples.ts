import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';

/** A target by ID, as the editor stores it. */
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/**
 * One runnable call for each operation, addressed to a sample of the sandbox; `address` puts any
 * text where the target goes.
 */
export const samples: Record<string, Record<string, (address: string) => IDataObject>> = {
	firstPromoter: {
		cancel: (uid) => ({ apiVersion: 'v1', identifyBy: 'uid', uid }),
		restore: (uid) => ({ identifyBy: 'uid', uid }),
		get: (uid) => ({ apiVersion: 'v1', identifyBy: 'uid', uid }),
	},
	reditus: {
		churn: (referralUid) => ({ identifyBy: 'referralUid', referralUid }),
		get: (id) => ({ identifyBy: 'referralId', referralId: byId(id) }),
		getAll: () => ({ returnAll: false, limit: 5 }),
	},
	smokeball: {
		cancel: (id) => ({ subscriptionId: byId(id), cancellationType: 'PeriodEnd' }),
		resume: (id) => ({ subscriptionId: byId(id) }),
		get: (id) => ({ subscriptionId: byId(id) }),
		getAll: () => ({}),
	},
	funnelFox: {
		cancel: (id) => ({ subscriptionId: byId(id) }),
		get: (id) => ({ subscriptionId: byId(id) }),
		getAll: () => ({ returnAll: false, limit: 5 }),
	},
	azotte: {
		requestCancel: (id) => ({
			orderIdentifier: byId(id),
			customerUrn: 'cu.00.001',
			cancelationMethod: 'Normal',
		}),
		confirmCancel: (id) => ({
			orderIdentifier: byId(id),
			customerUrn: 'cu.00.001',
			cancelationMethod: 'Normal',
		}),
		cancel: (id) => ({
			orderIdentifier: byId(id),
			customerUrn: 'cu.00.001',
			cancelationMethod: 'Normal',
			onOffer: 'stop',
		}),
		reactivate: (id) => ({ orderIdentifier: byId(id), customerUrn: 'cu.00.001' }),
		getAll: () => ({ customerUrn: 'cu.00.001' }),
	},
};

/** Whom the samples address in the sandbox: Ada everywhere. */
export const ada: Record<string, string> = {
	firstPromoter: 'cus_ada',
	reditus: 'cus_ada',
	smokeball: 'b471682e-fa17-4e46-b7fe-000000000001',
	funnelFox: 'sub_ada',
	azotte: 'or_ada',
};

export const resources: Record<string, string> = {
	firstPromoter: 'referral',
	reditus: 'referral',
	smokeball: 'subscription',
	funnelFox: 'subscription',
	azotte: 'subscription',
};

/** The accounts of a sandbox, by node. */
export function accounts(
	url: string,
): Record<string, Record<string, ICredentialDataDecryptedObject>> {
	return {
		firstPromoter: {
			firstPromoterApi: {
				apiKey: keys.firstPromoter.v1ApiKey,
				baseUrl: `${url}/firstpromoter/api/v1`,
			},
		},
		reditus: { reditusApi: { apiToken: keys.reditus.apiToken, baseUrl: `${url}/reditus/api` } },
		smokeball: {
			smokeballApi: {
				apiKey: keys.smokeball.apiKey,
				accessToken: keys.smokeball.accessToken,
				baseUrl: `${url}/smokeball`,
			},
		},
		funnelFox: {
			funnelFoxApi: { secretKey: keys.funnelFox.secretKey, baseUrl: `${url}/funnelfox/public/v1` },
		},
		azotte: {
			azotteApi: {
				projectName: 'acme',
				environment: 'sandbox',
				tenantId: keys.azotte.tenantId,
				apiKey: keys.azotte.apiKey,
				baseUrl: `${url}/azotte/api/v1/c2a`,
			},
		},
	};
}

/** Every key that must never be seen outside a request's headers. */
export const secrets: string[] = Object.values(keys).flatMap((account) =>
	Object.entries(account)
		.filter(([name]) => /key|token|secret/i.test(name))
		.map(([, value]) => value),
);
