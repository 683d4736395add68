import type { IDataObject } from 'n8n-workflow';

import { runNode, retrySaved } from '../../host/harness';
import { answering, lines, unasked, type Prepared } from '../wire';
import {
	v1,
	v2,
	keyV1,
	keyV2,
	derived,
	lead,
	active,
	recorded,
	unknownV1,
	ofV1,
	byEmail,
	byUid,
	cancelPath,
	showPath,
	unchanged,
	setting,
	run,
	serverError,
} from './vendor';

describe('track cancellation on v1 sends', () => {
	const eventId = 'evt_1';

	test.each<[string, IDataObject, string]>([
		['the e-mail', byEmail, `email=ada%40example.com&event_id=${derived}`],
		['the uid', byUid, `uid=cus_ada&event_id=${derived}`],
		[
			'only the identifier that was chosen',
			{ ...byEmail, uid: 'cus_ben' },
			`email=ada%40example.com&event_id=${derived}`,
		],
		['an event ID', { ...byUid, additionalFields: { eventId } }, 'uid=cus_ada&event_id=evt_1'],
		[
			'an event ID with signs',
			{ ...byUid, additionalFields: { eventId: 'a&b=c #1+2' } },
			'uid=cus_ada&event_id=a%26b%3Dc%20%231%2B2',
		],
		[
			'no notification',
			{ ...byUid, additionalFields: { eventId, skipEmailNotification: true } },
			'uid=cus_ada&event_id=evt_1&skip_email_notification=true',
		],
		[
			'nothing about a notification that is wanted',
			{ ...byUid, additionalFields: { eventId, skipEmailNotification: false } },
			'uid=cus_ada&event_id=evt_1',
		],
		[
			'everything at once',
			{
				...byUid,
				additionalFields: {
					eventId,
					createdAt: '2026-07-01T09:00:00Z',
					skipEmailNotification: true,
				},
			},
			'uid=cus_ada&event_id=evt_1&created_at=2026-07-01T09%3A00%3A00\\.000Z&skip_email_notification=true',
		],
	])('%s', async (_, parameters, query) => {
		const all = answering(v1, [200, active], ofV1);
		const [json] = await run('cancel', { apiVersion: 'v1', ...parameters });
		expect(json).toMatchObject({ ok: true, outcome: 'cancelled', attempts: 1 });
		const [read, sent, ...more] = all;
		expect(more).toEqual([]);
		expect(sent).toMatchObject({ method: 'POST', body: '' });
		expect(sent.path).toMatch(new RegExp(`^/api/v1/track/cancellation\\?${query}$`));
		const [who] = query.split('&');
		expect(lines([read])).toEqual([`GET /api/v1/leads/show?${who}`]);
		for (const { headers } of all) {
			expect(headers).toMatchObject({ 'x-api-key': 'key-of-v1' });
			expect(headers).not.toHaveProperty('authorization');
		}
	});

	test.each<[string, string, string]>([
		['2026-07-01T09:00:00', 'America/New_York', '2026-07-01T13:00:00.000Z'],
		['2026-01-01T09:00:00', 'America/New_York', '2026-01-01T14:00:00.000Z'],
		['2026-07-01 09:00', 'Asia/Kolkata', '2026-07-01T03:30:00.000Z'],
		['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
		['2026-07-01T09:00:00+02:00', 'Asia/Tokyo', '2026-07-01T07:00:00.000Z'],
		// In the hour that a change to summer time leaves out, n8n goes on with the later one.
		['2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z'],
		['={{ DateTime.fromISO("2026-07-01T09:00:00Z") }}', 'Asia/Tokyo', '2026-07-01T09:00:00.000Z'],
	])('the moment %s in %s', async (createdAt, timezone, expected) => {
		const sent = answering(v1, [200, active], ofV1);
		await run('cancel', { ...byUid, additionalFields: { createdAt } }, { timezone });
		expect(new URL(sent[1].path, v1).searchParams.get('created_at')).toBe(expected);
	});

	test.each(['yesterday', '11/21/2026', '2026-13-01', '2027-02-30', '2027-02-29T09:00:00'])(
		'nothing for the moment "%s"',
		async (createdAt) => {
			const sent = answering(v1);
			const [json] = await run('cancel', { ...byUid, additionalFields: { createdAt } });
			expect(json).toMatchObject({
				outcome: 'invalid',
				message: expect.stringContaining('Created At'),
			});
			expect(sent).toEqual([]);
		},
	);

	test('the same event ID again after a doubtful answer, and others for others', async () => {
		const ben = { email: 'ben@example.com', uid: 'cus_ben' };
		const all = answering(
			v1,
			[200, active],
			serverError,
			[200, active],
			[200, recorded],
			[200, { ...active, ...ben }],
			[200, { ...recorded, lead: { ...lead, ...ben } }],
		);
		const items = [{ email: 'ada@example.com' }, { email: 'ben@example.com' }];
		await run(
			'cancel',
			{ identifyBy: 'email', email: '={{ $json.email }}' },
			{ items, options: { maxConcurrency: 1 } },
		);
		const sent = all.filter(({ method }) => method === 'POST');
		const ids = sent.map(({ path }) => new URL(path, v1).searchParams.get('event_id'));
		expect(ids).toHaveLength(3);
		expect(ids[0]).toMatch(new RegExp(`^${derived}$`));
		expect(ids[1]).toBe(ids[0]);
		expect(ids[2]).not.toBe(ids[0]);
	});

	test('the same event ID when a saved execution is retried', async () => {
		const first = answering(v1, [200, active], 'silence', ...unchanged([200, active]));
		const one = setting('cancel', byEmail, {
			onError: 'stopWorkflow',
			options: { maxAttempts: 1, timeout: 3000 },
		});
		const { run: failed, thrown } = await runNode(one);
		expect(thrown?.message).toContain('ada@example.com');
		const get = `GET ${showPath}`;
		const [before, sent, ...afterwards] = lines(first);
		expect(before).toBe(get);
		expect(sent).toMatch(new RegExp(`^POST ${cancelPath}$`));
		// Silence is read on for as long as the call may still be running.
		expect(afterwards.length).toBeGreaterThan(2);
		expect(new Set(afterwards)).toEqual(new Set([get]));
		unasked();
		const second = answering(v1, [200, active], [200, recorded]);
		const { main } = await retrySaved(one, failed);
		expect(main[0].json).toMatchObject({ ok: true, outcome: 'cancelled' });
		expect(lines(second)).toEqual([get, sent]);
	});

	test('the same event ID where Created At is another moment at each evaluation', async () => {
		const sent = answering(
			v1,
			[200, active],
			serverError,
			[200, active],
			[200, active],
			[200, recorded],
		);
		const { main } = await runNode(
			setting(
				'cancel',
				{ ...byEmail, additionalFields: { createdAt: '={{ $now }}' } },
				{ onError: 'stopWorkflow', maxTries: 2, options: { maxAttempts: 1 } },
			),
		);
		expect(main.map(({ json }) => json)).toMatchObject([{ outcome: 'cancelled', attempts: 1 }]);
		const posts = sent.filter(({ method }) => method === 'POST');
		const [[at, id], [later, same]] = posts.map(({ path }) => {
			const { searchParams } = new URL(path, v1);
			return [searchParams.get('created_at'), searchParams.get('event_id')];
		});
		expect(id).toMatch(new RegExp(`^${derived}$`));
		expect(same).toBe(id);
		expect(Date.parse(later!)).toBeGreaterThan(Date.parse(at!));
	});
});

describe('track cancellation on v2 sends', () => {
	test.each<[string, IDataObject, IDataObject]>([
		['the e-mail', byEmail, { email: 'ada@example.com' }],
		['the uid', byUid, { uid: 'cus_ada' }],
		[
			'only the identifier that was chosen',
			{ ...byUid, email: 'ben@example.com' },
			{ uid: 'cus_ada' },
		],
		[
			'nothing that v2 does not know',
			{
				...byUid,
				additionalFields: { eventId: 'evt_1', createdAt: 'never', skipEmailNotification: true },
			},
			{ uid: 'cus_ada' },
		],
	])('%s', async (_, parameters, body) => {
		const all = answering(v2, [200, active], [200, recorded]);
		const [json] = await run(
			'cancel',
			{ apiVersion: 'v2', ...parameters },
			{ credentials: { firstPromoterV2Api: keyV2 } },
		);
		expect(json).toMatchObject({ ok: true, outcome: 'cancelled', effectiveAt: lead.cancelled_at });
		const [look, ...sent] = all;
		expect(look.method).toBe('GET');
		expect(sent).toEqual([
			{
				method: 'POST',
				path: '/api/v2/track/cancellation',
				body,
				headers: expect.objectContaining({
					authorization: 'Bearer key-of-v2',
					'account-id': 'account-7',
					'content-type': 'application/json',
				}),
			},
		]);
		expect(sent[0].headers).not.toHaveProperty('x-api-key');
	});
});

describe('reactivate', () => {
	const put = 'PUT /api/v1/leads/update?email=ada%40example.com&state=active';
	const get = `GET ${showPath}`;

	test.each<[string, Prepared[], IDataObject, string[]]>([
		[
			'a cancelled referral',
			[
				[200, lead],
				[200, active],
			],
			{ outcome: 'restored', ok: true, ended: false, effectiveAt: null },
			[get, put],
		],
		['nothing where it is active', [[200, active]], { outcome: 'restored', attempts: 0 }, [get]],
		[
			'nothing that was denied',
			[[200, { ...lead, state: 'denied' }]],
			{ outcome: 'refused' },
			[get],
		],
		['no mere sign-up', [[200, { ...lead, state: 'signup' }]], { outcome: 'refused' }, [get]],
		['an unknown customer', [unknownV1], { outcome: 'notFound' }, [get]],
		[
			'a referral of which it is read afterwards',
			[[200, lead], serverError, [200, active]],
			{ outcome: 'restored', verified: true },
			[get, put, get],
		],
		[
			'nothing twice without a look',
			[[200, lead], serverError, [200, lead], [200, active]],
			{ outcome: 'restored', attempts: 2 },
			[get, put, get, put],
		],
		[
			'nothing that is refused',
			[
				[200, lead],
				[422, { error: 'No.' }],
				[200, lead],
			],
			{ outcome: 'notCancellable' },
			[get, put, get],
		],
		['nothing with another key', [[401, '"Bad credentials"']], { outcome: 'unauthorized' }, [get]],
	])('sets %s', async (_, answers, expected, asked) => {
		const sent = answering(v1, ...answers);
		const [json] = await run('restore', byEmail, { options: { maxAttempts: 2 } });
		expect(json).toMatchObject(expected);
		expect(lines(sent)).toEqual(asked);
	});

	test('is not known to have worked where the referral stays cancelled, and is never sent again', async () => {
		const sent = answering(v1, [200, lead], [200, lead], ...unchanged([200, lead]));
		const [json] = await run('restore', byEmail);
		expect(json).toMatchObject({
			outcome: 'unknown',
			attempts: 1,
			description: expect.stringContaining('The referral in the response still says "cancelled"'),
		});
		expect(lines(sent).slice(0, 4)).toEqual([get, put, get, get]);
		expect(sent.filter(({ method }) => method === 'PUT')).toHaveLength(1);
		unasked();
	});

	test.each<[string, Prepared]>([
		['is busy', serverError],
		['is no record', [200, '<html>']],
		["is another customer's", [200, { ...lead, email: 'ben@example.com' }]],
	])('sends nothing where the answer to the look %s', async (_, answer) => {
		const sent = answering(v1, answer);
		const [json] = await run('restore', byEmail, { options: { maxAttempts: 1 } });
		expect(json).toMatchObject({ outcome: 'refused', attempts: 0 });
		expect(lines(sent)).toEqual([get]);
	});

	test.each<[string, RegExp]>([
		[
			'v2',
			/^ada@example\.com: API V2 cannot undo a cancellation\. Nothing was sent\. Choose API Version V1\./,
		],
		["={{ 'v2' }}", /^ada@example\.com: API V2 cannot undo/],
		['={{ $json.none }}', /^ada@example\.com: API Version /],
	])('is not sent with API version %s', async (apiVersion, message) => {
		const sent = [...answering(v1), ...answering(v2)];
		const [json] = await run('restore', { ...byEmail, apiVersion });
		expect(json).toMatchObject({
			outcome: 'invalid',
			attempts: 0,
			message: expect.stringMatching(message),
		});
		expect(sent).toEqual([]);
	});

	test('says why a referral in another state is left alone', async () => {
		answering(v1, [200, { ...lead, state: 'denied' }]);
		const [json] = await run('restore', byEmail);
		expect(json.message).toBe(
			'ada@example.com: is "denied", not "cancelled", so there is no cancellation to undo. Nothing was sent. If it should be active, set that in FirstPromoter. [item 0]',
		);
	});

	test('sends the uid where that was chosen, and signs with the key of v1', async () => {
		const sent = answering(v1, [200, lead], [200, active]);
		await run('restore', byUid, { credentials: { firstPromoterApi: keyV1 } });
		expect(lines(sent)).toEqual([
			'GET /api/v1/leads/show?uid=cus_ada',
			'PUT /api/v1/leads/update?uid=cus_ada&state=active',
		]);
		expect(sent[1]).toMatchObject({ body: '', headers: { 'x-api-key': 'key-of-v1' } });
	});

	test('shows in a dry run what it would send', async () => {
		const sent = answering(v1, [200, lead]);
		const [json] = await run('restore', { ...byUid, dryRun: true });
		expect(json).toMatchObject({
			outcome: 'preview',
			current: { status: 'cancelled' },
			wouldBe: { outcome: 'restored' },
			request: { method: 'PUT', url: `${v1}/api/v1/leads/update?uid=cus_ada&state=active` },
		});
		expect(lines(sent)).toEqual(['GET /api/v1/leads/show?uid=cus_ada']);
	});
});
