import { randomBytes } from 'crypto';
import type { IDataObject, IHookFunctions } from 'n8n-workflow';

import type { ApiCaller } from '../contract/event';
import { asObject, type ApiRequest, type ApiResponse } from '../contract/http';
import type { Provider } from '../contract/provider';
import { backgroundBudget, createTriggerClient, type TriggerClient } from './triggerClient';
import { registrationIn, type Registration } from './registration';
import { seal, unseal } from './sealedSecret';
import { secretDigest } from './webhookAuth';

/** A webhook that is to be created. */
export interface NewWebhook {
	url: string;
	eventTypes: string[];
	secret: string;
}

/** A webhook as the provider lists it. */
export interface ListedWebhook {
	id: string;
	url: string;
	/** It has the description that this package gives its webhooks. */
	isOurs: boolean;
	isActive: boolean;
	eventTypes: string[];
	/** Undefined: the provider does not show it. */
	secret: string | undefined;
}

interface CreatedWebhook {
	id: string;
	/** What the provider signs with. */
	secret: string;
}

/** How webhooks are managed at a provider whose API can. */
export interface WebhookApi {
	provider: Provider;
	credential: string;
	/** The provider's event types that report these outcomes. */
	eventTypes(outcomes: string[], read: ApiCaller): Promise<string[]>;
	create(webhook: NewWebhook): ApiRequest;
	get(id: string): ApiRequest;
	remove(id: string): ApiRequest;
	/** Those of the account, by page from 1. */
	list(page: number): ApiRequest;
	/**
	 * Of an API that makes the secret of a webhook itself, and shows it only here; absent: the response
	 * is the webhook, which has the secret that it was created with.
	 */
	toCreated?(response: ApiResponse): CreatedWebhook | undefined;
	/** Undefined: the response holds no list. */
	toRows(response: ApiResponse): IDataObject[] | undefined;
	/** @param row of a list, or the whole response about a single one */
	toWebhook(row: IDataObject): ListedWebhook | undefined;
}

const connect = async (context: IHookFunctions, { provider, credential }: WebhookApi) =>
	await createTriggerClient(context, provider, credential, backgroundBudget);

/** A test run has an address and a webhook of its own. */
const isTestRun = (context: IHookFunctions) => context.getMode() === 'manual';

const addressOf = (context: IHookFunctions) => String(context.getNodeWebhookUrl('default'));

/** Whether the webhook of this address is there, in use, and still as this node created it. */
export async function isRegistered(
	context: IHookFunctions,
	api: WebhookApi,
	outcomes: string[],
): Promise<boolean> {
	const saved = registrationIn(context.getWorkflowStaticData('node'));
	if (saved?.url !== addressOf(context) || !isSameList(saved.outcomes, outcomes)) return false;
	const client = await connect(context, api);
	const { key, secrets } = client.account;
	if (saved.account !== key) return false;
	// The credential's key was replaced: no signature could be checked.
	if (saved.sealedSecret && !unseal(saved.sealedSecret, secrets)) return false;
	const webhook = await readWebhook(api, saved.id, client.read);
	return webhook !== undefined && isAsCreated(webhook, saved);
}

const isSameList = (one: string[], other: string[]) =>
	[...one].sort().join() === [...other].sort().join();

/** Nothing of it was changed by hand. */
const isAsCreated = (webhook: ListedWebhook, saved: Registration) =>
	webhook.isOurs &&
	webhook.isActive &&
	webhook.url === saved.url &&
	isSameList(webhook.eventTypes, saved.eventTypes) &&
	(webhook.secret === undefined || secretDigest(webhook.secret) === saved.secretDigest);

/** Undefined: there is none with this ID. */
async function readWebhook(
	api: WebhookApi,
	id: string,
	read: ApiCaller,
): Promise<ListedWebhook | undefined> {
	const [webhook] = await read(api.get(id), ({ status, body }) => {
		const webhook = status === 404 ? undefined : api.toWebhook(asObject(body));
		return status === 404 || webhook ? [webhook] : undefined;
	});
	return webhook;
}

