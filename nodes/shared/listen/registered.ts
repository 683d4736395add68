import type { IDataObject, IHookFunctions } from 'n8n-workflow';

import { fieldsOf, type Call, type Reply } from '../contract/call';
import type { Ask } from '../contract/event';
import type { Provider } from '../contract/provider';
import { openLine, patient } from './ask';
import { newSecret } from './secret';

/** How webhooks are kept at a provider that has calls for it. */
export interface Registry {
	provider: Provider;
	credential: string;
	/** The header in which the provider is to send the secret back, lower case. */
	header: string;
	/** The provider's event types that tell of these outcomes. */
	types(outcomes: string[], ask: Ask): Promise<string[]>;
	make(url: string, types: string[], headers: Record<string, string>): Call;
	one(id: string): Call;
	drop(id: string): Call;
	/** Those of the account, page by page from 1; undefined: the reply holds none. */
	all(page: number): Call;
	rows(reply: Reply): IDataObject[] | undefined;
	/** It leads to this address, is ours by its looks, and is in use. */
	isAt(url: string, row: IDataObject): boolean;
	works(row: IDataObject): boolean;
}

/** What is kept of a registration, in the node's static data. */
interface Kept {
	id: string;
	url: string;
	secret: string;
	/** The outcomes that it was made for. */
	outcomes: string;
}

const keptIn = (data: IDataObject) => fieldsOf(data.hook) as Partial<Kept>;

/** The secret that this node's own deliveries show; undefined: there is no registration. */
export const secretIn = (data: IDataObject) => keptIn(data).secret;

/** The event types that this node's registration gets. */
export const typesIn = (data: IDataObject) => (data.types ?? []) as string[];

const open = (hook: IHookFunctions, { provider, credential }: Registry) =>
	openLine(hook, provider, credential, patient);

/** It has another address, and a webhook of its own beside the one in production. */
const isTestRun = (hook: IHookFunctions) => hook.getMode() === 'manual';

const addressOf = (hook: IHookFunctions) => String(hook.getNodeWebhookUrl('default'));

/** The webhook of this very address, made by this node for these outcomes, is still there. */
export async function isRegistered(
	hook: IHookFunctions,
	registry: Registry,
	outcomes: string[],
): Promise<boolean> {
	const url = addressOf(hook);
	const kept = keptIn(hook.getWorkflowStaticData('node'));
	if (!kept.id || !kept.secret || kept.url !== url || kept.outcomes !== outcomes.join()) {
		return false;
	}
	const { ask } = await open(hook, registry);
	return await ask(registry.one(kept.id), ({ status, body }) => {
		const row = fieldsOf(body);
		return status < 300 && registry.isAt(url, row) && registry.works(row);
	});
}

/** Makes a webhook with a new secret, in place of what an earlier run left behind at this address. */
export async function register(
	hook: IHookFunctions,
	registry: Registry,
	outcomes: string[],
): Promise<boolean> {
	const url = addressOf(hook);
	const { ask, tell } = await open(hook, registry);
	const data = hook.getWorkflowStaticData('node');
	const stale = new Set(await leftBehind(registry, url, ask));
	// n8n's own address has changed since.
	const { id: former } = keptIn(data);
	if (former !== undefined && !isTestRun(hook)) stale.add(former);
	const types = await registry.types(outcomes, ask);
	for (const id of stale) await tell(registry.drop(id), gone);
	const secret = newSecret();
	const id = await tell(registry.make(url, types, { [registry.header]: secret }), idOf);
	const kept: Kept = { id, url, secret, outcomes: outcomes.join() };
	data.hook = { ...kept };
	data.types = types;
	return true;
}

/** Removed now, or before. */
const gone = () => true;

function idOf({ status, body }: Reply): string | undefined {
	const { id } = fieldsOf(body);
	return status < 300 && ['string', 'number'].includes(typeof id) ? String(id) : undefined;
}

async function leftBehind(registry: Registry, url: string, ask: Ask): Promise<string[]> {
	const found = new Set<string>();
	const read = new Set<string>();
	for (let page = 1; ; page++) {
		const rows = await ask(registry.all(page), registry.rows);
		const fresh = rows.filter(({ id }) => !read.has(String(id)));
		if (fresh.length === 0) return [...found];
		for (const row of fresh) {
			read.add(String(row.id));
			if (registry.isAt(url, row)) found.add(String(row.id));
		}
	}
}

/** Removes this node's own webhook; one that is gone already is fine. */
export async function unregister(hook: IHookFunctions, registry: Registry): Promise<boolean> {
	const data = hook.getWorkflowStaticData('node');
	const { id, url } = keptIn(data);
	if (id === undefined || (isTestRun(hook) && url !== addressOf(hook))) return true;
	const { tell } = await open(hook, registry);
	await tell(registry.drop(id), gone);
	delete data.hook;
	delete data.types;
	return true;
}
