import Stripe from 'stripe';

import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/stripe/ids';
import { signature } from '../../../sandbox/providers/stripe/webhooks';
import { currentVersion } from '../../../sandbox/providers/stripe/wire';
import { ask } from '../../sandbox/ask';
import type { SignedProvider } from '../../triggers/signedWebhooks';

const sdk = new Stripe('sk_unused');
const { secretKey } = keys.stripe;
const headers = { authorization: `Bearer ${secretKey}`, 'stripe-version': currentVersion };

export const signedProvider: SignedProvider = {
	name: 'stripe',
	secret: secretKey,
	node: 'StripeTrigger',
	credential: 'StripeCancellationsApi',
	account: (url) => ({ secretKey, accountId: '', baseUrl: `${url}/stripe` }),
	header: 'stripe-signature',
	sub: (who) => sampleId('sub', who),
	redirect: async (sandbox, id, url) =>
		await ask(sandbox, 'POST', `/stripe/v1/webhook_endpoints/${id}`, {
			form: { url },
			headers,
		}),
	async cancel(sandbox, who, when) {
		const path = `/stripe/v1/subscriptions/${sampleId('sub', who)}`;
		const form = { cancel_at_period_end: 'true', 'cancellation_details[comment]': 'Moved away' };
		return when === 'immediately'
			? await ask(sandbox, 'DELETE', path, { headers })
			: await ask(sandbox, 'POST', path, { form, headers });
	},
	resume: async (sandbox, who) =>
		await ask(sandbox, 'POST', `/stripe/v1/subscriptions/${sampleId('sub', who)}`, {
			form: { cancel_at_period_end: 'false' },
			headers,
		}),
	sign: signature,
	verify: async (text, signature, secret) =>
		await sdk.webhooks.constructEventAsync(text, signature, secret),
};
