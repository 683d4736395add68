import type { FailureOutcome } from '../../nodes/shared/contract/outcome';
import { failureMessage } from '../../nodes/shared/model/failureMessage';
import { writeItem } from './sampleProvider';

const ada = { ...writeItem(), email: null };
const retryAt = '2027-01-01T00:00:00.000Z';

test.each<[FailureOutcome, Parameters<typeof failureMessage>[2], string]>([
	[
		'notFound',
		{},
		'Sample has no subscription with this ID. Check the ID, and that the credential belongs to the right account.',
	],
	['notCancellable', { description: 'HTTP 422: Busy' }, 'Sample did not allow it. HTTP 422: Busy.'],
	['notCancellable', {}, 'Sample did not allow it in its present state. Look it up in Sample.'],
	[
		'unauthorized',
		{ description: 'HTTP 401' },
		'Sample did not accept the credential. HTTP 401. Check the key, its permissions and that your plan includes the API.',
	],
	[
		'rateLimited',
		{ attempts: 1 },
		'not cancelled, Sample is limiting requests (1 try). Run it again later, or lower Options > Requests per Minute.',
	],
	[
		'rateLimited',
		{ attempts: 3, retryAt },
		`not cancelled, Sample is limiting requests (3 tries). Run it again after ${retryAt}.`,
	],
	[
		'rateLimited',
		{ retryAt },
		`not cancelled, Sample is limiting requests. Run it again after ${retryAt}.`,
	],
	[
		'unknown',
		{ description: 'There was no response: timeout.' },
		'it is unclear whether it was cancelled in Sample. There was no response: timeout. Check in Sample before you run it again.',
	],
	[
		'failed',
		{ attempts: 4, httpStatus: 500, description: 'HTTP 500' },
		'not cancelled. HTTP 500. Run it again later.',
	],
	[
		'failed',
		{ httpStatus: 400, description: 'HTTP 400: Bad reason' },
		'not cancelled. HTTP 400: Bad reason. Correct that, then run it again.',
	],
	['refused', { description: 'Several match.' }, 'not sent. Several match.'],
	['refused', { attempts: 1 }, 'not cancelled. A check failed.'],
	[
		'skipped',
		{ attempts: 1 },
		'not cancelled, because the run was stopped between two tries. Run it again.',
	],
])(
	'the message of an item that is %s (%j) says what happened, why, and what to do',
	(outcome, facts, message) => {
		expect(failureMessage(ada, outcome, facts)).toBe(`sub_ada: ${message}`);
	},
);

test('a message of a failure says that it failed, also where the provider calls it a success', () => {
	expect(failureMessage(ada, 'offer')).toBe('sub_ada: not cancelled. Run it again later.');
});

test('it begins with the customer, as far as known, and has the ID', () => {
	const message = (more: object) => failureMessage({ ...ada, ...more }, 'notCancellable');
	expect(message({ email: 'ada@example.com' })).toMatch(/^ada@example\.com \(sub_ada\): Sample/);
	expect(message({ foundBy: 'cu_1' })).toMatch(/^cu_1 \(sub_ada\): Sample/);
	expect(message({ customer: 'cu_2' })).toMatch(/^cu_2 \(sub_ada\): Sample/);
	expect(message({ target: 'Ada@example.com', email: 'ada@example.com' })).toMatch(
		/^ada@example\.com: Sample/,
	);
});

test('a customer who is not found is told from an ID', () => {
	const message = (target: string, isLookup = true) =>
		failureMessage({ ...ada, target, isLookup }, 'notFound');
	expect(message('ada@example.com')).toContain(
		'has no subscription with this address. Check the sp',
	);
	expect(message('cu_1')).toContain('has no subscription of this customer. Check the ID');
	expect(message('sub_1', false)).toContain('has no subscription with this ID. Check the ID');
});

test('what only changes a record is not said to be cancelled', () => {
	const churn = {
		...ada,
		operation: { effect: 'cancel', recordedAs: 'marked as churned' },
	} as const;
	expect(failureMessage(churn, 'failed')).toContain('not marked as churned.');
	expect(failureMessage(churn, 'unknown')).toContain('whether it was marked as churned in Sample');
	const resume = { ...ada, operation: { effect: 'restore' } } as const;
	expect(failureMessage(resume, 'failed')).toContain('not resumed.');
});

test('a clause stands in the place of the words of the outcome', () => {
	expect(failureMessage(ada, 'notFound', { clause: 'is denied' })).toBe('sub_ada: is denied.');
});
