import { byIdFrom, from, paging, type Panels, type TriggerPanel } from '../../browser/panel';

export const customer = { subscriptionId: 'sub_ada' };

export const panels: Panels = [
	{
		operation: 'cancel',
		credential: 'funnelFoxApi',
		parameters: {
			subscriptionId: byIdFrom('subscriptionId'),
			additionalFields: { reason: from('reason') },
		},
		labels: [
			'Resource',
			'Operation',
			'Subscription',
			'Dry Run',
			'Additional Fields',
			'Reason',
			'Options',
		],
	},
	{
		operation: 'cancel',
		variant: 'options',
		credential: 'funnelFoxApi',
		parameters: {
			subscriptionId: byIdFrom('subscriptionId'),
			dryRun: true,
			options: {
				alreadyCancelled: 'success',
				expectedEmail: from('email'),
				expectedStatus: 'active',
				includeResponse: true,
				maxAttempts: 4,
				maxConcurrency: 5,
				maxPerExecution: 100,
				planToken: '',
				requestsPerMinute: 1200,
				timeout: 30000,
			},
		},
		labels: [
			'Resource',
			'Operation',
			'Subscription',
			'Dry Run',
			'Additional Fields',
			'Options',
			'Expected Email',
			'Expected Status',
			'Plan Token',
			'Max per Execution',
			'If Already Cancelled',
			'Include Response',
			'Requests per Minute',
			'Parallel Requests',
			'Max Tries per Item',
			'Timeout',
		],
	},
	{
		operation: 'get',
		credential: 'funnelFoxApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId') },
		labels: ['Resource', 'Operation', 'Subscription', 'Options'],
	},
	{
		operation: 'getAll',
		credential: 'funnelFoxApi',
		parameters: { filters: { email: from('email'), status: 'active' } },
		labels: ['Resource', 'Operation', ...paging, 'Filters', 'Email', 'Status', 'Options'],
	},
];

export const trigger: TriggerPanel = {
	learns: 'pasted',
	credential: 'funnelFoxApi',
	words: 'unsubscribe',
	labels: ['Events', 'Options'],
	leaves: 'sub_ben',
	shows: ['scheduled', 'subscription.auto_renew_off', 'sub_ben'],
};
