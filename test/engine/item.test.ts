import {
	canonicalTarget,
	isDeduplicated,
	isDone,
	isNeverRetried,
	changesNothing,
	lockKey,
	unchangedMeansNothingHappened,
	recordLockKey,
	shortHash,
} from '../../nodes/shared/model/item';
import type { RetrySafety } from '../../nodes/shared/contract/provider';
import { activeState, anyAccount, cancelOperation, endedState, writeItem } from './sampleProvider';

const byEmail = cancelOperation({
	target: ({ email, uid }) => String(email ?? uid),
	email: ({ email }) => email as string | undefined,
});

describe('the canonical target', () => {
	const canonical = (values: Record<string, unknown>) =>
		canonicalTarget({ operation: byEmail, values, target: byEmail.target(values) });

	test('is the same for all spellings of an e-mail address', () => {
		expect(canonical({ email: 'Ada@Example.COM' })).toBe('ada@example.com');
		expect(canonical({ email: ' ada@example.com ' })).toBe('ada@example.com');
	});

	test('keeps the capitals of an ID, also where it looks like an address', () => {
		expect(canonical({ uid: '0015g00000abCDe' })).toBe('0015g00000abCDe');
		expect(canonical({ uid: 'Ada@Example.com' })).toBe('Ada@Example.com');
	});

	test('keeps the capitals of an ID beside an address that is known, too', () => {
		const operation = cancelOperation({ email: () => 'ada@example.com' });
		expect(canonicalTarget({ operation, values: {}, target: 'Sub_1' })).toBe('Sub_1');
	});
});

describe('a lock key', () => {
	const account = anyAccount();
	const keyOf = (id: string, own = account) => lockKey(writeItem({ values: { id }, account: own }));

	test('is the same for spellings in other capitals: to wait harms neither', () => {
		expect(keyOf('Sub_Ada ')).toBe(keyOf('sub_ada'));
		expect(keyOf('sub_ada')).not.toBe(keyOf('sub_ben'));
		expect(keyOf('sub_ada')).not.toBe(keyOf('sub_ada', anyAccount()));
	});

	test('of a record is not that of a target, and keeps its capitals', () => {
		const item = writeItem({ account });
		expect(recordLockKey(item, 'sub_ada')).not.toBe(lockKey(item));
		expect(recordLockKey(item, 'A')).not.toBe(recordLockKey(item, 'a'));
		expect(recordLockKey(item, 'A')).toBe(recordLockKey(writeItem({ account }), 'A'));
	});
});

test.each<[RetrySafety, boolean, boolean, boolean, boolean]>([
	['safe', true, false, false, true],
	['deduplicated', false, true, false, true],
	['verifyFirst', false, false, false, true],
	['never', false, false, true, false],
])(
	'the retry safety %s says whether it is safe, deduplicated, never repeated, settled by the record',
	(retrySafety, safe, deduplicated, never, conclusive) => {
		for (const value of [retrySafety, () => retrySafety]) {
			const item = writeItem({ operation: { retrySafety: value } });
			expect([changesNothing(item), isDeduplicated(item), isNeverRetried(item)]).toEqual([
				safe,
				deduplicated,
				never,
			]);
			expect(unchangedMeansNothingHappened(item, activeState())).toBe(conclusive);
			expect(unchangedMeansNothingHappened(item, activeState({ eventuallyConsistent: true }))).toBe(
				false,
			);
		}
	},
);

test('a cancellation is done with a record that is not active, a restoration with one that is', () => {
	const cancel = { operation: cancelOperation() };
	const restore = { operation: cancelOperation({ effect: 'restore' }) };
	const states = [activeState(), endedState(), endedState({ phase: 'continues' })];
	expect(states.map((state) => isDone(cancel, state))).toEqual([false, true, true]);
	expect(states.map((state) => isDone(restore, state))).toEqual([true, false, false]);
});

test('a short hash tells apart what is split differently', () => {
	expect(shortHash('a', 'b')).toMatch(/^[\w-]{22}$/);
	expect(shortHash('a', 'b')).toBe(shortHash('a', 'b'));
	expect(shortHash('ab')).not.toBe(shortHash('a', 'b'));
	expect(shortHash(null)).not.toBe(shortHash('null'));
});
