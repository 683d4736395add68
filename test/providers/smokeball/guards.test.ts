import type { IDataObject } from 'n8n-workflow';

import { arrived } from '../wire';
import { byId } from '../facts';
import {
	ahead,
	past,
	smokeball,
	patches,
	answer,
	record,
	pending,
	gone,
	problem,
	one,
} from './vendor';

describe('what is refused before anything is sent', () => {
	test.each<[string, string, IDataObject]>([
		['cancel', 'Subscription is empty', { subscriptionId: byId('={{ $json.none }}') }],
		['cancel', 'found nothing', { subscriptionId: byId('undefined') }],
		['cancel', 'cannot be an identifier', { subscriptionId: byId('..') }],
		['resume', 'Subscription is empty', { subscriptionId: byId(' ') }],
		['get', 'Subscription is empty', { subscriptionId: byId('={{ $json.none }}') }],
		['cancel', 'Cancel At is empty', { cancellationType: 'Date', cancelAt: '={{ $json.none }}' }],
		['cancel', 'is in the past', { cancellationType: 'Date', cancelAt: '2020-01-01T00:00:00' }],
		['cancel', 'is not a date', { cancellationType: 'Date', cancelAt: 'soon' }],
		['cancel', 'is not a date', { cancellationType: 'Date', cancelAt: '2099-02-29T09:00:00' }],
		[
			'cancel',
			'is an e-mail address, not an ID: choose the subscription from the list.',
			{ subscriptionId: byId('ada@example.com') },
		],
		[
			'cancel',
			'End During Trial must be true or false',
			{ additionalFields: { cancelSubscription: '={{ $json.none }}' } },
		],
		...['sub_undefined', 'sub_null', 'x[object Object]', 'false', '#N/A', '={{ 0 }}', 'NaN'].map(
			(id): [string, string, IDataObject] => [
				'resume',
				'found nothing',
				{ subscriptionId: byId(id) },
			],
		),
		['resume', 'Subscription is empty', { subscriptionId: byId('\u200b') }],
		...['={{ $json.none }}', '={{ null }}', '={{ "" }}'].flatMap((dryRun) =>
			['cancel', 'resume'].map((operation): [string, string, IDataObject] => [
				operation,
				'Dry Run must be true or false',
				{ dryRun },
			]),
		),
		...['maxAttempts', 'maxPerExecution', 'expectedStatus', 'planToken', 'alreadyCancelled'].map(
			(name): [string, string, IDataObject] => [
				'cancel',
				'Nothing was sent',
				{ options: { [name]: '={{ $json.none }}' } },
			],
		),
		['cancel', 'If Already Cancelled is "Fail"', { options: { alreadyCancelled: 'Fail' } }],
		[
			'cancel',
			'Cancel At is "2099-06-30", but Cancellation Type is "Immediate"',
			{ cancellationType: "={{ 'Immediate' }}", cancelAt: "={{ '2099-06-30' }}" },
		],
		[
			'cancel',
			'but Cancellation Type is "PeriodEnd". Nothing was sent. Leave Cancel At empty, or use Date.',
			{ cancellationType: "={{ 'PeriodEnd' }}", cancelAt: '2099-06-30T12:00:00' },
		],
		['cancel', 'Cancellation Type is "Never"', { cancellationType: 'Never' }],
		['cancel', 'Authentication is "basic"', { authentication: 'basic' }],
	])('%s: %s', async (operation, message, parameters) => {
		expect(await one(operation, parameters)).toMatchObject({
			outcome: 'invalid',
			message: expect.stringContaining(message),
		});
		expect(arrived).toHaveLength(0);
	});

	test.each(['a/b', 'a/../b', 'a?b=c', 'a#b', 'a b', 'a+b', 'ü', 'a%2fb'])(
		'cannot be an ID of Smokeball: %s',
		async (strange) => {
			smokeball();
			expect(await one('cancel', { subscriptionId: byId(strange) })).toMatchObject({
				outcome: 'invalid',
			});
			expect(arrived).toEqual([]);
		},
	);
});

