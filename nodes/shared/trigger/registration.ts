import {
	NodeOperationError,
	type IDataObject,
	type IHookFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';

import { normalizeSecret } from '../contract/credential';
import type { SignatureScheme } from '../contract/event';
import { asObject } from '../contract/http';
import type { Provider } from '../contract/provider';
import { unseal } from './sealedSecret';
import { backgroundBudget, createTriggerClient } from './triggerClient';
import { signatureAuth, type WebhookAuth } from './webhookAuth';

/** Whose webhooks are signed, and the credential that registered them. */
interface SignedWebhooks {
	provider: Provider;
	credential: string;
}

/** What is saved of a registration, in the node's static data. */
export interface Registration {
	id: string;
	url: string;
	account: string;
	/** The outcomes that it was created for. */
	outcomes: string[];
	eventTypes: string[];
	/** The secret itself is never saved: static data is part of every export. */
	secretDigest: string;
	/** Only where signatures have to be checked: the secret, for which the credential's key is needed. */
	sealedSecret?: string;
}

export function registrationIn(data: IDataObject): Registration | undefined {
	const saved = asObject(data.registration) as Partial<Registration>;
	const isWhole = saved.id && saved.url && saved.secretDigest && saved.eventTypes && saved.outcomes;
	return isWhole ? (saved as Registration) : undefined;
}

/** Of the secret that deliveries to this node carry; undefined: there is no registration. */
export const savedSecretDigest = (data: IDataObject) => registrationIn(data)?.secretDigest;

/** The event types that this node's webhook gets. */
export const savedEventTypes = (data: IDataObject) => registrationIn(data)?.eventTypes ?? [];

/**
 * The secret that the provider signs with.
 * @returns undefined: there is no registration, or it was made with another key
 */
async function registeredSecret(
	context: IWebhookFunctions,
	{ provider, credential }: SignedWebhooks,
): Promise<string | undefined> {
	const sealed = registrationIn(context.getWorkflowStaticData('node'))?.sealedSecret;
	if (sealed === undefined) return undefined;
	const client = await createTriggerClient(context, provider, credential, backgroundBudget);
	return unseal(sealed, client.account.secrets);
}

/** The signature with the secret of this node's registration. */
export const registeredSignatureAuth =
	(context: IWebhookFunctions, webhooks: SignedWebhooks, scheme: SignatureScheme): WebhookAuth =>
	async (request) => {
		const secret = await registeredSecret(context, webhooks).catch(() => undefined);
		if (secret === undefined) {
			context.logger.warn(
				`${context.getNode().name} rejects every delivery, because the secret of its webhook cannot be read with this credential. Publish the workflow again.`,
			);
		}
		return await signatureAuth(secret, scheme)(request);
	};

/** A secret that the provider shows, and that the user pasted into a field of the credential. */
interface PastedSecret {
	credential: string;
	field: string;
}

/** @throws what n8n throws if the credential cannot be used */
async function pastedSecret(
	context: IHookFunctions | IWebhookFunctions,
	{ credential, field }: PastedSecret,
): Promise<string> {
	const values = await context.getCredentials<IDataObject>(credential);
	return normalizeSecret(values[field]);
}

/**
 * To be called on publishing: without the secret, every delivery would be rejected.
 * @throws NodeOperationError with this message where the field is empty
 */
export async function requirePastedSecret(
	context: IHookFunctions,
	place: PastedSecret,
	message: string,
): Promise<void> {
	if ((await pastedSecret(context, place)) !== '') return;
	throw new NodeOperationError(context.getNode(), message);
}

/** The signature with a secret that the user pasted. */
export const pastedSignatureAuth =
	(context: IWebhookFunctions, place: PastedSecret, scheme: SignatureScheme): WebhookAuth =>
	async (request) => {
		const secret = await pastedSecret(context, place).catch(() => '');
		if (secret === '') {
			context.logger.warn(
				`${context.getNode().name} rejects every delivery, because its credential holds no key for their signatures.`,
			);
		}
		return await signatureAuth(secret, scheme)(request);
	};
