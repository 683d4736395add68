import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared } from '../wire';
import {
	accepted,
	account,
	base,
	error,
	get,
	id,
	one,
	origin,
	post,
	run,
	shown,
	unread,
} from './vendor';

const active: Prepared = [200, shown('active')];
const future = '2099-12-31T00:00:00.000Z';
const past = '2026-01-31T00:00:00.000Z';

/** Another API: its requests are not described. */
const elsewhere = 'https://admin.example.org';
const there = {
	credentials: { httpCancellationApi: { ...account, baseUrl: `${elsewhere}/v1` } as never },
};

describe('with a read path', () => {
	test.each<[string, Prepared[], string, IDataObject, string[]]>([
		[
			'200, and the record has ended',
			[active, [200, accepted], [200, shown('ended')]],
			'cancelled',
			{ ended: true, verified: true, email: 'ada@example.com' },
			[get, post, get],
		],
		[
			'200, and the record ended at a time',
			[active, [200, accepted], [200, shown('ended', { ends_at: past })]],
			'cancelled',
			{ effectiveAt: past },
			[get, post, get],
		],
		[
			'an end in the future is none of what has ended',
			[active, [200, accepted], [200, shown('ended', { ends_at: future })]],
			'cancelled',
			{ effectiveAt: null },
			[get, post, get],
		],
		[
			'200, and the record will end',
			[active, [200, accepted], [200, shown('ending', { ends_at: future })]],
			'scheduled',
			{ ended: true, effectiveAt: future },
			[get, post, get],
		],
		[
			'a scheduled end without a time',
			[active, [200, accepted], [200, shown('ending')]],
			'scheduled',
			{ ended: true, effectiveAt: null },
			[get, post, get],
		],
		[
			'a time of an end alone is no end',
			[active, [200, accepted], [200, shown('active', { ends_at: future })]],
			'pendingProvider',
			{ ended: false, ok: true },
			[get, post, get],
		],
		[
			'200, and the record is unchanged',
			[active, [200, accepted], active],
			'pendingProvider',
			{ ended: false, note: expect.stringContaining('still "active"') },
			[get, post, get],
		],
		[
			'200, and the record cannot be read',
			[active, [200, accepted], [200, '<html>'], [200, '<html>']],
			'pendingProvider',
			{ ended: false },
			[get, post, get],
		],
		[
			'202, and the record is unchanged',
			[active, [202, { ok: true }], active],
			'pendingProvider',
			{ ended: false },
			[get, post, get],
		],
		[
			'202, and the record has ended',
			[active, [202, { ok: true }], [200, shown('ended')]],
			'cancelled',
			{ ended: true },
			[get, post, get],
		],
		['it had ended', [[200, shown('ended')]], 'alreadyCancelled', { ended: true }, [get]],
		[
			'its end was scheduled',
			[[200, shown('ending', { ends_at: future })]],
			'alreadyCancelled',
			{ effectiveAt: future },
			[get],
		],
		[
			'it is not known',
			[[404, error('No subscription has this ID', 'not_found')]],
			'notFound',
			{ ended: false },
			[get],
		],
		[
			'a status in other letters is another status',
			[
				[200, shown('Ended')],
				[200, accepted],
				[200, shown('Ended')],
			],
			'pendingProvider',
			{ ended: false },
			[get, post, get],
		],
		[
			'a status with blanks around it is that status',
			[[200, shown(' ended ')]],
			'alreadyCancelled',
			{},
			[get],
		],
		[
			'404 of the write is verified',
			[active, [404, error('Gone with the wind', 'x')], [200, shown('ended')]],
			'alreadyCancelled',
			{},
			[get, post, get],
		],
		[
			'409 is verified',
			[active, [409, error('Too late')], [200, shown('ended')]],
			'alreadyCancelled',
			{},
			[get, post, get],
		],
		[
			'410 is verified',
			[active, [410, error('It was here')], [200, shown('ended')]],
			'alreadyCancelled',
			{},
			[get, post, get],
		],
		[
			'422 of one that still runs',
			[active, [422, error('Pay first')], active],
			'notCancellable',
			{ description: expect.stringContaining('Pay first') },
			[get, post, get],
		],
		[
			'200 with a success that is none of the values',
			[active, [200, { ok: false }], active],
			'failed',
			{ description: expect.stringContaining('"false" at "ok"') },
			[get, post, get],
		],
		[
			'200 without the success field',
			[active, [200, { data: {} }], active],
			'failed',
			{ description: expect.stringContaining('no value at "ok"') },
			[get, post, get],
		],
		['401 stops', [active, [401, error('The key is not valid')]], 'unauthorized', {}, [get, post]],
		['403 stops', [active, [403, error('Not yours')]], 'unauthorized', {}, [get, post]],
	])('%s', async (_, answers, outcome, seen, requests) => {
		// A read that fails with a page is not repeated, a 5xx would be.
		const sent = answering(origin, ...answers.slice(0, requests.length));
		expect(await one('cancel')).toMatchObject({ outcome, ...seen });
		expect(lines(sent)).toEqual(requests);
	});

	test.each<[string, Prepared, RegExp]>([
		[
			"another one's record",
			[200, shown('ended', { id: 'own_2' })],
			/"data\.id" \(ID Field\) is "own_2", not "own_1"/,
		],
		['an ID in other letters', [200, shown('ended', { id: 'OWN_1' })], /is "OWN_1", not "own_1"/],
		['no ID', [200, { status: 'ended' }], /no ID at "data\.id" \(ID Field\)/],
		[
			'no status',
			[200, { data: { id, state: 'ended' } }],
			/no status at "data\.status" \(Status Field\)/,
		],
		['a status that is none', [200, { data: { id, status: { name: 'ended' } } }], /no status at/],
		['a page', [200, '<html>Sign in</html>'], /not the record/],
		['a redirect', [302, '', { location: 'https://evil.test/' }], /HTTP 302/],
		["a framework's 404", [404, { message: 'Not Found', statusCode: 404 }], /HTTP 404/],
		['an empty 404', [404, ''], /HTTP 404/],
		['a list', [200, [{ id, status: 'ended' }]], /no ID/],
	])('%s is not believed, and nothing is sent', async (_, answer, words) => {
		const sent = answering(origin, answer);
		expect(await one('cancel')).toMatchObject({
			ok: false,
			ended: false,
			outcome: 'refused',
			description: expect.stringMatching(words),
		});
		expect(lines(sent)).toEqual([get]);
	});

	test('an ID that is a number is that ID', async () => {
		const sent = answering(origin, [200, shown('ended', { id: 4711 })]);
		expect(await one('cancel', { targetId: '4711' })).toMatchObject({
			outcome: 'alreadyCancelled',
		});
		expect(sent).toHaveLength(1);
	});

	test('an ID that JSON rounds is not believed', async () => {
		const targetId = '9007199254740992';
		const text = `{"data":{"id":9007199254740993,"status":"ended"}}`;
		const sent = answering(origin, [200, text, { 'content-type': 'application/json' }]);
		expect(await one('cancel', { targetId })).toMatchObject({ outcome: 'refused', ended: false });
		expect(sent).toHaveLength(1);
	});

	test('a removed row has ended, where the user says so', async () => {
		const parameters = {
			...{ method: 'DELETE', path: '/subscriptions/{id}', body: '', successField: '' },
			...{ readNotFound: 'ended', endedStatuses: '', scheduledStatuses: '', statusField: '' },
		};
		const gone: Prepared = [404, error('No subscription has this ID', 'not_found')];
		const sent = answering(origin, active, [204], gone);
		expect(await one('cancel', parameters)).toMatchObject({ outcome: 'cancelled', ended: true });
		const remove = `DELETE ${base}/subscriptions/${id}`;
		expect(lines(sent)).toEqual([get, remove, get]);
		expect(sent[1].body).toBe('');
		answering(origin, gone);
		const another = { ...parameters, targetId: 'own_2' };
		expect(await one('cancel', another)).toMatchObject({ outcome: 'alreadyCancelled' });
		// What may come from a gateway, or from a wrong read path, is no end.
		answering(origin, [404, { message: 'Not Found' }]);
		const third = { ...parameters, targetId: 'own_3' };
		expect(await one('cancel', third)).toMatchObject({ outcome: 'refused', ended: false });
	});
});

