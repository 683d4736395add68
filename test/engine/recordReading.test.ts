import {
	notRead,
	reasonOf,
	stateOf,
	type RecordReading,
} from '../../nodes/shared/model/recordReading';
import { activeState } from './sampleProvider';

const state = activeState();

test.each<[RecordReading, string]>([
	[{ kind: 'found', state }, ''],
	[{ kind: 'missing', description: 'HTTP 404' }, 'There is no such record.'],
	[{ kind: 'ambiguous', candidates: ['ref_1', 'ref_2'] }, 'Several records match: ref_1; ref_2.'],
	[{ kind: 'failed', reason: 'It broke.', failure: { outcome: 'refused' } }, 'It broke.'],
	[{ kind: 'unreadable', reason: 'None is kept.' }, 'None is kept.'],
	[notRead, 'The record was not read.'],
])('why there is no record is told of %j, and nothing of one that is there', (reading, reason) => {
	expect(reasonOf(reading)).toBe(reason);
	expect(stateOf(reading)).toBe(reading.kind === 'found' ? state : undefined);
});
