import { checkBatchLimit, previewedOverLimit } from '../../nodes/shared/input/batchLimit';
import type { WriteItem } from '../../nodes/shared/model/item';
import type { ItemResult } from '../../nodes/shared/model/result';
import { Ledger } from '../../nodes/shared/run/ledger';
import { writeItem } from './sampleProvider';

const items = (limits: Array<number | undefined>, more: Partial<WriteItem> = {}): WriteItem[] =>
	limits.map((maxPerExecution, index) =>
		writeItem({
			...{ index, values: { id: `sub_${index}` } },
			...{ options: { maxPerExecution }, item: more },
		}),
	);
const ledger = () => new Ledger({}, 0, 'execution');
const messageFor = (writes: WriteItem[]) => checkBatchLimit(writes, ledger())?.(writes[0]).message;

test('a run within its lowest limit goes on', () => {
	expect(checkBatchLimit(items([2, 2]), ledger())).toBeUndefined();
	expect(checkBatchLimit(items([undefined, 2]), ledger())).toBeUndefined();
	expect(checkBatchLimit(items([undefined, 0]), ledger())).toBeUndefined();
});

test('a run over its lowest limit sends nothing, and each item says so', () => {
	const writes = items([5, 2, undefined]);
	const refuse = checkBatchLimit(writes, ledger());
	for (const item of writes) {
		expect(refuse?.(item)).toMatchObject({
			outcome: 'refused',
			attempts: 0,
			overLimit: { count: 3, limit: 2 },
			message: expect.stringContaining(
				'this run has 3 to cancel, but the limit is 2. Nothing was sent. If all 3 are meant, raise Options > Max per Execution.',
			),
		});
	}
});

test('what is resumed is called so', () => {
	const resumed = items([1, 1]).map((item): WriteItem => {
		return { ...item, operation: { ...item.operation, effect: 'restore' } };
	});
	expect(messageFor(resumed)).toContain('this run has 2 to resume, but the limit is 1.');
});

test('what was accepted earlier in the execution counts', () => {
	const node = {};
	const [earlier, ...later] = items([2, 2, 2]);
	const result = { outcome: 'cancelled', attempts: 1, accepted: true } as ItemResult;
	new Ledger(node, 0, 'execution').markSettled(earlier, result, {
		onlyEvidence: false,
		hasKey: false,
	});
	const memory = new Ledger(node, 1, 'execution');
	expect(checkBatchLimit(later, memory)?.(later[0]).message).toContain(
		'this run has 2 to cancel, after 1 earlier in this execution, but the limit is 2.',
	);
});

test('dry runs have no limit, and say which one a live run would go over', () => {
	const dry = items([1, 1], { dryRun: true });
	expect(checkBatchLimit(dry, ledger())).toBeUndefined();
	expect(previewedOverLimit(dry, ledger())).toEqual({ count: 2, limit: 1 });
	expect(previewedOverLimit(items([1, 1]), ledger())).toBeUndefined();
});

test('an AI agent carries out one item a call', () => {
	const two = items([undefined, undefined], { agent: true });
	expect(messageFor(two)).toContain(
		'an AI agent carries out one item a call, but this call has 2. Nothing was sent. Call it once for each.',
	);
	expect(checkBatchLimit(two.slice(1), ledger())).toBeUndefined();
	expect(checkBatchLimit(items([undefined, undefined]), ledger())).toBeUndefined();
});
