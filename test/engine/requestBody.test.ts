import fc from 'fast-check';

import { basicAuthorization, signWith } from '../../nodes/shared/contract/credential';
import type { ApiRequest, FormValue } from '../../nodes/shared/contract/http';
import { loadAccount, type NodeContext } from '../../nodes/shared/http/account';
import { encodeForm } from '../../nodes/shared/http/formBody';
import { editorContext, requestWithRetry } from '../../nodes/shared/http/requestWithRetry';
import { funnelFox } from '../../nodes/FunnelFox/provider';
import { answering, editing } from '../providers/wire';

const origin = 'https://api.fox.test';
const credentials = { funnelFoxApi: { secretKey: 'secret_of_ada', baseUrl: `${origin}/v1` } };

/** The request as it left n8n. */
async function sent(request: ApiRequest) {
	const [arrived] = await Promise.all([
		answering(origin, [200, {}]),
		editing('funnelFox', credentials, {}).then(async ({ context }) => {
			const host = context as unknown as NodeContext;
			const account = await loadAccount(host, funnelFox, 'funnelFoxApi');
			await requestWithRetry(editorContext(host, account), request, { safe: false });
		}),
	]);
	return arrived[0];
}

test('a form is sent as one, with its nested names', async () => {
	const form = { cancel_at: 1, items: [{ id: 'si_1', quantity: 2 }], metadata: { why: 'a & b' } };
	const { method, path, headers, body } = await sent({ method: 'POST', path: '/x', form });
	expect([method, path]).toEqual(['POST', '/v1/x']);
	expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
	expect(headers['fox-secret']).toBe('secret_of_ada');
	const text = typeof body === 'string' ? body : new URLSearchParams(body as never).toString();
	expect(Object.fromEntries(new URLSearchParams(text))).toEqual({
		cancel_at: '1',
		'items[0][id]': 'si_1',
		'items[0][quantity]': '2',
		'metadata[why]': 'a & b',
	});
});

test.each(['POST', 'PATCH', 'PUT', 'DELETE'] as const)(
	'a %s has its query and the headers of the request alone',
	async (method) => {
		const request = {
			method,
			path: '/x',
			query: { prorate: false },
			headers: { 'Idempotency-Key': 'k1' },
		};
		const { path, headers } = await sent(request);
		expect(path).toBe('/v1/x?prorate=false');
		expect(headers['idempotency-key']).toBe('k1');
	},
);

describe('encodeForm', () => {
	test.each<[Record<string, FormValue>, string]>([
		[{ a: 'b c', d: true, e: 0 }, 'a=b%20c&d=true&e=0'],
		[{ a: undefined, b: null, c: '' }, 'b=&c='],
		[{ items: [{ id: 'x' }, { id: 'y' }] }, 'items[0][id]=x&items[1][id]=y'],
		[{ expand: ['a.b', 'c'] }, 'expand[0]=a.b&expand[1]=c'],
		[{ metadata: { 'a=b': 'c&d' }, none: [], empty: {} }, 'metadata[a%3Db]=c%26d'],
	])('encodes %j as %s', (form, text) => expect(encodeForm(form)).toBe(text));

	test('keeps every name and every value', () => {
		const text = fc.string({ unit: 'grapheme' });
		fc.assert(
			fc.property(fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean())), (form) => {
				const pairs = Object.entries(form).map(([name, value]) => [name, String(value)]);
				expect([...new URLSearchParams(encodeForm(form))]).toEqual(pairs);
			}),
		);
	});
});

test('a key signs as the user of HTTP Basic', async () => {
	const sign = signWith(({ apiKey }) => ({ Authorization: basicAuthorization(apiKey) }));
	const { headers } = await sign({ apiKey: ' sk_live_1 ' }, { url: '/' });
	expect(headers).toEqual({ Authorization: `Basic ${btoa('sk_live_1:')}` });
	expect(basicAuthorization('ada', 'pass')).toBe(`Basic ${btoa('ada:pass')}`);
});
