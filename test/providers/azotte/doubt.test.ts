import type { IDataObject } from 'n8n-workflow';

import {
	ahead,
	azotte,
	said,
	ok,
	row,
	list,
	processed,
	offer,
	presentation,
	canceled,
	seen,
	paths,
	asked,
	confirmed,
	reactivated,
	looked,
	one,
	serverError,
} from './vendor';

describe('a request to cancel', () => {
	test.each<[string, IDataObject, IDataObject]>([
		['an offer', offer, { ok: true, ended: false, outcome: 'offer' }],
		['a step to show', presentation, { ok: true, ended: false, outcome: 'presentation' }],
		['something else', ok({ responseType: 'Other' }), { outcome: 'failed' }],
		['no envelope', {}, { outcome: 'failed' }],
		['an order that is not known', said('SUBSCRIPTION_NOT_FOUND'), { outcome: 'notFound' }],
		['a refusal', said('SUBSCRIPTION_NOT_CANCELABLE'), { outcome: 'notCancellable' }],
	])('answered with %s', async (_, answer, expected) => {
		azotte([200, answer]);
		expect(await one('requestCancel')).toMatchObject(expected);
		expect(paths()).toEqual([asked]);
	});

	test('before a confirmation may be repeated as well: it changes nothing', async () => {
		azotte(serverError, [200, processed], [200, ok({})]);
		expect(await one('cancel', { options: { maxAttempts: 2 } })).toMatchObject({ ok: true });
		expect(paths()).toEqual([asked, asked, confirmed]);
	});

	test('may be repeated after an answer that leaves doubt', async () => {
		azotte(serverError, [200, processed]);
		expect(await one('requestCancel', { options: { maxAttempts: 2 } })).toMatchObject({
			outcome: 'readyToConfirm',
			attempts: 2,
		});
	});

	test('that never gets a clear answer has changed nothing', async () => {
		azotte([503, '']);
		expect(await one('requestCancel')).toMatchObject({ outcome: 'failed', httpStatus: 503 });
	});

	test('that gets no answer at all has changed nothing either', async () => {
		azotte('silence');
		const { outcome, description } = await one('requestCancel', { options: { timeout: 100 } });
		expect([outcome, description]).toEqual(['failed', expect.stringMatching(/no answer/)]);
	});
});

