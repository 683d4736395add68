import { outcomes, type Outcome } from '../../nodes/shared/contract/outcome';
import type { ItemResult } from '../../nodes/shared/model/result';
import { runHint, stopSummary, summarize } from '../../nodes/shared/output/summary';
import { future, parseContext, past } from './sampleProvider';

const resultOf = (outcome: Outcome, more: Partial<ItemResult> = {}): ItemResult => ({
	...{ outcome, operation: 'cancel', target: 'sub_ada', email: null, attempts: 1 },
	...(!outcomes[outcome].ok && { message: 'It did not work.' }),
	...more,
});
const previewOf = (outcome: Outcome, effectiveAt: string | null = null) =>
	resultOf('preview', { attempts: 0, effectiveAt, preview: { wouldBe: { outcome, effectiveAt } } });
const summary = (result: ItemResult) => summarize(result, 'Sample', parseContext);

describe('the summary of a success', () => {
	test.each<[Outcome, string | null, string]>([
		['cancelled', null, 'cancelled'],
		['cancelled', past, 'ended on 1 January 2020'],
		['scheduled', future, 'ends on 31 December 2099'],
		['scheduled', null, 'will end'],
		['alreadyCancelled', null, 'was over already'],
		['alreadyCancelled', past, 'was over already, since 1 January 2020'],
		['alreadyCancelled', future, 'was cancelled before and ends on 31 December 2099'],
		['pendingProvider', null, 'accepted; it has not been confirmed yet'],
		['readyToConfirm', null, 'may be cancelled; nothing is cancelled yet'],
		['presentation', null, 'a step has to be shown first; nothing is cancelled yet'],
		['offer', null, 'there is an offer to stay; nothing is cancelled yet'],
		['restored', null, 'goes on'],
	])('that is %s, ending %s, says: %s', (outcome, effectiveAt, words) => {
		expect(summary(resultOf(outcome, { effectiveAt }))).toBe(`sub_ada: ${words} (Sample)`);
	});

	test.each<[Outcome, string]>([
		['cancelled', 'carried out; the plan itself goes on'],
		['scheduled', 'carried out; the plan itself goes on'],
		['alreadyCancelled', 'carried out before; the plan itself goes on'],
	])('that is %s, while the plan continues, says so', (outcome, words) => {
		const result = resultOf(outcome, { effectiveAt: future, planContinues: true });
		expect(summary(result)).toBe(`sub_ada: ${words} (Sample)`);
	});

	test('is about the customer by e-mail, else by what was looked up, else by the target', () => {
		const foundBy = 'cu.1';
		expect(summary(resultOf('cancelled', { foundBy, email: 'ada@example.com' }))).toMatch(/^ada@/);
		expect(summary(resultOf('cancelled', { foundBy }))).toMatch(/^cu\.1: /);
	});

	test("has the day in the workflow's time zone, whichever was asked for before", () => {
		const ends = (timeZone: string) =>
			summarize(resultOf('scheduled', { effectiveAt: '2026-12-31T23:30:00.000Z' }), 'Sample', {
				...parseContext,
				timeZone,
			});
		expect(ends('Europe/Berlin')).toBe('sub_ada: ends on 1 January 2027 (Sample)');
		expect(ends('UTC')).toBe('sub_ada: ends on 31 December 2026 (Sample)');
		expect(ends('Europe/Berlin')).toBe('sub_ada: ends on 1 January 2027 (Sample)');
		expect(ends('DEFAULT')).toBe('sub_ada: ends on 31 December 2026 (Sample)');
	});

	test('makes no date format of its own, because ten thousand of them take 400 MiB', () => {
		const formats = jest.spyOn(Intl, 'DateTimeFormat');
		const effectiveAt = '2026-12-31T23:30:00.000Z';
		const context = { ...parseContext, timeZone: 'Asia/Tokyo' };
		for (let item = 0; item < 50; item++) {
			summarize(resultOf('scheduled', { effectiveAt }), 'Sample', context);
		}
		const { length } = formats.mock.calls;
		formats.mockRestore();
		expect(length).toBe(2);
	});
});

test('the summary of a failure is its message, and names the customer', () => {
	expect(summary(resultOf('notFound'))).toBe('sub_ada: It did not work.');
	expect(summary(resultOf('notFound', { message: 'No "sub_ada".' }))).toBe('No "sub_ada".');
});

test.each<[Outcome, string | null, string]>([
	['scheduled', future, 'would end on 31 December 2099'],
	['scheduled', null, 'would end'],
	['cancelled', null, 'would end now'],
	['pendingProvider', null, 'would be accepted, and end as soon as that is confirmed'],
	['alreadyCancelled', past, 'was over already, since 1 January 2020'],
	['restored', null, 'would go on'],
])('the summary of a dry run that predicts %s, ending %s, says: %s', (outcome, at, words) => {
	expect(summary(previewOf(outcome, at))).toBe(
		`Dry run, nothing was sent. sub_ada: ${words} (Sample)`,
	);
});

describe('the hint of a run', () => {
	const hint = (...results: ItemResult[]) => runHint(results, parseContext);

	test('counts outcomes in one order, and leaves out a single item that was carried out', () => {
		expect(
			hint(
				resultOf('notFound'),
				resultOf('scheduled'),
				resultOf('scheduled', { duplicateOf: 1 }),
				resultOf('pendingProvider'),
				resultOf('scheduled'),
			),
		).toBe('2 scheduled, 1 not confirmed yet, 1 not found, 1 repeated');
		expect(hint(resultOf('scheduled'))).toBeUndefined();
	});

	test('says of a dry run that nothing was sent, and what would end when', () => {
		expect(hint(previewOf('scheduled', future), previewOf('alreadyCancelled', past))).toBe(
			'Nothing was sent. 1 would end (31 Dec), 1 has ended already (1 Jan)',
		);
		expect(hint(previewOf('cancelled'), resultOf('invalid', { attempts: 0 }))).toBe(
			'Nothing was sent. 1 would end, 1 invalid',
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
	const retried = 'What went through is not sent again when this execution is retried.';

	test('is left out for a single item', () => {
		expect(stopSummary([resultOf('notFound')])).toBe('');
	});

	test('counts what went through, failed and was not tried, and names the last two', () => {
		const all = [
			resultOf('scheduled'),
			resultOf('alreadyCancelled', { attempts: 0 }),
			resultOf('notFound', { target: 'nope' }),
			resultOf('invalid', { target: '' }),
			resultOf('skipped', { target: 'sub_ben' }),
		];
		expect(stopSummary(all)).toBe(
			`Of 5 items 2 went through, 2 failed (nope, empty), 1 not tried (sub_ben). ${retried}`,
		);
	});

	test('counts previews apart, and promises nothing of a retry where nothing went through', () => {
		const all = [previewOf('scheduled', future), resultOf('notFound', { target: 'nope' })];
		expect(stopSummary(all)).toBe(
			'Of 2 items 0 went through, 1 previewed, 1 failed (nope), 0 not tried.',
		);
	});

	test('names ten and counts the others', () => {
		const all = Array.from({ length: 13 }, (_, at) => resultOf('skipped', { target: `sub_${at}` }));
		expect(stopSummary(all)).toContain('13 not tried (sub_0, sub_1, ');
		expect(stopSummary(all)).toContain('sub_9 and 3 more).');
	});
});
