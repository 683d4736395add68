import {
	reconcile,
	table,
	type ResponseClaim,
	type Reconciliation,
	type RecordEvidence,
} from '../../nodes/shared/model/reconcile';

const said: ResponseClaim[] = ['done', 'no', 'doubt'];
const shown: RecordEvidence[] = ['done', 'open', 'lags', 'missing', 'unread'];
const cases = said.flatMap((answer) =>
	[true, false].flatMap((doubted) => shown.map((record) => ({ answer, doubted, record }))),
);

test.each<[ResponseClaim, boolean, RecordEvidence, Reconciliation]>([
	['doubt', false, 'done', 'verified'],
	['doubt', false, 'open', 'again'],
	['doubt', false, 'lags', 'unknown'],
	['doubt', false, 'missing', 'notFound'],
	['doubt', false, 'unread', 'unknown'],
	['doubt', true, 'done', 'verified'],
	['doubt', true, 'open', 'again'],
	['doubt', true, 'lags', 'unknown'],
	['doubt', true, 'missing', 'notFound'],
	['doubt', true, 'unread', 'unknown'],
	['no', false, 'done', 'nothingLeft'],
	['no', false, 'open', 'asSaid'],
	['no', false, 'lags', 'asSaid'],
	['no', false, 'missing', 'notFound'],
	['no', false, 'unread', 'asSaid'],
	['no', true, 'done', 'verified'],
	['no', true, 'open', 'asSaid'],
	['no', true, 'lags', 'unknown'],
	['no', true, 'missing', 'notFound'],
	['no', true, 'unread', 'unknown'],
	['done', false, 'done', 'nothingLeft'],
	['done', false, 'open', 'notCancellable'],
	['done', false, 'lags', 'notCancellable'],
	['done', false, 'missing', 'notFound'],
	['done', false, 'unread', 'asSaid'],
	['done', true, 'done', 'verified'],
	['done', true, 'open', 'notCancellable'],
	['done', true, 'lags', 'unknown'],
	['done', true, 'missing', 'notFound'],
	['done', true, 'unread', 'unknown'],
])(
	'an answer of "%s", earlier doubt %s, a record that is %s: %s',
	(answer, doubted, record, settled) => {
		expect(reconcile(answer, doubted, record)).toBe(settled);
	},
);

test('every case stands in the table once', () => {
	for (const { answer, doubted, record } of cases) {
		const own = doubted || answer === 'doubt';
		const rows = table.filter(
			(row) => row.said === answer && row.doubted === own && row.shown === record,
		);
		expect(rows).toHaveLength(1);
	}
});

test('a call goes out again only where the record shows that nothing has happened', () => {
	for (const { answer, doubted, record } of cases) {
		const again = reconcile(answer, doubted, record) === 'again';
		expect(again).toBe(answer === 'doubt' && record === 'open');
	}
});

test('what is in doubt and cannot be read stays unknown, whatever the last answer says', () => {
	for (const answer of said) expect(reconcile(answer, true, 'unread')).toBe('unknown');
});
