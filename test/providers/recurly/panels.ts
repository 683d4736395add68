import { sampleId } from '../../../sandbox/providers/recurly/ids';
import { billingPanels, type TriggerPanel } from '../../browser/panel';

export const customer = { subscriptionId: sampleId('subscription', 'ada') };

export const panels = billingPanels({
	credential: 'recurlyApi',
	customer: { id: 'ada', label: 'Account Code' },
	statuses: ['active', 'canceled'],
	atOnce: { fields: { charge: true, refund: 'partial' }, labels: ['Charge Usage', 'Refund'] },
});

export const trigger: TriggerPanel = {
	learns: 'pasted',
	credential: 'recurlyApi',
	words: 'Recurly Cancellations',
	labels: ['Events', 'Options'],
	leaves: sampleId('subscription', 'ben'),
	shows: ['scheduled', 'ben@example.com', 'canceled'],
};
