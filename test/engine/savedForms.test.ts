import type { IDataObject } from 'n8n-workflow';

import { mayRunForMs } from '../../nodes/shared/model/doubt';
import { Ledger } from '../../nodes/shared/run/ledger';
import { executeWrite } from '../../nodes/shared/write/executeWrite';
import { createPlanToken, verifyPlanToken } from '../../nodes/shared/write/planToken';
import { activeState, newAccount, SampleApi, writeContext, writeItem } from './sampleProvider';
import { onVirtualClock } from './virtualClock';

/*
 * What users' instances save, and read again after an update of the package: a test that fails here asks
 * for code that still reads the old form.
 */

const account = newAccount('credential-1 https://api.example.com');
const state = activeState({ end: { kind: 'at', at: '2026-12-31T00:00:00.000Z' } });
const ada = { account, values: { id: 'sub_ada', reason: 'Too expensive' } };
const ben = { account, values: { id: 'sub_ben' } };

describe('the ledger of a failed execution with one item accepted and one in doubt', () => {
	const ledger = {
		cancellations: {
			execution: '4711',
			accepted: 0,
			runs: {
				0: {
					accepted: 1,
					entries: {
						'wKTXpFhL-Z4ERBwkF9_fnU': {
							kind: 'settled',
							result: {
								outcome: 'scheduled',
								effectiveAt: '2099-12-31T00:00:00.000Z',
								requestedAt: '2026-11-21T10:00:00.001Z',
								attempts: 1,
								httpStatus: 200,
								email: 'typed@example.com',
							},
							account: '9Hd-jr_9',
							request: '_dQWiy7jJXV84IoGLrXwBb',
						},
						'38XotlrZrAgyo3TDDThtrW': {
							kind: 'inDoubt',
							doubt: {
								firstSentAt: 1795255200001,
								mayRunMs: 30_000,
								process: 'process',
								sentAtMonotonic: 1_000_001,
							},
						},
					},
					over: true,
				},
			},
			archive: {},
			acceptances: { 'wKTXpFhL-Z4ERBwkF9_fnU': 1 },
		},
	};

	test('is saved in this form', async () =>
		await onVirtualClock(async (clock) => {
			const context: IDataObject = {};
			const own = new Ledger(context, 0, '4711');
			const operation = { retrySafety: 'deduplicated' } as const;
			await executeWrite(writeContext(new SampleApi(clock), { ...ada, operation, ledger: own }));
			own.markSending(writeItem({ ...ben, ledger: own }), 30_000);
			own.close(false);
			const saved = JSON.stringify(context).replace(/("process":")[^"]+/, '$1process');
			expect(JSON.parse(saved)).toEqual(ledger);
		}));

	test('is understood in this form by the retry of the execution', async () =>
		await onVirtualClock((clock) => {
			clock.pass(60_000);
			const own = new Ledger(structuredClone(ledger) as IDataObject, 0, '4712');
			expect(own.execution).toBe('4711');
			const accepted = writeItem({ ...ada, ledger: own });
			expect(own.lookup(accepted)).toEqual({
				kind: 'settled',
				request: 'sameRequest',
				result: ledger.cancellations.runs[0].entries['wKTXpFhL-Z4ERBwkF9_fnU'].result,
			});
			expect(own.acceptances(accepted.identity)).toBe(1);
			const doubt = own.doubtOf(writeItem({ ...ben, ledger: own }));
			expect(doubt).toMatchObject({ firstSentAt: 1795255200001 });
			// It comes from another process, whose clock cannot be compared.
			expect(doubt && mayRunForMs(doubt)).toBe(30_000);
			const later = new Ledger(structuredClone(ledger) as IDataObject, 1, '4712');
			expect(later.countEarlier([])).toBe(2);
		}));
});

describe('a plan token', () => {
	const token =
		'plan1.ilfqeStucQpjGwCOUfGO4r.WyJhY3RpdmUiLCIyMDI2LTEyLTMxVDAwOjAwOjAwLjAwMFoiLCIxIl0';

	test('is made in this form', () => {
		expect(createPlanToken(writeItem(ada), { kind: 'found', state })).toBe(token);
	});

	test('is accepted in this form', () => {
		const reading = { kind: 'found', state } as const;
		expect(() => verifyPlanToken(writeItem(ada), reading, token)).not.toThrow();
	});
});
