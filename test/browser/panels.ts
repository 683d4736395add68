import type { IDataObject } from 'n8n-workflow';
import { providers } from '../providers/samples';
import type { Panel, Panels, TriggerPanel } from './panel';

/** Of the providers with a node; the sandbox has others, too. */
const given = providers.map(({ provider: { name, displayName } }) => ({
	node: name,
	title: displayName,
	...(jest.requireActual(`../providers/${name}/panels`) as {
		customer: IDataObject;
		panels: Panels;
		trigger?: TriggerPanel;
	}),
}));

/** Fields of each customer in the list. */
export const customer: IDataObject = Object.assign(
	{ email: 'ada@example.com', reason: 'Too expensive' },
	...given.map((one) => one.customer),
);

/** Every operation of every node, from the folders of the providers' tests. */
export const panels: Panel[] = given.flatMap(({ node, panels: all }) =>
	all.map((panel) => ({ node, ...panel })),
);

/** Every trigger with its display name and its provider. */
export const triggers = given.flatMap(({ node, title, trigger }) =>
	trigger ? [{ product: title, provider: node, name: `${node}Trigger`, ...trigger }] : [],
);
