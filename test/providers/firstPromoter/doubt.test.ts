import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared } from '../wire';
import {
	v1,
	v2,
	lead,
	active,
	cancelledNow,
	recorded,
	unknownV1,
	unknownV2,
	soon,
	byEmail,
	cancelPath,
	showPath,
	referralPath,
	run,
	serverError,
} from './vendor';

describe.each([
	{ version: 'v1', origin: v1, path: cancelPath, look: showPath, unknown: unknownV1 },
	{
		version: 'v2',
		origin: v2,
		path: '/api/v2/track/cancellation',
		look: referralPath,
		unknown: unknownV2,
	},
])('an answer of $version', ({ version, origin, path, look, unknown }) => {
	const parameters = { apiVersion: version, ...byEmail };
	const post = expect.stringMatching(new RegExp(`^POST ${path}$`));
	const get = `GET ${look}`;

	interface Case {
		title: string;
		answers: Prepared[];
		outcome: string;
		seen?: IDataObject;
		asked?: unknown[];
	}
	/** What comes after the first look, which finds it active. */
	const cases: Case[] = [
		{
			title: '200 with the lead',
			answers: [[200, recorded]],
			outcome: 'cancelled',
			seen: {
				ok: true,
				ended: true,
				httpStatus: 200,
				effectiveAt: lead.cancelled_at,
				target: 'ada@example.com',
			},
		},
		{
			title: '200 with a referral',
			answers: [[200, { id: 1, referral: lead }]],
			outcome: 'cancelled',
			seen: { effectiveAt: lead.cancelled_at },
		},
		{
			title: '200 without a record, and it was cancelled',
			answers: [
				[200, { id: 1 }],
				[200, cancelledNow],
			],
			outcome: 'cancelled',
			seen: { verified: true, attempts: 1 },
			asked: [post, get],
		},
		{
			title: '200 with an error inside, and it was cancelled',
			answers: [
				[200, { error: 'no' }],
				[200, cancelledNow],
			],
			outcome: 'cancelled',
			seen: { verified: true, attempts: 1 },
			asked: [post, get],
		},
		{
			title: "200 with another customer's record, and it was cancelled",
			answers: [
				[200, { lead: { ...lead, email: 'ben@example.com' } }],
				[200, cancelledNow],
			],
			outcome: 'cancelled',
			seen: { verified: true, email: 'ada@example.com', attempts: 1 },
			asked: [post, get],
		},
		{
			title: '500, and it was cancelled long before',
			answers: [serverError, [200, lead]],
			outcome: 'alreadyCancelled',
			seen: { ended: true, effectiveAt: lead.cancelled_at },
			asked: [post, get],
		},
		{
			title: '500, then 429 until it gives up, and it was cancelled',
			answers: [serverError, [200, active], [429, '', soon], [200, cancelledNow]],
			outcome: 'cancelled',
			seen: { verified: true, attempts: 2 },
			asked: [post, get, post, get],
		},
		{
			title: '500, then 429 until it gives up, and it is still active',
			answers: [serverError, [200, active], [429, '', soon], [200, active]],
			outcome: 'rateLimited',
			seen: { attempts: 2 },
			asked: [post, get, post, get],
		},
		{
			title: '500, then 429 until it gives up, and it cannot be read',
			answers: [serverError, [200, active], [429, '', soon], [403, { message: 'No.' }]],
			outcome: 'unknown',
			seen: { attempts: 2, message: expect.not.stringContaining('was not changed') },
			asked: [post, get, post, get],
		},
		{
			title: '200 with a date that is none',
			answers: [[200, { lead: { ...lead, cancelled_at: 'soon' } }]],
			outcome: 'cancelled',
			seen: { effectiveAt: null },
		},
		{
			title: '200 with a mere sign-up',
			answers: [[200, { lead: { ...active, state: 'signup' } }]],
			outcome: 'cancelled',
			seen: { note: 'It was recorded; the referral is shown as "signup".' },
		},
		{
			title: '204, and it is not known any more',
			answers: [[204], unknown],
			outcome: 'nothingToCancel',
			seen: { ok: true, ended: true, effectiveAt: null, requestedAt: null },
			asked: [post, get],
		},
		{
			title: '404 in its own words, and it is not known any more',
			answers: [unknown, unknown],
			outcome: 'nothingToCancel',
			seen: { ok: true, ended: true, httpStatus: 404 },
			asked: [post, get],
		},
		{
			title: '400',
			answers: [[400, { message: 'Error. Email and uid can not be blank!' }]],
			outcome: 'failed',
			seen: { httpStatus: 400, description: 'HTTP 400: Error. Email and uid can not be blank!' },
		},
		{
			title: '422 for an active one',
			answers: [
				[422, { message: 'No' }],
				[200, active],
			],
			outcome: 'notCancellable',
			asked: [post, get],
		},
		{
			title: '422 for a cancelled one',
			answers: [
				[422, { message: 'No' }],
				[200, lead],
			],
			outcome: 'alreadyCancelled',
			seen: { effectiveAt: lead.cancelled_at },
			asked: [post, get],
		},
		{
			title: 'a web page instead of a record, and it was cancelled',
			answers: [
				[200, '<html>'],
				[200, cancelledNow],
			],
			outcome: 'cancelled',
			seen: { verified: true },
			asked: [post, get],
		},
	];
	test.each(cases)(
		'$title means $outcome',
		async ({ answers, outcome, seen = {}, asked = [post] }) => {
			const sent = answering(origin, [200, active], ...answers);
			const [json] = await run('cancel', parameters, { options: { maxAttempts: 2 } });
			expect(json).toMatchObject({ outcome, ...seen });
			expect(json).not.toHaveProperty('error');
			expect(lines(sent)).toEqual([get, ...asked]);
		},
	);

	const denied: Prepared =
		version === 'v1' ? [401, '"Bad credentials"', { 'content-type': 'application/json' }] : [401];
	const said = version === 'v1' ? 'HTTP 401: Bad credentials' : 'HTTP 401';

	test.each<[string, Prepared[], IDataObject, unknown[]]>([
		[
			'write',
			[[200, active], denied],
			{ description: said, attempts: 1, httpStatus: 401 },
			[get, post],
		],
		['look', [denied], { description: expect.stringContaining(said), attempts: 0 }, [get]],
		[
			'look, with 403',
			[[403, { message: 'No.' }]],
			{ description: expect.stringContaining('HTTP 403: No.'), attempts: 0 },
			[get],
		],
	])('to a %s without rights stops the account', async (_, answers, seen, asked) => {
		const sent = answering(origin, ...answers);
		const [json, next] = await run(
			'cancel',
			{ ...parameters, email: '={{ $json.email }}' },
			{
				items: [{ email: 'ada@example.com' }, { email: 'ben@example.com' }],
				options: { maxConcurrency: 1 },
			},
		);
		expect(json).toMatchObject({ outcome: 'unauthorized', ...seen });
		expect(next).toMatchObject({ outcome: 'skipped', attempts: 0 });
		expect(lines(sent)).toEqual(asked);
	});

	test('of a look without rights after doubt leaves the item unknown and stops the account', async () => {
		const sent = answering(origin, [200, active], serverError, [403, { message: 'No.' }]);
		const both = await run(
			'cancel',
			{ ...parameters, email: '={{ $json.email }}' },
			{
				items: [{ email: 'ada@example.com' }, { email: 'ben@example.com' }],
				options: { maxConcurrency: 1, maxAttempts: 1 },
			},
		);
		expect(both).toMatchObject([
			{
				outcome: 'unknown',
				attempts: 1,
				description: expect.stringContaining('HTTP 403'),
				message: expect.not.stringContaining('Nothing was sent'),
			},
			{ outcome: 'skipped', attempts: 0 },
		]);
		expect(lines(sent)).toEqual([get, post, get]);
	});

	test('to a look that is no record sends nothing', async () => {
		for (const body of ['<html>', {}, { ...active, email: 'ben@example.com', uid: 'cus_ben' }]) {
			const sent = answering(origin, [200, body]);
			const [json] = await run('cancel', parameters);
			expect(json).toMatchObject({ outcome: 'refused', attempts: 0, requestedAt: null });
			expect(lines(sent)).toEqual([get]);
		}
	});

	test('of a customer who is not a referral goes to the error output on demand', async () => {
		for (const answers of [[[200, active], unknown, unknown], [unknown]] as Prepared[][]) {
			answering(origin, ...answers);
			const [json] = await run('cancel', parameters, { options: { ifNotReferral: 'fail' } });
			expect(json).toMatchObject({ ok: false, ended: false, outcome: 'notFound' });
		}
		answering(origin, unknown);
		const [json] = await run('cancel', parameters);
		expect(json).toMatchObject({ ok: true, outcome: 'nothingToCancel', attempts: 0 });
	});

	test('keeps nothing that belongs to the promoter alone', async () => {
		answering(origin, [200, active], [200, recorded]);
		const [json] = await run('cancel', parameters, { options: { includeResponse: true } });
		expect(json.response).toMatchObject({
			lead,
			promoter: { email: 'pat@example.com', temp_password: '***', auth_token: '***' },
		});
		expect(JSON.stringify(json)).not.toMatch(/hunter2|tok_9|key-of/);
	});

	test('is only foreseen by a dry run', async () => {
		const sent = answering(origin, [200, active]);
		const [json] = await run('cancel', { ...parameters, dryRun: true });
		expect(json).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'preview',
			current: { status: 'active', email: 'ada@example.com' },
			wouldBe: { outcome: 'cancelled', effectiveAt: null },
			request: { method: 'POST', body: version === 'v1' ? null : { email: 'ada@example.com' } },
		});
		expect(JSON.stringify(json)).not.toContain('key-of');
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[string, IDataObject, Prepared, IDataObject]>([
		[
			'a cancelled one',
			{},
			[200, lead],
			{ outcome: 'alreadyCancelled', effectiveAt: lead.cancelled_at },
		],
		['no referral', {}, unknown, { outcome: 'nothingToCancel' }],
		[
			'no referral, as the user wants it called',
			{ options: { ifNotReferral: 'fail' } },
			unknown,
			{ outcome: 'notFound' },
		],
	])('of a dry run tells that there is %s', async (_, more, answer, wouldBe) => {
		const sent = answering(origin, answer);
		const [json] = await run('cancel', { ...parameters, ...more, dryRun: true });
		expect(json).toMatchObject({ outcome: 'preview', wouldBe });
		expect(lines(sent)).toEqual([get]);
	});

	test.each([true, false])(
		'to a look at a wrong address is no word about the customer, dry run: %s',
		async (dryRun) => {
			const sent = answering(origin, [404, '<html>Not Found</html>']);
			const [json] = await run('cancel', { ...parameters, dryRun });
			expect(json).toMatchObject({ ok: false, outcome: 'refused', attempts: 0 });
			expect(lines(sent)).toEqual([get]);
		},
	);

	test.each<[string, IDataObject]>([
		['another e-mail', { expectedEmail: 'ben@example.com' }],
		['another status', { expectedStatus: 'signup' }],
	])('with %s than expected stops the item', async (_, options) => {
		const sent = answering(origin, [200, active]);
		const [json] = await run('cancel', parameters, { options });
		expect(json).toMatchObject({ outcome: 'refused' });
		expect(lines(sent)).toEqual([get]);
	});

	test.each(['denied', 'moved', 'pending'])(
		'to a look at a %s one sends nothing',
		async (state) => {
			for (const more of [{}, { dryRun: true }, { additionalFields: { eventId: 'evt_1' } }]) {
				const sent = answering(origin, [200, { ...active, state }]);
				const [json] = await run('cancel', { ...parameters, ...more });
				expect('dryRun' in more ? json.wouldBe : json).toMatchObject({
					outcome: 'nothingToCancel',
				});
				expect(JSON.stringify(json)).toContain(state);
				expect(lines(sent)).toEqual([get]);
			}
		},
	);

	test('to an address with capitals is looked for in lower case, and written as it is known', async () => {
		const sent = answering(origin, unknown, [200, active], [200, recorded]);
		const [json] = await run('cancel', { ...parameters, email: 'Ada@Example.com' });
		expect(json).toMatchObject({ ok: true, outcome: 'cancelled' });
		expect(lines(sent)).toEqual([expect.stringContaining('Ada%40Example.com'), get, post]);
		expect(JSON.stringify(sent[2])).not.toContain('Ada');
	});

	test('to an address that is known in no spelling is read twice at most', async () => {
		const sent = answering(origin, unknown, unknown);
		const [json] = await run('cancel', { ...parameters, email: 'Ada@Example.com' });
		expect(json).toMatchObject({ outcome: 'nothingToCancel', attempts: 0 });
		expect(sent.map(({ method }) => method)).toEqual(['GET', 'GET']);
	});
});
