import type { WriteOperation } from '../../nodes/shared/contract/provider';
import type { RecordState } from '../../nodes/shared/contract/record';
import type { RecordReading } from '../../nodes/shared/model/recordReading';
import {
	buildPreview,
	createPlanToken,
	isPlannedFor,
	verifyPlanToken,
} from '../../nodes/shared/write/planToken';
import { activeState, future, past, writeItem, type ItemSettings } from './sampleProvider';

const digest = 'digest';
const item = (settings: ItemSettings = {}) =>
	writeItem({ ...settings, item: { digest, ...settings.item } });
const found = (more: Partial<RecordState> = {}): RecordReading => ({
	kind: 'found',
	state: activeState(more),
});
const missing: RecordReading = { kind: 'missing' };
const unreadable: RecordReading = { kind: 'unreadable', reason: 'Not told.' };

const plan = (reading: RecordReading) => createPlanToken(item(), reading);
/** Why a live run refuses the token; undefined where it takes it. */
const refusal = (token: string, reading: RecordReading) => {
	try {
		verifyPlanToken(item(), reading, token);
	} catch (thrown) {
		return (thrown as Error).message;
	}
	return undefined;
};

describe('a plan token', () => {
	test.each<[string, RecordReading]>([
		['as it was', found()],
		['whose end is unknown', found({ end: { kind: 'unknown' } })],
		['that ends at once', found({ end: { kind: 'atOnce' } })],
		['of a long version', found({ version: 'v'.repeat(400) })],
		['that is missing', missing],
		['that cannot be read', unreadable],
	])('for a record %s is taken for the same record, with blanks around it', (_, reading) => {
		expect(refusal(` ${plan(reading)}\n`, reading)).toBeUndefined();
		expect(plan(reading)).toMatch(/^[\w.-]{1,160}$/);
	});

	test.each<[string, RecordReading, string]>([
		['another status', found({ status: 'paused' }), `paused, ${future}, 1`],
		['another end', found({ end: { kind: 'at', at: past } }), `active, ${past}, 1`],
		['no end', found({ end: { kind: 'unknown' } }), 'active, 1'],
		['another version', found({ version: '2' }), `active, ${future}, 2`],
		['nothing any more', missing, 'missing'],
		['nothing that can be read', unreadable, 'unread'],
	])('is refused for a record that shows %s, and the message has both', (_, reading, now) => {
		expect(refusal(plan(found()), reading)).toBe(
			`it has changed since the dry run (planned: active, ${future}, 1; now: ${now}). Nothing was sent. Make a new dry run.`,
		);
	});

	test('tells long versions apart', () => {
		const long = (ending: string) => found({ version: 'v'.repeat(40) + ending });
		expect(refusal(plan(long('a')), long('b'))).toContain('has changed since the dry run');
		const short = plan(found({ version: `${'v'.repeat(31)}a` }));
		expect(Buffer.from(short.split('.')[2], 'base64url').toString()).toContain('vva"');
	});

	test('of another request is refused', () => {
		const [form, , record] = plan(found()).split('.');
		expect(refusal([form, 'other', record].join('.'), found())).toBe(
			'the plan token was made for another request on https://api.example.com (planned other, now digest). Nothing was sent. Make a new dry run.',
		);
	});

	test.each([
		'',
		'plan1',
		'plan1.digest',
		'plan1.digest.x',
		'plan2.digest.W10',
		'plan1.digest.e30',
	])('"%s" is refused, because it cannot be read', (token) => {
		expect(refusal(token, found())).toBe(
			'the plan token cannot be read. Nothing was sent. Use the planToken of a dry run as it is.',
		);
	});

	test('belongs to the item whose request it was made for, whatever the record shows now', () => {
		const planned = (planToken?: string) => isPlannedFor(item({ options: { planToken } }));
		expect(planned(` ${plan(missing)} `)).toBe(true);
		expect(planned('plan1.other.W10')).toBe(false);
		expect(planned('digest')).toBe(false);
		expect(planned()).toBe(false);
	});
});

