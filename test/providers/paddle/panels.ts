import { sampleId } from '../../../sandbox/providers/paddle/ids';
import { billingPanels, type TriggerPanel } from '../../browser/panel';

export const customer = { subscriptionId: sampleId('sub', 'ada') };

export const panels = billingPanels({
	credential: 'paddleCancellationsApi',
	customer: { id: sampleId('ctm', 'ada'), label: 'Customer ID' },
	statuses: ['active', 'past_due'],
});

export const trigger: TriggerPanel = {
	learns: 'registers',
	credential: 'paddleCancellationsApi',
	words: 'Paddle Cancellations',
	labels: ['Events', 'Options'],
	leaves: sampleId('sub', 'ada'),
	shows: ['scheduled', 'ada@example.com', 'subscription.updated'],
};
