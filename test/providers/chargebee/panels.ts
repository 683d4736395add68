import { sampleId } from '../../../sandbox/providers/chargebee/ids';
import { billingPanels, from, type TriggerPanel } from '../../browser/panel';

export const customer = { subscriptionId: sampleId('sub', 'ada') };

export const panels = billingPanels({
	credential: 'chargebeeCancellationsApi',
	customer: { id: sampleId('cus', 'ada'), label: 'Customer ID' },
	statuses: ['active', 'in_trial'],
	atPeriodEnd: {
		fields: { contractTerm: 'endOfContractTerm', unbilledCharges: 'invoice' },
		labels: ['Contract Term', 'Unbilled Charges'],
	},
	atOnce: {
		fields: { creditOption: 'prorate', reasonCode: from('reason') },
		labels: ['Credit Option', 'Reason Code'],
	},
	resume: { fields: { ifEnded: 'refuse' }, labels: ['If Ended'] },
});

export const trigger: TriggerPanel = {
	learns: 'registers',
	credential: 'chargebeeCancellationsApi',
	words: 'Chargebee Cancellations',
	labels: ['Events', 'Options'],
	leaves: sampleId('sub', 'ada'),
	shows: ['scheduled', 'ada@example.com', 'subscription_cancellation_scheduled'],
};