describe('without a read path', () => {
	test.each<[string, Prepared, string, boolean]>([
		['200', [200, accepted], 'cancelled', true],
		['201 as a text', [201, 'done'], 'cancelled', true],
		['204', [204], 'cancelled', true],
		['202', [202, { ok: true }], 'pendingProvider', false],
		['a page', [200, '<!doctype html><title>Sign in</title>'], 'unknown', false],
		['a redirect', [303, '', { location: 'https://evil.test' }], 'unknown', false],
		['500 in JSON', [500, error('Something broke')], 'unknown', false],
		['502 of a gateway', [502, '<html>Bad Gateway</html>'], 'unknown', false],
		['404', [404, error('No subscription has this ID')], 'notFound', false],
		['404 of a gateway', [404, ''], 'unknown', false],
		['409', [409, error('It has ended')], 'notCancellable', false],
		['401', [401, error('No')], 'unauthorized', false],
	])('%s', async (_, answer, outcome, ended) => {
		const sent = answering(origin, answer);
		const parameters = { ...unread, successField: '' };
		expect(await one('cancel', parameters)).toMatchObject({ outcome, ended });
		expect(lines(sent)).toEqual([post]);
	});

	test('it is refused where an earlier execution may have sent it', async () => {
		const sent = answering(origin);
		for (const mode of ['retry', 'integrated'] as const) {
			expect(await one('cancel', unread, { mode })).toMatchObject({ outcome: 'refused' });
		}
		expect(sent).toEqual([]);
	});
});

