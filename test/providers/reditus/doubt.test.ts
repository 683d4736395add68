import type { IDataObject } from 'n8n-workflow';

import { answering, lines, unasked, type Prepared } from '../wire';
import {
	origin,
	soon,
	churnedAt,
	churnedNow,
	unchanged,
	referral,
	one,
	list,
	said,
	byUid,
	byEmail,
	byId,
	post,
	getById,
	getByEmail,
	run,
	serverError,
} from './vendor';

describe('an answer to a churn', () => {
	interface Case {
		title: string;
		who?: IDataObject;
		answers: Prepared[];
		outcome: string;
		seen?: IDataObject;
		asked?: string[];
	}
	const churned = "Referral in state 'churned' cannot be churned";
	const second = { ...referral('paid'), id: '4712' };
	const clicked = "Referral in state 'clicked' cannot be churned";
	const cases: Case[] = [
		{
			title: '200',
			answers: [one('churned')],
			outcome: 'cancelled',
			seen: { httpStatus: 200, effectiveAt: churnedAt, target: 'user_1' },
		},
		...[
			['without a state', { data: { id: '4711' } }],
			['with an error inside', { error: 'no' }],
			['with an empty list', { data: [] }],
			['of another referral', { data: { ...referral('churned'), id: '9' } }],
		].map(([how, body]): Case => ({
			title: `200 ${how as string}, by ID`,
			who: byId,
			answers: [[200, body], churnedNow],
			outcome: 'cancelled',
			seen: { verified: true, attempts: 1 },
			asked: [post, getById],
		})),
		{
			title: '200 without a state, by uid',
			answers: [[200, { data: { id: '4711' } }]],
			outcome: 'unknown',
		},
		{
			title: '200 with no time',
			answers: [[200, { data: referral('churned', { state_set_at: null }) }]],
			outcome: 'cancelled',
			seen: { effectiveAt: null },
		},
		{ title: '200 with another state, by uid', answers: [one('paid')], outcome: 'unknown' },
		{
			title: '200 with another state, by ID',
			who: byId,
			answers: [one('paid'), churnedNow],
			outcome: 'cancelled',
			seen: { verified: true },
			asked: [post, getById],
		},
		{ title: '200 with a web page, by uid', answers: [[200, '<html>']], outcome: 'unknown' },
		{
			title: '400 with text',
			answers: [said(400, 'Validation failed: one of them is required')],
			outcome: 'failed',
			seen: { description: 'HTTP 400: Validation failed: one of them is required' },
		},
		{
			title: '400 with an object',
			answers: [
				said(400, { amount: ['must be an integer'], key: ['has already been taken', 'is long'] }),
			],
			outcome: 'failed',
			seen: {
				description: 'HTTP 400: amount: must be an integer; key: has already been taken, is long',
			},
		},
		{ title: '403', answers: [said(403, 'No access')], outcome: 'unauthorized' },
		{
			title: '404, by ID',
			who: byId,
			answers: [said(404, 'Referral not found')],
			outcome: 'nothingToCancel',
			seen: { ended: true, httpStatus: 404, note: 'HTTP 404: Referral not found' },
		},
		{
			title: '422 of a churned one, by ID',
			who: byId,
			answers: [said(422, churned), one('churned')],
			outcome: 'alreadyCancelled',
			seen: { ended: true, effectiveAt: churnedAt },
			asked: [post, getById],
		},
		{
			title: '422 of a churned one, by e-mail',
			who: byEmail,
			answers: [list(referral('paid')), said(422, churned), list(referral('churned'))],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: churnedAt },
			asked: [getByEmail, post, getByEmail],
		},
		{
			title: '422 of a churned one, by an e-mail that two have',
			who: byEmail,
			answers: [list(referral('paid')), said(422, churned), list(referral('churned'), second)],
			outcome: 'unknown',
			seen: { ended: false, effectiveAt: null },
			asked: [getByEmail, post, getByEmail],
		},
		{
			title: '422 of a churned one that cannot be read',
			who: byId,
			answers: [said(422, churned), [502, '', soon], [502, '', soon]],
			outcome: 'alreadyCancelled',
			asked: [post, getById, getById],
		},
		{
			title: '422 of a churned one that has paid again meanwhile',
			who: byId,
			answers: [said(422, churned), one('paid')],
			outcome: 'notCancellable',
			asked: [post, getById],
		},
		{
			title: '422 of a churned one, by uid',
			answers: [said(422, churned)],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: null },
		},
		{
			title: '422 in other words of a churned one, by ID',
			who: byId,
			answers: [said(422, 'Already done'), one('churned')],
			outcome: 'alreadyCancelled',
			asked: [post, getById],
		},
		{
			title: '422 in other words, by uid',
			answers: [said(422, 'Already done')],
			outcome: 'notCancellable',
		},
		{
			title: '422 of a clicked one, by uid',
			answers: [said(422, clicked)],
			outcome: 'nothingToCancel',
			seen: { ok: true, ended: true, note: `HTTP 422: ${clicked}` },
		},
		{
			title: '422 of a clicked one, by ID',
			who: byId,
			answers: [said(422, clicked)],
			outcome: 'nothingToCancel',
			seen: { ok: true, ended: true, note: `HTTP 422: ${clicked}` },
		},
		{ title: '500, by uid', answers: [serverError], outcome: 'unknown', seen: { attempts: 1 } },
		{
			title: '500, by ID, and it was churned',
			who: byId,
			answers: [serverError, churnedNow],
			outcome: 'cancelled',
			seen: { verified: true, ended: true, effectiveAt: expect.any(String) },
			asked: [post, getById],
		},
		{
			title: '500, by ID, and it was churned long before',
			who: byId,
			answers: [serverError, one('churned')],
			outcome: 'alreadyCancelled',
			seen: { ended: true, effectiveAt: churnedAt },
			asked: [post, getById],
		},
		{
			title: '500, by ID, then 429 until it gives up, and it was churned',
			who: byId,
			answers: [serverError, one('paid'), said(429, 'Slow down', soon), churnedNow],
			outcome: 'cancelled',
			seen: { verified: true, attempts: 2 },
			asked: [post, getById, post, getById],
		},
		{
			title: '500, by ID, and it was not',
			who: byId,
			answers: [serverError, one('paid'), one('churned')],
			outcome: 'cancelled',
			seen: { attempts: 2 },
			asked: [post, getById, post],
		},
		{
			title: '500, by an e-mail that two have',
			who: byEmail,
			answers: [list(referral('paid')), serverError, list(referral('paid'), second)],
			outcome: 'unknown',
			asked: [getByEmail, post, getByEmail],
		},
		{
			title: '500, by an e-mail that the list answers with another',
			who: byEmail,
			answers: [
				list(referral('paid')),
				serverError,
				list(referral('churned', { email: 'ben@example.com' })),
			],
			outcome: 'unknown',
			asked: [getByEmail, post, getByEmail],
		},
		{
			title: '500, by an e-mail that no referral has any more',
			who: byEmail,
			answers: [list(referral('paid')), serverError, list()],
			outcome: 'nothingToCancel',
			asked: [getByEmail, post, getByEmail],
		},
		{ title: 'no answer in time, by uid', answers: ['silence'], outcome: 'unknown' },
	];
	test.each(cases)(
		'$title means $outcome',
		async ({ who = byUid, answers, outcome, seen = {}, asked = [post] }) => {
			const sent = answering(origin, ...answers);
			const [json] = await run('churn', who, {
				options: { maxAttempts: 2, ...(answers.includes('silence') && { timeout: 300 }) },
			});
			expect(json).toMatchObject({ outcome, ...seen });
			expect(json.ok).toBe(json.message === undefined);
			expect(json).not.toHaveProperty('error');
			expect(lines(sent)).toEqual(asked);
		},
	);

	test('that is only queued is not known to have worked, and is never sent again', async () => {
		const sent = answering(origin, [202, { status: 'queued' }], ...unchanged(one('paid')));
		const [json] = await run('churn', byId);
		expect(json).toMatchObject({ ok: false, ended: false, outcome: 'unknown', attempts: 1 });
		expect(lines(sent).slice(0, 3)).toEqual([post, getById, getById]);
		expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
		unasked();
	});

	test.each<[string, Prepared]>([
		['of a wrong base URL', [404, '<html>']],
		['of a gateway', [404, { message: 'no Route matched with those values' }]],
	])('that is a 404 %s settles nothing, and is never sent again', async (_, answer) => {
		const sent = answering(origin, answer, ...Array.from({ length: 60 }, () => answer));
		const [json] = await run('churn', byId, { options: { timeout: 300 } });
		expect(json).toMatchObject({ ok: false, ended: false, outcome: 'unknown', attempts: 1 });
		expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
		unasked();
	});

	test('that it was churned before fails on demand', async () => {
		const sent = answering(origin, said(422, churned));
		const [json] = await run('churn', byUid, { options: { alreadyCancelled: 'fail' } });
		expect(json).toMatchObject({ outcome: 'notCancellable' });
		expect(sent).toHaveLength(1);
	});

	test('that has the token in it comes out without it', async () => {
		answering(origin, [200, { data: referral('churned'), echo: 'Bearer token-of-program' }]);
		const [json] = await run('churn', byUid, { options: { includeResponse: true } });
		expect(json.response).toMatchObject({ echo: 'Bearer ***' });
		expect(JSON.stringify(json)).not.toContain('token-of-program');
	});

	test('of two equal items is asked for once', async () => {
		const sent = answering(origin, one('churned'));
		const [first, second] = await run('churn', byUid, { items: [{}, {}] });
		expect(first).toMatchObject({ outcome: 'cancelled' });
		expect(second).toMatchObject({ outcome: 'cancelled', duplicateOf: 0 });
		expect(sent).toHaveLength(1);
	});
});