/** Creates a webhook with a new secret, in place of those that this package left at this address. */
export async function register(
	context: IHookFunctions,
	api: WebhookApi,
	outcomes: string[],
): Promise<boolean> {
	const url = addressOf(context);
	const client = await connect(context, api);
	const { account, read, write } = client;
	const secret = randomBytes(32).toString('hex');
	const keys = account.secrets;
	// A refusal may repeat the request.
	account.secrets = [...keys, secret];
	const eventTypes = await api.eventTypes(outcomes, read);
	const stale = await webhooksAt(api, url, read);
	const created = await write(api.create({ url, eventTypes, secret }), (response) =>
		api.toCreated ? api.toCreated(response) : createdWith(api, response, secret),
	);
	const data = context.getWorkflowStaticData('node');
	warnOfLeftBehind(context, registrationIn(data));
	data.registration = {
		...{ id: created.id, url, outcomes, eventTypes },
		account: account.key,
		secretDigest: secretDigest(created.secret),
		...(api.toCreated && { sealedSecret: seal(created.secret, keys) }),
	} satisfies Registration;
	for (const webhook of stale) await tryToRemove(context, api, client, webhook);
	return true;
}

function createdWith(
	{ toWebhook }: WebhookApi,
	{ status, body }: ApiResponse,
	secret: string,
): CreatedWebhook | undefined {
	const webhook = status < 300 ? toWebhook(asObject(body)) : undefined;
	return webhook && { id: webhook.id, secret };
}

/** Webhooks of this package that lead to this very address. */
async function webhooksAt(api: WebhookApi, url: string, read: ApiCaller): Promise<ListedWebhook[]> {
	const all = new Map<string, ListedWebhook>();
	for (let page = 1; ; page++) {
		const rows = await read(api.list(page), api.toRows);
		const listed = rows.flatMap((row) => api.toWebhook(asObject(row)) ?? []);
		const fresh = listed.filter(({ id }) => !all.has(id));
		if (fresh.length === 0) break;
		for (const webhook of fresh) all.set(webhook.id, webhook);
	}
	return [...all.values()].filter((webhook) => webhook.isOurs && webhook.url === url);
}

/**
 * A webhook at another address is never removed: another n8n may use it. The instance's ID proves
 * nothing, because a restored copy of an n8n has the same one.
 */
function warnOfLeftBehind(context: IHookFunctions, former: Registration | undefined): void {
	if (isTestRun(context) || former === undefined || former.url === addressOf(context)) return;
	context.logger.warn(
		`${context.getNode().name} leaves the webhook ${former.id} with the address ${former.url} as it is, because another n8n may use it. Remove it at the provider if none does.`,
	);
}

/** Removes the webhook of this address. One that is not this node's any more is left alone. */
export async function unregister(context: IHookFunctions, api: WebhookApi): Promise<boolean> {
	const data = context.getWorkflowStaticData('node');
	const saved = registrationIn(data);
	if (saved === undefined) return true;
	if (saved.url !== addressOf(context)) {
		warnOfLeftBehind(context, saved);
		return true;
	}
	const isRemoved = await removeSaved(context, api, saved);
	if (isRemoved) delete data.registration;
	return isRemoved;
}

async function removeSaved(
	context: IHookFunctions,
	api: WebhookApi,
	saved: Registration,
): Promise<boolean> {
	try {
		const client = await connect(context, api);
		const webhook = await readWebhook(api, saved.id, client.read);
		// Gone; or the credential names another account, where the ID is someone else's.
		if (!webhook?.isOurs || webhook.url !== saved.url) {
			const isForeign = webhook !== undefined || saved.account !== client.account.key;
			if (isForeign) warnOfFailure(context, saved, 'the credential names another account');
			return true;
		}
		return await tryToRemove(context, api, client, webhook);
	} catch (error) {
		warnOfFailure(context, saved, (error as Error).message);
		return false;
	}
}

async function tryToRemove(
	context: IHookFunctions,
	api: WebhookApi,
	{ write }: TriggerClient,
	webhook: ListedWebhook,
): Promise<boolean> {
	try {
		return await write(api.remove(webhook.id), () => true);
	} catch (error) {
		warnOfFailure(context, webhook, (error as Error).message);
		return false;
	}
}

const warnOfFailure = (
	context: IHookFunctions,
	{ id, url }: Pick<ListedWebhook, 'id' | 'url'>,
	reason: string,
): void =>
	context.logger.warn(
		`${context.getNode().name} could not remove the webhook ${id} with the address ${url}: ${reason}. Remove it at the provider.`,
	);
