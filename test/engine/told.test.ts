import type { Verdict } from '../../nodes/shared/contract/verdict';
import {
	replayResult,
	dryRunResult,
	buildResult,
	type Evidence,
} from '../../nodes/shared/write/finish';
import type { WriteItem } from '../../nodes/shared/model/item';
import { failureMessage } from '../../nodes/shared/model/result';

const provider = {
	name: 'funnelFox',
	displayName: 'FunnelFox',
	resource: { name: 'Subscription', value: 'subscription' },
};
const item = (more: object = {}, options: object = {}) =>
	({
		index: 0,
		provider,
		operation: { name: 'Cancel', agentDescription: 'It cancels.' },
		name: 'cancel',
		target: 'sub_ada',
		email: 'typed@example.com',
		options,
		account: { baseUrl: 'https://api.example.com' },
		values: {},
		digest: 'digest',
		request: { method: 'POST', path: '/cancel', body: { a: 1 } },
		...more,
	}) as unknown as WriteItem;
const state = { status: 'active', active: true, endsAt: '2099-12-31T00:00:00.000Z', version: '1' };
const reply = { kind: 'response', status: 200, headers: {}, body: { id: 'sub_ada' } } as const;

describe('the message of a failed item says what happened to it, then how to get on', () => {
	test.each([
		[
			'notFound',
			'FunnelFox does not know the subscription "sub_ada". Check the identifier, and that the credential belongs to the right account.',
		],
		[
			'notCancellable',
			'FunnelFox refused "cancel" for "sub_ada" in its present state. Look it up in FunnelFox.',
		],
		[
			'unauthorized',
			'FunnelFox did not accept the credential. Check the key, its permissions and that your plan includes the API.',
		],
		[
			'unknown',
			'It is not known whether FunnelFox carried out "cancel" for "sub_ada". Look it up in FunnelFox before you run it again.',
		],
		['refused', '"cancel" for "sub_ada" was held back. See the description, then run it again.'],
		[
			'failed',
			'FunnelFox did not carry out "cancel" for "sub_ada". See the description, then run it again.',
		],
	] as const)('%s', (outcome, message) => {
		expect(failureMessage(item(), outcome)).toBe(message);
	});

	test.each([
		[
			0,
			undefined,
			'; "sub_ada" was not changed. Run it again later, or lower Requests per Minute.',
		],
		[1, undefined, ' after 1 try; "sub_ada" was not changed. Run it again later,'],
		[3, '2027-01-01', ' after 3 tries; "sub_ada" was not changed. Come back at 2027-01-01.'],
	])('rateLimited after %i tries, closed until %s', (attempts, retryAt, words) => {
		const message = failureMessage(item(), 'rateLimited', attempts, retryAt);
		expect(message).toContain(`FunnelFox still limits requests${words}`);
	});
});

describe('an item at its end', () => {
	const told = (verdict: Verdict, trail?: Evidence, options?: object) =>
		buildResult(item({}, options), verdict, trail);

	test('that was never sent says so where a guard said no, and nowhere else', () => {
		expect(told({ outcome: 'refused' }).message).toMatch(/ Nothing was sent\.$/);
		expect(told({ outcome: 'refused' }, { attempts: 1 }).message).not.toContain('Nothing was sent');
		expect(told({ outcome: 'unknown' }).message).not.toContain('Nothing was sent');
	});

	test('has a time of acceptance only where the provider took the call', () => {
		expect(told({ outcome: 'cancelled' }, { accepted: true, attempts: 1 })).toMatchObject({
			accepted: true,
			attempts: 1,
			requestedAt: expect.stringMatching(/^\d{4}-.*Z$/),
		});
		const before = told({ outcome: 'alreadyCancelled' });
		expect(before).toMatchObject({ attempts: 0, requestedAt: null, effectiveAt: null });
		expect(before).not.toHaveProperty('accepted');
	});

	test.each([
		['of the answer first', 'answer@example.com', 'record@example.com', 'answer@example.com'],
		['of the record then', undefined, 'record@example.com', 'record@example.com'],
		['that was typed last', undefined, null, 'typed@example.com'],
	])('has the e-mail address %s', (_, answered, recorded, email) => {
		const seen = { state: { ...state, email: recorded } };
		expect(told({ outcome: 'cancelled', email: answered }, { seen }).email).toBe(email);
	});

	test.each([
		['reason', { reason: 'price', comment: 'more' }, 'price'],
		['comment', { comment: 'more' }, 'more'],
		['nothing', {}, null],
	])('has as its reason what was typed: %s', (_, values, reason) => {
		expect(buildResult(item({ values }), { outcome: 'cancelled' }).reason).toBe(reason);
	});

	test('keeps the answer where it was asked for, or is the point, and is no text', () => {
		const response = (outcome: Verdict['outcome'], options?: object, body: unknown = reply.body) =>
			told({ outcome }, { answer: { ...reply, body } }, options).response;
		expect(response('cancelled')).toBeUndefined();
		expect(response('cancelled', { includeResponse: true })).toEqual(reply.body);
		expect(response('cancelled', { includeResponse: true }, 'text')).toBeUndefined();
		expect(response('notFound', { includeResponse: true })).toBeUndefined();
		// Nothing was sent, so there is none.
		expect(told({ outcome: 'alreadyCancelled' }, {}, { includeResponse: true }).response).toBe(
			undefined,
		);
		for (const outcome of ['readyToConfirm', 'presentation', 'offer'] as const) {
			expect(response(outcome)).toEqual(reply.body);
		}
	});

	test('has the status of an answer, and none of a silence', () => {
		const silence = {
			kind: 'noResponse',
			delivered: 'maybe',
			reason: 'no answer in time',
		} as const;
		expect(told({ outcome: 'cancelled' }, { answer: reply }).httpStatus).toBe(200);
		expect(told({ outcome: 'unknown' }, { answer: silence }).httpStatus).toBeUndefined();
	});

	test('tells whether the look was turned away, which stops the account', () => {
		const failed = (outcome: 'unauthorized' | 'refused') => ({ unread: '', failed: { outcome } });
		expect(told({ outcome: 'cancelled' }, { seen: failed('unauthorized') }).denied).toBe(true);
		expect(told({ outcome: 'cancelled' }, { seen: failed('refused') })).not.toHaveProperty(
			'denied',
		);
		expect(told({ outcome: 'cancelled' }, { seen: { unread: '' } })).not.toHaveProperty('denied');
		expect(told({ outcome: 'cancelled' })).not.toHaveProperty('denied');
	});

	test('hands on that it was verified, and that the target goes on', () => {
		const plain = told({ outcome: 'cancelled' });
		expect(plain).not.toHaveProperty('verified');
		expect(plain).not.toHaveProperty('goesOn');
		const more = { outcome: 'cancelled', verified: true, goesOn: true } as const;
		expect(told(more)).toMatchObject({ verified: true, goesOn: true });
	});

	test('is called as the user wants it called', () => {
		const fail = { alreadyCancelled: 'fail', ifNotReferral: 'fail' };
		expect(told({ outcome: 'alreadyCancelled' }).outcome).toBe('alreadyCancelled');
		expect(told({ outcome: 'alreadyCancelled' }, {}, fail)).toMatchObject({
			outcome: 'notCancellable',
			description: 'It was already cancelled.',
		});
		expect(told({ outcome: 'nothingToCancel' }).outcome).toBe('nothingToCancel');
		expect(told({ outcome: 'nothingToCancel', description: 'No.' }, {}, fail)).toMatchObject({
			outcome: 'notFound',
			description: 'No.',
		});
		expect(told({ outcome: 'cancelled' }, {}, fail).outcome).toBe('cancelled');
	});
});

