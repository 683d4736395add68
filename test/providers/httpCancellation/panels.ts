import { from, type Panels } from '../../browser/panel';
import { described } from './facts';

export const customer = { targetId: 'own_ada' };

const request = ['Resource', 'Operation', 'Target ID', 'Method', 'Path', 'Body Format', 'Body'];
const record = [
	'Read Path',
	'ID Field',
	'Status Field',
	'Ended Statuses',
	'Scheduled Statuses',
	'Ends At Field',
	'Email Field',
	'If Not Found',
];

export const panels: Panels = [
	{
		operation: 'cancel',
		credential: 'httpCancellationApi',
		parameters: {
			...described,
			targetId: from('targetId'),
			additionalFields: { reason: from('reason') },
		},
		labels: [
			...request,
			...record,
			'Success Field',
			'Success Values',
			'Dry Run',
			'Additional Fields',
			'Reason',
			'Options',
		],
	},
	{
		operation: 'cancel',
		variant: 'record',
		credential: 'httpCancellationApi',
		parameters: { ...described, targetId: 'own_ada', dryRun: true },
		labels: [
			...request.slice(0, 3),
			'Record Now',
			...request.slice(3),
			...record,
			'Success Field',
			'Success Values',
			'Dry Run',
			'Additional Fields',
			'Options',
		],
	},
	{
		operation: 'cancel',
		variant: 'unread',
		credential: 'httpCancellationApi',
		parameters: {
			targetId: from('targetId'),
			method: 'DELETE',
			path: '/subscriptions/{id}',
			readPath: '',
			dryRun: true,
			options: { idempotencyHeader: 'Idempotency-Key' },
		},
		labels: [
			...request,
			'Read Path',
			'Success Field',
			'Dry Run',
			'Additional Fields',
			'Options',
			'Idempotency Header',
		],
	},
];
