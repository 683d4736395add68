import { Workflow, type ICredentialDataDecryptedObject, type IDataObject } from 'n8n-workflow';

import { load, runNode, type Setting } from '../host/harness';

/** What a test sets beside the parameters; `options` are added to those of the parameters. */
export interface More extends Partial<Setting> {
	options?: IDataObject;
}

/**
 * Runs one node as the tests of its provider do: a failure comes out as an item, and the provider's
 * pace holds nothing up.
 * @param always parameters of an operation that a test need not give
 */
export function runner(
	node: string,
	resource: string,
	credentials: Record<string, ICredentialDataDecryptedObject>,
	always: (operation: string) => IDataObject = () => ({}),
) {
	const setting = (operation: string, parameters: IDataObject = {}, more: More = {}): Setting => {
		const { options: fixed, ...fields } = always(operation);
		const { options: given, ...rest } = parameters;
		// With it a dry run also shows the record and the request.
		const shown = parameters.dryRun === true ? { includeResponse: true } : undefined;
		const options = [shown, fixed, given, more.options] as IDataObject[];
		return {
			node,
			items: [{}],
			credentials,
			onError: 'continueRegularOutput',
			...more,
			parameters: {
				resource,
				operation,
				// Every write starts as a dry run; a test that sends switches it off.
				dryRun: false,
				...fields,
				...rest,
				options: Object.assign({ requestsPerMinute: 60_000 }, ...options) as IDataObject,
			},
		};
	};
	/** The items that come out. */
	const run = async (...args: Parameters<typeof setting>): Promise<IDataObject[]> => {
		const { main } = await runNode(setting(...args));
		return main.map(({ json }) => json);
	};
	/** The first of them; a failure has the same flat columns. */
	const one = async (...args: Parameters<typeof setting>): Promise<IDataObject> =>
		(await run(...args))[0];
	return { setting, run, one };
}

/** n8n's own expressions, as the editor evaluates them for a node. */
export async function expressionsFor(name: string): Promise<Workflow['expression']> {
	const { type } = (await load()).getNode(name);
	const nodes = [{ id: 'n', name, type: name, typeVersion: 1, position: [0, 0], parameters: {} }];
	const { expression } = new Workflow({
		nodes: nodes as never,
		connections: {},
		active: false,
		nodeTypes: { getByNameAndVersion: () => type } as never,
	});
	return expression;
}
