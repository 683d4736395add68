import type { IDataObject } from 'n8n-workflow';

import { answering, lines, unasked, type Prepared } from '../wire';
import {
	v1,
	v2,
	lead,
	active,
	cancelledNow,
	recorded,
	unknownV2,
	byEmail,
	cancelPath,
	showPath,
	run,
	serverError,
	unchanged,
} from './vendor';

describe('a repeated cancellation', () => {
	const post = expect.stringMatching(new RegExp(`^POST ${cancelPath}$`));
	const get = `GET ${showPath}`;
	const taken: Prepared = [
		409,
		{ message: "The 'cancellation' event with the id 'x' already exists." },
	];

	test("is our own where v1 knows the node's event ID", async () => {
		const sent = answering(v1, [200, active], serverError, [200, active], taken, [
			200,
			cancelledNow,
		]);
		const [json] = await run('cancel', byEmail);
		expect(json).toMatchObject({ outcome: 'cancelled', verified: true, attempts: 2 });
		expect(lines(sent)).toEqual([get, post, get, post, get]);
	});

	test("is none where v1 knows the node's event ID and the referral is active", async () => {
		answering(v1, [200, active], taken, ...unchanged([200, active]));
		const [json] = await run('cancel', byEmail);
		expect(json).toMatchObject({ ok: false, ended: false, attempts: 1 });
		expect(json.outcome).not.toBe('cancelled');
		unasked();
	});

	test("goes out again under the node's event ID where nothing can be read after doubt", async () => {
		const busy: Prepared = serverError;
		const sent = answering(v1, [200, active], busy, busy, busy, [200, recorded]);
		const [json] = await run('cancel', byEmail, { options: { maxAttempts: 2 } });
		expect(json).toMatchObject({ outcome: 'cancelled', attempts: 2 });
		expect(lines(sent)).toEqual([get, post, get, get, post]);
		expect(sent[4].path).toBe(sent[1].path);
	});

	test('is not called undone where nothing could be read after the last doubt', async () => {
		const sent = answering(v1, [200, active], serverError, serverError);
		const [json] = await run('cancel', byEmail, { options: { maxAttempts: 1 } });
		expect(json).toMatchObject({ outcome: 'unknown', attempts: 1 });
		expect(lines(sent)).toEqual([get, post, get]);
	});

	const withEventId = { ...byEmail, additionalFields: { eventId: 'evt_1' } };
	const own = 'POST /api/v1/track/cancellation?email=ada%40example.com&event_id=evt_1';

	test.each<[string, Prepared[], IDataObject, string[]]>([
		[
			'is over where v1 knows the event ID of the user and the record says so',
			[taken, [200, lead]],
			{ outcome: 'alreadyCancelled', ended: true, effectiveAt: lead.cancelled_at },
			[own, get],
		],
		[
			"is none where the user's event ID was another customer's",
			[taken, [200, active]],
			{ outcome: 'notCancellable', ok: false, ended: false },
			[own, get],
		],
		[
			"is our own where the user's event ID came with an earlier try",
			[serverError, [200, active], taken, [200, cancelledNow]],
			{ outcome: 'cancelled', verified: true, attempts: 2 },
			[own, get, own, get],
		],
		[
			"is not sent again under the user's event ID where nothing can be read",
			[serverError, serverError, serverError],
			{ outcome: 'unknown', attempts: 1 },
			[own, get, get],
		],
	])('%s', async (_, answers, expected, asked) => {
		const sent = answering(v1, [200, active], ...answers);
		const [json] = await run('cancel', withEventId, { options: { maxAttempts: 2 } });
		expect(json).toMatchObject(expected);
		expect(lines(sent)).toEqual([get, ...asked]);
	});

	test('fails on demand', async () => {
		answering(v1, [200, active], taken, [200, lead]);
		const parameters = { ...byEmail, additionalFields: { eventId: 'evt_1' } };
		const [json] = await run('cancel', parameters, { options: { alreadyCancelled: 'fail' } });
		expect(json).toMatchObject({ outcome: 'notCancellable' });
	});

	test.each<[string, Prepared[], IDataObject, string[]]>([
		[
			'sent again where the referral is still active',
			[serverError, [200, active], [200, recorded]],
			{ outcome: 'cancelled', attempts: 2 },
			['POST', 'GET', 'POST'],
		],
		[
			'not sent again where the referral is cancelled',
			[serverError, [200, cancelledNow]],
			{ outcome: 'cancelled', verified: true, effectiveAt: expect.any(String), attempts: 1 },
			['POST', 'GET'],
		],
		[
			'not sent again where there is no referral',
			[serverError, unknownV2],
			{ outcome: 'nothingToCancel' },
			['POST', 'GET'],
		],
		[
			'not sent again where the referral cannot be read',
			[serverError, serverError, serverError],
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
		const sent = answering(v2, [200, active], ...answers);
		const [json] = await run(
			'cancel',
			{ apiVersion: 'v2', ...byEmail },
			{ options: { maxAttempts: 2 } },
		);
		expect(json).toMatchObject(expected);
		expect(sent.map(({ method }) => method)).toEqual(['GET', ...methods]);
	});

	test('on v2 without rights is unauthorized', async () => {
		const message = "You don't have enough rights to perform this action";
		const sent = answering(v2, [200, active], [403, { message, code: 'forbidden' }]);
		const [json] = await run('cancel', { apiVersion: 'v2', ...byEmail });
		expect(json).toMatchObject({
			outcome: 'unauthorized',
			description: `HTTP 403: ${message}`,
		});
		expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
	});
});
