import { sampleId } from '../../../sandbox/providers/chargebee/ids';
import { byIdFrom, from, paging, type Panels, type TriggerPanel } from '../../browser/panel';

export const customer = { subscriptionId: sampleId('sub', 'ada') };

const top = ['Resource', 'Operation', 'Subscription'];

export const panels: Panels = [
	{
		operation: 'cancel',
		credential: 'chargebeeCancellationsApi',
		parameters: {
			subscriptionId: byIdFrom('subscriptionId'),
			when: 'periodEnd',
			additionalFields: { contractTerm: 'endOfContractTerm', unbilledCharges: 'invoice' },
		},
		labels: [
			...top,
			'When',
			'Dry Run',
			'Additional Fields',
			'Contract Term',
			'Unbilled Charges',
			'Options',
		],
	},
	{
		operation: 'cancel',
		variant: 'options',
		credential: 'chargebeeCancellationsApi',
		parameters: {
			subscriptionId: byIdFrom('subscriptionId'),
			when: 'immediately',
			dryRun: true,
			additionalFields: { creditOption: 'prorate', reasonCode: from('reason') },
			options: {
				alreadyCancelled: 'success',
				expectedEmail: from('email'),
				expectedStatus: ['active', 'in_trial'],
				ifSeveral: 'refuse',
				includeResponse: true,
				planToken: '',
			},
		},
		labels: [
			...top,
			'When',
			'Dry Run',
			'Additional Fields',
			'Credit Option',
			'Reason Code',
			'Options',
			'Expected Email',
			'Expected Status',
			'Plan Token',
			'If Several Match',
			'If Already Cancelled',
			'Include Response',
		],
	},
	{
		operation: 'resume',
		credential: 'chargebeeCancellationsApi',
		parameters: {
			subscriptionId: byIdFrom('subscriptionId'),
			additionalFields: { ifEnded: 'refuse' },
		},
		labels: [...top, 'Dry Run', 'Additional Fields', 'If Ended', 'Options'],
	},
	{
		operation: 'get',
		credential: 'chargebeeCancellationsApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId') },
		labels: [...top, 'Options'],
	},
	{
		operation: 'getAll',
		credential: 'chargebeeCancellationsApi',
		parameters: { filters: { customerId: sampleId('cus', 'ada'), status: 'active' } },
		labels: ['Resource', 'Operation', ...paging, 'Filters', 'Customer ID', 'Status', 'Options'],
	},
];

export const trigger: TriggerPanel = {
	learns: 'registers',
	credential: 'chargebeeCancellationsApi',
	words: 'Chargebee Cancellations',
	labels: ['Events', 'Options'],
	leaves: sampleId('sub', 'ada'),
	shows: ['scheduled', 'ada@example.com', 'subscription_cancellation_scheduled'],
};
