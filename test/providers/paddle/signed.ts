import { Environment, Paddle } from '@paddle/paddle-node-sdk';

import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/paddle/ids';
import { signature } from '../../../sandbox/providers/paddle/notifications';
import { ask } from '../../sandbox/ask';
import type { SignedProvider } from '../../triggers/signedWebhooks';

const sdk = new Paddle('unused', { environment: Environment.sandbox });
const { liveApiKey: apiKey } = keys.paddle;
/** The key of the account, for a request to the sandbox. */
export const headers = { authorization: `Bearer ${apiKey}` };

export const signedProvider: SignedProvider = {
	name: 'paddle',
	secret: apiKey,
	node: 'PaddleTrigger',
	credential: 'PaddleCancellationsApi',
	account: (url) => ({ apiKey, environment: 'live', baseUrl: `${url}/paddle/live` }),
	header: 'paddle-signature',
	sub: (who) => sampleId('sub', who),
	redirect: async (sandbox, id, destination) =>
		await ask(sandbox, 'PATCH', `/paddle/live/notification-settings/${id}`, {
			json: { destination },
			headers,
		}),
	cancel: async (sandbox, who, when) =>
		await ask(sandbox, 'POST', `/paddle/live/subscriptions/${sampleId('sub', who)}/cancel`, {
			json: { effective_from: when === 'periodEnd' ? 'next_billing_period' : when },
			headers,
		}),
	resume: async (sandbox, who) =>
		await ask(sandbox, 'PATCH', `/paddle/live/subscriptions/${sampleId('sub', who)}`, {
			json: { scheduled_change: null },
			headers,
		}),
	sign: signature,
	async verify(text, signature, secret) {
		const event = await sdk.webhooks.unmarshal(text, secret, signature);
		if (!event) throw new Error('the SDK refuses the delivery');
		return event;
	},
};
