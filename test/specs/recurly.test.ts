import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

import { asks } from '../providers/recurly/asks';
import { ask } from '../sandbox/ask';
import { ownSandbox } from '../sandbox/ownSandbox';
import { allCalls, files } from './described';
import { description, vendorCall } from './recurlyDescription';

interface Ours {
	servers: Array<{ url: string }>;
	paths: Record<string, Record<string, { parameters: Array<Parameter & { $ref?: string }> }>>;
	components: { parameters: Record<string, Parameter> };
}
interface Parameter {
	in: string;
	name: string;
	schema: { enum?: string[] };
}
const ours = parse(readFileSync(files.recurly, 'utf8')) as Ours;
const calls = Object.entries(ours.paths).flatMap(([path, methods]) =>
	Object.entries(methods).map(([method, { parameters }]) => ({ path, method, parameters })),
);
const own = ownSandbox();

test('the hosts and the version are those of the description', () => {
	expect(description().info.version).toBe('v2021-02-25');
	expect(description().servers).toEqual(ours.servers);
});

test.each(calls)('$method $path is a call of the description, with its parameters', (call) => {
	const vendor = vendorCall(call.method, call.path.replace('{id}', 'one'))!;
	const query = call.parameters
		.map((one) => (one.$ref ? ours.components.parameters[one.$ref.split('/').at(-1)!] : one))
		.filter((one) => one.in === 'query');
	// The cursor stands in the path of the next page only.
	expect([...vendor.query, 'cursor']).toEqual(
		expect.arrayContaining(query.map(({ name }) => name)),
	);
	const values = query.flatMap(({ name, schema }) =>
		(schema.enum ?? []).map((value) => new URLSearchParams({ [name]: value })),
	);
	expect(values.map((one) => vendor.againstRequest(one, undefined)).filter(Boolean)).toEqual([]);
});

test.each(asks)('$call $path is answered $status as the description says', async (one) => {
	const { pathname, searchParams } = new URL(one.path, own.sandbox.url);
	const { method } = allCalls().find(
		({ provider, id }) => provider === 'recurly' && id === one.call,
	)!;
	const call = vendorCall(method, pathname.replace('/recurly', ''))!;
	const { status, body } = await ask(own.sandbox, method, one.path, one);
	expect(call.againstReply(status, body)).toBeUndefined();
	// What is refused may be a request that the description does not allow.
	if (status < 300) expect(call.againstRequest(searchParams, one.json)).toBeUndefined();
});

test.each([
	['a parameter', '?refund=none&reason=none', undefined],
	['a value', '?refund=half', undefined],
	['a body', '?refund=none', { refund: 'none' }],
])('%s that is not described would be noticed', (_, query, body) => {
	const call = vendorCall('DELETE', '/subscriptions/one')!;
	expect(call.againstRequest(new URLSearchParams('?refund=none&charge=false'), undefined)).toBe(
		undefined,
	);
	expect(call.againstRequest(new URLSearchParams(query), body)).toEqual(expect.any(String));
});

test('an answer that is not as described would be noticed', () => {
	const call = vendorCall('GET', '/subscriptions/one')!;
	expect(call.againstReply(200, { id: 'one', state: 'cancelled' })).toContain('allowed values');
	expect(call.againstReply(200, { id: 'one', expires_at: 'soon' })).toContain('date-time');
	expect(call.againstReply(404, { error: { type: 'gone' } })).toContain('allowed values');
	expect(call.againstReply(404, { type: 'not_found' })).toEqual(expect.any(String));
	expect(vendorCall('POST', '/subscriptions/one')).toBeUndefined();
});
