import type { IDataObject } from 'n8n-workflow';

import { openLedger } from '../../nodes/shared/item/ledger';
import type { Result } from '../../nodes/shared/item/result';

const item = { identity: 'ada' };
const taken: Result = {
	outcome: 'cancelled',
	operation: 'cancel',
	target: 'sub_ada',
	email: 'ada@example.com',
	attempts: 1,
	accepted: true,
	response: { much: 'x'.repeat(1000) },
};

test('what was sent is in doubt until it is understood', () => {
	const ledger = openLedger({}, 0, '7');
	expect(ledger.earlier(item)).toBeUndefined();
	ledger.sending(item);
	expect(ledger.earlier(item)).toBe('doubt');
	ledger.accepted(item, taken, false);
	expect(ledger.earlier(item)).toMatchObject({ now: true, kept: { outcome: 'cancelled' } });
});

test('the first try in doubt is remembered by its time, through all rounds, until it is settled', () => {
	const context: IDataObject = {};
	const moments = jest.spyOn(Date, 'now');
	try {
		for (const run of [0, 1, 2]) {
			moments.mockReturnValue(1000 + run);
			const ledger = openLedger(context, run, '7');
			ledger.sending(item);
			ledger.sending(item);
			expect(ledger.sentAt(item)).toBe(1000);
			ledger.close(false);
		}
		const last = openLedger(context, 3, '7');
		last.accepted(item, taken, false);
		expect(last.sentAt(item)).toBeUndefined();
	} finally {
		moments.mockRestore();
	}
});

test('what is known not to be accepted is forgotten', () => {
	const ledger = openLedger({}, 0, '7');
	ledger.sending(item);
	ledger.forget(item);
	expect(ledger.earlier(item)).toBeUndefined();
});

test('a doubt of one run is known in all later ones, however many there are', () => {
	const context: IDataObject = {};
	const first = openLedger(context, 0, '7');
	first.sending(item);
	first.close(false);
	for (let run = 1; run < 5; run++) {
		const ledger = openLedger(context, run, '7');
		expect(ledger.earlier(item)).toBe('doubt');
		ledger.close(true);
	}
});

test('two runs at once know of one another', () => {
	const context: IDataObject = {};
	const [one, other] = [0, 1].map((run) => openLedger(context, run, '7'));
	one.sending(item);
	expect(other.earlier(item)).toBe('doubt');
	one.accepted(item, taken, false);
	expect(other.earlier(item)).toMatchObject({ now: false });
});

test('an answer to a later try ends the doubt of an earlier run', () => {
	const context: IDataObject = {};
	openLedger(context, 0, '7').sending(item);
	const second = openLedger(context, 1, '7');
	second.accepted(item, taken, false);
	expect(openLedger(context, 2, '7').earlier(item)).toMatchObject({ now: false });
});

test('an item counts as accepted once, and only where the provider took it', () => {
	const context: IDataObject = {};
	const first = openLedger(context, 0, '7');
	first.accepted(item, taken, false);
	first.accepted(item, taken, false);
	first.accepted({ identity: 'ben' }, { ...taken, accepted: undefined }, false);
	expect(first.acceptedBefore([])).toBe(0);
	first.close(true);
	expect(openLedger(context, 1, '7').acceptedBefore([])).toBe(1);
});

test('Retry On Fail, under the same run index, finds what was accepted', () => {
	const context: IDataObject = {};
	const first = openLedger(context, 0, '7');
	first.accepted(item, taken, false);
	first.close(false);
	expect(openLedger(context, 0, '7').earlier(item)).toMatchObject({ now: true });
});

test('survives being saved, and keeps the execution under which it began', () => {
	const context: IDataObject = {};
	openLedger(context, 0, '7').sending(item);
	const saved = JSON.parse(JSON.stringify(context)) as IDataObject;
	const again = openLedger(saved, 0, '8');
	expect(again.execution).toBe('7');
	expect(again.earlier(item)).toBe('doubt');
});

test('what an older version has saved does not keep an execution from being retried', () => {
	const context: IDataObject = { cancellations: { execution: '7', runs: { 0: {} } } };
	const ledger = openLedger(context, 0, '8');
	expect(ledger.execution).toBe('7');
	expect(ledger.acceptedBefore([])).toBe(0);
	expect(ledger.earlier(item)).toBeUndefined();
});

test('twenty rounds of 51 with a failure in each leave counts and doubts, not items', () => {
	const context: IDataObject = {};
	for (let run = 0; run < 20; run++) {
		const ledger = openLedger(context, run, '7');
		for (let at = 0; at < 50; at++) ledger.accepted({ identity: `${run} ${at}` }, taken, false);
		ledger.sending({ identity: `${run} doubt` });
		ledger.close(false);
	}
	const last = openLedger(context, 20, '7');
	// Whoever may have been accepted counts, too, unless it is this run's own.
	expect(last.acceptedBefore([])).toBe(1020);
	expect(last.acceptedBefore([{ identity: '0 doubt' }, { identity: 'new' }])).toBe(1019);
	expect(last.earlier({ identity: '0 doubt' })).toBe('doubt');
	expect(JSON.stringify(context).length).toBeLessThan(2000);
});

test('what no record tells is kept through all rounds, without the answer', () => {
	const context: IDataObject = {};
	const first = openLedger(context, 0, '7');
	first.accepted(item, taken, true);
	first.close(true);
	openLedger(context, 1, '7').close(true);
	expect(openLedger(context, 2, '7').earlier(item)).toMatchObject({ now: false });
	expect(JSON.stringify(context)).not.toContain('xxx');
});

test('a round that was broken off counts as those that came to an end', () => {
	const context: IDataObject = {};
	openLedger(context, 0, '7').accepted(item, taken, false);
	expect(openLedger(context, 1, '7').acceptedBefore([])).toBe(1);
});
