import type { IDataObject } from 'n8n-workflow';

import { openLedger } from '../../nodes/shared/run/ledger';
import type { ItemResult } from '../../nodes/shared/model/result';

const item = { identity: 'ada' };
const taken: ItemResult = {
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
	expect(ledger.lookup(item)).toBeUndefined();
	ledger.markSending(item);
	expect(ledger.lookup(item)).toBe('doubt');
	ledger.markAccepted(item, taken, false);
	expect(ledger.lookup(item)).toMatchObject({ now: true, kept: { outcome: 'cancelled' } });
});

test('the first try in doubt is remembered by its time, through all rounds, until it is settled', () => {
	const context: IDataObject = {};
	const moments = jest.spyOn(Date, 'now');
	try {
		for (const run of [0, 1, 2]) {
			moments.mockReturnValue(1000 + run);
			const ledger = openLedger(context, run, '7');
			ledger.markSending(item);
			ledger.markSending(item);
			expect(ledger.sentAt(item)).toBe(1000);
			ledger.close(false);
		}
		const last = openLedger(context, 3, '7');
		last.markAccepted(item, taken, false);
		expect(last.sentAt(item)).toBeUndefined();
	} finally {
		moments.mockRestore();
	}
});

test('what is known not to be accepted is forgotten', () => {
	const ledger = openLedger({}, 0, '7');
	ledger.markSending(item);
	ledger.clear(item);
	expect(ledger.lookup(item)).toBeUndefined();
});

test('a doubt of one run is known in all later ones, however many there are', () => {
	const context: IDataObject = {};
	const first = openLedger(context, 0, '7');
	first.markSending(item);
	first.close(false);
	for (let run = 1; run < 5; run++) {
		const ledger = openLedger(context, run, '7');
		expect(ledger.lookup(item)).toBe('doubt');
		ledger.close(true);
	}
});

test('two runs at once know of one another', () => {
	const context: IDataObject = {};
	const [one, other] = [0, 1].map((run) => openLedger(context, run, '7'));
	one.markSending(item);
	expect(other.lookup(item)).toBe('doubt');
	one.markAccepted(item, taken, false);
	expect(other.lookup(item)).toMatchObject({ now: false });
});

test('an answer to a later try ends the doubt of an earlier run', () => {
	const context: IDataObject = {};
	openLedger(context, 0, '7').markSending(item);
	const second = openLedger(context, 1, '7');
	second.markAccepted(item, taken, false);
	expect(openLedger(context, 2, '7').lookup(item)).toMatchObject({ now: false });
});

test('an item counts as accepted once, and only where the provider took it', () => {
	const context: IDataObject = {};
	const first = openLedger(context, 0, '7');
	first.markAccepted(item, taken, false);
	first.markAccepted(item, taken, false);
	first.markAccepted({ identity: 'ben' }, { ...taken, accepted: undefined }, false);
	expect(first.countEarlier([])).toBe(0);
	first.close(true);
	expect(openLedger(context, 1, '7').countEarlier([])).toBe(1);
});

test('Retry On Fail, under the same run index, finds what was accepted', () => {
	const context: IDataObject = {};
	const first = openLedger(context, 0, '7');
	first.markAccepted(item, taken, false);
	first.close(false);
	expect(openLedger(context, 0, '7').lookup(item)).toMatchObject({ now: true });
});

test('survives being saved, and keeps the execution under which it began', () => {
	const context: IDataObject = {};
	openLedger(context, 0, '7').markSending(item);
	const saved = JSON.parse(JSON.stringify(context)) as IDataObject;
	const again = openLedger(saved, 0, '8');
	expect(again.execution).toBe('7');
	expect(again.lookup(item)).toBe('doubt');
});

test('what an older version has saved does not keep an execution from being retried', () => {
	const context: IDataObject = { cancellations: { execution: '7', runs: { 0: {} } } };
	const ledger = openLedger(context, 0, '8');
	expect(ledger.execution).toBe('7');
	expect(ledger.countEarlier([])).toBe(0);
	expect(ledger.lookup(item)).toBeUndefined();
});

test('twenty rounds of 51 with a failure in each leave counts and doubts, not items', () => {
	const context: IDataObject = {};
	for (let run = 0; run < 20; run++) {
		const ledger = openLedger(context, run, '7');
		for (let at = 0; at < 50; at++) ledger.markAccepted({ identity: `${run} ${at}` }, taken, false);
		ledger.markSending({ identity: `${run} doubt` });
		ledger.close(false);
	}
	const last = openLedger(context, 20, '7');
	// Whoever may have been accepted counts, too, unless it is this run's own.
	expect(last.countEarlier([])).toBe(1020);
	expect(last.countEarlier([{ identity: '0 doubt' }, { identity: 'new' }])).toBe(1019);
	expect(last.lookup({ identity: '0 doubt' })).toBe('doubt');
	expect(JSON.stringify(context).length).toBeLessThan(2000);
});

test('what no record tells is kept through all rounds, without the answer', () => {
	const context: IDataObject = {};
	const first = openLedger(context, 0, '7');
	first.markAccepted(item, taken, true);
	first.close(true);
	openLedger(context, 1, '7').close(true);
	expect(openLedger(context, 2, '7').lookup(item)).toMatchObject({ now: false });
	expect(JSON.stringify(context)).not.toContain('xxx');
});

test('a round that was broken off counts as those that came to an end', () => {
	const context: IDataObject = {};
	openLedger(context, 0, '7').markAccepted(item, taken, false);
	expect(openLedger(context, 1, '7').countEarlier([])).toBe(1);
});
