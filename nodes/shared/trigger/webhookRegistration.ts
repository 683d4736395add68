import type { IDataObject, IHookFunctions } from 'n8n-workflow';

import { asObject, type ApiRequest, type ApiResponse } from '../contract/http';
import type { ApiCaller } from '../contract/event';
import type { Provider } from '../contract/provider';
import { createTriggerClient, backgroundBudget } from './triggerClient';
import { createHash, randomBytes, timingSafeEqual } from 'crypto';

/** How webhooks are kept at a provider that has calls for it. */
export interface WebhookApi {
	provider: Provider;
	credential: string;
	/** The header in which the provider is to send the secret back, lower case. */
	secretHeader: string;
	/** The provider's event types that tell of these outcomes. */
	eventTypes(outcomes: string[], ask: ApiCaller): Promise<string[]>;
	create(url: string, types: string[], headers: Record<string, string>): ApiRequest;
	get(id: string): ApiRequest;
	remove(id: string): ApiRequest;
	/** Those of the account, page by page from 1; undefined: the reply holds none. */
	list(page: number): ApiRequest;
	toRows(reply: ApiResponse): IDataObject[] | undefined;
	/** It leads to this address, is ours by its looks, and is in use. */
	isOurs(url: string, row: IDataObject): boolean;
	isActive(row: IDataObject): boolean;
}

/** What is kept of a registration, in the node's static data. */
interface Registration {
	id: string;
	url: string;
	secret: string;
	/** The outcomes that it was made for. */
	outcomes: string;
}

const savedRegistration = (data: IDataObject) => asObject(data.hook) as Partial<Registration>;

/** The secret that this node's own deliveries show; undefined: there is no registration. */
export const savedSecret = (data: IDataObject) => savedRegistration(data).secret;

/** The event types that this node's registration gets. */
export const savedEventTypes = (data: IDataObject) => (data.types ?? []) as string[];

const open = (hook: IHookFunctions, { provider, credential }: WebhookApi) =>
	createTriggerClient(hook, provider, credential, backgroundBudget);

/** It has another address, and a webhook of its own beside the one in production. */
const isTestRun = (hook: IHookFunctions) => hook.getMode() === 'manual';

const addressOf = (hook: IHookFunctions) => String(hook.getNodeWebhookUrl('default'));

/** The webhook of this very address, made by this node for these outcomes, is still there. */
export async function isRegistered(
	hook: IHookFunctions,
	registry: WebhookApi,
	outcomes: string[],
): Promise<boolean> {
	const url = addressOf(hook);
	const kept = savedRegistration(hook.getWorkflowStaticData('node'));
	if (!kept.id || !kept.secret || kept.url !== url || kept.outcomes !== outcomes.join()) {
		return false;
	}
	const { read: ask } = await open(hook, registry);
	return await ask(registry.get(kept.id), ({ status, body }) => {
		const row = asObject(body);
		return status < 300 && registry.isOurs(url, row) && registry.isActive(row);
	});
}

/** Makes a webhook with a new secret, in place of what an earlier run left behind at this address. */
export async function register(
	hook: IHookFunctions,
	registry: WebhookApi,
	outcomes: string[],
): Promise<boolean> {
	const url = addressOf(hook);
	const { read: ask, write: tell } = await open(hook, registry);
	const data = hook.getWorkflowStaticData('node');
	const stale = new Set(await staleWebhooks(registry, url, ask));
	// n8n's own address has changed since.
	const { id: former } = savedRegistration(data);
	if (former !== undefined && !isTestRun(hook)) stale.add(former);
	const types = await registry.eventTypes(outcomes, ask);
	for (const id of stale) await tell(registry.remove(id), ignoreBody);
	const secret = generateSecret();
	const id = await tell(registry.create(url, types, { [registry.secretHeader]: secret }), idOf);
	const kept: Registration = { id, url, secret, outcomes: outcomes.join() };
	data.hook = { ...kept };
	data.types = types;
	return true;
}

/** Removed now, or before. */
const ignoreBody = () => true;

function idOf({ status, body }: ApiResponse): string | undefined {
	const { id } = asObject(body);
	return status < 300 && ['string', 'number'].includes(typeof id) ? String(id) : undefined;
}

async function staleWebhooks(registry: WebhookApi, url: string, ask: ApiCaller): Promise<string[]> {
	const found = new Set<string>();
	const read = new Set<string>();
	for (let page = 1; ; page++) {
		const rows = await ask(registry.list(page), registry.toRows);
		const fresh = rows.filter(({ id }) => !read.has(String(id)));
		if (fresh.length === 0) return [...found];
		for (const row of fresh) {
			read.add(String(row.id));
			if (registry.isOurs(url, row)) found.add(String(row.id));
		}
	}
}

/** Removes this node's own webhook; one that is gone already is fine. */
export async function unregister(hook: IHookFunctions, registry: WebhookApi): Promise<boolean> {
	const data = hook.getWorkflowStaticData('node');
	const { id, url } = savedRegistration(data);
	if (id === undefined || (isTestRun(hook) && url !== addressOf(hook))) return true;
	const { write: tell } = await open(hook, registry);
	await tell(registry.remove(id), ignoreBody);
	delete data.hook;
	delete data.types;
	return true;
}

/** 256 random bits, as text that fits in a header. */
export const generateSecret = (): string => randomBytes(32).toString('hex');

const digest = (text: string) => createHash('sha256').update(text).digest();

/** In a time that does not tell how much of it is right. No secret fits nothing. */
export function secretMatches(secret: unknown, given: unknown): boolean {
	if (typeof secret !== 'string' || secret === '' || typeof given !== 'string') return false;
	return timingSafeEqual(digest(secret), digest(given));
}
