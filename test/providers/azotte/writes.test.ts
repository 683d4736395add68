import type { IDataObject } from 'n8n-workflow';

import { arrived } from '../wire';
import {
	base,
	order,
	ahead,
	past,
	azotte,
	ok,
	row,
	list,
	reasons,
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
} from './vendor';

describe('a request to cancel', () => {
	test('is one POST, signed with key and tenant', async () => {
		azotte([200, processed]);
		expect(await one('requestCancel')).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'readyToConfirm',
			response: { cancellationReasons: reasons },
		});
		expect(paths()).toEqual([asked]);
		expect(arrived[0]).toMatchObject({
			path: `${base}/subscription/cancel/request`,
			body: { orderIdentifier: order, cancelationMethod: 'Normal', currentStep: 0 },
			headers: { 'x-api-key': 'sk_live_secret', 'x-tn': 'tenant_1' },
		});
	});

	test('carries the method and the step', async () => {
		azotte([200, processed]);
		await one('requestCancel', {
			cancelationMethod: 'EndOfPeriod',
			additionalFields: { currentStep: 2 },
		});
		expect(arrived.map(({ body }) => body)).toEqual([
			{ orderIdentifier: order, cancelationMethod: 'EndOfPeriod', currentStep: 2 },
		]);
	});
});

describe('a confirmation', () => {
	test('is one POST', async () => {
		azotte([200, ok()]);
		await one('confirmCancel', { cancelationMethod: 'Immediate' });
		expect(paths()).toEqual([confirmed]);
		expect(arrived[0].body).toEqual({
			orderIdentifier: order,
			cancelationMethod: 'Immediate',
			currentStep: 1,
		});
	});

	test.each<[IDataObject, unknown]>([
		[
			{ reasonCode: 'PRICE', comment: 'Too "dear"' },
			{ reasonCode: 'PRICE', comment: 'Too "dear"' },
		],
		[{ reasonCode: 'PRICE' }, { reasonCode: 'PRICE' }],
		[{ comment: 'Moved' }, { comment: 'Moved' }],
	])('sends %j as a survey in JSON', async (answers, survey) => {
		azotte([200, ok()]);
		const done = await one('confirmCancel', { additionalFields: { ...answers, currentStep: 3 } });
		const body = arrived[0].body as IDataObject;
		expect(JSON.parse(body.survey as string)).toEqual(survey);
		expect(body.currentStep).toBe(3);
		expect(done.reason).toBe(answers.comment ?? null);
	});

	test('that cannot be seen through waits, and says what it needs', async () => {
		azotte([200, ok()]);
		expect(await one('confirmCancel')).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'pendingProvider',
			note: expect.stringContaining('Customer URN'),
		});
	});

	test.each<[string, IDataObject, IDataObject, IDataObject]>([
		[
			'that ends later is scheduled',
			row(),
			canceled,
			{ ended: true, outcome: 'scheduled', effectiveAt: ahead },
		],
		[
			'that ended at once is over',
			row({ state: 'Trial' }),
			row({ state: 'Canceled', endDate: past }),
			{ ended: true, outcome: 'cancelled', effectiveAt: past },
		],
		[
			'through a partner waits for it',
			row({ subscriptionChannel: 'ExternalPartner' }),
			row({ subscriptionChannel: 'ExternalPartner' }),
			{ ended: false, outcome: 'pendingProvider', note: expect.stringContaining('partner') },
		],
		[
			'through a partner that was quick is scheduled',
			row({ subscriptionChannel: 'ExternalPartner' }),
			row({ subscriptionChannel: 'ExternalPartner', state: 'Canceled' }),
			{ ended: true, outcome: 'scheduled' },
		],
		[
			'that does not show yet waits',
			row(),
			row(),
			{
				ended: false,
				outcome: 'pendingProvider',
				note: expect.stringContaining('still says "Active"'),
			},
		],
	])('%s', async (_, before, after, expected) => {
		azotte([200, list(before)], [200, ok()], [200, list(after)]);
		expect(await one('confirmCancel', seen)).toMatchObject({ ok: true, ...expected });
		expect(paths()).toEqual([looked, confirmed, looked]);
	});
});

