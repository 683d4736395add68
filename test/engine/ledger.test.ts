import type { IDataObject } from 'n8n-workflow';

import type { ItemResult } from '../../nodes/shared/model/result';
import { Ledger, type SettledResult } from '../../nodes/shared/run/ledger';
import { mayRunForMs } from '../../nodes/shared/model/doubt';
import { onVirtualClock } from './virtualClock';

const itemOf = (identity: string, more: { requestHash?: string; accountHash?: string } = {}) => ({
	identity,
	requestHash: 'one request',
	accountHash: 'one account',
	...more,
});
const ada = itemOf('ada');
const accepted: ItemResult = {
	outcome: 'cancelled',
	operation: 'cancel',
	target: 'sub_ada',
	email: 'ada@example.com',
	attempts: 1,
	accepted: true,
	response: { much: 'x'.repeat(1000) },
};
const readable = { onlyEvidence: false, hasKey: false };
const onlyEvidence = { onlyEvidence: true, hasKey: false };
const withKey = { onlyEvidence: false, hasKey: true };
const timeout = 30_000;

const newLedger = (context: IDataObject = {}, run = 0, execution = '7') =>
	new Ledger(context, run, execution);
/** What n8n saves of a failed execution. */
const saved = (context: IDataObject) => JSON.parse(JSON.stringify(context)) as IDataObject;

test('an item is in doubt from its first request until a response is understood', () => {
	const ledger = newLedger();
	expect(ledger.lookup(ada)).toEqual({ kind: 'none' });
	const doubt = ledger.markSending(ada, timeout);
	expect(ledger.lookup(ada)).toEqual({ kind: 'inDoubt', doubt });
	expect(ledger.doubtOf(ada)).toEqual(doubt);
	ledger.markSettled(ada, accepted, readable);
	expect(ledger.doubtOf(ada)).toBeUndefined();
	expect(ledger.lookup(ada)).toMatchObject({
		kind: 'settled',
		request: 'sameRequest',
		result: { outcome: 'cancelled', attempts: 1, email: 'ada@example.com' },
	});
});

test('a result is kept with all that its repetition shows, and without the response', () => {
	const shown: SettledResult = {
		outcome: 'nothingToCancel',
		...{ attempts: 1, httpStatus: 200, email: 'ada@example.com', effectiveAt: null },
		...{ requestedAt: '2026-11-29T12:00:00.000Z', verified: true, planContinues: true },
		...{ description: 'Known.', clause: 'never became a paying referral' },
	};
	const context = {};
	newLedger(context).markSettled(ada, { ...accepted, ...shown }, readable);
	const prior = newLedger(saved(context)).lookup(ada);
	expect(prior).toEqual({ kind: 'settled', request: 'sameRequest', result: shown });
});

test('the first request in doubt keeps its time through all runs, and the last one its age', async () =>
	await onVirtualClock((clock) => {
		const context: IDataObject = {};
		const firstSentAt = clock.now();
		for (const run of [0, 1, 2]) {
			const ledger = newLedger(context, run);
			ledger.markSending(ada, timeout);
			clock.pass(1000);
			const doubt = ledger.markSending(ada, timeout);
			expect(doubt.firstSentAt).toBe(firstSentAt);
			expect(mayRunForMs(doubt)).toBe(timeout);
			ledger.close(false);
		}
		const last = newLedger(context, 3);
		last.markSettled(ada, accepted, readable);
		expect(last.markSending(ada, timeout).firstSentAt).toBe(clock.now());
	}));

test('forgets what is known not to have been accepted', () => {
	const ledger = newLedger();
	ledger.markSending(ada, timeout);
	ledger.clear(ada);
	expect(ledger.lookup(ada)).toEqual({ kind: 'none' });
});

test('a doubt of one run is known in all later ones, however many there are', () => {
	const context: IDataObject = {};
	const first = newLedger(context, 0);
	first.markSending(ada, timeout);
	first.close(false);
	for (let run = 1; run < 5; run++) {
		const ledger = newLedger(context, run);
		expect(ledger.lookup(ada).kind).toBe('inDoubt');
		ledger.close(true);
	}
});

test('two runs at once know of one another', () => {
	const context: IDataObject = {};
	const [one, other] = [0, 1].map((run) => newLedger(context, run));
	one.markSending(ada, timeout);
	expect(other.lookup(ada).kind).toBe('inDoubt');
	one.markSettled(ada, accepted, readable);
	expect(other.lookup(ada)).toMatchObject({ kind: 'settled', request: 'earlierRun' });
});

test('the doubt whose request may run longer counts where several runs have one', async () =>
	await onVirtualClock((clock) => {
		const context: IDataObject = {};
		const [one, other] = [0, 1].map((run) => newLedger(context, run));
		one.markSending(ada, 60_000);
		clock.pass(1000);
		other.markSending(ada, 10_000);
		expect(other.doubtOf(ada)).toMatchObject({ mayRunMs: 60_000 });
	}));

test('a response to a later request ends the doubt of an earlier run', () => {
	const context: IDataObject = {};
	newLedger(context, 0).markSending(ada, timeout);
	newLedger(context, 1).markSettled(ada, accepted, readable);
	expect(newLedger(context, 2).lookup(ada)).toMatchObject({
		kind: 'settled',
		request: 'earlierRun',
	});
});

test('the same request is one of this run with the same requested end', () => {
	const ledger = newLedger();
	ledger.markSettled(ada, accepted, readable);
	const other = itemOf('ada', { requestHash: 'an earlier date' });
	expect(ledger.lookup(ada)).toMatchObject({ kind: 'settled', request: 'sameRequest' });
	expect(ledger.lookup(other)).toMatchObject({ kind: 'settled', request: 'otherEnd' });
});

