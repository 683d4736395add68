import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { smokeball as provider } from '../../../nodes/Smokeball/provider';
import {
	confirmCancel,
	interpretCancel,
	interpretPreview,
	isOwnError,
	parseRecord,
	parseResumed,
	toRecordState,
	type CancellationEnd,
} from '../../../nodes/Smokeball/responses';
import type { WriteOperation } from '../../../nodes/shared/contract/provider';
import { response } from '../response';
import { ahead, answer, gone, id, past, pending, problem, record } from './vendor';

const periodEnd: CancellationEnd = { cancellationType: 'PeriodEnd' };
const trialEnd = '2099-01-15T00:00:00.000Z';
const trial = (cancellationStatus: string, more: IDataObject = {}) =>
	record({
		status: 'Trialing',
		trialingTier: { name: 'Prosper', cancellationStatus, expirationDate: trialEnd },
		...more,
	});
const cancelTrials = (more: IDataObject = {}) =>
	answer({ cancellationBehaviour: 'CancelTrials', ...more });

test('its own errors are problems with a detail', () => {
	expect(isOwnError(response(404, problem(404, 'Subscription not found.')))).toBe(true);
	expect(isOwnError(response(404, { title: 'Not Found', status: 404 }))).toBe(false);
});

describe('a trial that is cancelled', () => {
	test.each(['Pending', 'Canceled'])('(%s) has ended, and the plan continues', (status) => {
		expect(toRecordState(trial(status), periodEnd)).toMatchObject({
			phase: 'continues',
			end: { kind: 'at', at: trialEnd },
		});
	});

	test('leaves nothing where there is no tier and no add-on beside it', () => {
		const alone = trial('Pending', { tier: null, addOns: [] });
		expect(toRecordState(alone, periodEnd)).toMatchObject({
			phase: 'ended',
			end: { kind: 'at', at: trialEnd },
		});
		expect(toRecordState({ ...alone, addOns: [{ id: 'a' }] }, periodEnd)).toMatchObject({
			phase: 'continues',
		});
	});

	test.each<[string, IDataObject, CancellationEnd]>([
		['is not cancelled', trial('None'), periodEnd],
		['is to be ended with the plan', trial('Pending'), { ...periodEnd, cancelSubscription: true }],
		[
			'has run out',
			record({ trialingTier: { cancellationStatus: 'Canceled', expirationDate: past } }),
			periodEnd,
		],
	])('leaves the plan to end where it %s', (_, state, requested) => {
		expect(toRecordState(state, requested)).toMatchObject({ phase: 'active' });
	});

	test('does not matter once the plan itself is to end', () => {
		const both = trial('Pending', { cancellationStatus: 'Pending', cancelAt: ahead });
		expect(toRecordState(both, periodEnd)).toMatchObject({ phase: 'ended' });
	});
});

describe('an accepted cancellation', () => {
	const { needsConfirmation } = provider.operations.cancel as WriteOperation;

	test.each<[string, IDataObject]>([
		['of trials, with the tier that is left', cancelTrials({ tier: { name: 'Grow' } })],
		['of trials, with add-ons only', cancelTrials({ addOns: [{ id: 'a' }] })],
		['of trials, with nothing left', cancelTrials()],
		['of a behaviour that is not known', answer({ cancellationBehaviour: 'CancelRetention' })],
		['of no behaviour', answer({ cancellationBehaviour: undefined })],
	])('%s ends the plan only where the record shows it', (_, body) => {
		const verdict = interpretCancel(response(200, body))!;
		expect(verdict).toMatchObject({ outcome: 'scheduled', planContinues: true });
		expect(needsConfirmation!(verdict)).toBe(true);
		for (const state of [
			undefined,
			toRecordState(record(), periodEnd),
			toRecordState(trial('Pending'), periodEnd),
		]) {
			expect(confirmCancel(state, verdict)).toMatchObject({
				outcome: 'scheduled',
				planContinues: true,
			});
		}
		expect(confirmCancel(toRecordState(pending, periodEnd), verdict)).toEqual({
			outcome: 'scheduled',
			effectiveAt: ahead,
			verified: true,
		});
	});

	test('of the plan itself needs no record', () => {
		const verdict = interpretCancel(response(200, answer()))!;
		expect(verdict).toEqual({ outcome: 'scheduled', effectiveAt: ahead });
		expect(needsConfirmation!(verdict)).toBe(false);
	});

	test('is neither taken from a preview, nor a preview from it', () => {
		expect(interpretCancel(response(200, answer({ preview: true })))).toMatchObject({
			outcome: 'unknown',
			verify: true,
		});
		expect(interpretPreview(response(200, answer()))).toMatchObject({ outcome: 'unknown' });
		expect(interpretPreview(response(200, answer({ preview: true })))).toMatchObject({
			outcome: 'scheduled',
		});
	});

	test('without an offset is in UTC', () => {
		const body = answer({ cancelAt: '2099-12-31T00:00:00' });
		expect(interpretCancel(response(200, body))).toMatchObject({ effectiveAt: ahead });
	});
});

