import { from, paging, type Panels, type TriggerPanel } from '../../browser/panel';

export const customer = { referralUid: 'user_ada' };

export const panels: Panels = [
	{
		operation: 'churn',
		credential: 'reditusApi',
		parameters: { referralUid: from('referralUid') },
		labels: ['Resource', 'Operation', 'Identify By', 'Referral Email', 'Dry Run', 'Options'],
	},
	{
		operation: 'get',
		credential: 'reditusApi',
		parameters: { identifyBy: 'referralEmail', referralEmail: from('email') },
		labels: ['Resource', 'Operation', 'Identify By', 'Referral Email', 'Options'],
	},
	{
		operation: 'getAll',
		credential: 'reditusApi',
		parameters: { filters: { state: 'churned' } },
		labels: ['Resource', 'Operation', ...paging, 'Filters', 'State', 'Options'],
	},
];

export const trigger: TriggerPanel = {
	learns: 'asks',
	credential: 'reditusApi',
	words: 'churn',
	labels: ['Poll Times', 'Mode', 'Options'],
	leaves: 'cus_ada',
	shows: ['cancelled', 'churned', 'ada@example.com'],
};
