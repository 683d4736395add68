import type { IDataObject } from 'n8n-workflow';

/** One node as a user would set it up, and the labels that its panel then has, top to bottom. */
export interface Panel {
	node: string;
	operation: string;
	/** Where an operation has more than one panel: what this one is about. */
	variant?: string;
	parameters: IDataObject;
	credential: string;
	labels: string[];
}

/** What each customer in the list before the nodes brings along. */
export const customer = {
	email: 'ada@example.com',
	uid: 'cus_ada',
	subscriptionId: 'sub_ada',
	referralUid: 'user_ada',
	plan: '7f1c2d3e-0001-4a5b-8c6d-7e8f90a1b2c3',
	orderIdentifier: 'or_ada',
	customerUrn: 'cu.00.001',
	reason: 'Too expensive',
};

const located = (field: keyof typeof customer) => ({
	__rl: true,
	mode: 'id',
	value: `={{ $json.${field} }}`,
});

const email = '={{ $json.email }}';
const reason = '={{ $json.reason }}';
const paging = ['Return All', 'Limit'];
const order = {
	orderIdentifier: located('orderIdentifier'),
	customerUrn: '={{ $json.customerUrn }}',
};

/** Every operation of every node. */
export const panels: Panel[] = [
	{
		node: 'firstPromoter',
		operation: 'cancel',
		credential: 'firstPromoterApi',
		parameters: { email },
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
		node: 'firstPromoter',
		operation: 'cancel',
		variant: 'v2',
		credential: 'firstPromoterV2Api',
		parameters: { apiVersion: 'v2', identifyBy: 'uid', uid: '={{ $json.uid }}' },
		labels: ['Resource', 'Operation', 'Identify By', 'UID', 'Dry Run', 'Options'],
	},
	{
		node: 'firstPromoter',
		operation: 'restore',
		credential: 'firstPromoterApi',
		parameters: { email },
		labels: ['Resource', 'Operation', 'Identify By', 'Email', 'Dry Run', 'Options'],
	},
	{
		node: 'firstPromoter',
		operation: 'get',
		credential: 'firstPromoterApi',
		parameters: { email },
		labels: ['Resource', 'Operation', 'Identify By', 'Email', 'Options'],
	},
	{
		node: 'reditus',
		operation: 'churn',
		credential: 'reditusApi',
		parameters: { referralUid: '={{ $json.referralUid }}' },
		labels: ['Resource', 'Operation', 'Identify By', 'Referral Email', 'Dry Run', 'Options'],
	},
	{
		node: 'reditus',
		operation: 'get',
		credential: 'reditusApi',
		parameters: { identifyBy: 'referralEmail', referralEmail: email },
		labels: ['Resource', 'Operation', 'Identify By', 'Referral Email', 'Options'],
	},
	{
		node: 'reditus',
		operation: 'getAll',
		credential: 'reditusApi',
		parameters: { filters: { state: 'churned' } },
		labels: ['Resource', 'Operation', ...paging, 'Filters', 'State', 'Options'],
	},
	{
		node: 'smokeball',
		operation: 'cancel',
		credential: 'smokeballApi',
		parameters: { subscriptionId: located('plan'), additionalFields: { reason } },
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
		node: 'smokeball',
		operation: 'cancel',
		variant: 'date',
		credential: 'smokeballApi',
		parameters: {
			subscriptionId: located('plan'),
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
		node: 'smokeball',
		operation: 'resume',
		credential: 'smokeballApi',
		parameters: { subscriptionId: located('plan') },
		labels: ['Resource', 'Operation', 'Subscription', 'Dry Run', 'Options'],
	},
	{
		node: 'smokeball',
		operation: 'get',
		credential: 'smokeballApi',
		parameters: { subscriptionId: located('plan') },
		labels: ['Resource', 'Operation', 'Subscription', 'Options'],
	},
	{
		node: 'smokeball',
		operation: 'getAll',
		credential: 'smokeballApi',
		parameters: {},
		labels: ['Resource', 'Operation', ...paging, 'Options'],
	},
	{
		node: 'funnelFox',
		operation: 'cancel',
		credential: 'funnelFoxApi',
		parameters: { subscriptionId: located('subscriptionId'), additionalFields: { reason } },
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
		node: 'funnelFox',
		operation: 'cancel',
		variant: 'options',
		credential: 'funnelFoxApi',
		parameters: {
			subscriptionId: located('subscriptionId'),
			dryRun: true,
			options: {
				alreadyCancelled: 'success',
				expectedEmail: email,
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
			'Already Cancelled',
			'Include Response',
			'Requests per Minute',
			'Requests at a Time',
			'Tries per Item',
			'Timeout',
		],
	},
	{
		node: 'funnelFox',
		operation: 'get',
		credential: 'funnelFoxApi',
		parameters: { subscriptionId: located('subscriptionId') },
		labels: ['Resource', 'Operation', 'Subscription', 'Options'],
	},
	{
		node: 'funnelFox',
		operation: 'getAll',
		credential: 'funnelFoxApi',
		parameters: { filters: { email, status: 'active' } },
		labels: ['Resource', 'Operation', ...paging, 'Filters', 'Email', 'Status', 'Options'],
	},
	{
		node: 'azotte',
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
		node: 'azotte',
		operation: 'confirmCancel',
		credential: 'azotteApi',
		parameters: { ...order, additionalFields: { comment: reason } },
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
		node: 'azotte',
		operation: 'cancel',
		credential: 'azotteApi',
		parameters: order,
		labels: [
			'Resource',
			'Operation',
			'Customer URN',
			'Order',
			'Cancellation Method',
			'On Offer',
			'Dry Run',
			'Additional Fields',
			'Options',
		],
	},
	{
		node: 'azotte',
		operation: 'reactivate',
		credential: 'azotteApi',
		parameters: order,
		labels: ['Resource', 'Operation', 'Customer URN', 'Order', 'Dry Run', 'Options'],
	},
	{
		node: 'azotte',
		operation: 'getAll',
		credential: 'azotteApi',
		parameters: { customerUrn: '={{ $json.customerUrn }}' },
		labels: ['Resource', 'Operation', 'Customer URN', ...paging, 'Options'],
	},
];

/** Also the name of its picture. */
export const nameOf = ({ node, operation, variant }: Panel): string =>
	[node.toLowerCase(), operation, variant].filter(Boolean).join('-');