describe('an end', () => {
	test('that is over lies never ahead', () => {
		for (const more of [
			{ canceledAt: undefined },
			{ canceledAt: ahead },
			{ canceledAt: undefined, cancelAt: ahead },
		]) {
			expect(toRecordState({ ...gone, ...more }, periodEnd)).toMatchObject({
				phase: 'ended',
				end: { kind: 'atOnce' },
			});
		}
	});

	test('of the period that cannot be read is unknown', () => {
		for (const currentPeriodEndDate of [undefined, null, 4_102_358_400, '31.12.2099']) {
			const state = toRecordState(record({ currentPeriodEndDate }), periodEnd);
			expect(state).toMatchObject({ phase: 'active', end: { kind: 'unknown' } });
		}
	});

	test.each<[CancellationEnd, string]>([
		[periodEnd, 'ended'],
		[{ cancellationType: 'Immediate' }, 'active'],
		[{ cancellationType: 'Date', cancelAt: '2090-01-01T00:00:00.000Z' }, 'active'],
		[{ cancellationType: 'Date', cancelAt: '2100-01-01T00:00:00.000Z' }, 'ended'],
	])('that is pending, with %j asked for, leaves the plan %s', (requested, phase) => {
		expect(toRecordState({ ...pending, cancellationType: 'PeriodEnd' }, requested)).toMatchObject({
			phase,
		});
	});
});

describe('the version of a record', () => {
	const plan = record({
		quantity: 5,
		interval: 'Monthly',
		tier: { id: 't1', name: 'Grow', href: 'x', prices: [{ id: 'p', amount: 100 }] },
		addOns: [
			{ id: 'a', name: 'Archie' },
			{ id: 'b', name: 'Intake' },
		],
		usages: [{ id: 'u' }],
		discounts: [],
	});
	const version = (more: IDataObject = {}) => toRecordState({ ...plan, ...more }).version;

	test.each<[string, IDataObject]>([
		['tier', { tier: { id: 't2', name: 'Enterprise' } }],
		['price', { tier: { id: 't1', name: 'Grow', prices: [{ id: 'p', amount: 900 }] } }],
		['quantity', { quantity: 500 }],
		['interval', { interval: 'Yearly' }],
		['add-ons', { addOns: [{ id: 'a', name: 'Archie' }] }],
		['usages', { usages: [] }],
		['discounts', { discounts: [{ promotion: { id: 'x' } }] }],
		['trial', { trialingTier: { id: 't3', cancellationStatus: 'None' } }],
		['end', { cancellationStatus: 'Pending' }],
	])('changes with the %s', (_, more) => expect(version(more)).not.toBe(version()));

	test('does not change with the order of anything, nor with links', () => {
		const all = Object.keys(plan);
		fc.assert(
			fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (fields) => {
				const shuffled = Object.fromEntries(fields.map((field) => [field, plan[field]]));
				expect(toRecordState(shuffled).version).toBe(version());
			}),
		);
		const { addOns, tier } = plan as { addOns: IDataObject[]; tier: IDataObject };
		expect(version({ addOns: [...addOns].reverse(), tier: { ...tier, href: 'y' } })).toBe(
			version(),
		);
	});
});

describe('the record', () => {
	test.each([
		response(404, '<html>'),
		response(404, { message: 'no Route matched with those values' }),
		response(404, { title: 'Not Found', status: 404 }),
		response(404),
		response(200, record({ id: id.toUpperCase() })),
		response(500, record()),
	])('is neither there nor missing in %j', (reply) => {
		expect(parseRecord(reply, id)).toEqual({ kind: 'notTheRecord' });
	});

	test('is missing in the words of Smokeball, and unreadable with a status that is no text', () => {
		const missing = response(404, problem(404, 'Subscription not found.'));
		expect(parseRecord(missing, id)).toMatchObject({ kind: 'missing' });
		expect(parseRecord(response(200, record({ status: 3 })), id)).toMatchObject({
			kind: 'unreadable',
		});
		expect(parseRecord(response(200, record({ status: undefined })), id)).toMatchObject({
			kind: 'found',
			state: { status: 'None' },
		});
	});

	test('of a resumption proves nothing while it is unchanged', () => {
		expect(parseResumed(response(200, gone), id)).toMatchObject({
			kind: 'found',
			state: { phase: 'ended', eventuallyConsistent: true },
		});
	});
});
