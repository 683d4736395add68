import { from, paging, type Panels } from '../../browser/panel';

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
