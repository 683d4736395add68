import { keys } from '../../sandbox/keys';
import { acceptHeaders } from '../../sandbox/providers/recurly/version';
import { currentVersion } from '../../sandbox/providers/stripe/wire';

/** Headers that authenticate a request at each provider. */
export const signed = {
	firstPromoterV1: { 'x-api-key': keys.firstPromoter.v1ApiKey },
	firstPromoterV2: {
		authorization: `Bearer ${keys.firstPromoter.v2ApiKey}`,
		'account-id': keys.firstPromoter.accountId,
	},
	reditus: { authorization: `Bearer ${keys.reditus.apiToken}` },
	smokeball: {
		'x-api-key': keys.smokeball.apiKey,
		authorization: `Bearer ${keys.smokeball.accessToken}`,
	},
	funnelFox: { 'fox-secret': keys.funnelFox.secretKey },
	azotte: { 'x-api-key': keys.azotte.apiKey, 'x-tn': keys.azotte.tenantId },
	chargebee: {
		authorization: `Basic ${Buffer.from(`${keys.chargebee.apiKey}:`).toString('base64')}`,
	},
	paddle: { authorization: `Bearer ${keys.paddle.liveApiKey}` },
	recurly: {
		authorization: `Basic ${Buffer.from(`${keys.recurly.apiKey}:`).toString('base64')}`,
		accept: acceptHeaders[0],
	},
	stripe: {
		authorization: `Bearer ${keys.stripe.secretKey}`,
		'stripe-version': currentVersion,
	},
};

export { ask, type SandboxResponse } from './ask';
export { ownSandbox } from './ownSandbox';
