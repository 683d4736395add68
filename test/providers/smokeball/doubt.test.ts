import type { IDataObject } from 'n8n-workflow';

import { arrived } from '../wire';
import { ahead, smokeball, patches, answer, record, pending, gone, problem, one } from './vendor';

describe('a cancellation', () => {
	test.each<[string, IDataObject]>([
		['that was only a preview', answer({ preview: true })],
		['without a type', {}],
		['of the type None', answer({ cancellationType: 'None' })],
	])('with an answer %s is not believed: the record decides', async (_, body) => {
		smokeball([200, body], [200, pending]);
		expect(await one('cancel')).toMatchObject({
			outcome: 'scheduled',
			effectiveAt: ahead,
			verified: true,
		});
		expect(arrived.map(({ method }) => method)).toEqual(['PATCH', 'GET']);
	});

	test('that was only a preview, with nothing changed, is nothing', async () => {
		smokeball([200, answer({ preview: true })], [200, record()]);
		expect(await one('cancel', { options: { maxAttempts: 1 } })).toMatchObject({
			outcome: 'failed',
			description: expect.stringContaining('preview'),
		});
		expect(patches()).toHaveLength(1);
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
		[500, '', pending, { outcome: 'scheduled', verified: true }, 1],
		[503, '<html>', undefined, { outcome: 'unknown' }, 1],
	])(
		'answered %i %j, with the record at %j, is %j',
		async (status, body, state, expected, tries) => {
			smokeball(
				[status, body],
				state === undefined ? [status === 404 ? 404 : 500, ''] : [200, state],
			);
			expect(await one('cancel', { options: { maxAttempts: 1 } })).toMatchObject(expected);
			expect(patches()).toHaveLength(tries);
		},
	);

	test.each([401, 403])('answered %i is unauthorized, and sent once', async (status) => {
		smokeball([status, problem(status, 'No.')]);
		expect(await one('cancel')).toMatchObject({ outcome: 'unauthorized', httpStatus: status });
		expect(arrived).toHaveLength(1);
	});

	test('answered 429 is sent again, up to Max Attempts', async () => {
		const busy = [429, problem(429, 'Slow down.'), { 'Retry-After': '0' }] as never;
		smokeball(busy, [200, answer()]);
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		smokeball(busy, busy);
		expect(await one('cancel', { options: { maxAttempts: 2 } })).toMatchObject({
			outcome: 'rateLimited',
			attempts: 2,
		});
		expect(patches()).toHaveLength(4);
	});

	test('without a clear answer is sent again only after a look shows that nothing changed', async () => {
		smokeball([500], [200, record()], [200, answer()]);
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', attempts: 2 });
		expect(arrived.map(({ method }) => method)).toEqual(['PATCH', 'GET', 'PATCH']);
	});
});

describe('a resumption', () => {
	test('without a clear answer is never sent again, because it may charge twice', async () => {
		smokeball([500], [200, gone]);
		expect(await one('resume')).toMatchObject({
			outcome: 'unknown',
			description: expect.stringContaining('still "Canceled"'),
		});
		expect(patches()).toHaveLength(1);
	});

	test('without a clear answer counts once the record runs again', async () => {
		smokeball([500], [200, record()]);
		expect(await one('resume')).toMatchObject({ outcome: 'restored', verified: true });
		expect(patches()).toHaveLength(1);
	});

	test.each<[number, string]>([
		[400, 'notCancellable'],
		[404, 'notFound'],
	])('answered %i is %s', async (status, outcome) => {
		smokeball([status, problem(status, 'No.')], status === 404 ? [404, ''] : [200, gone]);
		expect(await one('resume')).toMatchObject({ outcome });
		expect(patches()).toHaveLength(1);
	});
});
