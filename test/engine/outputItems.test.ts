import type { IExecuteFunctions, INode } from 'n8n-workflow';

import type { ItemOutput, ItemResult } from '../../nodes/shared/model/result';
import { stopError, toOutputItems } from '../../nodes/shared/output/outputItems';
import type { ExecutionContext } from '../../nodes/shared/run/executionContext';
import { future, parseContext, provider } from './sampleProvider';

const binary = { letter: { data: 'x', mimeType: 'text/plain' } };
const input = { id: 'nope', error: 'my own', message: 'mine, too' };
const run = { provider, parseContext } as unknown as ExecutionContext;

const resultOf = (more: Partial<ItemResult> = {}): ItemResult => ({
	...{ outcome: 'notFound', operation: 'cancel', target: 'nope', email: null, attempts: 1 },
	message: 'It is not known.',
	...more,
});
const outputOf = (more: Partial<ItemResult> = {}): ItemOutput => ({
	kind: 'result',
	index: 0,
	result: resultOf(more),
});
const itemsOf = (output: ItemOutput, onError = 'continueRegularOutput') => {
	const host = { getInputData: () => [{ json: input, binary }], getNode: () => ({ onError }) };
	return toOutputItems(host as unknown as IExecuteFunctions, run, output);
};

describe('a failed item', () => {
	test('keeps binary data and input fields named error and message on the error output', () => {
		const [item] = itemsOf(outputOf(), 'continueErrorOutput');
		expect(item.binary).toEqual(binary);
		expect(Object.keys(item.json)).toEqual(['error', 'message']);
		expect(item.json.error).toMatchObject({
			outcome: 'notFound',
			input: { error: 'my own', message: 'mine, too' },
		});
	});

	test('is flat in Continue mode, with its binary data and no key named error', () => {
		const [item] = itemsOf(outputOf({ data: { candidates: [1] } }));
		expect(item.binary).toEqual(binary);
		expect(item.json).toMatchObject({
			...{ ok: false, ended: false, outcome: 'notFound', candidates: [1] },
			message: 'It is not known. [item 0]',
			description: null,
		});
		expect(item.json).not.toHaveProperty('error');
	});
});

describe('a success', () => {
	const json = (more: Partial<ItemResult>) =>
		itemsOf(outputOf({ message: undefined, ...more }))[0].json;

	test.each(['cancelled', 'scheduled', 'alreadyCancelled'] as const)(
		'that is %s is ended, unless the plan continues',
		(outcome) => {
			expect(json({ outcome })).toMatchObject({ ok: true, ended: true });
			expect(json({ outcome, planContinues: true })).toMatchObject({ ok: true, ended: false });
		},
	);

	test.each(['preview', 'offer', 'pendingProvider', 'restored'] as const)(
		'that is %s is not ended',
		(outcome) => {
			expect(json({ outcome })).toMatchObject({ ok: true, ended: false });
		},
	);

	test('has the same columns whatever is known, and further ones only where they say something', () => {
		expect(json({ outcome: 'scheduled', effectiveAt: future })).toEqual({
			...{ summary: 'nope: cancelled, ends on 31 December 2099 (Sample)', ok: true, ended: true },
			...{ outcome: 'scheduled', email: null, effectiveAt: future, provider: 'sample' },
			...{ operation: 'cancel', target: 'nope', requestedAt: null, reason: null, dryRun: false },
			...{ attempts: 1, httpStatus: null },
		});
		expect(
			json({
				...{ outcome: 'cancelled', foundBy: 'ada@example.com', verified: true, duplicateOf: 0 },
				...{ response: { id: 1 }, description: 'It said so.', preview: { planToken: 'x' } },
			}),
		).toMatchObject({
			...{ foundBy: 'ada@example.com', verified: true, duplicateOf: 0, response: { id: 1 } },
			...{ note: 'It said so.', planToken: 'x' },
		});
	});
});

test('rows come out one by one, linked to their input item', () => {
	expect(itemsOf({ kind: 'rows', index: 2, rows: [{ id: 1 }, { id: 2 }] })).toEqual([
		{ json: { id: 1 }, pairedItem: { item: 2 } },
		{ json: { id: 2 }, pairedItem: { item: 2 } },
	]);
});

test('the error of stop mode names the item, the tally, the description and the status', () => {
	const failed = { ...outputOf({ httpStatus: 404, description: 'HTTP 404.' }), index: 1 };
	const results = [resultOf({ outcome: 'cancelled', accepted: true }), resultOf()];
	const error = stopError({ name: 'Sample', type: 'sample' } as INode, failed, results);
	expect(error.message).toBe('It is not known. [item 1]');
	expect(error.description).toMatch(/^1 of 2 done, 1 failed \(nope\).* HTTP 404\.$/);
	expect(error.context.itemIndex).toBe(1);
	expect(error.httpCode).toBe('404');
});
