import type { IDataObject } from 'n8n-workflow';

import { byId } from '../facts';
import { answering, lines, type Prepared, type Sent } from '../wire';
import {
	active,
	canceled,
	canceledLate,
	credentials,
	endedNow,
	error,
	expired,
	failed,
	future,
	get,
	id,
	notBegun,
	one,
	origin,
	past,
	paused,
	prior,
	put,
	reactivate,
	remove,
	soon,
	termEnd,
	usage,
	uuid,
} from './vendor';

interface Case {
	title: string;
	when?: string;
	/** The record before; absent: active. */
	before?: unknown;
	answers: Prepared[];
	outcome: string;
	seen?: IDataObject;
	/** After the record was read. */
	requests: string[];
}

const ok = (record: unknown): Prepared => [200, record];
const no = (status: number, type: string, message = 'No.', headers = {}): Prepared => [
	status,
	error(type, message),
	headers,
];
const broken: Prepared = no(500, 'internal_server_error', 'Broken', soon);
const refused = no(422, 'validation', 'Only active and future subscriptions can be canceled');
const unknown = no(404, 'not_found');
const busy = no(422, 'simultaneous_request', 'Another request is at work.', soon);
const now = 'immediately';

/** Each case is about a subscription of its own: a doubt is remembered beyond the run that had it. */
const cases = (all: Case[]) =>
	all.map((one, index) => {
		const suffix = String(100 + index);
		const own = id.replace(/000$/, suffix);
		const about = <T>(value: T) =>
			JSON.parse(
				JSON.stringify(value).replaceAll(id, own).replaceAll(uuid, uuid.replace(/000$/, suffix)),
			) as T;
		const answers = about([ok(one.before ?? active), ...one.answers]);
		return [one.title, { ...one, own, answers, requests: about([get, ...one.requests]) }] as const;
	});

