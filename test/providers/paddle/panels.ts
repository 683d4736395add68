import { sampleId } from '../../../sandbox/providers/paddle/ids';
import { byIdFrom, from, paging, type Panels, type TriggerPanel } from '../../browser/panel';

export const customer = { subscriptionId: sampleId('sub', 'ada') };

const top = ['Resource', 'Operation', 'Subscription'];

export const panels: Panels = [
	{
		operation: 'cancel',
		credential: 'paddleCancellationsApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId'), when: 'periodEnd' },
		labels: [...top, 'When', 'Dry Run', 'Options'],
	},
	{
		operation: 'cancel',
		variant: 'options',
		credential: 'paddleCancellationsApi',
		parameters: {
			subscriptionId: byIdFrom('subscriptionId'),
			when: 'immediately',
			dryRun: true,
			options: {
				alreadyCancelled: 'success',
				expectedEmail: from('email'),
				expectedStatus: ['active', 'past_due'],
				ifSeveral: 'refuse',
				includeResponse: true,
				planToken: '',
			},
		},
		labels: [
			...top,
			'When',
			'Dry Run',
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
		credential: 'paddleCancellationsApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId') },
		labels: [...top, 'Dry Run', 'Options'],
	},
	{
		operation: 'get',
		credential: 'paddleCancellationsApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId') },
		labels: [...top, 'Options'],
	},
	{
		operation: 'getAll',
		credential: 'paddleCancellationsApi',
		parameters: { filters: { customerId: sampleId('ctm', 'ada'), status: 'active' } },
		labels: ['Resource', 'Operation', ...paging, 'Filters', 'Customer ID', 'Status', 'Options'],
	},
];

export const trigger: TriggerPanel = {
	learns: 'registers',
	credential: 'paddleCancellationsApi',
	words: 'Paddle Cancellations',
	labels: ['Events', 'Options'],
	leaves: sampleId('sub', 'ada'),
	shows: ['scheduled', 'ada@example.com', 'subscription.updated'],
};
