import type { IDataObject } from 'n8n-workflow';

import { arrived } from '../wire';
import { id, ahead, past, smokeball, answer, one } from './vendor';

describe('a cancellation', () => {
	test('is one PATCH with a plain object, signed with both headers', async () => {
		smokeball([200, answer()]);
		await one('cancel');
		expect(arrived).toHaveLength(1);
		expect(arrived[0]).toMatchObject({
			method: 'PATCH',
			path: `/subscriptions/${id}/cancel`,
			body: { cancellationType: 'PeriodEnd' },
		});
		expect(arrived[0].headers).toMatchObject({
			'content-type': 'application/json',
			'x-api-key': 'key_of_firm',
			authorization: 'Bearer token_of_firm',
		});
	});

	test.each<[IDataObject, IDataObject]>([
		[{ cancellationType: 'Immediate' }, { cancellationType: 'Immediate' }],
		[
			{ cancellationType: 'Date', cancelAt: '2099-06-30T12:00:00' },
			{ cancellationType: 'Date', cancelAt: '2099-06-30T12:00:00.000Z' },
		],
		[
			{ additionalFields: { reason: 'Too expensive', cancelSubscription: true } },
			{ cancellationType: 'PeriodEnd', reason: 'Too expensive', cancelSubscription: true },
		],
		[
			{ additionalFields: { cancelSubscription: false } },
			{ cancellationType: 'PeriodEnd', cancelSubscription: false },
		],
		[{ cancelAt: past }, { cancellationType: 'PeriodEnd' }],
		[
			{ cancellationType: "={{ 'Immediate' }}", cancelAt: "={{ ' ' }}" },
			{ cancellationType: 'Immediate' },
		],
		[
			{ cancellationType: "={{ 'Date' }}", cancelAt: "={{ '2099-06-30T12:00:00' }}" },
			{ cancellationType: 'Date', cancelAt: '2099-06-30T12:00:00.000Z' },
		],
		[
			{ cancellationType: "={{ 'Immediate' }}", cancelAt: '={{ $json.none }}' },
			{ cancellationType: 'Immediate' },
		],
	])('with %j sends %j', async (parameters, body) => {
		smokeball([200, answer()]);
		await one('cancel', parameters);
		expect(arrived.map((request) => request.body)).toEqual([body]);
	});

	test.each<[string, IDataObject, IDataObject]>([
		[
			'at the end of the period is scheduled',
			answer(),
			{ outcome: 'scheduled', effectiveAt: ahead },
		],
		[
			'at a date is scheduled',
			answer({ cancellationType: 'Date' }),
			{ outcome: 'scheduled', effectiveAt: ahead },
		],
		[
			'without a date is scheduled for a time that nobody says',
			answer({ cancelAt: null }),
			{ outcome: 'scheduled', effectiveAt: null },
		],
		[
			'at once is over',
			answer({ cancellationType: 'Immediate', cancelAt: null }),
			{ outcome: 'cancelled', effectiveAt: null },
		],
		[
			'whose date has passed is over',
			answer({ cancelAt: past }),
			{ outcome: 'cancelled', effectiveAt: past },
		],
		[
			'of a trial that leaves nothing is scheduled',
			answer({ cancellationBehaviour: 'CancelTrials' }),
			{ outcome: 'scheduled', ended: true, note: 'It was on trial; nothing is left after that.' },
		],
	])('%s', async (_, body, expected) => {
		smokeball([200, body]);
		expect(await one('cancel')).toMatchObject({ ok: true, ended: true, ...expected });
		expect(arrived).toHaveLength(1);
	});

	test('of a trial tier says that the subscription goes on', async () => {
		smokeball([200, answer({ cancellationBehaviour: 'CancelTrials', tier: { name: 'Grow' } })]);
		expect(await one('cancel')).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'scheduled',
			effectiveAt: ahead,
			note: expect.stringContaining('goes on with the tier "Grow"'),
		});
	});
});

describe('a resumption', () => {
	test('is one PATCH with an empty object', async () => {
		smokeball([202, { id, href: '', relation: '', method: 'GET' }]);
		expect(await one('resume')).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'restored',
			note: expect.stringContaining('PastDue'),
		});
		expect(arrived).toMatchObject([
			{ method: 'PATCH', path: `/subscriptions/${id}/resume`, body: {} },
		]);
		expect(arrived[0].headers['content-type']).toBe('application/json');
	});
});
