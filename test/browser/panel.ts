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

/** A provider's trigger as a user meets it, as `test/providers/<name>/panels.ts` has it. */
export interface TriggerPanel {
	/** Whether the trigger registers a webhook itself, has a URL that a person pastes, or polls. */
	learns: 'registers' | 'pasted' | 'asks';
	credential: string;
	/** Words that find it. */
	words: string;
	/** What stands above its fields. */
	labels: string[];
	/** Who leaves, as the sandbox's page names them, and what then comes in. */
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
