import { Paddle, Environment } from '@paddle/paddle-node-sdk';
import type { INodeExecutionData } from 'n8n-workflow';
import nock from 'nock';
import Stripe from 'stripe';

import { unseal } from '../../nodes/shared/trigger/sealedSecret';
import { sampleId as paddleId } from '../../sandbox/providers/paddle/ids';
import { sampleId as stripeId } from '../../sandbox/providers/stripe/ids';
import { keys } from '../../sandbox/keys';
import { signature as paddleSignature } from '../../sandbox/providers/paddle/notifications';
import { signature as stripeSignature } from '../../sandbox/providers/stripe/webhooks';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { ask, signed } from '../sandbox/start';
import { Trigger } from './host';

/** How one provider with signed webhooks is driven: its trigger on one side, its API on the other. */
export interface SignedProvider {
	name: 'stripe' | 'paddle';
	node: string;
	credential: string;
	account(url: string): Record<string, string>;
	/** The header of the signature. */
	header: string;
	sub(who: string): string;
	/** Sends the webhook with this ID to another address. */
	redirect(sandbox: Sandbox, id: string, url: string): Promise<unknown>;
	cancel(sandbox: Sandbox, who: string, when: 'periodEnd' | 'immediately'): Promise<unknown>;
	resume(sandbox: Sandbox, who: string): Promise<unknown>;
	sign(secret: string, text: string): string;
	/** The vendor's own check of a delivery. @throws where it refuses */
	verify(text: string, signature: string, secret: string): Promise<unknown>;
}

const stripeSdk = new Stripe('sk_unused');
const paddleSdk = new Paddle('unused', { environment: Environment.sandbox });
const { secretKey } = keys.stripe;
const { liveApiKey: apiKey } = keys.paddle;

export const signedProviders: SignedProvider[] = [
	{
		name: 'stripe',
		node: 'StripeTrigger',
		credential: 'StripeCancellationsApi',
		account: (url) => ({ secretKey, accountId: '', baseUrl: `${url}/stripe` }),
		header: 'stripe-signature',
		sub: (who) => stripeId('sub', who),
		redirect: async (sandbox, id, url) =>
			await ask(sandbox, 'POST', `/stripe/v1/webhook_endpoints/${id}`, {
				form: { url },
				headers: signed.stripe,
			}),
		async cancel(sandbox, who, when) {
			const path = `/stripe/v1/subscriptions/${stripeId('sub', who)}`;
			const form = { cancel_at_period_end: 'true', 'cancellation_details[comment]': 'Moved away' };
			return when === 'immediately'
				? await ask(sandbox, 'DELETE', path, { headers: signed.stripe })
				: await ask(sandbox, 'POST', path, { form, headers: signed.stripe });
		},
		resume: async (sandbox, who) =>
			await ask(sandbox, 'POST', `/stripe/v1/subscriptions/${stripeId('sub', who)}`, {
				form: { cancel_at_period_end: 'false' },
				headers: signed.stripe,
			}),
		sign: stripeSignature,
		verify: async (text, signature, secret) =>
			await stripeSdk.webhooks.constructEventAsync(text, signature, secret),
	},
	{
		name: 'paddle',
		node: 'PaddleTrigger',
		credential: 'PaddleCancellationsApi',
		account: (url) => ({ apiKey, environment: 'live', baseUrl: `${url}/paddle/live` }),
		header: 'paddle-signature',
		sub: (who) => paddleId('sub', who),
		redirect: async (sandbox, id, destination) =>
			await ask(sandbox, 'PATCH', `/paddle/live/notification-settings/${id}`, {
				json: { destination },
				headers: signed.paddle,
			}),
		cancel: async (sandbox, who, when) =>
			await ask(sandbox, 'POST', `/paddle/live/subscriptions/${paddleId('sub', who)}/cancel`, {
				json: { effective_from: when === 'periodEnd' ? 'next_billing_period' : when },
				headers: signed.paddle,
			}),
		resume: async (sandbox, who) =>
			await ask(sandbox, 'PATCH', `/paddle/live/subscriptions/${paddleId('sub', who)}`, {
				json: { scheduled_change: null },
				headers: signed.paddle,
			}),
		sign: paddleSignature,
		async verify(text, signature, secret) {
			const event = await paddleSdk.webhooks.unmarshal(text, secret, signature);
			if (!event) throw new Error('the SDK refuses the delivery');
			return event;
		},
	},
];

// The sandbox answers, and not nock; which would stay in Node's own http for the next file.
beforeEach(() => nock.enableNetConnect('127.0.0.1'));
afterAll(() => nock.restore());

/** A trigger on an account of the sandbox. */
export const triggerOf = async (
	{ node, credential, account }: SignedProvider,
	sandbox: Sandbox,
	parameters = {},
	id?: string,
): Promise<Trigger> =>
	await Trigger.of({
		...{ node, parameters, credentials: { [credential]: account(sandbox.url) } },
		...(id !== undefined && { id }),
	});

/** What the trigger has saved of its webhook. */
export const registrationOf = ({ saved }: Trigger): Record<string, string> =>
	Object.values(saved as Record<string, { registration: Record<string, string> }>)[0].registration;

/** The secret that the sandbox signs with. */
export const secretOf = (provider: SignedProvider, trigger: Trigger): string =>
	unseal(registrationOf(trigger).sealedSecret, [provider.name === 'stripe' ? secretKey : apiKey]) ??
	'';

/** A customer of the provider cancels: the items that the trigger starts an execution with. */
export async function cancelled(
	provider: SignedProvider,
): Promise<INodeExecutionData[] | undefined> {
	nock.enableNetConnect('127.0.0.1');
	const sandbox = await startSandbox();
	try {
		const trigger = await triggerOf(provider, sandbox);
		await trigger.activate();
		await provider.cancel(sandbox, 'ada', 'periodEnd');
		await sandbox.deliveriesDone();
		// Not sent, because the trigger's address is not of this machine.
		const [{ body }] = sandbox.deliveries(provider.name);
		const text = JSON.stringify(body);
		const header = provider.sign(secretOf(provider, trigger), text);
		return (await trigger.deliver(Buffer.from(text), { [provider.header]: header })).items;
	} finally {
		await sandbox.close();
	}
}
