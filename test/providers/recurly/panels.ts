import { sampleId } from '../../../sandbox/providers/recurly/ids';
import { byIdFrom, from, paging, type Panels, type TriggerPanel } from '../../browser/panel';

export const customer = { subscriptionId: sampleId('subscription', 'ada') };

const top = ['Resource', 'Operation', 'Subscription'];

export const panels: Panels = [
	{
		operation: 'cancel',
		credential: 'recurlyApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId'), when: 'periodEnd' },
		labels: [...top, 'When', 'Dry Run', 'Options'],
	},
	{
		operation: 'cancel',
		variant: 'options',
		credential: 'recurlyApi',
		parameters: {
			subscriptionId: byIdFrom('subscriptionId'),
			when: 'immediately',
			dryRun: true,
			additionalFields: { charge: true, refund: 'partial' },
			options: {
				alreadyCancelled: 'success',
				expectedEmail: from('email'),
				expectedStatus: ['active', 'canceled'],
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
			'Charge Usage',
			'Refund',
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
		credential: 'recurlyApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId') },
		labels: [...top, 'Dry Run', 'Options'],
	},
	{
		operation: 'get',
		credential: 'recurlyApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId') },
		labels: [...top, 'Options'],
	},
	{
		operation: 'getAll',
		credential: 'recurlyApi',
		parameters: { filters: { customerId: 'ada', status: 'active' } },
		labels: ['Resource', 'Operation', ...paging, 'Filters', 'Account Code', 'Status', 'Options'],
	},
];

export const trigger: TriggerPanel = {
	learns: 'pasted',
	credential: 'recurlyApi',
	words: 'Recurly Cancellations',
	labels: ['Events', 'Options'],
	leaves: sampleId('subscription', 'ben'),
	shows: ['scheduled', 'ben@example.com', 'canceled'],
};
