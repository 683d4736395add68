import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared } from '../wire';
import {
	v1,
	v2,
	lead,
	active,
	recorded,
	unknownV1,
	unknownV2,
	soon,
	byEmail,
	cancelPath,
	showPath,
	referralPath,
	run,
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
			title: '200 without a record',
			answers: [[200, { id: 1 }]],
			outcome: 'cancelled',
			seen: { effectiveAt: null },
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
			title: '204',
			answers: [[204]],
			outcome: 'nothingToCancel',
			seen: { ok: true, ended: true, effectiveAt: null },
		},
		{
			title: '404 in its own words',
			answers: [unknown],
			outcome: 'nothingToCancel',
			seen: { ok: true, ended: true, httpStatus: 404 },
		},
		{
			title: '404 of a wrong address',
			answers: [
				[404, '<html>Not Found</html>'],
				[404, '<html>Not Found</html>'],
			],
			outcome: 'notFound',
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
			title: '429 until it gives up',
			answers: [
				[429, '', soon],
				[429, '', soon],
			],
			outcome: 'rateLimited',
			seen: { attempts: 2, httpStatus: 429 },
			asked: [post, post],
		},
		{
			title: '429, then 200',
			answers: [
				[429, '', soon],
				[200, recorded],
			],
			outcome: 'cancelled',
			seen: { attempts: 2 },
			asked: [post, post],
		},
		{
			title: 'a web page instead of a record, and it was cancelled',
			answers: [
				[200, '<html>'],
				[200, lead],
			],
			outcome: 'cancelled',
			seen: { verified: true },
			asked: [post, get],
		},
	];
	test.each(cases)(
		'$title means $outcome',
		async ({ answers, outcome, seen = {}, asked = [post] }) => {
			const sent = answering(origin, ...answers);
			const [json] = await run('cancel', parameters, { options: { maxAttempts: 2 } });
			expect(json.error ?? json).toMatchObject({ outcome, ...seen });
			expect(lines(sent)).toEqual(asked);
		},
	);

	test('is not tried again where the key is not accepted', async () => {
		const sent = answering(
			origin,
			version === 'v1' ? [401, '"Bad credentials"', { 'content-type': 'application/json' }] : [401],
		);
		const [json, next] = await run(
			'cancel',
			{ ...parameters, email: '={{ $json.email }}' },
			{
				items: [{ email: 'ada@example.com' }, { email: 'ben@example.com' }],
				options: { maxConcurrency: 1 },
			},
		);
		expect(json.error).toMatchObject({
			outcome: 'unauthorized',
			description: version === 'v1' ? 'HTTP 401: Bad credentials' : 'HTTP 401',
		});
		expect(next.error).toMatchObject({ outcome: 'skipped' });
		expect(lines(sent)).toEqual([post]);
	});

	test('keeps nothing that belongs to the promoter alone', async () => {
		answering(origin, [200, recorded]);
		const [json] = await run('cancel', parameters);
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
	])('of a dry run tells that there is %s', async (_, more, answer, wouldBe) => {
		const sent = answering(origin, answer);
		const [json] = await run('cancel', { ...parameters, ...more, dryRun: true });
		expect(json).toMatchObject({ outcome: 'preview', wouldBe });
		expect(lines(sent)).toEqual([get]);
	});

	test('to a look at a wrong address is no word about the customer', async () => {
		const sent = answering(origin, [404, '<html>Not Found</html>']);
		const [json] = await run('cancel', { ...parameters, dryRun: true });
		expect(json.error).toMatchObject({ outcome: 'notFound' });
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[string, IDataObject]>([
		['another e-mail', { expectedEmail: 'ben@example.com' }],
		['another status', { expectedStatus: 'signup' }],
	])('with %s than expected stops the item', async (_, options) => {
		const sent = answering(origin, [200, active]);
		const [json] = await run('cancel', parameters, { options });
		expect(json.error).toMatchObject({ outcome: 'refused' });
		expect(lines(sent)).toEqual([get]);
	});
});

describe('a repeated cancellation', () => {
	const post = expect.stringMatching(new RegExp(`^POST ${cancelPath}$`));
	const taken: Prepared = [
		409,
		{ message: "The 'cancellation' event with the id 'x' already exists." },
	];

	test("is our own where v1 knows the node's event ID", async () => {
		const sent = answering(v1, [500, '', soon], taken);
		const [json] = await run('cancel', byEmail);
		expect(json).toMatchObject({ outcome: 'cancelled', verified: true, attempts: 2 });
		expect(lines(sent)).toEqual([post, post]);
	});

	test("is somebody's where v1 knows the user's event ID", async () => {
		const sent = answering(v1, taken);
		const [json] = await run('cancel', { ...byEmail, additionalFields: { eventId: 'evt_1' } });
		expect(json).toMatchObject({ outcome: 'alreadyCancelled', ended: true });
		expect(sent).toHaveLength(1);
	});

	test('fails on demand', async () => {
		answering(v1, taken);
		const parameters = { ...byEmail, additionalFields: { eventId: 'evt_1' } };
		const [json] = await run('cancel', parameters, { options: { alreadyCancelled: 'fail' } });
		expect(json.error).toMatchObject({ outcome: 'notCancellable' });
	});

	test.each<[string, Prepared[], IDataObject, string[]]>([
		[
			'sent again where the referral is still active',
			[
				[500, '', soon],
				[200, active],
				[200, recorded],
			],
			{ outcome: 'cancelled', attempts: 2 },
			['POST', 'GET', 'POST'],
		],
		[
			'not sent again where the referral is cancelled',
			[
				[500, '', soon],
				[200, lead],
			],
			{ outcome: 'cancelled', verified: true, effectiveAt: lead.cancelled_at, attempts: 1 },
			['POST', 'GET'],
		],
		[
			'not sent again where there is no referral',
			[[500, '', soon], unknownV2],
			{ outcome: 'nothingToCancel' },
			['POST', 'GET'],
		],
		[
			'not sent again where the referral cannot be read',
			[
				[500, '', soon],
				[500, '', soon],
				[500, '', soon],
			],
			{ outcome: 'unknown' },
			['POST', 'GET', 'GET'],
		],
		[
			'looked at where v2 says that it exists',
			[
				[409, { message: 'exists' }],
				[200, lead],
			],
			{ outcome: 'alreadyCancelled' },
			['POST', 'GET'],
		],
	])('on v2, which knows no event ID, is %s', async (_, answers, expected, methods) => {
		const sent = answering(v2, ...answers);
		const [json] = await run(
			'cancel',
			{ apiVersion: 'v2', ...byEmail },
			{ options: { maxAttempts: 2 } },
		);
		expect(json.error ?? json).toMatchObject(expected);
		expect(sent.map(({ method }) => method)).toEqual(methods);
	});

	test('on v2 without rights is unauthorized', async () => {
		const message = "You don't have enough rights to perform this action";
		const sent = answering(v2, [403, { message, code: 'forbidden' }]);
		const [json] = await run('cancel', { apiVersion: 'v2', ...byEmail });
		expect(json.error).toMatchObject({
			outcome: 'unauthorized',
			description: `HTTP 403: ${message}`,
		});
		expect(sent).toHaveLength(1);
	});
});