describe('a cancellation in one go', () => {
	test('asks, confirms with the answers of the customer, and looks', async () => {
		azotte([200, list(row())], [200, processed], [200, ok()], [200, list(canceled)]);
		expect(
			await one('cancel', {
				...seen,
				cancelationMethod: 'EndOfPeriod',
				additionalFields: { reasonCode: 'PRICE', comment: 'Too expensive' },
			}),
		).toMatchObject({
			ok: true,
			ended: true,
			outcome: 'scheduled',
			effectiveAt: ahead,
			reason: 'Too expensive',
		});
		expect(paths()).toEqual([looked, asked, confirmed, looked]);
		const same = { orderIdentifier: order, cancelationMethod: 'EndOfPeriod' };
		expect(arrived[1].body).toEqual({ ...same, currentStep: 0 });
		expect(arrived[2].body).toEqual({
			...same,
			currentStep: 1,
			survey: '{"reasonCode":"PRICE","comment":"Too expensive"}',
		});
	});

	test.each<[string, IDataObject, IDataObject, string]>([
		['an offer', offer, {}, 'offer'],
		['a step to show', presentation, {}, 'presentation'],
		[
			'a step to show, even where offers are declined',
			presentation,
			{ onOffer: 'confirm' },
			'presentation',
		],
	])('stops at %s', async (_, answer, parameters, outcome) => {
		azotte([200, answer]);
		expect(await one('cancel', parameters)).toMatchObject({
			ok: true,
			ended: false,
			outcome,
			requestedAt: null,
			response: answer,
		});
		expect(paths()).toEqual([asked]);
	});

	test('declines an offer where it is told to', async () => {
		azotte([200, offer], [200, ok()]);
		expect(await one('cancel', { onOffer: 'confirm' })).toMatchObject({
			outcome: 'pendingProvider',
		});
		expect(paths()).toEqual([asked, confirmed]);
	});

	test('ends at once what would end with its period', async () => {
		const over = row({ state: 'Canceled', endDate: past });
		azotte([200, list(canceled)], [200, processed], [200, ok()], [200, list(over)]);
		expect(await one('cancel', { ...seen, cancelationMethod: 'Immediate' })).toMatchObject({
			outcome: 'cancelled',
			effectiveAt: past,
		});
		expect(paths()).toEqual([looked, asked, confirmed, looked]);
	});

	test('of what is over sends nothing', async () => {
		azotte([200, list(canceled)]);
		expect(await one('cancel', seen)).toMatchObject({
			outcome: 'alreadyCancelled',
			effectiveAt: ahead,
		});
		expect(paths()).toEqual([looked]);
	});
});

describe('a reactivation', () => {
	test('is one POST, and is seen through', async () => {
		azotte([200, list(canceled)], [200, ok()], [200, list(row({ state: 'Reactivated' }))]);
		expect(await one('reactivate', seen)).toMatchObject({
			ok: true,
			ended: false,
			outcome: 'restored',
		});
		expect(paths()).toEqual([looked, reactivated, looked]);
		expect(arrived[1].body).toEqual({ orderIdentifier: order });
	});

	test('that does not show yet waits', async () => {
		azotte([200, list(canceled)], [200, ok()], [200, list(canceled)]);
		expect(await one('reactivate', seen)).toMatchObject({ outcome: 'pendingProvider' });
	});

	test('without a customer says that it was not looked at', async () => {
		azotte([200, ok()]);
		expect(await one('reactivate')).toMatchObject({
			outcome: 'restored',
			note: expect.stringContaining('app store'),
		});
		expect(paths()).toEqual([reactivated]);
	});
});
