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
