import { byIdFrom, from, paging, type Panels, type TriggerPanel } from '../../browser/panel';

export const customer = { plan: '7f1c2d3e-0001-4a5b-8c6d-7e8f90a1b2c3' };

export const panels: Panels = [
	{
		operation: 'cancel',
		credential: 'smokeballApi',
		parameters: { subscriptionId: byIdFrom('plan'), additionalFields: { reason: from('reason') } },
		labels: [
			'Resource',
			'Operation',
			'Subscription',
			'Cancellation Type',
			'Dry Run',
			'Additional Fields',
			'Reason',
			'Options',
		],
	},
	{
		operation: 'cancel',
		variant: 'date',
		credential: 'smokeballApi',
		parameters: {
			subscriptionId: byIdFrom('plan'),
			cancellationType: 'Date',
			cancelAt: '2099-12-31T00:00:00',
		},
		labels: [
			'Resource',
			'Operation',
			'Subscription',
			'Cancellation Type',
			'Cancel At',
			'Dry Run',
			'Additional Fields',
			'Options',
		],
	},
	{
		operation: 'resume',
		credential: 'smokeballApi',
		parameters: { subscriptionId: byIdFrom('plan') },
		labels: ['Resource', 'Operation', 'Subscription', 'Dry Run', 'Options'],
	},
	{
		operation: 'get',
		credential: 'smokeballApi',
		parameters: { subscriptionId: byIdFrom('plan') },
		labels: ['Resource', 'Operation', 'Subscription', 'Options'],
	},
	{
		operation: 'getAll',
		credential: 'smokeballApi',
		parameters: {},
		labels: ['Resource', 'Operation', ...paging, 'Options'],
	},
];

export const trigger: TriggerPanel = {
	learns: 'asks',
	credential: 'smokeballApi',
	words: 'law firm',
	labels: ['Poll Times', 'Mode', 'Events', 'Options'],
	leaves: 'b471682e-fa17-4e46-b7fe-000000000001',
	shows: ['scheduled', 'cancellationStatus.Pending'],
};
