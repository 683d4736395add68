import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

/**
 * Node for comparison: calls n8n's helper with the engine's options and concurrency, and does nothing
 * else. With `read` it also reads its identifier through n8n, as every node has to. `calls` is the number
 * of requests per item, one after the other.
 */
export class BareNode implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Bare',
		name: 'bareNode',
		group: ['transform'],
		version: 1,
		description: "n8n's helper and nothing else",
		defaults: { name: 'Bare' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'funnelFoxApi', required: true }],
		properties: [
			{ displayName: 'Lanes', name: 'lanes', type: 'number', default: 10 },
			{ displayName: 'Read', name: 'read', type: 'boolean', default: false },
			{ displayName: 'Calls', name: 'calls', type: 'number', default: 1 },
			{ displayName: 'Subscription', name: 'id', type: 'string', default: '' },
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const { baseUrl } = await this.getCredentials('funnelFoxApi');
		const read = this.getNodeParameter('read', 0) === true;
		const calls = Number(this.getNodeParameter('calls', 0));
		const out: INodeExecutionData[] = [];
		const call = async (id: unknown) =>
			(await this.helpers.httpRequestWithAuthentication.call(this, 'funnelFoxApi', {
				method: 'POST',
				url: `${String(baseUrl)}/subscriptions/${String(id)}/cancel`,
				headers: {},
				timeout: 30_000,
				json: true,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				sendCredentialsOnCrossOriginRedirect: false,
			})) as { body: IDataObject };
		let next = 0;
		const lane = async () => {
			while (next < items.length) {
				const item = next++;
				const id = read ? this.getNodeParameter('id', item) : items[item].json.id;
				let answer = await call(id);
				for (let made = 1; made < calls; made++) answer = await call(id);
				out[item] = { json: answer.body, pairedItem: { item } };
			}
		};
		await Promise.all(Array.from({ length: Number(this.getNodeParameter('lanes', 0)) }, lane));
		return [out];
	}
}