test('401 stops the account: the others are not tried', async () => {
	const sent = answering(origin, [401, error('The key is not valid')]);
	const items = [1, 2, 3].map((n) => ({ id: `own_${n}` }));
	const parameters = { ...unread, targetId: '={{ $json.id }}', options: { maxConcurrency: 1 } };
	const all = await run('cancel', parameters, { items });
	expect(all.map(({ outcome }) => outcome)).toEqual(['unauthorized', 'skipped', 'skipped']);
	expect(sent).toHaveLength(1);
});

test('the body, the query, the headers and the ID as they leave', async () => {
	const parameters = {
		...unread,
		targetId: 'a/b&c=d',
		method: 'PUT',
		path: '/users/{id}/end?by=n8n&ref={id}',
		body: '{"id":"{id}","why":"Because: {reason}","n":1.5}',
		additionalFields: { reason: 'Too "dear", {id}' },
	};
	const sent = answering(elsewhere, [200, { ok: true }]);
	expect(await one('cancel', parameters, there)).toMatchObject({
		outcome: 'cancelled',
		reason: 'Too "dear", {id}',
	});
	expect(sent).toMatchObject([
		{
			method: 'PUT',
			path: '/v1/users/a%2Fb%26c%3Dd/end?by=n8n&ref=a%2Fb%26c%3Dd',
			body: { id: 'a/b&c=d', why: 'Because: Too "dear", {id}', n: 1.5 },
			headers: { authorization: 'Bearer key_of_the_shop', 'x-tenant': 'acme' },
		},
	]);
});

test('a form has the fields of the body, each encoded', async () => {
	const parameters = {
		...unread,
		path: '/end',
		bodyFormat: 'form',
		body: '{"id":"{id}","why":"{reason}","n":1,"on":true,"none":null}',
		additionalFields: { reason: 'a&b=c' },
	};
	const sent = answering(elsewhere, [200, { ok: true }]);
	await one('cancel', parameters, there);
	expect(sent[0].headers['content-type']).toBe('application/x-www-form-urlencoded');
	expect(sent[0].body).toBe('id=own_1&why=a%26b%3Dc&n=1&on=true&none=');
});

