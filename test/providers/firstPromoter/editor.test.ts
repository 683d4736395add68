import { NodeHelpers, type IDataObject, type INode, type INodeType } from 'n8n-workflow';

import { load } from '../../host/harness';

const base = { resource: 'referral', identifyBy: 'email' };

/** What n8n shows for these parameters; `there` is decided by them, but not to be seen. */
async function shown(parameters: IDataObject) {
	const { description } = (await load()).getNode('firstPromoter').type as INodeType;
	const chosen = { ...base, ...parameters };
	const node = { typeVersion: 1, parameters: chosen } as unknown as INode;
	const isShown = (one: IDataObject) =>
		NodeHelpers.displayParameter(chosen as never, one as never, node, description);
	const fields = description.properties.filter((one) => isShown(one as never));
	return {
		credentials: description
			.credentials!.filter((one) => isShown(one as never))
			.map(({ name }) => name),
		fields: fields.filter(({ type }) => type !== 'hidden').map(({ name }) => name),
		there: fields.filter(({ type }) => type === 'hidden'),
	};
}

test.each<[IDataObject, string]>([
	[{ operation: 'cancel', apiVersion: 'v1' }, 'firstPromoterApi'],
	[{ operation: 'cancel', apiVersion: 'v2' }, 'firstPromoterV2Api'],
	[{ operation: 'get', apiVersion: 'v2' }, 'firstPromoterV2Api'],
	[{ operation: 'restore', apiVersion: 'v1' }, 'firstPromoterApi'],
])('the editor asks with %j for %s alone', async (parameters, credential) => {
	expect((await shown(parameters)).credentials).toEqual([credential]);
});

test('the editor offers the additional fields of v1 on v1 only', async () => {
	const on = async (parameters: IDataObject) => (await shown(parameters)).fields;
	expect(await on({ operation: 'cancel', apiVersion: 'v1' })).toContain('additionalFields');
	expect(await on({ operation: 'cancel', apiVersion: 'v2' })).not.toContain('additionalFields');
});

test('the version depends on no operation: n8n would hide the operation with it', async () => {
	const { description } = (await load()).getNode('firstPromoter').type as INodeType;
	const versions = description.properties.filter(({ name }) => name === 'apiVersion');
	expect(versions).toHaveLength(1);
	expect(versions[0].displayOptions).toBeUndefined();
	for (const operation of ['cancel', 'get', 'restore']) {
		const { fields, there } = await shown({ operation, apiVersion: 'v1' });
		expect(fields).toEqual(expect.arrayContaining(['apiVersion', 'email']));
		expect(fields).not.toContain('uid');
		expect(there).toEqual([]);
	}
});

test('n8n fills in v1 for a Set Active Again that was saved without a version', async () => {
	const { description } = (await load()).getNode('firstPromoter').type as INodeType;
	const saved = { ...base, operation: 'restore', email: 'ada@example.com' };
	const node = { typeVersion: 1, parameters: saved } as unknown as INode;
	const filled = NodeHelpers.getNodeParameters(
		description.properties,
		saved,
		true,
		false,
		node,
		description,
	);
	expect(filled).toMatchObject({ apiVersion: 'v1', dryRun: true });
});