describe('a dry run', () => {
	test('asks Smokeball for its preview, and shows the real request', async () => {
		smokeball([200, record()], [200, answer({ preview: true })]);
		const shown = await one('cancel', { dryRun: true, additionalFields: { reason: 'Moved' } });
		expect(shown).toMatchObject({
			outcome: 'preview',
			ended: false,
			wouldBe: { outcome: 'scheduled', effectiveAt: ahead },
			current: { status: 'Active', active: true },
			request: { method: 'PATCH', body: { cancellationType: 'PeriodEnd', reason: 'Moved' } },
		});
		expect(patches().map(({ body }) => body)).toEqual([
			{ cancellationType: 'PeriodEnd', reason: 'Moved', preview: true },
		]);
	});

	test('says when only a trial would end', async () => {
		const trials = { preview: true, cancellationBehaviour: 'CancelTrials', tier: { name: 'Grow' } };
		smokeball([200, record()], [200, answer(trials)]);
		expect(await one('cancel', { dryRun: true })).toMatchObject({
			wouldBe: { outcome: 'scheduled', note: expect.stringContaining('goes on') },
		});
	});

	test('that Smokeball does not confirm as a preview is reported as unknown', async () => {
		smokeball([200, record()], [200, answer({ preview: false })]);
		expect(await one('cancel', { dryRun: true })).toMatchObject({ outcome: 'unknown' });
	});

	test.each<[number, string]>([
		[400, 'notCancellable'],
		[500, 'failed'],
	])('answered %i is %s', async (status, outcome) => {
		smokeball([200, record()], [status, problem(status, 'No.')]);
		expect(await one('cancel', { dryRun: true, options: { maxAttempts: 1 } })).toMatchObject({
			outcome,
		});
	});

	test.each<[string, IDataObject, IDataObject, IDataObject]>([
		[
			'a pending end is left alone',
			pending,
			{},
			{ outcome: 'alreadyCancelled', effectiveAt: ahead },
		],
		['so is an ended plan', gone, {}, { outcome: 'alreadyCancelled', effectiveAt: past }],
		[
			'an ended plan has ended at cancelAt',
			{ ...gone, cancelAt: '2021-01-01T00:00:00Z' },
			{ cancellationType: 'Immediate' },
			{ outcome: 'alreadyCancelled', effectiveAt: '2021-01-01T00:00:00.000Z' },
		],
		[
			'an end before the wished date stays',
			pending,
			{ cancellationType: 'Date', cancelAt: '2100-01-01T00:00:00Z' },
			{ outcome: 'alreadyCancelled' },
		],
	])('%s', async (_, state, parameters, wouldBe) => {
		smokeball([200, state]);
		expect(await one('cancel', { dryRun: true, ...parameters })).toMatchObject({ wouldBe });
		expect(patches()).toHaveLength(0);
	});

	test.each<[IDataObject]>([
		[{ cancellationType: 'Immediate' }],
		[{ cancellationType: 'Date', cancelAt: '2090-01-01T00:00:00Z' }],
	])('a pending end can be moved forward with %j', async (parameters) => {
		smokeball([200, pending], [200, answer({ preview: true })]);
		const shown = await one('cancel', { dryRun: true, ...parameters });
		expect(shown.wouldBe).toMatchObject({ outcome: 'scheduled' });
		expect(patches()).toHaveLength(1);
	});

	const laterDate = record({
		cancellationStatus: 'Pending',
		cancellationType: 'Date',
		cancelAt: '2100-06-30T00:00:00.000Z',
		canceledAt: past,
	});

	test('and the real run agree that a later date may be moved to the end of the period', async () => {
		smokeball([200, laterDate], [200, answer({ preview: true })]);
		expect(await one('cancel', { dryRun: true })).toMatchObject({
			wouldBe: { outcome: 'scheduled', effectiveAt: ahead },
		});
		smokeball([200, laterDate], [200, answer()]);
		expect(await one('cancel')).toMatchObject({ outcome: 'scheduled', effectiveAt: ahead });
		expect(patches()).toHaveLength(2);
	});

	test.each<[string, IDataObject, IDataObject]>([
		['a pending end of the period', pending, {}],
		['an ended plan', gone, { cancellationType: 'Immediate' }],
		[
			'an end before the wished date',
			pending,
			{ cancellationType: 'Date', cancelAt: '2100-01-01T00:00:00Z' },
		],
	])('and the real run agree that %s is left alone', async (_, state, parameters) => {
		smokeball([200, state]);
		const { wouldBe } = await one('cancel', { dryRun: true, ...parameters });
		smokeball([200, state]);
		const json = await one('cancel', parameters);
		expect(json).toMatchObject({ ok: true, ended: true, attempts: 0, requestedAt: null });
		expect(wouldBe).toMatchObject({ outcome: json.outcome, effectiveAt: json.effectiveAt });
		expect(json.outcome).toBe('alreadyCancelled');
		expect(patches()).toHaveLength(0);
	});

	test('of a resume reads only', async () => {
		smokeball([200, gone]);
		expect(await one('resume', { dryRun: true })).toMatchObject({
			wouldBe: { outcome: 'restored' },
			current: { status: 'Canceled' },
		});
		expect(patches()).toHaveLength(0);
	});
});

describe('a guard', () => {
	test('on the status refuses another one', async () => {
		smokeball([200, record({ status: 'PastDue' })]);
		expect(await one('cancel', { options: { expectedStatus: 'Active' } })).toMatchObject({
			outcome: 'refused',
			message: expect.stringContaining('PastDue'),
		});
		expect(patches()).toHaveLength(0);
	});

	test('on what was planned refuses a changed record', async () => {
		smokeball([200, record()], [200, answer({ preview: true })]);
		const { planToken } = await one('cancel', { dryRun: true });
		for (const change of [{ status: undefined }, { quantity: 500 }, { tier: { name: 'Pro' } }]) {
			smokeball([200, record(change)]);
			expect(await one('cancel', { options: { planToken } })).toMatchObject({
				outcome: 'refused',
			});
		}
		smokeball([200, record()], [200, answer()]);
		expect(await one('cancel', { options: { planToken } })).toMatchObject({ outcome: 'scheduled' });
		expect(patches()).toHaveLength(2);
	});

	test('may let nothing left to cancel count as a failed item', async () => {
		smokeball([200, gone]);
		expect(await one('cancel', { options: { alreadyCancelled: 'fail' } })).toMatchObject({
			outcome: 'notCancellable',
			attempts: 0,
		});
		smokeball([200, record()], [400, problem(400, 'Canceled.')], [200, gone]);
		expect(await one('cancel', { options: { alreadyCancelled: 'fail' } })).toMatchObject({
			outcome: 'notCancellable',
		});
	});
});
