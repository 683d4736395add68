import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import type { Poller } from '../contract/event';
import type { Provider } from '../contract/provider';
import { createTriggerClient, backgroundBudget, fail } from './triggerClient';
import { toTriggerItem } from './triggerItem';

/**
 * Looks once. The first look gives nothing: it only marks where to go on. A failed one moves nothing,
 * so the next tells what it would have told. A manual run gives one sample and moves nothing.
 * @throws NodeApiError with what to do
 */
export async function poll<Seen extends IDataObject>(
	this: IPollFunctions,
	provider: Provider,
	credential: string,
	lookout: Poller<Seen>,
	outcomes: string[],
): Promise<INodeExecutionData[][] | null> {
	const { read: ask, account } = await createTriggerClient(
		this,
		provider,
		credential,
		backgroundBudget,
	);
	const wanted = ({ outcome }: { outcome: string }) => outcomes.includes(outcome);
	if (this.getMode() === 'manual') {
		const sample = (await lookout.samples(ask)).find(wanted);
		if (sample) return [[toTriggerItem(provider.name, sample, account.secrets)]];
		fail(
			this,
			`${provider.displayName} has nothing to show for ${outcomes.join(', ')} yet, so there is no sample.`,
			'Activate the workflow and wait for the first, or pin data of your own.',
		);
	}
	const data = this.getWorkflowStaticData('node');
	// Where another account left off says nothing about this one.
	const since = data.account === account.key ? (data.seen as Seen | undefined) : undefined;
	const { told, seen } = await lookout.poll(ask, since, new Date());
	data.account = account.key;
	data.seen = seen;
	const items = told
		.filter(wanted)
		.map((one) => toTriggerItem(provider.name, one, account.secrets));
	return items.length > 0 ? [items] : null;
}
