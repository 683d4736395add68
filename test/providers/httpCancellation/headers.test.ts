import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import {
	credentialHeaders,
	headerName,
	headerNames,
	headerSecrets,
} from '../../../nodes/HttpCancellation/headers';
import { anyText } from '../../anyText';
import { Refusal } from '../../../nodes/shared/contract/refusal';
import { one, account, origin, unread } from './vendor';
import { answering } from '../wire';

const withExtra = (...headers: IDataObject[]): IDataObject => ({
	...account,
	extraHeaders: { headers },
});

test.each([
	'Host',
	'host',
	'HOST',
	'Content-Type',
	'content-length',
	'Content-Anything',
	'Cookie',
	'set-cookie',
	'Transfer-Encoding',
	'Connection',
	'Upgrade',
	'Expect',
	'TE',
	'Proxy-Authorization',
])('%s is set by itself', (name) => {
	expect(() => headerName(name, 'Header Name')).toThrow(/is ".+", which is set by itself/);
});

test('whatever a name is, it is a token or invalid', () => {
	const text = fc.oneof(
		anyText({ maxLength: 12 }),
		fc.constantFrom('X Key', 'X:Key', 'X\r\nY', 'X\0', 'Ключ', '"X"', 'X(1)', 'X,Y', 'X/Y', ''),
		fc.stringMatching(/^[A-Za-z-]{1,12}$/),
	);
	fc.assert(
		fc.property(text, (raw) => {
			let name: string;
			try {
				name = headerName(raw, 'Header Name');
			} catch (thrown) {
				expect((thrown as Refusal).outcome).toBe('invalid');
				return;
			}
			// Node's own check agrees.
			expect(() => new Headers([[name, 'x']])).not.toThrow();
			expect(name).toMatch(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
		}),
		{ numRuns: 1000 },
	);
});

test.each<[string, IDataObject, RegExp]>([
	[
		'two headers of one name',
		withExtra({ name: 'authorization', value: 'x' }),
		/two headers "authorization"/,
	],
	[
		'two extra ones',
		withExtra({ name: 'X-A', value: '1' }, { name: 'x-a', value: '2' }),
		/two headers "x-a"/,
	],
	['no value', withExtra({ name: 'X-A', value: ' ' }), /no value for the header "X-A"/],
	['no name', withExtra({ name: '', value: 'x' }), /name of an extra header is empty/],
	['a cookie', withExtra({ name: 'Cookie', value: 'a=b' }), /set by itself/],
	['a line break', withExtra({ name: 'X-A', value: 'a\r\nB: c' }), /holds a line break/],
	['no key', { ...account, headerValue: '' }, /no value for the header "Authorization"/],
	['a name that is none', { ...account, headerName: 'X Key' }, /cannot be the name of a header/],
])('a credential with %s sends nothing', async (_, credential, words) => {
	expect(() => headerNames(credential)).toThrow(words);
	const sent = answering(origin);
	const options = { credentials: { httpCancellationApi: credential as never } };
	expect(await one('cancel', unread, options)).toMatchObject({
		outcome: 'invalid',
		message: expect.stringMatching(words),
	});
	expect(sent).toEqual([]);
});

test.each([
	'Authorization',
	'authorization',
	'x-tenant',
	'X-TENANT',
	'Host',
	'Content-Type',
	'Cookie',
	'a b',
	'',
])('Idempotency Header %j is refused beside this credential', async (idempotencyHeader) => {
	const sent = answering(origin);
	expect(await one('cancel', unread, { options: { idempotencyHeader } })).toMatchObject({
		outcome: 'invalid',
	});
	expect(sent).toEqual([]);
});

test('the headers of a credential, without the blanks around their values', () => {
	const credential = withExtra({ name: 'X-Tenant', value: ' acme\u200b' });
	expect(credentialHeaders({ ...credential, headerValue: ' Bearer k ' })).toEqual([
		{ name: 'Authorization', value: 'Bearer k' },
		{ name: 'X-Tenant', value: 'acme' },
	]);
	expect(credentialHeaders({ headerName: 'X-Key', headerValue: 'k' })).toHaveLength(1);
});

test('secret are the key, without its scheme too, and what an extra header calls so', () => {
	const basic = `Basic ${Buffer.from('shop:pass:word').toString('base64')}`;
	const byKey = `Basic ${Buffer.from('key_as_user:').toString('base64')}`;
	expect(headerSecrets(account)).toEqual(['Bearer key_of_the_shop', 'key_of_the_shop']);
	expect(headerSecrets({ headerValue: 'plain-key' })).toEqual(['plain-key']);
	expect(headerSecrets({ headerValue: basic })).toEqual([basic, basic.slice(6), 'pass:word']);
	expect(headerSecrets({ headerValue: byKey })).toContain('key_as_user');
	const extra = withExtra(
		{ name: 'X-Api-Token', value: 'second' },
		{ name: 'X-Tenant', value: 'acme' },
	);
	expect(headerSecrets(extra)).toContain('second');
	expect(headerSecrets(extra)).not.toContain('acme');
});
