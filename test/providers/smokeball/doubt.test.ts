import type { IDataObject } from 'n8n-workflow';

import { byId } from '../facts';
import { arrived, unasked, type Prepared } from '../wire';
import {
	ahead,
	smokeball,
	patches,
	answer,
	record,
	pending,
	pendingNow,
	unchanged,
	gone,
	problem,
	one,
	run,
	serverError,
} from './vendor';

describe('a cancellation', () => {
	test.each<[string, unknown]>([
		['that was only a preview', answer({ preview: true })],
		['without a type', {}],
		['of the type None', answer({ cancellationType: 'None' })],
		['with an error inside', { error: 'no' }],
		['of an empty list', []],
	])('with an answer %s is not believed: the record decides', async (_, body) => {
		smokeball([200, record()], [200, body], [200, pendingNow]);
		expect(await one('cancel')).toMatchObject({
			outcome: 'scheduled',
			effectiveAt: ahead,
			verified: true,
		});
		expect(arrived.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET']);
	});

	test('that was only a preview, with nothing changed, is not known, and never sent again', async () => {
		const preview = answer({ preview: true });
		smokeball([200, record()], [200, preview], ...unchanged([200, record()]));
		expect(await one('cancel')).toMatchObject({
			ok: false,
			ended: false,
			outcome: 'unknown',
			attempts: 1,
			description: expect.stringContaining('preview'),
		});
		expect(patches()).toHaveLength(1);
		unasked();
	});

	test.each<[number, unknown, unknown, IDataObject, number]>([
		[400, problem(400, 'The subscription is canceled.'), gone, { outcome: 'alreadyCancelled' }, 1],
		[
			400,
			problem(400, 'Trials end with the period only.'),
			record(),
			{ outcome: 'notCancellable', description: 'HTTP 400: Trials end with the period only.' },
			1,
		],
		[404, problem(404, 'Subscription not found.'), undefined, { outcome: 'notFound' }, 1],
		[500, serverError[1], pendingNow, { outcome: 'scheduled', verified: true }, 1],
		[500, serverError[1], pending, { outcome: 'alreadyCancelled', effectiveAt: ahead }, 1],
		[503, '<html>', undefined, { outcome: 'unknown' }, 1],
	])(
		'answered %i %j, with the record at %j, is %j',
		async (status, body, state, expected, tries) => {
			smokeball(
				[200, record()],
				[status, body],
				state === undefined ? [status, body] : [200, state],
			);
			expect(await one('cancel', { options: { maxAttempts: 1 } })).toMatchObject(expected);
			expect(patches()).toHaveLength(tries);
		},
	);

	test.each([401, 403])('answered %i is unauthorized, and sent once', async (status) => {
		const refused = [status, problem(status, 'No.')] as Prepared;
		// A 403 may be about this record: reading it tells.
		const reads = status === 403 ? [refused] : [];
		smokeball([200, record()], refused, ...reads);
		expect(await one('cancel')).toMatchObject({ outcome: 'unauthorized', httpStatus: status });
		expect(patches()).toHaveLength(1);
	});

	const both = {
		parameters: { subscriptionId: byId('={{ $json.id }}') },
		more: { items: [{ id: record().id }, { id: 'sub_2' }], options: { maxConcurrency: 1 } },
	};

	test.each([401, 403])('whose look is answered %i stops the account', async (status) => {
		smokeball([status, problem(status, 'No.')]);
		expect(await run('cancel', both.parameters, both.more)).toMatchObject([
			{
				outcome: 'unauthorized',
				attempts: 0,
				description: expect.stringContaining(`HTTP ${status}: No.`),
			},
			{ outcome: 'skipped', attempts: 0 },
		]);
		expect(arrived).toHaveLength(1);
		expect(patches()).toHaveLength(0);
	});

	test('in doubt whose look is answered 403 is unknown, and stops the account', async () => {
		smokeball([200, record()], serverError, [403, problem(403, 'No.')]);
		expect(await run('cancel', both.parameters, both.more)).toMatchObject([
			{
				outcome: 'unknown',
				attempts: 1,
				message: expect.not.stringContaining('Nothing was sent'),
			},
			{ outcome: 'skipped', attempts: 0 },
		]);
		expect(arrived.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET']);
	});

	test('in doubt is not called unchanged by a 429 that follows', async () => {
		const busy = [429, problem(429, 'Slow down.'), { 'Retry-After': '0' }] as never;
		smokeball([200, record()], serverError, [200, record()], busy, [200, pendingNow]);
		expect(await one('cancel', { options: { maxAttempts: 2 } })).toMatchObject({
			outcome: 'scheduled',
			verified: true,
			attempts: 2,
		});
		smokeball([200, record()], serverError, [200, record()], busy, [403]);
		expect(await one('cancel', { options: { maxAttempts: 2 } })).toMatchObject({
			outcome: 'unknown',
			attempts: 2,
			message: expect.not.stringContaining('was not changed'),
		});
	});

	test('answered 429 is sent again, up to Max Tries per Item', async () => {
		const busy = [429, problem(429, 'Slow down.'), { 'Retry-After': '0' }] as never;
		smokeball([200, record()], busy, [200, answer()]);
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		smokeball([200, record()], busy, busy);
		expect(await one('cancel', { options: { maxAttempts: 2 } })).toMatchObject({
			outcome: 'rateLimited',
			attempts: 2,
		});
		expect(patches()).toHaveLength(4);
	});

	test('without a clear answer is sent again only after a look shows that nothing changed', async () => {
		smokeball([200, record()], serverError, [200, record()], [200, answer()]);
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		expect(arrived.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET', 'PATCH']);
	});

	const pendingAt = (cancelAt: string, canceledAt = new Date().toISOString()) =>
		record({ cancellationStatus: 'Pending', cancellationType: 'Date', cancelAt, canceledAt });

	test("in doubt is not taken for done by another program's earlier end", async () => {
		const sooner = '2099-06-30T00:00:00.000Z';
		smokeball([200, record()], serverError, [200, pendingAt(sooner)]);
		const json = await one('cancel');
		expect(json).toMatchObject({ outcome: 'alreadyCancelled', effectiveAt: sooner });
		expect(json).not.toHaveProperty('verified');
		expect(patches()).toHaveLength(1);
	});

	test("in doubt goes on where another program's end lies later", async () => {
		const later = pendingAt('2100-06-30T00:00:00.000Z');
		smokeball([200, record()], serverError, [200, later], [200, answer()]);
		expect(await one('cancel')).toMatchObject({
			outcome: 'scheduled',
			effectiveAt: ahead,
			attempts: 2,
		});
		expect(patches()).toHaveLength(2);
	});

	test('at a date in doubt is done where that very date is pending', async () => {
		const at = '2099-06-30T12:00:00.000Z';
		smokeball([200, record()], serverError, [200, pendingAt(at)]);
		const wish = { cancellationType: 'Date', cancelAt: at };
		expect(await one('cancel', wish)).toMatchObject({
			outcome: 'scheduled',
			effectiveAt: at,
			verified: true,
		});
		expect(patches()).toHaveLength(1);
	});

	test('of another record is no look', async () => {
		smokeball([200, record({ id: 'sub_2' })]);
		expect(await one('cancel')).toMatchObject({ outcome: 'refused', attempts: 0 });
		expect(patches()).toHaveLength(0);
	});
});

describe('a resumption', () => {
	test('without a clear answer is never sent again, because it may charge twice', async () => {
		smokeball(serverError, [200, gone]);
		expect(await one('resume')).toMatchObject({
			outcome: 'unknown',
			description: expect.stringContaining('still "Canceled"'),
		});
		expect(patches()).toHaveLength(1);
	});

	test('without a clear answer counts once the record runs again', async () => {
		smokeball(serverError, [200, record()]);
		expect(await one('resume')).toMatchObject({ outcome: 'restored', verified: true });
		expect(patches()).toHaveLength(1);
	});

	test.each<[number, string]>([
		[400, 'notCancellable'],
		[404, 'notFound'],
	])('answered %i is %s', async (status, outcome) => {
		const refused = [status, problem(status, 'No.')] as Prepared;
		smokeball(refused, status === 404 ? refused : [200, gone]);
		expect(await one('resume')).toMatchObject({ outcome });
		expect(patches()).toHaveLength(1);
	});
});
