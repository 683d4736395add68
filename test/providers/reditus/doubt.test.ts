import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared } from '../wire';
import {
	origin,
	soon,
	churnedAt,
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
	const clicked = "Referral in state 'clicked' cannot be churned";
	const cases: Case[] = [
		{
			title: '200',
			answers: [one('churned')],
			outcome: 'cancelled',
			seen: { httpStatus: 200, effectiveAt: churnedAt, target: 'user_1' },
		},
		{
			title: '200 without a state',
			answers: [[200, { data: { id: '4711' } }]],
			outcome: 'cancelled',
			seen: { effectiveAt: null },
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
			answers: [one('paid'), one('churned')],
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
		{ title: '401', answers: [said(401, 'Unauthorized')], outcome: 'unauthorized' },
		{ title: '403', answers: [said(403, 'No access')], outcome: 'unauthorized' },
		{
			title: '404, by ID',
			who: byId,
			answers: [said(404, 'Referral not found')],
			outcome: 'notFound',
			seen: { description: 'HTTP 404: Referral not found' },
		},
		{
			title: '404 of a wrong address, by ID',
			who: byId,
			answers: [
				[404, '<html>'],
				[404, '<html>'],
			],
			outcome: 'notFound',
			asked: [post, getById],
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
			answers: [said(422, churned), list(referral('churned'))],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: churnedAt },
			asked: [post, getByEmail],
		},
		{
			title: '422 of a churned one, by an e-mail that two have',
			who: byEmail,
			answers: [said(422, churned), list(referral('churned'), referral('paid'))],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: null },
			asked: [post, getByEmail],
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
			outcome: 'notCancellable',
			seen: { description: `HTTP 422: ${clicked}` },
		},
		{
			title: '422 of a clicked one, by ID',
			who: byId,
			answers: [said(422, clicked), one('clicked')],
			outcome: 'notCancellable',
			seen: { description: `HTTP 422: ${clicked}` },
			asked: [post, getById],
		},
		{
			title: '429 until it gives up',
			answers: [said(429, 'Slow down', soon), said(429, 'Slow down', soon)],
			outcome: 'rateLimited',
			seen: { attempts: 2 },
			asked: [post, post],
		},
		{
			title: '429, then 200',
			answers: [said(429, 'Slow down', soon), one('churned')],
			outcome: 'cancelled',
			seen: { attempts: 2 },
			asked: [post, post],
		},
		{ title: '500, by uid', answers: [[500, '', soon]], outcome: 'unknown', seen: { attempts: 1 } },
		{
			title: '500, by ID, and it was churned',
			who: byId,
			answers: [[500, '', soon], one('churned')],
			outcome: 'cancelled',
			seen: { verified: true, effectiveAt: churnedAt },
			asked: [post, getById],
		},
		{
			title: '500, by ID, and it was not',
			who: byId,
			answers: [[500, '', soon], one('paid'), one('churned')],
			outcome: 'cancelled',
			seen: { attempts: 2 },
			asked: [post, getById, post],
		},
		{
			title: '500, by an e-mail that two have',
			who: byEmail,
			answers: [[500, '', soon], list(referral('paid'), referral('paid'))],
			outcome: 'unknown',
			asked: [post, getByEmail],
		},
		{
			title: '500, by an e-mail that the list answers with another',
			who: byEmail,
			answers: [[500, '', soon], list(referral('churned', { email: 'ben@example.com' }))],
			outcome: 'unknown',
			asked: [post, getByEmail],
		},
		{
			title: '500, by an e-mail that nobody has',
			who: byEmail,
			answers: [[500, '', soon], list()],
			outcome: 'notFound',
			asked: [post, getByEmail],
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
			expect(json.error ?? json).toMatchObject({ outcome, ...seen });
			expect(json.ok === true).toBe(json.error === undefined);
			expect(lines(sent)).toEqual(asked);
		},
	);

	test('that it was churned before fails on demand', async () => {
		const sent = answering(origin, said(422, churned));
		const [json] = await run('churn', byUid, { options: { alreadyCancelled: 'fail' } });
		expect(json.error).toMatchObject({ outcome: 'notCancellable' });
		expect(sent).toHaveLength(1);
	});

	test('that has the token in it comes out without it', async () => {
		answering(origin, [200, { data: referral('churned'), echo: 'Bearer token-of-program' }]);
		const [json] = await run('churn', byUid);
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
