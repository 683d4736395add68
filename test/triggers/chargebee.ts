import type { INodeExecutionData } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';
import { sampleId } from '../../sandbox/providers/chargebee/ids';
import type { Sandbox } from '../../sandbox/server';
import { ask } from '../sandbox/ask';
import type { Delivered, Trigger } from './host';
import { triggerOf } from './signedWebhooks';

const { apiKey } = keys.chargebee;
const site = '/chargebee/acme-test/api/v2';
const money = {
	credit_option_for_current_term_charges: 'none',
	unbilled_charges_option: 'delete',
	account_receivables_handling: 'no_action',
	refundable_credits_handling: 'no_action',
};

export const sub = (who: string) => sampleId('sub', who);
const account = (url: string) => ({ site: 'acme-test', apiKey, baseUrl: `${url}${site}` });

/** The header of Basic authentication. */
export const basic = (user: string, password: string) =>
	`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** A request with the key of the site. */
export const post = async (sandbox: Sandbox, path: string, form: Record<string, string> = {}) =>
	await ask(sandbox, 'POST', `${site}${path}`, {
		form,
		headers: { authorization: basic(apiKey, '') },
	});

export const cancel = async (sandbox: Sandbox, who: string, cancel_option = 'end_of_term') =>
	await post(sandbox, `/subscriptions/${sub(who)}/cancel_for_items`, { ...money, cancel_option });

export const provider = {
	node: 'ChargebeeTrigger',
	credential: 'ChargebeeCancellationsApi',
	account,
};

/** A trigger on the sandbox's site, published. */
export async function published(sandbox: Sandbox, parameters: object = {}): Promise<Trigger> {
	const trigger = await triggerOf(provider, sandbox, parameters);
	await trigger.activate();
	return trigger;
}

/** The password that the newest endpoint was created with; no answer of Chargebee shows it. */
export function passwordOf(sandbox: Sandbox): string {
	const created = sandbox
		.requests('chargebee')
		.filter(({ method, path }) => method === 'POST' && path.endsWith('/webhook_endpoints'));
	return (created.at(-1)?.body as { basic_auth_password: string }).basic_auth_password;
}

/**
 * Hands the deliveries from the one at this place on to the trigger. The sandbox has not sent them,
 * because the trigger's address is not of this machine.
 */
export async function deliver(
	sandbox: Sandbox,
	trigger: Trigger,
	from = 0,
): Promise<Array<Delivered & { event: string }>> {
	await sandbox.deliveriesDone();
	const headers = { authorization: basic('n8n', passwordOf(sandbox)) };
	const delivered = [];
	for (const { body, event } of sandbox.deliveries('chargebee').slice(from)) {
		const text = Buffer.from(JSON.stringify(body));
		delivered.push({ ...(await trigger.deliver(text, headers)), event });
	}
	return delivered;
}

/** The items of deliveries. */
export const itemsOf = (delivered: Delivered[]): INodeExecutionData[] =>
	delivered.flatMap(({ items = [] }) => items);
