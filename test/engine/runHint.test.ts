import { outcomes, type Outcome } from '../../nodes/shared/contract/outcome';
import type { ItemResult } from '../../nodes/shared/model/result';
import { runHint, stopSummary } from '../../nodes/shared/output/runHint';
import { cancelOperation, future, parseContext, past, provider } from './sampleProvider';

const operations = {
	cancel: cancelOperation(),
	churn: cancelOperation({ recordedAs: 'marked as churned' }),
};
const resultOf = (outcome: Outcome, more: Partial<ItemResult> = {}): ItemResult => ({
	...{ outcome, operation: 'cancel', target: 'sub_ada', email: null, attempts: 1 },
	...(!outcomes[outcome].ok && { message: 'sub_ada: it did not work.' }),
	...more,
});
const previewOf = (outcome: Outcome, more: Partial<ItemResult> = {}) =>
	resultOf('preview', { attempts: 0, preview: { wouldBe: { outcome } }, ...more });
const refused = (target: string, more: Partial<ItemResult> = {}) =>
	resultOf('refused', { attempts: 0, target, ...more });
const hint = (...results: ItemResult[]) =>
	runHint(results, { ...provider, operations }, parseContext);
const thisYear = '2026-12-03T00:00:00.000Z';

describe('the hint of a run', () => {
	test('counts outcomes in one order, with their ends, and repeats apart', () => {
		expect(
			hint(
				resultOf('notFound', { target: 'nope' }),
				resultOf('scheduled', { effectiveAt: future }),
				resultOf('scheduled', { duplicateOf: 1 }),
				resultOf('pendingProvider'),
				resultOf('cancelled'),
				resultOf('scheduled', { effectiveAt: thisYear }),
				resultOf('alreadyCancelled', { effectiveAt: past }),
				resultOf('alreadyCancelled', { effectiveAt: past }),
			),
		).toBe(
			'1 ended now, 2 cancelled (end 3 Dec, 31 Dec 2099), 2 already ended (1 Jan 2020), 1 not confirmed yet, 1 needs a look: nope (not found), 1 repeated',
		);
	});

	test('is left out for a single item that was carried out, and says why one was not', () => {
		expect(hint()).toBeUndefined();
		expect(hint(resultOf('scheduled'))).toBeUndefined();
		expect(hint(resultOf('notFound'))).toBe('1 not found: sub_ada: it did not work.');
	});

	test('has the words of an operation that changes a record and no billing', () => {
		const churn = { operation: 'churn' };
		expect(
			hint(
				resultOf('cancelled', churn),
				resultOf('alreadyCancelled', { ...churn, effectiveAt: past }),
			),
		).toBe('1 marked as churned, 1 already marked as churned (1 Jan 2020)');
		expect(hint(previewOf('cancelled', churn))).toBe(
			'Nothing was sent. 1 would be marked as churned',
		);
	});

	test('says of a dry run that nothing was sent, and what would end when', () => {
		expect(
			hint(
				previewOf('scheduled', { effectiveAt: thisYear }),
				previewOf('alreadyCancelled', { effectiveAt: future }),
				previewOf('cancelled'),
				previewOf('restored'),
				resultOf('invalid', { attempts: 0, target: '' }),
			),
		).toBe(
			'Nothing was sent. 1 would end now, 1 would end (3 Dec), 1 already cancelled (31 Dec 2099), 1 would continue, 1 needs a look: empty (invalid)',
		);
	});

	test('does not count a plan that continues as one that ends', () => {
		expect(hint(previewOf('cancelled', { planContinues: true }))).toBe(
			'Nothing was sent. 1 in part (the plan itself continues)',
		);
		expect(hint(resultOf('cancelled'), resultOf('cancelled', { planContinues: true }))).toBe(
			'1 ended now, 1 carried out (the plan itself continues)',
		);
	});

	test('names up to three failed items, and counts more of them', () => {
		const several = refused('sub_twin', { foundBy: 'twin@example.com', data: { candidates: [] } });
		const skipped = resultOf('skipped', { attempts: 0 });
		expect(hint(several, refused('a'), refused('b'), skipped)).toBe(
			'3 need a look: twin@example.com (with several matches), a (refused), b (refused), 1 skipped',
		);
		expect(hint(several, refused('a'), refused('b'), refused('c'))).toBe('4 refused');
	});

	test('says that a run over its limit sent nothing, and that a live run would be refused', () => {
		const over = { count: 7, limit: 5 };
		expect(
			hint(
				refused('a', { overLimit: over }),
				refused('b', { overLimit: over }),
				resultOf('alreadyCancelled'),
			),
		).toBe('Nothing was sent: 7 to carry out, the limit is 5. 1 already cancelled');
		expect(runHint([previewOf('cancelled')], { ...provider, operations }, parseContext, over)).toBe(
			'Nothing was sent. 1 would end now. A live run would be refused: 7 to carry out, the limit is 5.',
		);
	});

	test.each<[string, ItemResult]>([
		['was sent in this run', resultOf('scheduled')],
		[
			'was sent before, and is verified now',
			resultOf('scheduled', { attempts: 0, sentEarlier: true }),
		],
		['is in doubt since an earlier run', resultOf('unknown', { attempts: 0, sentEarlier: true })],
		['was sent, limited, and stopped while it waited', resultOf('skipped', { attempts: 1 })],
	])('does not say that nothing was sent beside an item that %s', (_, real) => {
		expect(hint(previewOf('cancelled'), real)).not.toContain('Nothing was sent');
		expect(hint(previewOf('cancelled'), resultOf('skipped', { attempts: 0 }))).toContain(
			'Nothing was sent',
		);
	});
});

describe('the tally of stop mode', () => {
	const onError = 'To carry out the others, set Settings > On Error to Continue.';
	const retried = 'What is done is not sent again when this execution is retried.';

	test('is left out for a single item', () => {
		expect(stopSummary([resultOf('notFound')])).toBe('');
	});

	test('counts what is done, failed and was not tried, and names the last two', () => {
		const all = [
			resultOf('scheduled'),
			resultOf('alreadyCancelled', { attempts: 0 }),
			resultOf('notFound', { target: 'nope', email: 'zoe@example.com' }),
			resultOf('invalid', { target: '' }),
			resultOf('skipped', { target: 'sub_ben' }),
		];
		expect(stopSummary(all)).toBe(
			`2 of 5 done, 2 failed (zoe@example.com, empty), 1 not tried (sub_ben). ${onError} ${retried}`,
		);
	});

	test('counts previews apart, and promises nothing of a retry where nothing is done', () => {
		const all = [previewOf('scheduled'), resultOf('notFound', { target: 'nope' })];
		expect(stopSummary(all)).toBe('0 of 2 done, 1 previewed, 1 failed (nope).');
	});

	test('names ten and counts the others', () => {
		const all = Array.from({ length: 13 }, (_, at) => resultOf('skipped', { target: `sub_${at}` }));
		expect(stopSummary(all)).toContain('13 not tried (sub_0, sub_1, ');
		expect(stopSummary(all)).toContain('sub_9 and 3 more).');
	});
});