describe('what contradicts itself is invalid, and nothing is sent', () => {
	test.each<[string, IDataObject, RegExp]>([
		[
			'no {id} anywhere',
			{ path: '/cancel', body: '{"all":"x"}' },
			/Neither Path nor Body holds \{id\}/,
		],
		['no {id} in the read path', { readPath: '/me' }, /Read Path does not hold \{id\}/],
		[
			'nothing that says what has ended',
			{ endedStatuses: '', scheduledStatuses: '' },
			/Nothing says which record has ended/,
		],
		['statuses without their field', { statusField: '' }, /Status Field is empty/],
		['a status in both lists', { scheduledStatuses: 'ended' }, /"ended" is in Ended Statuses and/],
		[
			'an empty status',
			{ endedStatuses: 'ended,,' },
			/Ended Statuses is empty, or has an empty value/,
		],
		['no ID field', { idField: '={{ "" }}' }, /ID Field is empty/],
		['no success values', { successValues: '={{ "" }}' }, /Success Values is empty/],
		['a list in a form', { bodyFormat: 'form', body: '{"id":["{id}"]}' }, /a list or an object/],
		['a path that leaves', { path: '/../{id}' }, /Path ".+" holds/],
		['a read path that leaves', { readPath: '/%2e%2e/{id}' }, /Read Path ".+" holds/],
		['a body that is none', { body: '{"id": {id}}' }, /Body is not a JSON object/],
		[
			'a path by expression',
			{ path: '={{ "/subscriptions/{id}" }}' },
			/^Path (is an expression|".+" does not begin)/,
		],
		[
			'a read path by expression',
			{ readPath: '={{ "" }}' },
			/^Read Path (is an expression|".+" does not begin)/,
		],
		['a body by expression', { body: '={{ "" }}' }, /^Body is (an expression|not a JSON object)/],
		['a method by expression', { method: '={{ "DELETE" }}' }, /^Method is (an expression|"{{)/],
		['a target that could lead elsewhere', { targetId: 'a/../b' }, /could lead to another path/],
		['a target that is empty', { targetId: '={{ $json.nothing }}' }, /Target ID is empty/],
		[
			'a field by an expression that finds nothing',
			{ statusField: '={{ $json.nothing }}' },
			/Status Field/,
		],
	])('%s', async (_, parameters, words) => {
		const sent = answering(origin);
		for (const dryRun of [true, false]) {
			expect(await one('cancel', { ...parameters, dryRun })).toMatchObject({
				outcome: 'invalid',
				message: expect.stringMatching(words),
			});
		}
		expect(sent).toEqual([]);
	});
});

describe('a dry run', () => {
	test('shows the request, and no value that may be a secret', async () => {
		const parameters = {
			...unread,
			path: '/end/{id}?api_key=k-1&token=t-1&by=n8n&signature=s-1',
			body: '{"id":"{id}","key":"k-2","nested":{"accessToken":"t-2","list":[{"password":"p-2"}]}}',
			dryRun: true,
		};
		const item = await one('cancel', parameters, there);
		expect(item).toMatchObject({
			outcome: 'preview',
			wouldBe: { outcome: 'cancelled', effectiveAt: null },
			request: {
				method: 'POST',
				url: `${elsewhere}/v1/end/own_1?api_key=***&token=***&by=n8n&signature=***`,
				body: {
					id: 'own_1',
					key: '***',
					nested: { accessToken: '***', list: [{ password: '***' }] },
				},
			},
		});
		expect(JSON.stringify(item)).not.toMatch(/[kpts]-[12]\b|key_of_the_shop/);
	});

	test.each<[string, IDataObject, string]>([
		['at once', { scheduledStatuses: '' }, 'cancelled'],
		['later', { endedStatuses: '' }, 'scheduled'],
		['now or later', {}, 'cancelled'],
	])('says that it would end %s', async (_, parameters, outcome) => {
		answering(origin, active);
		expect(await one('cancel', { ...parameters, dryRun: true })).toMatchObject({
			outcome: 'preview',
			wouldBe: { outcome, effectiveAt: null },
			current: { status: 'active', email: 'ada@example.com', notes: expect.any(Array) },
		});
	});
});

describe('the guards', () => {
	const options = { expectedEmail: 'ben@example.com' };

	test('Expected Email compares the address of the record', async () => {
		const sent = answering(origin, active);
		expect(await one('cancel', {}, { options })).toMatchObject({ outcome: 'refused' });
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[string, IDataObject, Prepared[]]>([
		['without an Email Field', { emailField: '' }, [active]],
		['without a read path', unread, []],
	])('Expected Email lets nothing through %s', async (_, parameters, answers) => {
		answering(origin, ...answers);
		const own = { options: { expectedEmail: 'ada@example.com' } };
		expect(await one('cancel', parameters, own)).toMatchObject({ outcome: 'refused', attempts: 0 });
	});

	test('a plan token of another path or body is refused', async () => {
		answering(origin, active);
		const { planToken } = await one('cancel', { dryRun: true });
		for (const parameters of [{ body: '{"reason":"x"}' }, { path: '/subscriptions/{id}/end' }]) {
			const sent = answering(origin, active);
			expect(await one('cancel', parameters, { options: { planToken } })).toMatchObject({
				outcome: 'refused',
				message: expect.stringContaining('made for another request'),
			});
			expect(lines(sent)).toEqual([get]);
		}
	});
});

test('the key comes out nowhere, whatever repeats it', async () => {
	const secrets = ['Bearer key_of_the_shop', 'key_of_the_shop'];
	answering(origin, [500, error(`bad key ${secrets.join(' ')}`)]);
	const item = await one('cancel', { ...unread, options: { includeResponse: true } });
	expect(JSON.stringify(item)).not.toContain('key_of_the_shop');
	answering(origin, [200, { ok: true, echo: { authorization: secrets[0], text: secrets[1] } }]);
	const other = { ...unread, targetId: 'own_2', options: { includeResponse: true } };
	const echoed = await one('cancel', other);
	expect(echoed).toMatchObject({ outcome: 'cancelled', response: { ok: true } });
	expect(JSON.stringify(echoed)).not.toContain('key_of_the_shop');
});
