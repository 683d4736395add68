import type { IDataObject } from 'n8n-workflow';

import { byId } from '../facts';
import { answering, lines, type Prepared } from '../wire';
import {
	active,
	canceled,
	endedNow,
	ending,
	entity,
	error,
	future,
	get,
	id,
	one,
	origin,
	past,
	patch,
	pausing,
	post,
	soon,
} from './vendor';

interface Case {
	title: string;
	when?: string;
	answers: Prepared[];
	outcome: string;
	seen?: IDataObject;
	requests: string[];
}

const ok = (record: unknown): Prepared => [200, entity(record)];
const no = (status: number, code: string, detail = 'No.'): Prepared => [
	status,
	error(code, detail),
];
const broken: Prepared = [500, error('internal_error', 'Broken', 'api_error'), soon];

/**
 * Each case is about a subscription of its own: a doubt is remembered beyond the run that had it. At the
 * end of the period an active record is read first.
 */
const cases = (all: Case[]) =>
	all.map((one, index) => {
		const own = id.replace(/...$/, String(100 + index));
		const about = <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll(id, own)) as T;
		const isRead = one.when !== 'immediately';
		const answers = [...(isRead ? [ok(active)] : []), ...one.answers];
		const requests = [...(isRead ? [get] : []), ...one.requests];
		return [
			one.title,
			{ ...one, own, answers: about(answers), requests: about(requests) },
		] as const;
	});

