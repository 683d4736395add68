import type { IDataObject } from 'n8n-workflow';

import { byId as idOf } from '../facts';
import { answering, lines, type Prepared } from '../wire';
import {
	origin,
	churnPath,
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
	serverError,
} from './vendor';

describe('before a churn', () => {
	test.each<[string, IDataObject, Prepared, IDataObject, string]>([
		[
			'a paying referral, by ID',
			byId,
			one('paid'),
			{ current: { status: 'paid', email: 'ada@example.com' }, wouldBe: { outcome: 'cancelled' } },
			getById,
		],
		[
			'a paying referral, by e-mail',
			byEmail,
			list(referral('paid')),
			{ current: { status: 'paid' }, wouldBe: { outcome: 'cancelled' } },
			getByEmail,
		],
		[
			'an e-mail in other letters',
			byEmail,
			list(referral('paid', { email: 'Ada@Example.com' })),
			{ current: { status: 'paid' } },
			getByEmail,
		],
		[
			'a churned referral',
			byId,
			one('churned'),
			{ wouldBe: { outcome: 'alreadyCancelled', effectiveAt: churnedAt } },
			getById,
		],
		...['clicked', 'rejected', 'expired'].map(
			(state): [string, IDataObject, Prepared, IDataObject, string] => [
				`one that is ${state}`,
				byId,
				one(state),
				{ wouldBe: { outcome: 'nothingToCancel', note: expect.stringContaining(state) } },
				getById,
			],
		),
	])('a dry run foresees %s', async (_, who, answer, expected, asked) => {
		const sent = answering(origin, answer);
		const [json] = await run('churn', { ...who, dryRun: true });
		expect(json).toMatchObject({ ok: true, ended: false, outcome: 'preview', ...expected });
		expect(lines(sent)).toEqual([asked]);
	});

	const second = { ...referral('converted'), id: '4712' };

	test.each([true, false])('an e-mail that two have is refused, dry run: %s', async (dryRun) => {
		const sent = answering(origin, list(referral('paid'), second));
		const [json] = await run('churn', { ...byEmail, dryRun });
		expect(json).toMatchObject({ ok: false, ended: false, outcome: 'refused' });
		expect(JSON.stringify(json)).toMatch(/4711.*4712/);
		expect(lines(sent)).toEqual([getByEmail]);
	});

	test.each(['clicked', 'rejected', 'expired'])(
		'an e-mail of a referral that is %s sends nothing',
		async (state) => {
			const sent = answering(origin, list(referral(state)));
			const [json] = await run('churn', byEmail);
			expect(json).toMatchObject({ ok: true, ended: true, outcome: 'nothingToCancel' });
			expect(json.note).toContain(state);
			expect(lines(sent)).toEqual([getByEmail]);
		},
	);

	test('an e-mail with capitals is looked for in lower case, and churned as it is known', async () => {
		const sent = answering(origin, list(), list(referral('paid')), one('churned'));
		const [json] = await run('churn', { ...byEmail, referralEmail: 'Ada@Example.com' });
		expect(json).toMatchObject({ ok: true, outcome: 'cancelled' });
		expect(lines(sent)).toEqual([expect.stringContaining('Ada%40Example.com'), getByEmail, post]);
		expect(sent[2].body).toEqual({ referral_email: 'ada@example.com' });
	});

	test('a dry run by uid says that it could not look, and asks nothing', async () => {
		const sent = answering(origin);
		const [json] = await run('churn', { ...byUid, dryRun: true });
		expect(json).toMatchObject({
			outcome: 'preview',
			current: { unread: 'Reditus offers no way to look a referral up by its UID.' },
			request: { method: 'POST', url: `${origin}${churnPath}`, body: { referral_uid: 'user_1' } },
		});
		expect(sent).toEqual([]);
	});

	test.each<[string, IDataObject, Prepared]>([
		['ID', byId, said(404, 'Referral not found')],
		['e-mail', byEmail, list()],
	])('a dry run by an unknown %s foresees that there is nothing to do', async (_, who, answer) => {
		const sent = answering(origin, answer);
		const [json] = await run('churn', { ...who, dryRun: true });
		expect(json).toMatchObject({ outcome: 'preview', wouldBe: { outcome: 'nothingToCancel' } });
		expect(sent).toHaveLength(1);
	});

	test.each<[string, IDataObject, IDataObject, Prepared[], string]>([
		[
			'another e-mail',
			byId,
			{ expectedEmail: 'ben@example.com' },
			[one('paid')],
			'belongs to ada@example.com',
		],
		[
			'another state',
			byEmail,
			{ expectedStatus: 'converted' },
			[list(referral('paid'))],
			'has the status "paid"',
		],
		[
			'nothing that can be read, by uid',
			byUid,
			{ expectedEmail: 'ada@example.com' },
			[],
			'no way to look a referral up by its UID',
		],
	])('a guard that finds %s sends nothing', async (_, who, options, answers, reason) => {
		const sent = answering(origin, ...answers);
		const [json] = await run('churn', who, { options });
		expect(json).toMatchObject({
			outcome: 'refused',
			message: expect.stringContaining(reason),
		});
		expect(sent.map(({ method }) => method)).toEqual(answers.map(() => 'GET'));
	});

	test.each<[string, unknown]>([
		['one text', 'paid'],
		['a list', ['converted', 'paid']],
		['a text of several', 'converted, paid'],
	])('a guard that agrees, its states as %s, lets it through', async (_, expectedStatus) => {
		const sent = answering(origin, one('paid'), one('churned'));
		const [json] = await run('churn', byId, {
			options: { expectedEmail: 'ADA@example.com', expectedStatus } as IDataObject,
		});
		expect(json).toMatchObject({ outcome: 'cancelled' });
		expect(lines(sent)).toEqual([getById, post]);
	});
});

