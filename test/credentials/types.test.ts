import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
	Workflow,
	type ICredentialType,
	type IDataObject,
	type INodeCredentialDescription,
	type INodeType,
} from 'n8n-workflow';

import { signature } from '../../nodes/shared/wire/tryOut';
import { load } from '../host/harness';
import { tested } from './tested';

const root = resolve(__dirname, '../..');
const types = readdirSync(join(root, 'credentials')).map((file) => {
	const name = basename(file, '.credentials.ts');
	return name[0].toLowerCase() + name.slice(1);
});

/** A workflow, for its expressions. */
async function workflow(): Promise<Workflow> {
	const { type } = (await load()).getNode(tested[0].node);
	const node = { id: 'n', name: 'Node', type: 'node', typeVersion: 1, parameters: {} };
	return new Workflow({
		nodes: [{ ...node, position: [0, 0] }],
		connections: {},
		active: false,
		nodeTypes: { getByNameAndVersion: () => type, getByName: () => type } as never,
	});
}

/** Every place where a node names a credential. */
async function uses(): Promise<Array<{ node: INodeType; use: INodeCredentialDescription }>> {
	const loader = await load();
	const { n8n } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[] };
	};
	return n8n.nodes.flatMap((file) => {
		const name = basename(file, '.node.js');
		const node = loader.getNode(name[0].toLowerCase() + name.slice(1)).type as INodeType;
		return (node.description.credentials ?? []).map((use) => ({ node, use }));
	});
}

test('every credential is tested wherever a node uses it; n8n signs in to OAuth2 by itself', async () => {
	const all = await uses();
	expect([...new Set(all.map(({ use }) => use.name))].sort()).toEqual([...types].sort());
	for (const { node, use } of all) {
		const testedBy = /OAuth2Api$/.test(use.name) ? undefined : use.name;
		expect([use.name, use.testedBy]).toEqual([use.name, testedBy]);
		if (testedBy) expect(node.methods?.credentialTest?.[testedBy]).toEqual(expect.any(Function));
	}
	expect(tested.map(({ type }) => type).sort()).toEqual(
		types.filter((type) => !/OAuth2Api$/.test(type)).sort(),
	);
});

test.each(types)('%s masks its keys and says where they are explained', async (name) => {
	const type = (await load()).getCredential(name).type;
	expect(type.displayName).toMatch(/ API$/);
	expect(type.documentationUrl).toMatch(/^https:\/\//);
	const secret = type.properties.filter(
		(field) => /key|token|secret/i.test(field.name) && !/url/i.test(field.name),
	);
	expect(secret.length).toBeGreaterThan(0);
	for (const { name: field, typeOptions } of secret) {
		expect([field, typeOptions?.password]).toEqual([field, true]);
	}
});

test.each(tested)('a test with $type is signed as n8n signs the calls of a node', async (one) => {
	const type: ICredentialType = (await load()).getCredential(one.type).type;
	const { expression } = await workflow();
	const { headers } = (type.authenticate as { properties: { headers: IDataObject } }).properties;
	for (const data of [one.data, { ...one.data, apiKey: 'a "b" $& {{c}} \\d', extra: 'x' }]) {
		const filled = Object.entries(headers).map(([header, template]) => [
			header,
			expression.getParameterValue(template as string, null, 0, 0, 'Node', [], 'internal', {
				$credentials: data,
			} as never),
		]);
		expect(signature(type, data)).toEqual(Object.fromEntries(filled));
	}
});
