import { Refusal } from '../../nodes/shared/contract/refusal';
import {
	duplicateResult,
	failureMessage,
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

describe('the message of a failed item says what happened to it, then how to get on', () => {
	test.each([
		[
			'notFound',
			'Sample does not know the subscription "sub_ada". Check the identifier, and that the credential belongs to the right account.',
		],
		[
			'notCancellable',
			'Sample refused "cancel" for "sub_ada" in its present state. Look it up in Sample.',
		],
		[
			'unauthorized',
			'Sample did not accept the credential. Check the key, its permissions and that your plan includes the API.',
		],
		[
			'unknown',
			'It is not known whether Sample carried out "cancel" for "sub_ada". Look it up in Sample before you run it again.',
		],
		['refused', '"cancel" for "sub_ada" was held back. See the description, then run it again.'],
		[
			'failed',
			'Sample did not carry out "cancel" for "sub_ada". See the description, then run it again.',
		],
	] as const)('%s', (outcome, message) => {
		expect(failureMessage(item, outcome)).toBe(message);
	});

	test.each([
		[
			0,
			undefined,
			'; "sub_ada" was not changed. Run it again later, or lower Requests per Minute.',
		],
		[1, undefined, ' after 1 try; "sub_ada" was not changed. Run it again later,'],
		[3, '2027-01-01', ' after 3 tries; "sub_ada" was not changed. Come back at 2027-01-01.'],
	])('rateLimited after %i attempts, limited until %s', (attempts, retryAt, words) => {
		const message = failureMessage(item, 'rateLimited', attempts, retryAt);
		expect(message).toContain(`Sample still limits requests${words}`);
	});
});

test('a refused item has no attempts, and the message and data of its refusal', () => {
	const refusal = new Refusal('refused', 'Not this one.', 'Choose.', { candidates: [] });
	expect(refusalResult({ ...item, foundBy: 'ada@example.com' }, refusal)).toEqual({
		...{ outcome: 'refused', operation: 'cancel', target: 'sub_ada', email: 'typed@example.com' },
		...{ foundBy: 'ada@example.com', attempts: 0, data: { candidates: [] } },
		message: 'Not this one. Nothing was sent. Choose.',
	});
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
