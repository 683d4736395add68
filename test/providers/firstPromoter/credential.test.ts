import { NodeHelpers, type IDataObject, type INode, type INodeType } from 'n8n-workflow';

import { load } from '../../host/harness';

describe('the editor', () => {
	const shown = async (parameters: IDataObject) => {
		const { description } = (await load()).getNode('firstPromoter').type as INodeType;
		const node = { typeVersion: 1, parameters } as unknown as INode;
		const isShown = (one: IDataObject) =>
			NodeHelpers.displayParameter(parameters as never, one as never, node, description);
		return {
			credentials: description
				.credentials!.filter((one) => isShown(one as never))
				.map(({ name }) => name),
			fields: description.properties.filter((one) => isShown(one as never)).map(({ name }) => name),
		};
	};
	const base = { resource: 'referral', identifyBy: 'email' };

	test.each<[IDataObject, string]>([
		[{ operation: 'cancel', apiVersion: 'v1' }, 'firstPromoterApi'],
		[{ operation: 'cancel', apiVersion: 'v2' }, 'firstPromoterV2Api'],
		[{ operation: 'get', apiVersion: 'v2' }, 'firstPromoterV2Api'],
		[{ operation: 'restore' }, 'firstPromoterApi'],
	])('asks with %j for %s alone', async (parameters, credential) => {
		expect((await shown({ ...base, ...parameters })).credentials).toEqual([credential]);
	});

	test('offers the additional fields of v1 on v1 only, and no version where there is none to choose', async () => {
		const on = async (parameters: IDataObject) => (await shown({ ...base, ...parameters })).fields;
		expect(await on({ operation: 'cancel', apiVersion: 'v1' })).toContain('additionalFields');
		expect(await on({ operation: 'cancel', apiVersion: 'v2' })).not.toContain('additionalFields');
		expect(await on({ operation: 'restore' })).not.toContain('apiVersion');
		expect(await on({ operation: 'restore' })).toContain('email');
		expect(await on({ operation: 'restore' })).not.toContain('uid');
	});
});
