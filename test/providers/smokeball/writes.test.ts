import type { IDataObject } from 'n8n-workflow';

import { arrived } from '../wire';
import { id, ahead, past, smokeball, patches, answer, record, one } from './vendor';

describe('a cancellation', () => {
	test('is a look and one PATCH with a plain object, signed with both headers', async () => {
		smokeball([200, record()], [200, answer()]);
		await one('cancel');
		expect(arrived).toHaveLength(2);
		expect(arrived[0]).toMatchObject({ method: 'GET', path: `/subscriptions/${id}` });
		expect(arrived[1]).toMatchObject({
			method: 'PATCH',
			path: `/subscriptions/${id}/cancel`,
			body: { cancellationType: 'PeriodEnd' },
		});
		for (const { headers } of arrived) {
			expect(headers).toMatchObject({
				'x-api-key': 'key_of_firm',
				authorization: 'Bearer token_of_firm',
			});
		}
		expect(arrived[1].headers['content-type']).toBe('application/json');
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
		[{ additionalFields: { reason: '={{ $json.none }}' } }, { cancellationType: 'PeriodEnd' }],
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
		smokeball([200, record()], [200, answer()]);
		await one('cancel', parameters);
		expect(arrived).toHaveLength(2);
		expect(patches().map((request) => request.body)).toEqual([body]);
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
			'without a date is scheduled for a time that is not known',
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
	])('%s', async (_, body, expected) => {
		smokeball([200, record()], [200, body]);
		expect(await one('cancel')).toMatchObject({ ok: true, ended: true, ...expected });
		expect(arrived.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
	});

	const trial = { cancellationStatus: 'Pending', expirationDate: ahead };

	test.each<[string, IDataObject, IDataObject, boolean]>([
		['of a trial that leaves nothing ends it', {}, { tier: null, trialingTier: trial }, true],
		['of add-ons on trial does not end the plan', { addOns: [{ id: 'a' }] }, {}, false],
		['of a tier on trial does not', { tier: { name: 'Grow' } }, { trialingTier: trial }, false],
		['of an unknown kind does not', { cancellationBehaviour: 'CancelRetention' }, {}, false],
		[
			'of an unknown kind ends it where the record says so',
			{ cancellationBehaviour: 'CancelRetention' },
			{ cancellationStatus: 'Pending', cancelAt: ahead },
			true,
		],
	])('%s', async (_, body, after, ended) => {
		const trials = answer({ cancellationBehaviour: 'CancelTrials', ...body });
		smokeball([200, record()], [200, trials], [200, record(after)]);
		expect(await one('cancel')).toMatchObject({ ok: true, ended, outcome: 'scheduled' });
		expect(arrived.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET']);
	});

	test('of a trial tier says that the subscription goes on', async () => {
		const trials = { cancellationBehaviour: 'CancelTrials', tier: { name: 'Grow' } };
		smokeball([200, record()], [200, answer(trials)], [200, record({ trialingTier: trial })]);
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
