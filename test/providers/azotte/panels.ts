import { byIdFrom, from, paging, type Panels } from '../../browser/panel';

const order = {
	orderIdentifier: byIdFrom('orderIdentifier'),
	customerUrn: from('customerUrn'),
};

export const customer = { orderIdentifier: 'or_ada', customerUrn: 'cu.00.001' };

export const panels: Panels = [
	{
		operation: 'requestCancel',
		credential: 'azotteApi',
		parameters: order,
		labels: [
			'Resource',
			'Operation',
			'Customer URN',
			'Order',
			'Cancellation Method',
			'Dry Run',
			'Additional Fields',
			'Options',
		],
	},
	{
		operation: 'confirmCancel',
		credential: 'azotteApi',
		parameters: { ...order, additionalFields: { comment: from('reason') } },
		labels: [
			'Resource',
			'Operation',
			'Customer URN',
			'Order',
			'Cancellation Method',
			'Dry Run',
			'Additional Fields',
			'Comment',
			'Options',
		],
	},
	{
		operation: 'cancel',
		credential: 'azotteApi',
		parameters: order,
		labels: [
			'Resource',
			'Operation',
			'Customer URN',
			'Order',
			'Cancellation Method',
			'If There Is an Offer',
			'Dry Run',
			'Additional Fields',
			'Options',
		],
	},
	{
		operation: 'reactivate',
		credential: 'azotteApi',
		parameters: order,
		labels: ['Resource', 'Operation', 'Customer URN', 'Order', 'Dry Run', 'Options'],
	},
	{
		operation: 'getAll',
		credential: 'azotteApi',
		parameters: { customerUrn: from('customerUrn') },
		labels: ['Resource', 'Operation', 'Customer URN', ...paging, 'Options'],
	},
];
