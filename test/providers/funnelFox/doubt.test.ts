import type { IDataObject } from 'n8n-workflow';

import { answering, lines, unasked, type Prepared } from '../wire';
import {
	origin,
	soon,
	future,
	past,
	active,
	cancelled,
	post,
	get,
	one,
	serverError,
} from './vendor';

describe('an answer to a cancel', () => {
	interface Case {
		title: string;
		answers: Prepared[];
		outcome: string;
		seen?: IDataObject;
		asked?: string[];
	}
	const cases: Case[] = [
		{
			title: '200 with an end to come',
			answers: [[200, cancelled]],
			outcome: 'scheduled',
			seen: { effectiveAt: future, httpStatus: 200 },
		},
		{
			title: '200 with an end that has passed',
			answers: [[200, { ...cancelled, period_ends_at: past }]],
			outcome: 'cancelled',
			seen: { effectiveAt: past },
		},
		{
			title: '200 without an end',
			answers: [[200, { ...cancelled, period_ends_at: undefined, cancelled_at: past }]],
			outcome: 'cancelled',
			seen: { effectiveAt: past },
		},
		{
			title: '200 expired',
			answers: [[200, { ...cancelled, status: 'expired', period_ends_at: past }]],
			outcome: 'cancelled',
			seen: { effectiveAt: past },
		},
		{
			title: '200 with renewal off',
			answers: [[200, { ...active, renews: false }]],
			outcome: 'scheduled',
			seen: { effectiveAt: future },
		},
		{
			title: '200 that still renews, then cancelled',
			answers: [
				[200, active],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { verified: true },
			asked: [post, get],
		},
		{
			title: 'a web page',
			answers: [
				[200, '<html>', soon],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { verified: true },
			asked: [post, get],
		},
		{
			title: 'the JSON word null',
			answers: [
				[200, 'null', { ...soon, 'content-type': 'application/json' }],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { verified: true },
			asked: [post, get],
		},
		{
			title: '400 of a cancelled one',
			answers: [
				[400, { message: 'already canceled' }],
				[200, cancelled],
			],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: future },
			asked: [post, get],
		},
		{
			title: '400 of one whose renewal is off',
			answers: [
				[400, { message: 'already canceled' }],
				[200, { ...active, renews: false }],
			],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: future },
			asked: [post, get],
		},
		{
			title: '400 of an active one',
			answers: [
				[400, { message: 'Braintree cannot' }],
				[200, active],
			],
			outcome: 'notCancellable',
			seen: { description: 'HTTP 400: Braintree cannot' },
			asked: [post, get],
		},
		{
			title: '400 of a deleted one',
			answers: [
				[400, { message: 'deleted' }],
				[404, { message: 'Subscription not found' }],
			],
			outcome: 'notFound',
			asked: [post, get],
		},
		{
			title: '401',
			answers: [[401, { message: 'Wrong secret' }]],
			outcome: 'unauthorized',
			seen: { description: 'HTTP 401: Wrong secret' },
		},
		{ title: '403', answers: [[403, { message: 'No' }]], outcome: 'unauthorized' },
		{
			title: '404',
			answers: [
				[404, { message: 'Subscription not found' }],
				[404, { message: 'Subscription not found' }],
			],
			outcome: 'notFound',
			asked: [post, get],
		},
		{
			title: '409',
			answers: [
				[409, { message: 'busy' }],
				[200, active],
			],
			outcome: 'notCancellable',
			asked: [post, get],
		},
		{
			title: '500, and it was cancelled',
			answers: [serverError, [200, cancelled]],
			outcome: 'scheduled',
			seen: { verified: true, attempts: 1 },
			asked: [post, get],
		},
		{
			title: '500, and it had been cancelled long before',
			answers: [serverError, [200, { ...cancelled, cancelled_at: past }]],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: future, attempts: 1 },
			asked: [post, get],
		},
		{
			title: 'the record of another subscription, and it was cancelled',
			answers: [
				[200, { ...cancelled, id: 'sub_2' }],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { verified: true },
			asked: [post, get],
		},
		{
			title: '500, and the record of another subscription',
			answers: [serverError, [200, { ...cancelled, id: 'sub_2' }]],
			outcome: 'unknown',
			asked: [post, get],
		},
		{
			title: '500, and it was not',
			answers: [serverError, [200, active], [200, cancelled]],
			outcome: 'scheduled',
			seen: { attempts: 2 },
			asked: [post, get, post],
		},
		{
			title: '500, and it cannot be read',
			answers: [serverError, serverError, serverError],
			outcome: 'unknown',
			asked: [post, get, get],
		},
		{
			title: 'no answer in time, and it was cancelled',
			answers: ['silence', [200, cancelled]],
			outcome: 'scheduled',
			seen: { verified: true },
			asked: [post, get],
		},
		{
			title: 'a redirect, and it was cancelled',
			answers: [
				[302, '', { location: 'https://elsewhere.test/' }],
				[200, cancelled],
			],
			outcome: 'scheduled',
			seen: { verified: true, attempts: 1 },
			asked: [post, get],
		},
	];
	test.each(cases)(
		'$title means $outcome',
		async ({ answers, outcome, seen = {}, asked = [post] }) => {
			const sent = answering(origin, ...answers);
			const json = await one(
				'cancel',
				{},
				{ options: { maxAttempts: 2, ...(answers.includes('silence') && { timeout: 300 }) } },
			);
			expect(json).toMatchObject({ outcome, ...seen });
			expect(lines(sent)).toEqual(asked);
		},
	);

	test.each<[string, IDataObject]>([
		['renews', active],
		['is paused and does not renew meanwhile', { ...active, status: 'paused', renews: false }],
	])('200 of one that %s is unknown, and never sent again', async (_, record) => {
		const looks = Array.from({ length: 30 }, (): Prepared => [200, record]);
		const sent = answering(origin, [200, record], ...looks);
		const json = await one('cancel', {}, { options: { timeout: 300 } });
		expect(json).toMatchObject({ outcome: 'unknown', ended: false, attempts: 1 });
		expect(unasked().length).toBeLessThan(looks.length);
		expect(lines(sent)).toEqual([post, ...sent.slice(1).map(() => get)]);
	});

	test('that it was cancelled before fails on demand', async () => {
		answering(origin, [400, { message: 'already canceled' }], [200, cancelled]);
		const json = await one('cancel', {}, { options: { alreadyCancelled: 'fail' } });
		expect(json).toMatchObject({ ok: false, outcome: 'notCancellable' });
	});

	test('that has the secret in it comes out without it', async () => {
		answering(origin, [
			200,
			{ ...cancelled, note: 'secret_of_project', webhook: { 'Fox-Secret-Key': 'x' } },
		]);
		const json = await one('cancel', {}, { options: { includeResponse: true } });
		expect(json.response).toMatchObject({ note: '***', webhook: { 'Fox-Secret-Key': '***' } });
	});
});
