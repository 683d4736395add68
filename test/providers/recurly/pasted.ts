import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/recurly/ids';
import type { Sandbox } from '../../../sandbox/server';
import { ask } from '../../sandbox/ask';
import { Trigger } from '../../triggers/host';
import { headers } from './asks';

export const sub = (who: string) => sampleId('subscription', who);

/** The production site of a sandbox. */
export const account = (sandbox: Sandbox) => ({
	apiKey: keys.recurly.apiKey,
	region: 'us',
	webhookKey: keys.recurly.webhookKey,
	baseUrl: `${sandbox.url}/recurly`,
});

/** A trigger on an account of the sandbox. */
export const triggerOf = async (sandbox: Sandbox, parameters = {}, id?: string): Promise<Trigger> =>
	await Trigger.of({
		...{ node: 'RecurlyTrigger', parameters, credentials: { RecurlyApi: account(sandbox) } },
		...(id !== undefined && { id }),
	});

const send = async (sandbox: Sandbox, method: string, path: string, json?: unknown) =>
	await ask(sandbox, method, `/recurly/subscriptions/${path}`, { headers, json });

/** Cancelled at the end of the period. */
export const cancel = async (sandbox: Sandbox, who: string) =>
	await send(sandbox, 'PUT', `${sub(who)}/cancel`, { timeframe: 'bill_date' });
export const resume = async (sandbox: Sandbox, who: string) =>
	await send(sandbox, 'PUT', `${sub(who)}/reactivate`);
export const terminate = async (sandbox: Sandbox, who: string) =>
	await send(sandbox, 'DELETE', `${sub(who)}?refund=none&charge=false`);
