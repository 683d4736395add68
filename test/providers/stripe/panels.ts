import { sampleId } from '../../../sandbox/providers/stripe/ids';
import { billingPanels, from, type TriggerPanel } from '../../browser/panel';

export const customer = { subscriptionId: sampleId('sub', 'ada') };

export const panels = billingPanels({
	credential: 'stripeCancellationsApi',
	customer: { id: sampleId('cus', 'ada'), label: 'Customer ID' },
	statuses: ['active', 'past_due'],
	atPeriodEnd: {
		fields: { comment: from('reason'), feedback: 'too_expensive' },
		labels: ['Comment', 'Feedback'],
	},
	atOnce: { fields: { invoiceNow: true, prorate: true }, labels: ['Invoice Now', 'Prorate'] },
});

export const trigger: TriggerPanel = {
	learns: 'registers',
	credential: 'stripeCancellationsApi',
	words: 'Stripe Cancellations',
	labels: ['Events', 'Options'],
	leaves: sampleId('sub', 'fay'),
	shows: ['scheduled', 'fay@example.com', 'customer.subscription.updated'],
};