describe('what was accepted before', () => {
	const kept = {
		outcome: 'scheduled',
		effectiveAt: state.endsAt,
		attempts: 2,
		email: null,
	} as const;

	test('is told again as it was, with the e-mail address that is known now', () => {
		expect(replayResult(item(), kept)).toMatchObject({
			...kept,
			target: 'sub_ada',
			email: 'typed@example.com',
		});
		const known = { ...kept, email: 'kept@example.com' };
		expect(replayResult(item(), known).email).toBe('kept@example.com');
		expect(replayResult(item(), kept)).not.toHaveProperty('message');
	});

	test('fails where the user calls it a failure', () => {
		const before = { ...kept, outcome: 'alreadyCancelled' as const };
		expect(replayResult(item({}, { alreadyCancelled: 'fail' }), before)).toMatchObject({
			outcome: 'notCancellable',
			description: 'It was already cancelled.',
			message: expect.stringContaining('refused "cancel"'),
		});
	});
});

describe('a dry run', () => {
	const seen = { state: { ...state, email: 'record@example.com' } };
	const verdict: Verdict = { outcome: 'scheduled', effectiveAt: state.endsAt };

	test('comes out as a preview, with when it would end, whose it is, and the request', () => {
		expect(dryRunResult(item({ dryRun: true }), seen, verdict)).toMatchObject({
			outcome: 'preview',
			dryRun: true,
			attempts: 0,
			email: 'record@example.com',
			effectiveAt: state.endsAt,
			preview: {
				current: seen.state,
				wouldBe: { outcome: 'scheduled', effectiveAt: state.endsAt },
				request: { method: 'POST', url: 'https://api.example.com/cancel', body: { a: 1 } },
				planToken: expect.stringMatching(/^plan1\.digest\./),
			},
		});
	});

	test('says what it did not find, and what it could not read', () => {
		const current = (what: Parameters<typeof dryRunResult>[1]) =>
			dryRunResult(item(), what, { outcome: 'cancelled' }).preview?.current;
		expect(current({ missing: true })).toEqual({ unread: 'There is no such record.' });
		expect(current({ unread: 'Not told.' })).toEqual({ unread: 'Not told.' });
	});

	test('shows a request without a body, and has an end only where one is known', () => {
		const reading = item({ request: { path: '/subscriptions' } });
		const { preview, effectiveAt } = dryRunResult(reading, seen, { outcome: 'cancelled' });
		expect(effectiveAt).toBeNull();
		expect(preview).toMatchObject({
			wouldBe: { outcome: 'cancelled', effectiveAt: null },
			request: { method: 'GET', url: 'https://api.example.com/subscriptions', body: null },
		});
		expect(preview?.wouldBe).not.toHaveProperty('note');
		expect(preview).not.toHaveProperty('nextStep');
	});

	test('tells an AI agent how to carry it out, unless the tool never does', () => {
		const next = (options: object) =>
			dryRunResult(item({ agent: true }, options), seen, verdict).preview?.nextStep;
		expect(next({})).toMatch(
			/^Nothing has been sent yet\. It cancels\. Tell the user what would happen\. If the user agrees, call this tool again with the same input and planToken "plan1\.digest\.[\w-]+"\.$/,
		);
		expect(next({ planToken: 'plan1.x.y' })).toMatch(
			/This tool is set to Dry Run, so it never carries anything out\.$/,
		);
	});

	test('hands on what the provider says of it', () => {
		const note = { outcome: 'cancelled', description: 'Only when confirmed.' } as const;
		expect(dryRunResult(item(), seen, note).preview?.wouldBe).toMatchObject({
			note: 'Only when confirmed.',
		});
	});
});
