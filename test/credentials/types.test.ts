import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { IDataObject, INodeCredentialDescription, INodeType } from 'n8n-workflow';

import type { SigningCredential } from '../../nodes/shared/contract/credential';
import { load } from '../host/harness';
import { secretFields, tested } from './tested';

const root = resolve(__dirname, '../..');
const types = readdirSync(join(root, 'credentials')).map((file) => {
	const name = basename(file, '.credentials.ts');
	return name[0].toLowerCase() + name.slice(1);
});

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
	const named = tested.find((one) => one.type === name)?.secrets ?? [];
	const secret = type.properties.filter(
		(field) =>
			named.includes(field.name) ||
			(/key|token|secret/i.test(field.name) && !/url/i.test(field.name)),
	);
	expect(secret.length).toBeGreaterThan(0);
	for (const { name: field, typeOptions } of secret) {
		expect([field, typeOptions?.password]).toEqual([field, true]);
	}
});

test.each(tested)('$type signs a call as the vendor asks, beside its own headers', async (one) => {
	const { authenticate } = (await load()).getCredential(one.type).type as SigningCredential;
	const sign = async (values: object, headers: IDataObject) => {
		const signed = await authenticate({ ...one.data, ...values }, { url: '/', headers });
		const all = Object.entries(signed.headers ?? {});
		return Object.fromEntries(all.map(([name, value]) => [name.toLowerCase(), value as string]));
	};
	const { headers } = one.call;
	expect(await sign({}, { Accept: 'text/plain' })).toEqual({ accept: 'text/plain', ...headers });
	expect(await sign({ extra: 'x' }, {})).toEqual(headers);
});

test.each(tested)('$type signs nothing with what no header can hold', async (one) => {
	const { authenticate } = (await load()).getCredential(one.type).type as SigningCredential;
	const ids = Object.keys(one.data).filter((field) => /id$/i.test(field));
	for (const name of new Set([...secretFields(one), ...ids])) {
		const values = { ...one.data, [name]: `${String(one.data[name])}\u200bx` };
		await expect(authenticate(values, { url: '/' })).rejects.toThrow(
			/^What the credential gives for the header .+ holds an invisible character \(U\+200B\)$/,
		);
		const trimmed = { ...one.data, [name]: ` ${String(one.data[name])}\u200b\n` };
		expect(await authenticate(trimmed, { url: '/' })).toEqual(
			await authenticate(one.data, { url: '/' }),
		);
	}
});
