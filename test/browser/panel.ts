import type { IDataObject } from 'n8n-workflow';

/** A node's parameters, and the labels of its panel from top to bottom. */
export interface Panel {
	node: string;
	operation: string;
	/** Distinguishes the panels of an operation with several. */
	variant?: string;
	parameters: IDataObject;
	credential: string;
	labels: string[];
}

/** Every operation of one node, as `test/providers/<name>/panels.ts` has them. */
export type Panels = Array<Omit<Panel, 'node'>>;

/** A provider's trigger in the editor, as `test/providers/<name>/panels.ts` has it. */
export interface TriggerPanel {
	/** Whether the trigger registers a webhook itself, has a URL that a person pastes, or polls. */
	learns: 'registers' | 'pasted' | 'asks';
	credential: string;
	/** Search terms that find it. */
	words: string;
	/** Labels of its fields. */
	labels: string[];
	/** The record to cancel on the sandbox's page, and texts of the resulting item. */
	leaves: string;
	shows: string[];
}

/** What n8n shows of every list. */
export const paging = ['Return All', 'Limit'];

/** A field of the customer before the node; `customer` beside a provider's panels says what it holds. */
export const from = (field: string) => `={{ $json.${field} }}`;

/** The same in a resource locator. */
export const byIdFrom = (field: string) => ({ __rl: true, mode: 'id', value: from(field) });

/** Also the name of its picture. */
export const nameOf = ({ node, operation, variant }: Panel): string =>
	[node.toLowerCase(), operation, variant].filter(Boolean).join('-');

/** Fields under Additional Fields: their values, and their labels. */
interface Additional {
	fields: IDataObject;
	labels: string[];
}

/** What the panels of a billing provider have of their own. */
interface BillingPanels {
	credential: string;
	/** The filter of Get Many by customer. */
	customer: { id: string; label: string };
	/** Two values of Expected Status. */
	statuses: [string, string];
	/** Cancel at the end of the period. */
	atPeriodEnd?: Additional;
	/** Cancel at once. */
	atOnce?: Additional;
	resume?: Additional;
}

/** The panels of a provider that ends subscriptions at the end of the period or at once. */
export function billingPanels(own: BillingPanels): Panels {
	const { credential, customer, statuses } = own;
	const subscription = byIdFrom('subscriptionId');
	const top = ['Resource', 'Operation', 'Subscription'];
	const fields = (more?: Additional) => ({
		subscriptionId: subscription,
		...(more && { additionalFields: more.fields }),
	});
	const labels = (more?: Additional) => (more ? ['Additional Fields', ...more.labels] : []);
	return [
		{
			operation: 'cancel',
			credential,
			parameters: { ...fields(own.atPeriodEnd), when: 'periodEnd' },
			labels: [...top, 'When', 'Dry Run', ...labels(own.atPeriodEnd), 'Options'],
		},
		{
			operation: 'cancel',
			variant: 'options',
			credential,
			parameters: {
				...fields(own.atOnce),
				when: 'immediately',
				dryRun: true,
				options: {
					alreadyCancelled: 'success',
					expectedEmail: from('email'),
					expectedStatus: statuses,
					ifSeveral: 'refuse',
					includeResponse: true,
					planToken: '',
				},
			},
			labels: [
				...top,
				'When',
				'Dry Run',
				...labels(own.atOnce),
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
			credential,
			parameters: fields(own.resume),
			labels: [...top, 'Dry Run', ...labels(own.resume), 'Options'],
		},
		{ operation: 'get', credential, parameters: fields(), labels: [...top, 'Options'] },
		{
			operation: 'getAll',
			credential,
			parameters: { filters: { customerId: customer.id, status: 'active' } },
			labels: [
				...['Resource', 'Operation', ...paging],
				...['Filters', customer.label, 'Status', 'Options'],
			],
		},
	];
}
