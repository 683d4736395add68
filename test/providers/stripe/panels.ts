import { sampleId } from '../../../sandbox/providers/stripe/ids';
import { byIdFrom, from, paging, type Panels, type TriggerPanel } from '../../browser/panel';

export const customer = { subscriptionId: sampleId('sub', 'ada') };

const top = ['Resource', 'Operation', 'Subscription'];

export const panels: Panels = [
	{
		operation: 'cancel',
		credential: 'stripeCancellationsApi',
		parameters: {
			subscriptionId: byIdFrom('subscriptionId'),
			when: 'periodEnd',
			additionalFields: { comment: from('reason'), feedback: 'too_expensive' },
		},
		labels: [...top, 'When', 'Dry Run', 'Additional Fields', 'Comment', 'Feedback', 'Options'],
	},
	{
		operation: 'cancel',
		variant: 'options',
		credential: 'stripeCancellationsApi',
		parameters: {
			subscriptionId: byIdFrom('subscriptionId'),
			when: 'immediately',
			dryRun: true,
			additionalFields: { invoiceNow: true, prorate: true },
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
			'Additional Fields',
			'Invoice Now',
			'Prorate',
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
		credential: 'stripeCancellationsApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId') },
		labels: [...top, 'Dry Run', 'Options'],
	},
	{
		operation: 'get',
		credential: 'stripeCancellationsApi',
		parameters: { subscriptionId: byIdFrom('subscriptionId') },
		labels: [...top, 'Options'],
	},
	{
		operation: 'getAll',
		credential: 'stripeCancellationsApi',
		parameters: { filters: { customerId: sampleId('cus', 'ada'), status: 'active' } },
		labels: ['Resource', 'Operation', ...paging, 'Filters', 'Customer ID', 'Status', 'Options'],
	},
];

export const trigger: TriggerPanel = {
	learns: 'registers',
	credential: 'stripeCancellationsApi',
	words: 'Stripe Cancellations',
	labels: ['Events', 'Options'],
	leaves: sampleId('sub', 'fay'),
	shows: ['scheduled', 'fay@example.com', 'customer.subscription.updated'],
};
