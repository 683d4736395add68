import { from, type Panels, type TriggerPanel } from '../../browser/panel';

export const customer = { uid: 'cus_ada' };

export const panels: Panels = [
	{
		operation: 'cancel',
		credential: 'firstPromoterApi',
		parameters: { email: from('email') },
		labels: [
			'Resource',
			'Operation',
			'Identify By',
			'Email',
			'Dry Run',
			'Additional Fields',
			'Options',
		],
	},
	{
		operation: 'cancel',
		variant: 'v2',
		credential: 'firstPromoterV2Api',
		parameters: { apiVersion: 'v2', identifyBy: 'uid', uid: from('uid') },
		labels: ['Resource', 'Operation', 'Identify By', 'UID', 'Dry Run', 'Options'],
	},
	{
		operation: 'restore',
		credential: 'firstPromoterApi',
		parameters: { email: from('email') },
		labels: ['Resource', 'Operation', 'Identify By', 'Email', 'Dry Run', 'Options'],
	},
	{
		operation: 'get',
		credential: 'firstPromoterApi',
		parameters: { email: from('email') },
		labels: ['Resource', 'Operation', 'Identify By', 'Email', 'Options'],
	},
];

export const trigger: TriggerPanel = {
	learns: 'registers',
	credential: 'firstPromoterV2Api',
	words: 'affiliate',
	labels: ['Events', 'Options'],
	leaves: 'cus_ada',
	shows: ['cancelled', 'referral.', 'ada@example.com'],
};