describe('a response to a cancellation', () => {
	test.each(
		cases([
			{
				title: '200 with the scheduled end',
				answers: [ok(ending)],
				outcome: 'scheduled',
				seen: { effectiveAt: future, attempts: 1 },
				requests: [post],
			},
			{
				title: '200 without an end is verified, and not believed',
				answers: [ok(active), ok(ending)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [post, get],
			},
			{
				title: '200 with a scheduled pause is no end',
				answers: [ok(pausing), ok(ending)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [post, get],
			},
			{
				title: '200 of an immediate end, by a clock that is ahead',
				when: 'immediately',
				answers: [ok(endedNow)],
				outcome: 'cancelled',
				requests: [post],
			},
			{
				title: '200 of an immediate end that is only scheduled',
				when: 'immediately',
				answers: [ok(ending), ok(canceled)],
				outcome: 'alreadyCancelled',
				requests: [post, get],
			},
			{
				title: '400 of one that has ended',
				answers: [no(400, 'subscription_is_canceled_action_invalid'), ok(canceled)],
				outcome: 'alreadyCancelled',
				seen: { effectiveAt: past },
				requests: [post, get],
			},
			{
				title: '400 of one whose end is scheduled',
				answers: [no(400, 'subscription_locked_pending_changes'), ok(ending)],
				outcome: 'alreadyCancelled',
				seen: { effectiveAt: future },
				requests: [post, get],
			},
			{
				title: '400 of one whose pause is scheduled',
				answers: [no(400, 'subscription_locked_pending_changes'), ok(pausing)],
				outcome: 'notCancellable',
				seen: { description: expect.stringContaining('Another change is scheduled.') },
				requests: [post, get],
			},
			{
				title: '409 before the renewal, with the time to come back',
				answers: [no(409, 'subscription_locked_renewal'), ok(active)],
				outcome: 'notCancellable',
				seen: {
					attempts: 1,
					description: expect.stringMatching(
						new RegExp(`30 minutes before it renews.*It renews at ${future}\\.$`),
					),
				},
				requests: [post, get],
			},
			{
				title: '409 while it is processed',
				answers: [no(409, 'subscription_locked_processing'), ok(active)],
				outcome: 'notCancellable',
				seen: {
					attempts: 1,
					description: expect.stringMatching(/30 minutes.*It is over by 20[^ ]+Z\.$/),
				},
				requests: [post, get],
			},
			{
				title: '409 of two requests at once',
				answers: [no(409, 'concurrent_modification'), ok(ending)],
				outcome: 'alreadyCancelled',
				requests: [post, get],
			},
			{
				title: '409 of two requests at once, with nothing changed',
				answers: [no(409, 'concurrent_modification'), ok(active)],
				outcome: 'failed',
				requests: [post, get],
			},
			{
				title: '404',
				answers: [no(404, 'not_found'), no(404, 'not_found')],
				outcome: 'notFound',
				requests: [post, get],
			},
			{
				title: '400 for another reason',
				answers: [no(400, 'invalid_field'), ok(active)],
				outcome: 'failed',
				requests: [post, get],
			},
			{
				title: '403 of a wrong key does not read the record',
				answers: [no(403, 'invalid_token')],
				outcome: 'unauthorized',
				requests: [post],
			},
			{
				title: '500 with nothing changed is sent again',
				answers: [broken, ok(active), ok(ending)],
				outcome: 'scheduled',
				seen: { attempts: 2 },
				requests: [post, get, post],
			},
			{
				title: '500 that was carried out',
				answers: [broken, ok(ending)],
				outcome: 'scheduled',
				seen: { verified: true },
				requests: [post, get],
			},
		]),
	)('%s', async (_, { own, when = 'periodEnd', answers, outcome, seen = {}, requests }) => {
		const sent = answering(origin, ...answers);
		const parameters = { subscriptionId: byId(own), when };
		expect(await one('cancel', parameters)).toMatchObject({ outcome, ...seen });
		expect(lines(sent)).toEqual(requests);
	});

	test('a status that is not known is no end', async () => {
		const melted = ok({ ...ending, status: 'melted' });
		const sent = answering(origin, melted, melted, ok(ending));
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', verified: true });
		expect(lines(sent)).toEqual([get, post, get]);
	});

	test.each([
		['has ended', canceled, 'alreadyCancelled'],
		['has a scheduled end', ending, 'alreadyCancelled'],
		['is paused', { ...active, status: 'paused' }, 'notCancellable'],
		['has no status', { ...active, status: undefined }, 'refused'],
	])('at the end of the period nothing is sent where it %s', async (_, record, outcome) => {
		const sent = answering(origin, ok(record));
		expect(await one('cancel')).toMatchObject({ outcome, attempts: 0 });
		expect(lines(sent)).toEqual([get]);
	});

	test('names the time and nothing else', async () => {
		for (const [when, effective_from, record] of [
			['periodEnd', 'next_billing_period', ending],
			['immediately', 'immediately', canceled],
		] as const) {
			const answers = when === 'periodEnd' ? [ok(active), ok(record)] : [ok(record)];
			const sent = answering(origin, ...answers);
			await one('cancel', { when });
			expect(sent.at(-1)!.body).toEqual({ effective_from });
			expect(sent.at(-1)!.headers).toMatchObject({
				authorization: 'Bearer pdl_key_of_the_shop',
				'paddle-version': '1',
			});
		}
	});
});

describe('resume', () => {
	test.each<[string, Prepared[], string, string[]]>([
		['a scheduled end', [ok(ending), ok(active)], 'restored', [get, patch]],
		['no scheduled change', [ok(active)], 'restored', [get]],
		['a scheduled pause, which stays', [ok(pausing)], 'restored', [get]],
		['a canceled one', [ok(canceled)], 'notCancellable', [get]],
		['one of an unknown status', [ok({ ...ending, status: 'melted' })], 'notCancellable', [get]],
		['one of an unknown status', [ok({ ...active, status: 'melted' })], 'notCancellable', [get]],
		[
			'one that is past due',
			[ok(ending), no(400, 'subscription_update_when_past_due'), ok(ending)],
			'notCancellable',
			[get, patch, get],
		],
		[
			'a response that still shows the end',
			[ok(ending), ok(ending), ok(active)],
			'restored',
			[get, patch, get],
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
		'sub_01J9ZC3VKX5W2T8QH4N7RBD6YM',
		'sub_ada',
		'ctm_01hv6y1jedq4p1n0yqn5ba3ky4',
		'ada@example.com',
	])('the ID %s, which is not one of Paddle', async (value) => {
		const sent = answering(origin);
		for (const operation of ['cancel', 'resume', 'get']) {
			const subscriptionId = byId(value);
			expect(await one(operation, { subscriptionId })).toMatchObject({ outcome: 'invalid' });
		}
		expect(sent).toEqual([]);
	});

	test('an address that would become two', async () => {
		const sent = answering(origin);
		const subscriptionId = { __rl: true, mode: 'email', value: 'ada@example.com,ben@example.com' };
		expect(await one('cancel', { subscriptionId })).toMatchObject({ outcome: 'invalid' });
		expect(sent).toEqual([]);
	});
});

test("links to the customer's portal stay out of the output", async () => {
	answering(origin, ok(active));
	const text = JSON.stringify(await one('get'));
	expect(text).toContain(id);
	expect(text).not.toContain('portal');
});
