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

/** Every operation of one node, as `test/providers/<name>/panels.ts` has them. */
export type Panels = Array<Omit<Panel, 'node'>>;

/** What n8n shows of every list. */
export const paging = ['Return All', 'Limit'];

/** A field of the customer before the node; `customer` beside a provider's panels says what it holds. */
export const from = (field: string) => `={{ $json.${field} }}`;

/** The same in a resource locator. */
export const byIdFrom = (field: string) => ({ __rl: true, mode: 'id', value: from(field) });

/** Also the name of its picture. */
export const nameOf = ({ node, operation, variant }: Panel): string =>
	[node.toLowerCase(), operation, variant].filter(Boolean).join('-');
