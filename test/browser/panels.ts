import type { IDataObject } from 'n8n-workflow';
import { providers } from '../../sandbox/providers';
import type { Panel, Panels } from './panel';

const given = providers.map(({ name }) => ({
	node: name,
	...(jest.requireActual(`../providers/${name}/panels`) as {
		customer: IDataObject;
		panels: Panels;
	}),
}));

/** What each customer in the list before the nodes brings along. */
export const customer: IDataObject = Object.assign(
	{ email: 'ada@example.com', reason: 'Too expensive' },
	...given.map((one) => one.customer),
);

/** Every operation of every node, from the folders of the providers' tests. */
export const panels: Panel[] = given.flatMap(({ node, panels: all }) =>
	all.map((panel) => ({ node, ...panel })),
);
