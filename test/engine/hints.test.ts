import {
	type IDataObject,
	type INode,
	type INodeParameters,
	NodeHelpers,
	Workflow,
} from 'n8n-workflow';
import { keys } from '../../sandbox/keys';
import { load, nodeTypesOf, runNode } from '../host/harness';
import { cancelling, onFunnelFox, onSandbox } from './funnelFoxNode';

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
		['funnelFox', { operation: 'cancel', dryRun: false }, 'Cancel · LIVE'],
		['funnelFox', { operation: 'cancel', dryRun: '={{ true }}' }, 'Cancel · dry run'],
		['funnelFox', { operation: 'cancel', dryRun: '={{ false }}' }, 'Cancel · LIVE'],
		['funnelFox', { operation: 'cancel', dryRun: '={{ $json.dry }}' }, 'Cancel · may be LIVE'],
		[
			'funnelFox',
			{ operation: 'cancel', dryRun: "={{ $('CRM').item.json.dry }}" },
			'Cancel · may be LIVE',
		],
		['funnelFox', { operation: 'getAll', dryRun: false }, 'Get Many'],
		['firstPromoter', { operation: 'cancel' }, 'Track Cancellation · dry run'],
		['firstPromoter', { operation: 'restore', dryRun: false }, 'Reactivate · LIVE'],
		['reditus', { operation: 'churn', dryRun: false }, 'Churn · LIVE'],
		['smokeball', { operation: 'resume', dryRun: false }, 'Resume · LIVE'],
		['azotte', { operation: 'requestCancel' }, 'Request Cancel · dry run'],
	])('%s with %j stands "%s"', async (name, parameters: IDataObject, words) =>
		expect(await subtitle(name, parameters)).toBe(words),
	);
});

describe('beside the output, a dry run', () => {
	const previewed = async (...ids: string[]) =>
		await onFunnelFox(async (sandbox) => {
			sandbox.freeze('2099-11-21T09:30:00.000Z');
			sandbox.reset();
			const items = ids.map((id) => ({ id }));
			const setting = cancelling(sandbox, items, {
				dryRun: true,
				onError: 'continueRegularOutput',
			});
			const { main, hints } = await runNode(setting);
			expect(sandbox.journal()).toEqual([]);
			return { hints, summaries: main.map(({ json }) => json.summary) };
		});

	test('says in words what would become of a single item', async () =>
		expect(await previewed('sub_ada')).toEqual({
			hints: ['Nothing was sent. 1 would end (3 Dec 2099)'],
			summaries: ['ada@example.com: would end on 3 December 2099 (FunnelFox, dry run)'],
		}));

	test('lists the ends with their dates, and counts repeats and what failed apart', async () => {
		const { hints } = await previewed(
			'sub_ada',
			'sub_kim',
			'sub_ada',
			'sub_kim_old',
			'sub_cleo',
			'nope',
			'',
		);
		expect(hints).toEqual([
			'Nothing was sent. 2 would end (3 Dec 2099, 9 Jun 2100), 2 already cancelled (23 Aug 2099, 3 Dec 2099), 2 need a look: nope (not found), empty (invalid), 1 repeated',
		]);
	});
});

test("FirstPromoter's hint does not count a customer twice who came twice", async () =>
	await onSandbox(async (sandbox) => {
		const { hints } = await runNode({
			node: 'firstPromoter',
			parameters: {
				resource: 'referral',
				operation: 'cancel',
				email: '={{ $json.email }}',
				dryRun: false,
			},
			items: ['ada', 'kim', 'ada'].map((who) => ({ email: `${who}@example.com` })),
			credentials: {
				firstPromoterApi: {
					apiKey: keys.firstPromoter.v1ApiKey,
					baseUrl: `${sandbox.url}/firstpromoter/api/v1`,
				},
			},
		});
		expect(hints).toEqual(['2 recorded as cancelled, 1 repeated']);
		expect(sandbox.journal()).toHaveLength(2);
	}));

test('the message of a single item counts nothing', async () =>
	await onFunnelFox(async (sandbox) => {
		const { thrown } = await runNode(cancelling(sandbox, [{ id: 'nope' }]));
		expect(thrown?.message).toContain('nope: FunnelFox has no subscription with this ID.');
		expect(thrown?.description).not.toMatch(/done|not tried/);
	}));

describe('under Dry Run', () => {
	/** The notices that the panel shows, in a node or in the tool that n8n makes of it. */
	async function notices(dryRun: boolean | string, isTool = false): Promise<string[]> {
		const types = nodeTypesOf(await load());
		const { description } = types.getByNameAndVersion('n8n-nodes-cancellations.funnelFox');
		const type = { ...description, name: isTool ? 'funnelFoxTool' : description.name };
		const parameters = { resource: 'subscription', operation: 'cancel', dryRun } as INodeParameters;
		const node = { parameters, typeVersion: 1 } as INode;
		return description.properties
			.filter(({ type: kind }) => kind === 'notice')
			.filter((one) => NodeHelpers.displayParameter(parameters, one, node, type as never))
			.map(({ displayName }) => displayName);
	}

	test.each([
		[true, 'Dry run: previews "Cancel", changes nothing. Turn off to run it for real.'],
		[
			false,
			'<b>LIVE: every run carries out "Cancel" for real, Execute Step too.</b> This cannot be undone here.',
		],
		[
			'={{ $json.dry }}',
			'The expression decides for each item: false carries out "Cancel" for real, true previews, anything else is refused.',
		],
	])('%s, one line says what a run does, and another one in a tool', async (dryRun, notice) => {
		const agent =
			'An AI agent always gets a preview first. To let it carry out "Cancel", let the model fill Options > Plan Token.';
		const shown = [await notices(dryRun), await notices(dryRun, true)];
		// n8n itself shows all that depends on an expression; the editor hides it once that has a value.
		if (typeof dryRun === 'boolean') expect(shown).toEqual([[notice], [agent]]);
		else expect(shown.map((one) => one.at(-1))).toEqual([notice, agent]);
	});
});
