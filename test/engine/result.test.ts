import { Refusal } from '../../nodes/shared/contract/refusal';
import {
	duplicateResult,
	isFailedOutput,
	refusalResult,
	type ItemResult,
} from '../../nodes/shared/model/result';
import { writeItem } from './sampleProvider';

const item = writeItem();
const result: ItemResult = {
	...{ outcome: 'cancelled', operation: 'cancel', target: 'sub_ada', email: null, attempts: 2 },
	accepted: true,
};

test('a refused item has no attempts, and the message and data of its refusal', () => {
	const refusal = new Refusal('refused', 'Not this one.', 'Choose.', { candidates: [] });
	expect(refusalResult({ ...item, foundBy: 'ada@example.com' }, refusal)).toEqual({
		...{ outcome: 'refused', operation: 'cancel', target: 'sub_ada', email: 'typed@example.com' },
		...{ foundBy: 'ada@example.com', attempts: 0, data: { candidates: [] } },
		...{ reason: null, dryRun: false },
		message: 'typed@example.com (sub_ada): Not this one. Nothing was sent. Choose.',
	});
});

test.each<[string, Partial<typeof item>, string]>([
	['does not begin with an ID', { email: null }, 'Timeout is empty. Nothing was sent.'],
	[
		'begins with the address',
		{ email: 'ada@example.com' },
		'ada@example.com (sub_ada): Timeout is empty. Nothing was sent.',
	],
	[
		'does not repeat what it quotes',
		{ target: 'Timeout', email: 'ada@example.com' },
		'Timeout is empty. Nothing was sent.',
	],
])('the message of invalid input %s', (_, more, message) => {
	const refusal = new Refusal('invalid', 'Timeout is empty.');
	expect(refusalResult({ ...item, ...more }, refusal).message).toBe(message);
});

test('the message of an item that nothing names is that of its refusal alone', () => {
	const refusal = new Refusal('refused', 'Not this one.');
	const message = (more: Partial<typeof item>) =>
		refusalResult({ ...item, target: '', ...more }, refusal).message;
	expect(message({ email: null })).toBe('Not this one. Nothing was sent.');
	expect(message({})).toBe('typed@example.com: Not this one. Nothing was sent.');
});

test('a duplicate has the result of the first without its attempts, and names it', () => {
	expect(duplicateResult(result, 3)).toEqual({ ...result, attempts: 0, duplicateOf: 3 });
});

test('rows and successes have not failed', () => {
	const output = (outcome: ItemResult['outcome']) =>
		isFailedOutput({ kind: 'result', index: 0, result: { ...result, outcome } });
	expect(isFailedOutput({ kind: 'rows', index: 0, rows: [] })).toBe(false);
	expect((['cancelled', 'preview', 'offer'] as const).map(output)).toEqual([false, false, false]);
	expect((['unknown', 'skipped', 'invalid'] as const).map(output)).toEqual([true, true, true]);
});