describe('a confirmation', () => {
	test('that cannot be read afterwards is still accepted', async () => {
		azotte([200, list(row())], [200, ok()], serverError);
		expect(await one('confirmCancel', seen)).toMatchObject({
			ok: true,
			outcome: 'pendingProvider',
			note: expect.stringContaining('could not be read'),
		});
	});

	test('whose order turns out to be a store order is left to the customer', async () => {
		const store = row({ subscriptionChannel: 'InappAppStore' });
		azotte([200, list(row())], [200, ok()], [200, list(store)]);
		expect(await one('confirmCancel', seen)).toMatchObject({ outcome: 'customerActionRequired' });
		expect(paths()).toEqual([looked, confirmed, looked]);
	});

	test.each(['confirmCancel', 'cancel', 'reactivate', 'requestCancel'])(
		'whose order cannot be read before sends nothing (%s)',
		async (operation) => {
			azotte(serverError);
			expect(await one(operation, seen)).toMatchObject({
				ok: false,
				outcome: 'refused',
				attempts: 0,
				requestedAt: null,
				description: expect.stringContaining('It has to be read before anything is sent.'),
			});
			expect(paths()).toEqual([looked]);
		},
	);

	test.each([200, 404, 409])('with HTTP %i, the code in the envelope decides', async (status) => {
		azotte([status, said('SUBSCRIPTION_NOT_FOUND')]);
		expect(await one('confirmCancel')).toMatchObject({ outcome: 'notFound', httpStatus: status });
		azotte([status, said('SUBSCRIPTION_NOT_CANCELABLE')]);
		expect(await one('confirmCancel')).toMatchObject({
			outcome: 'notCancellable',
			description: expect.stringContaining('SUBSCRIPTION_NOT_CANCELABLE'),
		});
		expect(paths()).toEqual([confirmed, confirmed]);
	});

	test.each<[number, unknown, string]>([
		...['SOMETHING_NEW', 'ACCEPTED', 'PROCESSING', 'success'].map(
			(code): [number, unknown, string] => [200, said(code), 'unknown'],
		),
		[400, said('INVALID_REQUEST'), 'failed'],
		[401, '', 'unauthorized'],
		[403, said('FORBIDDEN'), 'unauthorized'],
		[404, said('NOT_FOUND'), 'notFound'],
		[200, { result: null }, 'unknown'],
		[200, '<html></html>', 'unknown'],
		[200, said('INTERNAL_SERVER_ERROR'), 'unknown'],
		[500, said('SQL_DATABASE_FAILURE'), 'unknown'],
		[502, '', 'unknown'],
		[429, '', 'rateLimited'],
	])('answered %i %j is %s, and sent once', async (status, body, outcome) => {
		azotte([status, body, { 'Retry-After': '0' }]);
		expect(await one('confirmCancel')).toMatchObject({ outcome });
		expect(paths()).toEqual([confirmed]);
	});

	test('with a code that is not known is settled by the record', async () => {
		azotte([200, list(row())], [200, said('ACCEPTED')], [200, list(canceled)]);
		expect(await one('confirmCancel', seen)).toMatchObject({
			outcome: 'scheduled',
			verified: true,
		});
		expect(paths()).toEqual([looked, confirmed, looked]);
	});

	test('refused, while the order is over, was not needed', async () => {
		azotte([200, list(row())], [200, said('SUBSCRIPTION_NOT_CANCELABLE')], [200, list(canceled)]);
		expect(await one('confirmCancel', seen)).toMatchObject({
			outcome: 'alreadyCancelled',
			effectiveAt: ahead,
		});
		expect(paths()).toEqual([looked, confirmed, looked]);
	});

	test('that leaves doubt is settled by the record', async () => {
		azotte([200, list(row())], serverError, [200, list(canceled)]);
		expect(await one('confirmCancel', seen)).toMatchObject({
			outcome: 'scheduled',
			verified: true,
		});
		expect(paths()).toEqual([looked, confirmed, looked]);
	});

	test('that leaves doubt is sent again where nothing changed', async () => {
		azotte([200, list(row())], serverError, [200, list(row())], [200, ok()], [200, list(canceled)]);
		expect(await one('confirmCancel', { ...seen, options: { maxAttempts: 2 } })).toMatchObject({
			outcome: 'scheduled',
			attempts: 2,
		});
		expect(paths()).toEqual([looked, confirmed, looked, confirmed, looked]);
	});

	test('that leaves doubt through a partner is never sent again: its record lags behind', async () => {
		const partner = list(row({ subscriptionChannel: 'ExternalPartner' }));
		azotte([200, partner], serverError, [200, partner]);
		expect(await one('confirmCancel', { ...seen, options: { maxAttempts: 4 } })).toMatchObject({
			outcome: 'unknown',
		});
		expect(paths()).toEqual([looked, confirmed, looked]);
	});
});

describe('a cancellation in one go', () => {
	test.each<[number, unknown, string]>([
		[200, said('SUBSCRIPTION_NOT_CANCELABLE'), 'notCancellable'],
		[200, said('SUBSCRIPTION_NOT_FOUND'), 'notFound'],
		[200, ok(), 'failed'],
		[200, 'gone', 'failed'],
		[401, '', 'unauthorized'],
		[500, '', 'failed'],
	])('asked and answered %i %j is %s, and nothing is confirmed', async (status, body, outcome) => {
		azotte([status, body]);
		expect(await one('cancel')).toMatchObject({ outcome });
		expect(paths()).toEqual([asked]);
	});
});

describe('a reactivation', () => {
	test.each<[number, unknown, string]>([
		[200, said('SUBSCRIPTION_NOT_REACTIVATABLE'), 'notCancellable'],
		[200, said('SUBSCRIPTION_NOT_FOUND'), 'notFound'],
		[200, {}, 'unknown'],
		[500, '', 'unknown'],
		[401, '', 'unauthorized'],
	])('answered %i %j is %s, and sent once', async (status, body, outcome) => {
		azotte([status, body]);
		expect(await one('reactivate')).toMatchObject({ outcome });
		expect(paths()).toEqual([reactivated]);
	});
});