describe('a preview', () => {
	const scheduled = { outcome: 'scheduled', effectiveAt: future } as const;
	/** With the record and the request. */
	const shown = (settings: ItemSettings = {}) =>
		item({ ...settings, options: { includeResponse: true } });

	test('is flat without Include Response', () => {
		expect(buildPreview(item(), found(), scheduled)).toEqual({
			wouldBe: { outcome: 'scheduled', effectiveAt: future },
			planToken: plan(found()),
		});
	});

	test('shows the record, what it would come to, and the request without a key', () => {
		const request = { method: 'POST', path: '/cancel', body: { a: 1 } } as const;
		expect(buildPreview(shown({ item: { request } }), found(), scheduled)).toEqual({
			current: {
				...{ status: 'active', active: true, endsAt: future },
				...{ email: 'ada@example.com', version: '1' },
			},
			wouldBe: { outcome: 'scheduled', effectiveAt: future },
			request: { method: 'POST', url: 'https://api.example.com/cancel', body: { a: 1 } },
			planToken: plan(found()),
		});
	});

	test('shows a form, in the way in which the record has it sent, and not how that is kept', () => {
		const request: WriteOperation['request'] = ({ clears }) => ({
			method: 'POST',
			path: '/resume',
			form: { cancel_at: clears === 'time' ? '' : undefined },
		});
		const reading = found({ values: { clears: 'time' } });
		const preview = buildPreview(shown({ operation: { request } }), reading, scheduled);
		expect(preview.request).toMatchObject({ body: { cancel_at: '' } });
		expect(preview.current).not.toHaveProperty('values');
	});

	test('shows an active record without a known end, and one that has ended', () => {
		const current = (state: Partial<RecordState>) =>
			buildPreview(shown(), found(state), scheduled).current;
		expect(current({ end: { kind: 'unknown' } })).toMatchObject({ active: true, endsAt: null });
		expect(current({ phase: 'ended' })).toMatchObject({ active: false, endsAt: future });
		expect(current({ phase: 'continues' })).toMatchObject({ active: false });
	});

	test.each<[RecordReading, string]>([
		[missing, 'There is no such record.'],
		[unreadable, 'Not told.'],
		[{ kind: 'notRead' }, 'The record was not read.'],
		[{ kind: 'ambiguous', candidates: ['ref_1', 'ref_2'] }, 'Several records match: ref_1; ref_2.'],
	])('says why it shows no record: %j', (reading, unread) => {
		expect(buildPreview(shown(), reading, scheduled).current).toEqual({ unread });
	});

	test('shows a request without a body, an end that is not known, and no note where there is none', () => {
		const read = shown({ item: { request: { path: '/subscriptions' } } });
		const preview = buildPreview(read, found(), { outcome: 'cancelled' });
		expect(preview).toMatchObject({
			request: { method: 'GET', url: 'https://api.example.com/subscriptions', body: null },
		});
		expect(preview.wouldBe).toEqual({ outcome: 'cancelled', effectiveAt: null });
		expect(preview).not.toHaveProperty('nextStep');
	});

	test("hands on the provider's words as a note", () => {
		const words = { description: 'Only when confirmed.', money: 'credits 3.00 USD' };
		const verdict = { outcome: 'cancelled', ...words } as const;
		expect(buildPreview(item(), found(), verdict).wouldBe).toMatchObject({
			note: 'Only when confirmed.',
			money: 'credits 3.00 USD',
		});
	});

	test('tells an AI agent how to carry it out, unless the tool never does', () => {
		const nextStep = (options: ItemSettings['options']) =>
			buildPreview(item({ options, item: { agent: true } }), found(), scheduled).nextStep;
		expect(nextStep({})).toMatch(
			/^Nothing has been sent yet\. It cancels\. Tell the user what would happen\. If the user agrees, call this tool again with the same input and planToken "plan1\.digest\.[\w-]+"\.$/,
		);
		expect(nextStep({ planToken: 'plan1.x.y' })).toMatch(
			/This tool is set to Dry Run, so it never carries anything out\.$/,
		);
	});
});
