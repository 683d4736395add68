import { outcomes, type Outcome } from '../../nodes/shared/contract/outcome';
import type { ItemResult } from '../../nodes/shared/model/result';
import { summarize } from '../../nodes/shared/output/summary';
import { cancelOperation, future, parseContext, past, provider } from './sampleProvider';

const recorded = cancelOperation({ recordedAs: 'marked as churned' });
const sample = {
	...provider,
	operations: {
		cancel: cancelOperation(),
		churn: recorded,
		restore: { ...recorded, effect: 'restore' as const, recordedAs: 'active again' },
	},
};
const resultOf = (outcome: Outcome, more: Partial<ItemResult> = {}): ItemResult => ({
	...{ outcome, operation: 'cancel', target: 'sub_ada', email: null, attempts: 1 },
	...(!outcomes[outcome].ok && { message: 'It did not work.' }),
	...more,
});
const previewOf = (outcome: Outcome, more: Partial<ItemResult> = {}) =>
	resultOf('preview', { attempts: 0, preview: { wouldBe: { outcome } }, ...more });
const summary = (result: ItemResult) => summarize(result, sample, parseContext);

describe('the summary of a success', () => {
	test.each<[Outcome, string | null, string]>([
		['cancelled', null, 'cancelled'],
		['cancelled', past, 'ended on 1 January 2020'],
		['scheduled', future, 'cancelled, ends on 31 December 2099'],
		['scheduled', null, 'cancelled, will end'],
		['alreadyCancelled', null, 'was already cancelled'],
		['alreadyCancelled', past, 'had already ended on 1 January 2020'],
		['alreadyCancelled', future, 'was already cancelled, ends on 31 December 2099'],
		['pendingProvider', null, 'accepted, not confirmed yet'],
		['readyToConfirm', null, 'can be cancelled; not cancelled yet'],
		['presentation', null, 'the customer must see a step first; not cancelled yet'],
		['offer', null, 'has a retention offer; not cancelled yet'],
		['restored', null, 'continues'],
		['nothingToCancel', null, 'not a referred customer, nothing to do'],
		[
			'customerActionRequired',
			null,
			'bought in an app store: only the customer can cancel it there',
		],
	])('that is %s, ending %s, says: %s', (outcome, effectiveAt, words) => {
		expect(summary(resultOf(outcome, { effectiveAt }))).toBe(`sub_ada: ${words} (Sample)`);
	});

	test.each<[Outcome, string]>([
		['cancelled', 'carried out; the plan itself continues'],
		['scheduled', 'carried out; the plan itself continues'],
		['alreadyCancelled', 'carried out before; the plan itself continues'],
	])('that is %s, while the plan continues, says so', (outcome, words) => {
		const result = resultOf(outcome, { effectiveAt: future, planContinues: true });
		expect(summary(result)).toBe(`sub_ada: ${words} (Sample)`);
	});

	test('is about the customer by e-mail, else by what was looked up, else by the target', () => {
		const foundBy = 'cu.1';
		expect(summary(resultOf('cancelled', { foundBy, email: 'ada@example.com' }))).toMatch(/^ada@/);
		expect(summary(resultOf('cancelled', { foundBy }))).toMatch(/^cu\.1 \(sub_ada\): /);
		expect(summary(resultOf('cancelled', { customer: 'cu.2' }))).toMatch(/^cu\.2 \(sub_ada\): /);
	});

	test("has the day in the workflow's time zone, whichever was asked for before", () => {
		const ends = (timeZone: string) =>
			summarize(resultOf('scheduled', { effectiveAt: '2026-12-31T23:30:00.000Z' }), sample, {
				...parseContext,
				timeZone,
			});
		expect(ends('Europe/Berlin')).toBe('sub_ada: cancelled, ends on 1 January 2027 (Sample)');
		expect(ends('UTC')).toBe('sub_ada: cancelled, ends on 31 December 2026 (Sample)');
		expect(ends('Europe/Berlin')).toBe('sub_ada: cancelled, ends on 1 January 2027 (Sample)');
		expect(ends('DEFAULT')).toBe('sub_ada: cancelled, ends on 31 December 2026 (Sample)');
	});

	test('makes no date format of its own, because ten thousand of them take 400 MiB', () => {
		const formats = jest.spyOn(Intl, 'DateTimeFormat');
		const effectiveAt = '2026-12-31T23:30:00.000Z';
		const context = { ...parseContext, timeZone: 'Asia/Tokyo' };
		for (let item = 0; item < 50; item++) {
			summarize(resultOf('scheduled', { effectiveAt }), sample, context);
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
	['alreadyCancelled', past, 'had already ended on 1 January 2020'],
	['restored', null, 'would continue'],
])('the summary of a dry run that predicts %s, ending %s, says: %s', (outcome, at, words) => {
	expect(summary(previewOf(outcome, { effectiveAt: at }))).toBe(
		`sub_ada: ${words} (Sample, dry run)`,
	);
});

describe('of an operation that changes a record and no billing, the summary', () => {
	const says = (result: ItemResult, operation = 'churn') => summary({ ...result, operation });

	test.each<[Outcome, string, string]>([
		['cancelled', 'churn', 'marked as churned (Sample)'],
		['alreadyCancelled', 'churn', 'was already marked as churned on 1 January 2020 (Sample)'],
		['restored', 'restore', 'is active again (Sample)'],
	])('of %s by %s says: %s', (outcome, operation, words) => {
		const result = resultOf(outcome, { effectiveAt: past });
		expect(says(result, operation)).toBe(`sub_ada: ${words}`);
	});

	test('of a dry run says what would be recorded', () => {
		expect(says(previewOf('cancelled'))).toBe(
			'sub_ada: would be marked as churned (Sample, dry run)',
		);
		expect(says(previewOf('restored'), 'restore')).toBe(
			'sub_ada: would be active again (Sample, dry run)',
		);
	});
});

test('the summary of a dry run says what the preview says of money', () => {
	const wouldBe = { outcome: 'cancelled', money: 'credits 3.00 USD' };
	expect(summary(previewOf('cancelled', { preview: { wouldBe } }))).toBe(
		'sub_ada: would end now; credits 3.00 USD (Sample, dry run)',
	);
});

test('the summary has the clause of a verdict in the place of the outcome', () => {
	const clause = 'never became a paying referral, nothing to churn';
	expect(summary(resultOf('nothingToCancel', { clause }))).toBe(`sub_ada: ${clause} (Sample)`);
	expect(summary(previewOf('nothingToCancel', { clause }))).toBe(
		`sub_ada: ${clause} (Sample, dry run)`,
	);
});
