import type { IDataObject } from 'n8n-workflow';

import type { ProviderEvent } from '../../nodes/shared/contract/event';
import { PendingEnds, type PendingEnd } from '../../nodes/shared/trigger/pendingEnds';

const end = '2099-01-31T00:00:00.000Z';
const at = (second: number) => `2026-11-20T09:30:0${second}.000Z`;
const event = (outcome: ProviderEvent['outcome'], second: number, more: object = {}) =>
	({
		outcome,
		subject: 'sub_1',
		effectiveAt: outcome === 'scheduled' ? end : null,
		occurredAt: at(second),
		eventId: `evt_${second}`,
		...more,
	}) as ProviderEvent;

/** One process; `data` is what n8n has saved. */
const processOf = (data: IDataObject = {}) => new PendingEnds(new Map<string, PendingEnd>(), data);

describe('the scheduled ends that a trigger knows', () => {
	test('one end has one key, and another one after it was undone', () => {
		const ends = processOf();
		const first = ends.remember(event('scheduled', 1));
		expect(ends.remember(event('scheduled', 2))).toBe(first);
		ends.remember(event('restored', 3));
		const second = ends.remember(event('scheduled', 4));
		expect(second).not.toBe(first);
		expect(ends.remember(event('scheduled', 5))).toBe(second);
	});

	test('an end that is moved is another one', () => {
		const ends = processOf();
		const first = ends.remember(event('scheduled', 1));
		const moved = { effectiveAt: '2099-02-28T00:00:00.000Z' };
		expect(ends.remember(event('scheduled', 2, moved))).not.toBe(first);
	});

	test.each([
		['no end is known', [], 1, false],
		['an end was scheduled before', [event('scheduled', 1)], 2, true],
		['the end was scheduled after', [event('scheduled', 2)], 1, false],
		['it was undone before', [event('scheduled', 1), event('restored', 2)], 3, false],
		[
			'the same event has undone it already',
			[event('scheduled', 1), event('restored', 2)],
			2,
			true,
		],
		['that of another subscription', [event('scheduled', 1, { subject: 'sub_2' })], 2, false],
	])('an update undoes an end: %s', (_, events, second, isUndone) => {
		const ends = processOf();
		for (const one of events) ends.remember(one);
		expect(ends.isUndoneBy(event('restored', second))).toBe(isUndone);
	});

	test('an old event does not replace what a newer one said', () => {
		const ends = processOf();
		ends.remember(event('scheduled', 1));
		ends.remember(event('restored', 3));
		ends.remember(event('scheduled', 2));
		expect(ends.isUndoneBy(event('restored', 4))).toBe(false);
	});

	test('what another process has saved later counts', () => {
		const data: IDataObject = {};
		const [one, other] = [processOf(data), processOf(data)];
		const first = one.remember(event('scheduled', 1));
		expect(other.isUndoneBy(event('restored', 2))).toBe(true);
		other.remember(event('restored', 2));
		expect(one.isUndoneBy(event('restored', 3))).toBe(false);
		expect(one.remember(event('scheduled', 4))).not.toBe(first);
	});

	test('are saved in this form, a thousand at most', () => {
		const data: IDataObject = {};
		const ends = processOf(data);
		for (let index = 0; index < 1001; index += 1) {
			ends.remember(event('scheduled', 1, { subject: `sub_${index}` }));
		}
		const saved = data.pendingEnds as IDataObject;
		expect(Object.keys(saved)).toHaveLength(1000);
		expect(saved.sub_1000).toEqual({ at: end, since: at(1), eventId: 'evt_1' });
		expect(saved.sub_0).toBeUndefined();
	});
});