test('what was accepted with another credential is no evidence, and a doubt is one', () => {
	const ledger = newLedger();
	ledger.markSettled(ada, accepted, onlyEvidence);
	const rotated = itemOf('ada', { accountHash: 'another account' });
	expect(ledger.lookup(rotated)).toEqual({ kind: 'settledElsewhere' });
	ledger.markSending(ada, timeout);
	expect(ledger.lookup(rotated).kind).toBe('inDoubt');
});

test('counts an item as accepted once, and only where the provider took the request', () => {
	const context: IDataObject = {};
	const first = newLedger(context, 0);
	first.markSettled(ada, accepted, readable);
	first.markSettled(ada, accepted, readable);
	first.markSettled(itemOf('ben'), { ...accepted, accepted: undefined }, readable);
	expect(first.countEarlier([])).toBe(0);
	first.close(true);
	expect(newLedger(context, 1).countEarlier([])).toBe(1);
});

test('counts acceptances of a request with an idempotency key, through runs and archives', () => {
	const context: IDataObject = {};
	const first = newLedger(context, 0);
	expect(first.acceptances('ada')).toBe(0);
	first.markSending(ada, timeout);
	expect(first.acceptances('ada')).toBe(0);
	first.markSettled(ada, accepted, withKey);
	first.markSettled(ada, accepted, withKey);
	expect(first.acceptances('ada')).toBe(1);
	first.markSending(ada, timeout);
	first.markSettled(ada, accepted, withKey);
	first.markSettled(itemOf('ben'), accepted, readable);
	first.markSettled(itemOf('cleo'), { ...accepted, accepted: undefined }, withKey);
	first.close(true);
	const later = newLedger(saved(context), 1);
	expect(['ada', 'ben', 'cleo'].map((who) => later.acceptances(who))).toEqual([2, 0, 0]);
});

test('finds what was accepted on Retry On Fail, under the same run index', () => {
	const context: IDataObject = {};
	const first = newLedger(context, 0);
	first.markSettled(ada, accepted, readable);
	first.close(false);
	expect(newLedger(context, 0).lookup(ada)).toMatchObject({
		kind: 'settled',
		request: 'sameRequest',
	});
});

test('survives being saved, and keeps the execution under which it began', async () =>
	await onVirtualClock((clock) => {
		const context: IDataObject = {};
		newLedger(context, 0, '7').markSending(ada, timeout);
		clock.pass(1000);
		const retried = newLedger(saved(context), 0, '8');
		expect(retried.execution).toBe('7');
		expect(mayRunForMs(retried.doubtOf(ada)!)).toBe(29_000);
	}));

test('takes the doubt of another process for one that may have been sent just now', async () =>
	await onVirtualClock((clock) => {
		const context: IDataObject = {};
		newLedger(context, 0).markSending(ada, timeout);
		const text = JSON.stringify(context).replace(/"process":"[^"]+"/, '"process":"another"');
		clock.pass(20_000);
		const retried = newLedger(JSON.parse(text) as IDataObject, 0);
		expect(mayRunForMs(retried.doubtOf(ada)!)).toBe(30_000);
		clock.pass(1000);
		expect(mayRunForMs(retried.doubtOf(ada)!)).toBe(29_000);
	}));

test('twenty runs of 51 items with a failure in each leave counts and doubts, not items', () => {
	const context: IDataObject = {};
	for (let run = 0; run < 20; run++) {
		const ledger = newLedger(context, run);
		for (let at = 0; at < 50; at++) ledger.markSettled(itemOf(`${run} ${at}`), accepted, readable);
		ledger.markSending(itemOf(`${run} doubt`), timeout);
		ledger.close(false);
	}
	const last = newLedger(context, 20);
	// What may have been accepted counts, too, unless it is this run's own.
	expect(last.countEarlier([])).toBe(1020);
	expect(last.countEarlier([itemOf('0 doubt'), itemOf('new')])).toBe(1019);
	expect(last.lookup(itemOf('0 doubt')).kind).toBe('inDoubt');
	expect(JSON.stringify(context).length).toBeLessThan(5000);
});

test('keeps what no record tells through all runs, without the response', () => {
	const context: IDataObject = {};
	const first = newLedger(context, 0);
	first.markSettled(ada, accepted, onlyEvidence);
	first.markSettled(itemOf('ben'), accepted, readable);
	first.close(true);
	newLedger(context, 1).close(true);
	const last = newLedger(context, 2);
	expect(last.lookup(ada)).toMatchObject({ kind: 'settled', request: 'earlierRun' });
	expect(last.lookup(itemOf('ben'))).toEqual({ kind: 'none' });
	expect(JSON.stringify(context)).not.toContain('xxx');
});

test('keeps what was accepted for the retry of a run in which something failed', () => {
	const context: IDataObject = {};
	const failed = newLedger(context, 0);
	failed.markSettled(ada, accepted, readable);
	failed.close(false);
	expect(newLedger(saved(context), 0).lookup(ada).kind).toBe('settled');
	const clean = newLedger(context, 0);
	clean.close(true);
	expect(newLedger(saved(context), 0).lookup(ada).kind).toBe('none');
});

test('a run that was broken off counts as those that came to an end', () => {
	const context: IDataObject = {};
	newLedger(context, 0).markSettled(ada, accepted, readable);
	expect(newLedger(context, 1).countEarlier([])).toBe(1);
});