describe('a customer who is not a referral', () => {
	const fail = { ifNotReferral: 'fail' };

	test.each<[string, IDataObject, Prepared]>([
		['uid', byUid, said(404, 'Referral not found')],
		['e-mail', byEmail, list()],
		['ID', byId, said(404, 'Referral not found')],
	])('counts as success by %s, and goes to the error output on demand', async (_, who, answer) => {
		answering(origin, answer);
		expect(await run('churn', who)).toMatchObject([
			{ ok: true, ended: true, outcome: 'nothingToCancel', requestedAt: null },
		]);
		answering(origin, answer);
		expect(await run('churn', who, { options: fail })).toMatchObject([
			{ ok: false, ended: false, outcome: 'notFound' },
		]);
	});

	test('is foreseen as the user wants it called', async () => {
		answering(origin, list());
		const [json] = await run('churn', { ...byEmail, dryRun: true }, { options: fail });
		expect(json).toMatchObject({ outcome: 'preview', wouldBe: { outcome: 'notFound' } });
	});

	test('is not told from a wrong base URL by a 404 of another server', async () => {
		const page: Prepared = [404, '<html>Not Found</html>'];
		const sent = answering(origin, page);
		const [json] = await run('churn', { ...byId, dryRun: true });
		expect(json).toMatchObject({ ok: false, ended: false, outcome: 'refused' });
		expect(lines(sent)).toEqual([getById]);
	});
});

describe('a key that may not read', () => {
	const items = [{ id: '4711' }, { id: '4712' }];
	const each = { identifyBy: 'referralId', referralId: idOf('={{ $json.id }}') };
	const denied = said(403, 'No access');

	test('stops the account at the first look', async () => {
		const sent = answering(origin, denied);
		const both = await run('churn', each, {
			items,
			options: { maxConcurrency: 1, expectedStatus: ['paid'] },
		});
		expect(both).toMatchObject([
			{ outcome: 'unauthorized', attempts: 0 },
			{ outcome: 'skipped', attempts: 0 },
		]);
		expect(lines(sent)).toEqual([getById]);
	});

	test('after doubt leaves what was sent unknown, says so, and stops the account', async () => {
		const sent = answering(origin, serverError, denied);
		const both = await run('churn', each, { items, options: { maxConcurrency: 1 } });
		expect(both).toMatchObject([
			{
				outcome: 'unknown',
				attempts: 1,
				message: expect.not.stringContaining('Nothing was sent'),
				description: expect.stringContaining('HTTP 403: No access'),
			},
			{ outcome: 'skipped', attempts: 0 },
		]);
		expect(lines(sent)).toEqual([post, getById]);
	});
});

describe('an identifier', () => {
	test.each(['a/b', 'a#b', 'a b', 'a+b', 'ünï', 'auth0|5f7c'])(
		'"%s" arrives unchanged as a UID',
		async (referralUid) => {
			const sent = answering(origin, one('churned'));
			await run('churn', { identifyBy: 'referralUid', referralUid });
			expect(sent.map(({ body }) => body)).toEqual([{ referral_uid: referralUid }]);
		},
	);

	test.each(['a/b', 'a?b=c', 'a#b', 'a b', 'a+b', 'ünï-🦊', '%2e%2e', '../../churn'])(
		'"%s" cannot be an ID of Reditus, so nothing is sent',
		async (id) => {
			const sent = answering(origin);
			const who = { identifyBy: 'referralId', referralId: idOf(id) };
			for (const operation of ['churn', 'get'])
				expect(await run(operation, who)).toMatchObject([{ outcome: 'invalid' }]);
			expect(sent).toEqual([]);
		},
	);

	test.each<IDataObject>([
		{ identifyBy: 'referralEmail', referralEmail: 'ada' },
		{ identifyBy: 'referralEmail', referralEmail: 'a@b.co, c@d.co' },
		{ identifyBy: 'email', referralEmail: 'ada@example.com' },
	])('%j is not sent', async (who) => {
		const sent = answering(origin);
		for (const operation of ['churn', 'get'])
			expect(await run(operation, who)).toMatchObject([{ outcome: 'invalid', attempts: 0 }]);
		expect(sent).toEqual([]);
	});
});