describe('a response to a cancellation', () => {
	test.each(
		cases([
			{
				title: '200 with the end of the period',
				answers: [ok(canceled)],
				outcome: 'scheduled',
				seen: { effectiveAt: future, attempts: 1, email: 'ada@example.com' },
				requests: [put],
			},
			{
				title: '200 with the end of the term',
				when: 'termEnd',
				answers: [ok(canceledLate)],
				outcome: 'scheduled',
				seen: { effectiveAt: termEnd },
				requests: [put],
			},
			{
				title: '200 without an end is verified, and not believed',
				answers: [ok(active), ok(canceled)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [put, get],
			},
			{
				title: '200 with a later end is verified, and not believed',
				answers: [ok(canceledLate), ok(canceled)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [put, get],
			},
			{
				title: '200 of one that had not begun, which has failed',
				before: notBegun,
				answers: [ok(failed)],
				outcome: 'cancelled',
				requests: [put],
			},
			{
				title: '200 that repeats an earlier response is verified',
				answers: [[200, canceled, prior], ok(canceled)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [put, get],
			},
			{
				title: '200 that repeats an earlier response, with nothing changed',
				answers: [[200, canceled, prior], ok(active)],
				outcome: 'unknown',
				requests: [put, get],
			},
			{
				title: '200 of a termination, by a clock that is ahead',
				when: now,
				answers: [ok(endedNow)],
				outcome: 'cancelled',
				requests: [remove],
			},
			{
				title: '200 of the termination of a paused one',
				when: now,
				before: paused,
				answers: [ok(endedNow)],
				outcome: 'cancelled',
				requests: [remove],
			},
			{
				title: '200 of the termination of one whose end was scheduled',
				when: now,
				before: canceled,
				answers: [ok(endedNow)],
				outcome: 'cancelled',
				requests: [remove],
			},
			{
				title: '200 of a termination that is only scheduled',
				when: now,
				answers: [ok(canceled), ok(endedNow)],
				outcome: 'cancelled',
				seen: { verified: true },
				requests: [remove, get],
			},
			{
				title: '422 of one that another program has cancelled meanwhile',
				answers: [refused, ok({ ...canceled, canceled_at: past })],
				outcome: 'alreadyCancelled',
				seen: { effectiveAt: future },
				requests: [put, get],
			},
			{
				title: '422 of one that has been paused meanwhile',
				answers: [refused, ok(paused)],
				outcome: 'notCancellable',
				seen: { description: expect.stringContaining('Only active and future') },
				requests: [put, get],
			},
			{
				title: '422 of the termination of one that has not begun, with what to do',
				when: now,
				before: notBegun,
				answers: [no(422, 'validation', 'Cannot expire an inactive subscription.'), ok(notBegun)],
				outcome: 'notCancellable',
				seen: { description: expect.stringContaining('Choose At the End of the Period') },
				requests: [remove, get],
			},
			{
				title: '422 of two requests at once, with nothing changed, is sent again',
				answers: [busy, ok(active), ok(canceled)],
				outcome: 'scheduled',
				seen: { attempts: 2 },
				requests: [put, get, put],
			},
			{
				title: '422 of two requests at once, of which the other has ended it',
				answers: [busy, ok(canceled)],
				outcome: 'alreadyCancelled',
				seen: { effectiveAt: future },
				requests: [put, get],
			},
			{
				title: '422 of two requests at once, as often as there are attempts',
				answers: [busy, ok(active), busy, ok(active), busy, ok(active), busy, ok(active)],
				outcome: 'failed',
				seen: { attempts: 4 },
				requests: [put, get, put, get, put, get, put, get],
			},
			{
				title: '409 while a request with the same key is in flight, which carries it out',
				answers: [no(409, 'conflict', 'In flight.', { ...soon }), ok(canceled)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [put, get],
			},
			{
				title: '404',
				answers: [unknown, unknown],
				outcome: 'notFound',
				requests: [put, get],
			},
			{
				title: '400',
				answers: [no(400, 'bad_request'), ok(active)],
				outcome: 'failed',
				requests: [put, get],
			},
			{
				title: '406 of a version that is not known any more',
				answers: [no(406, 'invalid_api_version')],
				outcome: 'failed',
				requests: [put],
			},
			{
				title: '403 of a wrong key does not read the record again',
				answers: [no(403, 'invalid_api_key')],
				outcome: 'unauthorized',
				requests: [put],
			},
			{
				title: '500 with nothing changed is sent again',
				answers: [broken, ok(active), ok(canceled)],
				outcome: 'scheduled',
				seen: { attempts: 2 },
				requests: [put, get, put],
			},
			{
				title: '500 of one that had been cancelled before, as the record was read too early',
				answers: [broken, ok({ ...canceled, canceled_at: past })],
				outcome: 'alreadyCancelled',
				requests: [put, get],
			},
			{
				title: '500 of one that had expired before, as the record was read too early',
				when: now,
				answers: [broken, ok(expired)],
				outcome: 'alreadyCancelled',
				seen: { effectiveAt: past },
				requests: [remove, get],
			},
			{
				title: '500 of one whose end is sooner than the end of the term that was asked for',
				when: 'termEnd',
				answers: [broken, ok(canceled)],
				outcome: 'alreadyCancelled',
				seen: { effectiveAt: future },
				requests: [put, get],
			},
			{
				title: '500 that was carried out',
				answers: [broken, ok(canceled)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [put, get],
			},
		]),
	)('%s', async (_, { own, when = 'periodEnd', answers, outcome, seen = {}, requests }) => {
		const sent = answering(origin, ...answers);
		const parameters = { subscriptionId: byId(own), when };
		expect(await one('cancel', parameters)).toMatchObject({ outcome, ...seen });
		expect(lines(sent)).toEqual(requests);
	});

	test('a state that is not known is no end', async () => {
		const melted = ok({ ...canceled, state: 'melted' });
		const sent = answering(origin, melted, melted, ok(canceled));
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', verified: true });
		expect(lines(sent)).toEqual([get, put, get]);
	});

	test.each<[string, unknown, IDataObject, string, RegExp?]>([
		['it has ended', expired, {}, 'alreadyCancelled'],
		['it has ended', expired, { when: now }, 'alreadyCancelled'],
		['its end is scheduled', canceled, {}, 'alreadyCancelled'],
		[
			'its end is sooner than the end of the term',
			canceled,
			{ when: 'termEnd' },
			'alreadyCancelled',
		],
		['its end is scheduled', canceledLate, { when: 'termEnd' }, 'alreadyCancelled'],
		['its end is later', canceledLate, {}, 'notCancellable', /Choose Immediately, or Resume/],
		['it is paused', paused, {}, 'notCancellable', /only terminated: choose Immediately/],
		['it is paused', paused, { when: 'termEnd' }, 'notCancellable', /choose Immediately/],
		['an add-on is billed by usage', usage, { when: now }, 'refused', /Add Charge Usage/],
		['its add-ons are not shown', { ...active, add_ons: null }, { when: now }, 'refused'],
		['it has no state', { ...active, state: null }, {}, 'refused', /without a state/],
	])('nothing is sent where %s', async (_, record, parameters, outcome, words = /^/) => {
		for (const dryRun of [false, true]) {
			const sent = answering(origin, ok(record));
			const result = await one('cancel', { ...parameters, dryRun });
			const shown = result.outcome === 'preview' ? (result.wouldBe as IDataObject) : result;
			expect(shown.outcome).toBe(outcome);
			expect(String(result.description ?? '')).toMatch(words);
			expect(lines(sent)).toEqual([get]);
		}
	});
});

const headersOf = ({ headers }: Sent) => headers;
const keyOf = (request: Sent | undefined) => String(headersOf(request!)['idempotency-key']);

describe('what is sent', () => {
	test.each<[IDataObject, string, unknown, unknown?]>([
		[{ when: 'periodEnd' }, put, { timeframe: 'bill_date' }],
		[{ when: 'termEnd' }, put, { timeframe: 'term_end' }],
		[{ when: now }, remove, ''],
		[
			{ when: now, additionalFields: { refund: 'full', charge: true } },
			remove.replace('none', 'full').replace('false', 'true'),
			'',
		],
		[{ when: now, additionalFields: { charge: false } }, remove, '', usage],
	])('for %j names time and money', async (parameters, line, body, record = active) => {
		const end = parameters.when === now ? endedNow : canceled;
		const sent = answering(
			origin,
			ok(record),
			ok(parameters.when === 'termEnd' ? canceledLate : end),
		);
		expect(await one('cancel', parameters)).toMatchObject({ ok: true });
		expect(lines(sent)).toEqual([get, line]);
		expect(sent[1].body).toEqual(body);
		for (const request of sent) {
			expect(headersOf(request)).toMatchObject({
				authorization: `Basic ${Buffer.from('key_of_the_shop:').toString('base64')}`,
				accept: 'application/vnd.recurly.v2021-02-25',
			});
		}
		expect(keyOf(sent[1])).toMatch(/^n8n-[\w-]{22}-[0-9a-f]{12}$/);
	});

	test('to the host of the region', async () => {
		const eu = { recurlyApi: { ...credentials.recurlyApi, region: 'eu' } };
		const sent = answering('https://v3.eu.recurly.com', ok(active));
		await one('get', {}, { credentials: eu });
		expect(lines(sent)).toEqual([get]);
	});

	test('a UUID has its prefix in the path, and is one record with the ID', async () => {
		for (const value of [uuid, `uuid-${uuid}`]) {
			const sent = answering(origin, ok(canceled));
			const subscriptionId = byId(value);
			expect(await one('cancel', { subscriptionId })).toMatchObject({
				outcome: 'alreadyCancelled',
			});
			expect(lines(sent)).toEqual([`GET /subscriptions/uuid-${uuid}`]);
		}
	});
});

describe('the idempotency key', () => {
	const keysOf = (sent: Sent[]) =>
		sent.filter(({ method }) => method !== 'GET').map((request) => keyOf(request));
	const attempt = async (answers: Prepared[], parameters: IDataObject = {}) => {
		const sent = answering(origin, ...answers);
		await one('cancel', parameters);
		return keysOf(sent);
	};

	test('stays the same over the attempts of a request', async () => {
		const [first, second] = await attempt([ok(active), broken, ok(active), ok(canceled)]);
		expect(second).toBe(first);
	});

	test.each<[string, Prepared]>([
		['two requests at once', busy],
		['a failure', no(500, 'internal_server_error', 'Broken', { ...soon, ...prior })],
	])('is another one after the stored response to %s', async (_, stored) => {
		const [first, second] = await attempt([ok(active), stored, ok(active), ok(canceled)]);
		expect(second).toMatch(/^n8n-/);
		expect(second).not.toBe(first);
	});

	test('is another one once the record has changed, and for another refund', async () => {
		const first = await attempt([ok(active), ok(canceled)]);
		const resumed = { ...active, updated_at: future };
		const again = await attempt([ok(resumed), ok(canceled)]);
		const ends = [ok(active), ok(endedNow)];
		const none = await attempt(ends, { when: now });
		const full = await attempt(ends, { when: now, additionalFields: { refund: 'full' } });
		expect(new Set([first, again, none, full].flat()).size).toBe(4);
	});
});

describe('resume', () => {
	test.each<[string, Prepared[], string, string[]]>([
		['a scheduled end', [ok(canceled), ok(active)], 'restored', [get, reactivate]],
		['an active one', [ok(active)], 'restored', [get]],
		['a paused one', [ok(paused)], 'restored', [get]],
		['an expired one', [ok(expired)], 'notCancellable', [get]],
		['a failed one', [ok(failed)], 'notCancellable', [get]],
		['one of an unknown state', [ok({ ...canceled, state: 'melted' })], 'notCancellable', [get]],
		[
			'one whose payment has to be confirmed',
			[ok(canceled), no(422, 'transaction'), ok(canceled)],
			'notCancellable',
			[get, reactivate, get],
		],
		[
			'a response that still shows the end',
			[ok(canceled), ok(canceled), ok(active)],
			'restored',
			[get, reactivate, get],
		],
	])('%s', async (_, answers, outcome, requests) => {
		const sent = answering(origin, ...answers);
		expect(await one('resume')).toMatchObject({ outcome });
		expect(lines(sent)).toEqual(requests);
	});
});

describe('what is never sent', () => {
	test.each([
		'sub_1MowQVLkdIwHu7ixeRlqHVzs',
		'sub_01hv8x29kz0t586xy6zn1a62ny',
		'S3XQ8DK2P1VZ',
		's3xq8dk2p1vz99',
		`uuid-${uuid.toUpperCase()}`,
		'ada@example.com',
	])('the ID %s, which is not one of Recurly', async (value) => {
		const sent = answering(origin);
		for (const operation of ['cancel', 'resume', 'get']) {
			const subscriptionId = byId(value);
			expect(await one(operation, { subscriptionId })).toMatchObject({ outcome: 'invalid' });
		}
		expect(sent).toEqual([]);
	});

	test.each([
		['email', '={{ "" }}'],
		['email', ' '],
		['customer', '={{ "" }}'],
		['customer', 'x'.repeat(51)],
		['customer', 'undefined'],
	])('the filter %s "%s"', async (mode, value) => {
		const sent = answering(origin);
		const subscriptionId = { __rl: true, mode, value };
		for (const operation of ['cancel', 'resume', 'get']) {
			expect(await one(operation, { subscriptionId })).toMatchObject({ outcome: 'invalid' });
		}
		expect(sent).toEqual([]);
	});
});

test('what acts for the customer, and means of payment, stay out of the output', async () => {
	answering(origin, ok({ ...active, hosted_login_token: 'logs_in_as_ada' }));
	const text = JSON.stringify(await one('get'));
	expect(text).toContain(id);
	for (const secret of ['logs_in_as_ada', 'pay_by_bank', '4242'])
		expect(text).not.toContain(secret);
});
