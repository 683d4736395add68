import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { load, nodeTypesOf, runNode } from '../host/harness';
import { cancelling, onSandbox } from './funnelFox';

/** What is seen without opening anything: the words under a node, and those of a run's hint. */

describe('under the node on the canvas', () => {
	/** As the editor asks for it: the parameters have their defaults, and there is no run. */
	async function subtitle(name: string, parameters: IDataObject): Promise<unknown> {
		const loader = await load();
		const type = `n8n-nodes-cancellations.${name}`;
		const node = {
			id: 'n',
			name: 'Node',
			type,
			typeVersion: 1,
			position: [0, 0],
			parameters: parameters as INodeParameters,
		} as INode;
		const workflow = new Workflow({
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: nodeTypesOf(loader),
		});
		const { description } = nodeTypesOf(loader).getByNameAndVersion(type);
		const [shown] = Object.values(workflow.nodes);
		return workflow.expression.getSimpleParameterValue(
			shown,
			description.subtitle,
			'internal',
			{},
			undefined,
			'[not known yet]',
		);
	}

	test.each([
		['funnelFox', { operation: 'cancel' }, 'Cancel · dry run'],
		['funnelFox', { operation: 'cancel', dryRun: true }, 'Cancel · dry run'],
		['funnelFox', { operation: 'cancel', dryRun: false }, 'Cancel · live'],
		['funnelFox', { operation: 'cancel', dryRun: '={{ true }}' }, 'Cancel · dry run'],
		['funnelFox', { operation: 'cancel', dryRun: '={{ false }}' }, 'Cancel · live'],
		['funnelFox', { operation: 'cancel', dryRun: '={{ $json.dry }}' }, 'Cancel · may be live'],
		[
			'funnelFox',
			{ operation: 'cancel', dryRun: "={{ $('CRM').item.json.dry }}" },
			'Cancel · may be live',
		],
		['funnelFox', { operation: 'getAll', dryRun: false }, 'Get Many'],
		['firstPromoter', { operation: 'cancel' }, 'Track Cancellation · dry run'],
		['firstPromoter', { operation: 'restore', dryRun: false }, 'Set Active Again · live'],
		['reditus', { operation: 'churn', dryRun: false }, 'Churn · live'],
		['smokeball', { operation: 'resume', dryRun: false }, 'Resume · live'],
		['azotte', { operation: 'requestCancel' }, 'Request Cancel · dry run'],
	])('%s with %j stands "%s"', async (name, parameters: IDataObject, words) =>
		expect(await subtitle(name, parameters)).toBe(words),
	);
});
