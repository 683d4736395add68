import type { IDataObject } from 'n8n-workflow';

import { byId } from '../facts';
import { answering, lines, type Prepared } from '../wire';
import {
	active,
	canceled,
	del,
	endedNow,
	ending,
	endingAt,
	error,
	future,
	get,
	id,
	missing,
	one,
	origin,
	past,
	post,
	soon,
	sooner,
} from './vendor';

interface Case {
	title: string;
	answers: Prepared[];
	outcome: string;
	seen?: IDataObject;
	requests: string[];
}

/** Each case is about a subscription of its own: a doubt is remembered beyond the run that had it. */
const cases = (table: string, all: Case[]) =>
	all.map((one, index) => {
		const own = `sub_1Sandbox${table}00000${index}`;
		const about = <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll(id, own)) as T;
		const { answers, requests } = one;
		return [
			one.title,
			{ ...one, own, answers: about(answers), requests: about(requests) },
		] as const;
	});
const replayed = { 'idempotent-replayed': 'true' };
const inUse = error('There is currently another in-progress request', {
	code: 'idempotency_key_in_use',
});
const broken = { error: { type: 'api_error', message: 'Something went wrong' } };
const scheduleText =
	'The subscription is managed by the subscription schedule `sub_sched_1`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.';

describe('a response to the cancellation at the end of the period', () => {
	test.each(
		cases('End', [
			{
				title: '200 with the end that was asked for',
				answers: [
					[200, active],
					[200, ending],
				],
				outcome: 'scheduled',
				seen: { effectiveAt: future, httpStatus: 200 },
				requests: [get, post],
			},
			{
				title: '200 that shows no end is verified, and not believed',
				answers: [
					[200, active],
					[200, active],
					[200, ending],
				],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [get, post, get],
			},
			{
				title: 'a replayed 200 is verified',
				answers: [
					[200, active],
					[200, ending, replayed],
					[200, ending],
				],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [get, post, get],
			},
			{
				title: 'a replayed 200 after the end was undone',
				answers: [
					[200, active],
					[200, ending, replayed],
					[200, active],
				],
				outcome: 'unknown',
				requests: [get, post, get],
			},
			{
				title: '500 with nothing changed is sent again with the same key',
				answers: [
					[200, active],
					[500, broken, soon],
					[200, active],
					[200, ending],
				],
				outcome: 'scheduled',
				seen: { attempts: 2 },
				requests: [get, post, get, post],
			},
			{
				title: '500 that may not be repeated is not sent again',
				answers: [
					[200, active],
					[500, broken, { ...soon, 'stripe-should-retry': 'false' }],
					[200, active],
				],
				outcome: 'failed',
				seen: { attempts: 1 },
				requests: [get, post, get],
			},
			{
				title: '500 that was carried out',
				answers: [
					[200, active],
					[500, broken, soon],
					[200, ending],
				],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [get, post, get],
			},
			{
				title: '400 of one that has ended meanwhile',
				answers: [
					[200, active],
					[
						400,
						error('A canceled subscription can only update its cancellation_details and metadata.'),
					],
					[200, canceled],
				],
				outcome: 'alreadyCancelled',
				seen: { effectiveAt: past },
				requests: [get, post, get],
			},
			{
				title: '400 of one that a schedule manages',
				answers: [
					[200, active],
					[400, error(scheduleText)],
					[200, active],
				],
				outcome: 'notCancellable',
				seen: { description: expect.stringMatching(/sub_sched_1.*release the schedule in Stripe/) },
				requests: [get, post, get],
			},
			{
				title: '400 for another reason',
				answers: [
					[200, active],
					[400, error('Received unknown parameter')],
					[200, active],
				],
				outcome: 'failed',
				requests: [get, post, get],
			},
			{
				title: '403 names the missing permission, and does not blame the record',
				answers: [
					[200, active],
					[403, error("Having the 'rak_subscription_write' permission")],
				],
				outcome: 'unauthorized',
				seen: { description: expect.stringContaining('rak_subscription_write') },
				requests: [get, post],
			},
			{
				title: '429 says which limit it was',
				answers: [
					[200, active],
					[
						429,
						error('Too many requests'),
						{ ...soon, 'stripe-rate-limited-reason': 'endpoint-rate' },
					],
					[
						429,
						error('Too many requests'),
						{ ...soon, 'stripe-rate-limited-reason': 'endpoint-rate' },
					],
				],
				outcome: 'rateLimited',
				seen: { description: expect.stringContaining('(endpoint-rate)') },
				requests: [get, post, post],
			},
			{
				title: 'a status that is not known is no end, whatever else the record says',
				answers: [
					[200, { ...ending, status: 'melted' }],
					[200, ending],
				],
				outcome: 'scheduled',
				seen: { attempts: 1 },
				requests: [get, post],
			},
		]),
	)('%s', async (_, { own, answers, outcome, seen = {}, requests }) => {
		const sent = answering(origin, ...answers);
		const parameters = { subscriptionId: byId(own) };
		const result = await one('cancel', parameters, { options: { maxAttempts: 2 } });
		expect(result).toMatchObject({ outcome, ...seen });
		expect(lines(sent)).toEqual(requests);
		const keys = sent.filter(({ method }) => method === 'POST');
		expect(new Set(keys.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
	});

	test('a conflict with a request of the same key is waited for, and read', async () => {
		const sent = answering(origin, [200, active], [409, inUse, soon], [200, ending]);
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', verified: true });
		expect(lines(sent)).toEqual([get, post, get]);
	});

	test('an end that is already fixed is not sent again', async () => {
		for (const record of [ending, endingAt(future), endingAt(sooner)]) {
			const sent = answering(origin, [200, record]);
			expect(await one('cancel')).toMatchObject({ outcome: 'alreadyCancelled', attempts: 0 });
			expect(lines(sent)).toEqual([get]);
		}
	});
});

describe('a response to the immediate cancellation', () => {
	test.each(
		cases('Now', [
			{
				title: '200',
				answers: [[200, { ...canceled, ended_at: Date.parse(past) / 1000 }]],
				outcome: 'cancelled',
				seen: { effectiveAt: past },
				requests: [del],
			},
			{
				title: '200 of a server whose clock is ahead is an end, and nothing scheduled',
				answers: [[200, endedNow]],
				outcome: 'cancelled',
				requests: [del],
			},
			{
				title: '404 of one that had ended before',
				answers: [
					[404, missing],
					[200, canceled],
				],
				outcome: 'alreadyCancelled',
				seen: { effectiveAt: past },
				requests: [del, get],
			},
			{
				title: '404 of one that Stripe does not know',
				answers: [
					[404, missing],
					[404, missing],
				],
				outcome: 'notFound',
				requests: [del, get],
			},
			{
				title: '404 of one that is still active',
				answers: [
					[404, missing],
					[200, active],
				],
				outcome: 'notCancellable',
				requests: [del, get],
			},
			{
				title: '500, then the record shows the end',
				answers: [
					[500, broken, soon],
					[200, endedNow],
				],
				outcome: 'cancelled',
				seen: { verified: true },
				requests: [del, get],
			},
			{
				title: '500, then 404 for the end that the first attempt made',
				answers: [
					[500, broken, soon],
					[200, active],
					[404, missing],
					[200, endedNow],
				],
				outcome: 'cancelled',
				seen: { verified: true },
				requests: [del, get, del, get],
			},
		]),
	)('%s', async (_, { own, answers, outcome, seen = {}, requests }) => {
		const sent = answering(origin, ...answers);
		const parameters = { subscriptionId: byId(own), when: 'immediately' };
		expect(await one('cancel', parameters)).toMatchObject({ outcome, ...seen });
		expect(lines(sent)).toEqual(requests);
		expect(sent.every(({ headers }) => headers['idempotency-key'] === undefined)).toBe(true);
	});
});

describe('a date', () => {
	const at = (cancelAt: string) => ({ when: 'date', cancelAt });

	test.each<[string, IDataObject, string]>([
		['no end', active, 'scheduled'],
		['a later end', endingAt(future), 'scheduled'],
		['the same end', endingAt(sooner), 'alreadyCancelled'],
		['an earlier end', endingAt('2999-01-01T00:00:00.000Z'), 'alreadyCancelled'],
	])('with %s before it', async (_, record, outcome) => {
		const answers: Prepared[] = [[200, record]];
		if (outcome === 'scheduled') answers.push([200, endingAt(sooner)]);
		const sent = answering(origin, ...answers);
		expect(await one('cancel', at(sooner))).toMatchObject({ outcome });
		expect(sent).toHaveLength(answers.length);
	});

	test('goes out as seconds, without proration', async () => {
		const sent = answering(origin, [200, active], [200, endingAt(sooner)]);
		await one('cancel', at('2999-06-30T02:00:00+02:00'));
		expect(new URLSearchParams(String(sent[1].body)).toString()).toBe(
			new URLSearchParams({
				cancel_at: String(Date.parse(sooner) / 1000),
				proration_behavior: 'none',
			}).toString(),
		);
		expect(sent[1].headers['content-type']).toBe('application/x-www-form-urlencoded');
	});
});

describe('a record that does not tell enough', () => {
	test.each<[string, string, object, string]>([
		['resume', 'of an unknown status', { ...ending, status: 'melted' }, 'notCancellable'],
		['resume', 'of an unknown status', { ...active, status: 'melted' }, 'notCancellable'],
		['resume', 'without a status', { ...ending, status: undefined }, 'refused'],
		['cancel', 'without a status', { ...active, status: undefined }, 'refused'],
	])('keeps %s from being sent: %s', async (operation, _, record, outcome) => {
		const sent = answering(origin, [200, record]);
		expect(await one(operation)).toMatchObject({ ok: false, outcome, attempts: 0 });
		expect(lines(sent)).toEqual([get]);
	});
});

test('429 that Stripe does not want to see again is not sent again', async () => {
	const limited = error('Too many requests.', { code: 'rate_limit' });
	const headers = { 'stripe-should-retry': 'false', ...soon };
	const sent = answering(origin, [429, limited, headers]);
	expect(await one('cancel', { when: 'immediately' })).toMatchObject({ outcome: 'rateLimited' });
	expect(lines(sent)).toEqual([del]);
});

describe('what is never sent', () => {
	test.each<[string, IDataObject]>([
		['a date in the past', { when: 'date', cancelAt: past }],
		['no date', { when: 'date', cancelAt: '' }],
		['a date beside another time', { when: '={{ "periodEnd" }}', cancelAt: future }],
		['Prorate without Invoice Now', { when: 'immediately', additionalFields: { prorate: true } }],
		[
			'Invoice Now at the period end',
			{ when: '={{ "periodEnd" }}', additionalFields: { invoiceNow: true } },
		],
		['a reason that Stripe does not have', { additionalFields: { feedback: 'bored' } }],
	])('%s', async (_, parameters) => {
		const sent = answering(origin);
		expect(await one('cancel', parameters)).toMatchObject({ outcome: 'invalid' });
		expect(sent).toEqual([]);
	});

	test.each([
		'sub_ada',
		'sub_01j9zc3vkx5w2t8qh4n7rbd6ym',
		'sub_01J9ZC3VKX5W2T8QH4N7RBD6YM',
		'cus_NffrFeUfNV2Hib',
		'si_1MowQVLkdIwHu7ix',
		'I-BW452GLLEP1G',
		'sub_1MowQVLkdIwHu7ix/../x',
		'ada@example.com',
	])('the ID %s, which is not one of Stripe', async (value) => {
		const sent = answering(origin);
		for (const operation of ['cancel', 'resume', 'get']) {
			const subscriptionId = byId(value);
			expect(await one(operation, { subscriptionId })).toMatchObject({ outcome: 'invalid' });
		}
		expect(sent).toEqual([]);
	});

	test('a switch that is off does not contradict another time', async () => {
		answering(origin, [200, active], [200, ending]);
		const additionalFields = { invoiceNow: false, prorate: false };
		const when = '={{ "periodEnd" }}';
		expect(await one('cancel', { when, additionalFields })).toMatchObject({ outcome: 'scheduled' });
	});
});

test('means of payment and links that act for the customer stay out of the output', async () => {
	answering(origin, [
		200,
		{
			...active,
			default_payment_method: 'pm_of_ada',
			default_source: 'card_of_ada',
			latest_invoice: { hosted_invoice_url: 'https://pay/1', invoice_pdf: 'https://pdf/1' },
		},
	]);
	const text = JSON.stringify(await one('get'));
	expect(text).toContain(id);
	for (const hidden of ['pm_of_ada', 'card_of_ada', 'https://pay', 'https://pdf']) {
		expect(text).not.toContain(hidden);
	}
});

test('the idempotency key follows the request: another comment has another key', async () => {
	const keys: string[] = [];
	for (const comment of ['Moved away', 'Moved away', 'Too expensive']) {
		const sent = answering(origin, [200, active], [200, ending]);
		await one('cancel', { additionalFields: { comment } });
		keys.push(sent[1].headers['idempotency-key']);
	}
	expect(keys[0]).toBe(keys[1]);
	expect(keys[2]).not.toBe(keys[0]);
});
