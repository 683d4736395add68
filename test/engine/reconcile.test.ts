import {
	reconcile,
	reconciliation,
	type Reconciliation,
	type RecordEvidence,
	type ResponseClaim,
} from '../../nodes/shared/model/reconcile';

const claims = Object.keys(reconciliation) as ResponseClaim[];
const evidences = Object.keys(reconciliation.unclear.clear) as RecordEvidence[];
const cases = claims.flatMap((claim) =>
	[true, false].flatMap((doubted) => evidences.map((evidence) => ({ claim, doubted, evidence }))),
);

test.each<[ResponseClaim, boolean, RecordEvidence, Reconciliation]>([
	['unclear', false, 'done', 'verified'],
	['unclear', false, 'unchanged', 'retry'],
	['unclear', false, 'changed', 'retry'],
	['unclear', false, 'notYetVisible', 'unknown'],
	['unclear', false, 'missing', 'notFound'],
	['unclear', false, 'unreadable', 'unknown'],
	['unclear', true, 'done', 'verified'],
	['unclear', true, 'unchanged', 'retry'],
	['unclear', true, 'changed', 'retry'],
	['unclear', true, 'notYetVisible', 'unknown'],
	['unclear', true, 'missing', 'notFound'],
	['unclear', true, 'unreadable', 'unknown'],
	['rejected', false, 'done', 'alreadyDone'],
	['rejected', false, 'unchanged', 'trustResponse'],
	['rejected', false, 'changed', 'trustResponse'],
	['rejected', false, 'notYetVisible', 'trustResponse'],
	['rejected', false, 'missing', 'notFound'],
	['rejected', false, 'unreadable', 'trustResponse'],
	['rejected', true, 'done', 'verified'],
	['rejected', true, 'unchanged', 'trustResponse'],
	['rejected', true, 'changed', 'unknown'],
	['rejected', true, 'notYetVisible', 'unknown'],
	['rejected', true, 'missing', 'notFound'],
	['rejected', true, 'unreadable', 'unknown'],
	['contradictory', false, 'done', 'alreadyDone'],
	['contradictory', false, 'unchanged', 'unknown'],
	['contradictory', false, 'changed', 'unknown'],
	['contradictory', false, 'notYetVisible', 'unknown'],
	['contradictory', false, 'missing', 'notFound'],
	['contradictory', false, 'unreadable', 'unknown'],
	['contradictory', true, 'done', 'verified'],
	['contradictory', true, 'unchanged', 'unknown'],
	['contradictory', true, 'changed', 'unknown'],
	['contradictory', true, 'notYetVisible', 'unknown'],
	['contradictory', true, 'missing', 'notFound'],
	['contradictory', true, 'unreadable', 'unknown'],
	['nothingToDo', false, 'done', 'alreadyDone'],
	['nothingToDo', false, 'unchanged', 'notCancellable'],
	['nothingToDo', false, 'changed', 'notCancellable'],
	['nothingToDo', false, 'notYetVisible', 'notCancellable'],
	['nothingToDo', false, 'missing', 'notFound'],
	['nothingToDo', false, 'unreadable', 'trustResponse'],
	['nothingToDo', true, 'done', 'verified'],
	['nothingToDo', true, 'unchanged', 'notCancellable'],
	['nothingToDo', true, 'changed', 'unknown'],
	['nothingToDo', true, 'notYetVisible', 'unknown'],
	['nothingToDo', true, 'missing', 'notFound'],
	['nothingToDo', true, 'unreadable', 'unknown'],
	['accepted', false, 'done', 'verified'],
	['accepted', false, 'unchanged', 'unknown'],
	['accepted', false, 'changed', 'unknown'],
	['accepted', false, 'notYetVisible', 'trustResponse'],
	['accepted', false, 'missing', 'unknown'],
	['accepted', false, 'unreadable', 'trustResponse'],
	['accepted', true, 'done', 'verified'],
	['accepted', true, 'unchanged', 'unknown'],
	['accepted', true, 'changed', 'unknown'],
	['accepted', true, 'notYetVisible', 'trustResponse'],
	['accepted', true, 'missing', 'unknown'],
	['accepted', true, 'unreadable', 'trustResponse'],
])(
	'a response that is %s, with an earlier doubt: %s, and a record that is %s come to %s',
	(claim, doubted, evidence, end) => {
		expect(reconcile(claim, doubted, evidence)).toBe(end);
	},
);

test('sends again only after an unclear response, where what was asked for has not happened', () => {
	expect(cases).toHaveLength(60);
	for (const { claim, doubted, evidence } of cases) {
		const isRetry = reconcile(claim, doubted, evidence) === 'retry';
		expect(isRetry).toBe(claim === 'unclear' && ['unchanged', 'changed'].includes(evidence));
	}
});

test('stays unknown after a doubt without a readable record, unless a later request was accepted', () => {
	for (const claim of claims) {
		const end = claim === 'accepted' ? 'trustResponse' : 'unknown';
		expect(reconcile(claim, true, 'unreadable')).toBe(end);
	}
});

test('denies nothing after a doubt about a record that has changed to something else', () => {
	for (const claim of claims) {
		const end = claim === 'unclear' ? 'retry' : 'unknown';
		expect(reconcile(claim, true, 'changed')).toBe(end);
	}
});

test('never calls it a failure where a response says accepted', () => {
	const ends = cases
		.filter(({ claim }) => claim === 'accepted')
		.map(({ claim, doubted, evidence }) => reconcile(claim, doubted, evidence));
	expect([...new Set(ends)].sort()).toEqual(['trustResponse', 'unknown', 'verified']);
});
