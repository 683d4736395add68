import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { now } from '../contract/clock';
import type { Poller, ProviderEvent } from '../contract/event';
import type { Provider } from '../contract/provider';
import { backgroundBudget, createTriggerClient, fail, type TriggerClient } from './triggerClient';
import { toTriggerItem } from './triggerItem';

/** How a trigger polls. */
export interface PollConfig<Cursor, Snapshot> {
	provider: Provider;
	credential: string;
	poller: Poller<Cursor, Snapshot>;
	/** The outcomes that start the workflow. */
	outcomes: string[];
	includeRaw: boolean;
}

/** Nodes that are being polled. n8n starts the next poll although the last one has not ended. */
const polling = new Set<string>();

/**
 * Polls once. The first poll only sets the cursor. A failed poll does not advance it, so the next poll
 * reports the same events. A poll that begins during another one of the same node reports nothing. A
 * manual run returns one sample and advances nothing.
 * @throws NodeApiError with what to do
 */
export async function poll<Cursor extends IDataObject, Snapshot>(
	this: IPollFunctions,
	config: PollConfig<Cursor, Snapshot>,
): Promise<INodeExecutionData[][] | null> {
	const { provider, credential } = config;
	const connect = async () =>
		await createTriggerClient(this, provider, credential, backgroundBudget);
	if (this.getMode() === 'manual') return await sample(this, config, await connect());
	const key = `${this.getWorkflow().id} ${this.getNode().id}`;
	if (polling.has(key)) return null;
	polling.add(key);
	try {
		return await pollOnce(this, config, await connect());
	} finally {
		polling.delete(key);
	}
}

async function pollOnce<Cursor extends IDataObject, Snapshot>(
	context: IPollFunctions,
	config: PollConfig<Cursor, Snapshot>,
	client: TriggerClient,
): Promise<INodeExecutionData[][] | null> {
	const { poller } = config;
	const saved = () => poller.toCursor(context.getWorkflowStaticData('node').cursor);
	const snapshot = await poller.read(client.read, saved(), new Date(now()));
	// What is saved may have changed while the provider was read.
	const data = context.getWorkflowStaticData('node');
	const former = saved();
	const isOther = former !== undefined && data.account !== client.account.key;
	const isSkipped = isOther && !poller.isSameAccount(snapshot, former);
	const { events, cursor } = poller.compare(snapshot, isSkipped ? undefined : former);
	if (isSkipped) {
		context.logger.warn(
			`${context.getNode().name} has another credential than at its last poll (${String(data.polledAt)}). Events from then until now are not reported: use Get Many to find them.`,
		);
	}
	data.account = client.account.key;
	data.polledAt = new Date(now()).toISOString();
	data.cursor = cursor;
	const items = toItems(context, config, client, events);
	return items.length > 0 ? [items] : null;
}

/** The items of the events that were chosen. */
const toItems = <C, S>(
	context: IPollFunctions,
	{ provider, outcomes, includeRaw }: PollConfig<C, S>,
	{ account }: TriggerClient,
	events: ProviderEvent[],
): INodeExecutionData[] =>
	events
		.filter(({ outcome }) => outcomes.includes(outcome))
		.map((event) =>
			toTriggerItem(event, true, {
				...{ provider, includeRaw },
				timeZone: context.getTimezone(),
				secrets: account.secrets,
			}),
		);

async function sample<C, S>(
	context: IPollFunctions,
	config: PollConfig<C, S>,
	client: TriggerClient,
): Promise<INodeExecutionData[][]> {
	const events = await config.poller.samples(client.read);
	const [newest] = toItems(context, config, client, events);
	if (newest) return [[newest]];
	const { provider, outcomes } = config;
	return fail(context, {
		problem: `${provider.displayName} has no event of this kind yet (${outcomes.join(', ')}), so there is no sample.`,
		advice: 'Publish the workflow and wait for the first one, or pin data of your own.',
	});
}
