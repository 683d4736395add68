import type { IDataObject } from 'n8n-workflow';

import { runNode } from '../../host/harness';
import { answering, lines, type Prepared } from '../wire';
import {
	origin,
	churnedAt,
	churnedNow,
	referral,
	one,
	list,
	said,
	byUid,
	byEmail,
	byId,
	post,
	getById,
	getByEmail,
	run,
	setting,
	serverError,
} from './vendor';

const churned = said(422, "Referral in state 'churned' cannot be churned");

describe('a churn that is asked for twice', () => {
	test.each<[string, IDataObject, Prepared[], Prepared[], string[]]>([
		['uid', byUid, [], [churned], [post]],
		['e-mail', byEmail, [list(referral('paid'))], [list(referral('churned'))], [getByEmail]],
		['ID', byId, [], [churned, one('churned')], [post, getById]],
	])('days later, by %s, was churned already', async (_, who, reads, answers, asked) => {
		answering(origin, ...reads, one('churned'));
		expect(await run('churn', who, { executionId: '7' })).toMatchObject([{ outcome: 'cancelled' }]);
		const sent = answering(origin, ...answers);
		expect(await run('churn', who, { executionId: '8' })).toMatchObject([
			{ ok: true, ended: true, outcome: 'alreadyCancelled' },
		]);
		expect(lines(sent)).toEqual(asked);
	});

	test('at once leaves once: the second execution looks first', async () => {
		const sent = answering(origin, one('churned'), one('churned'));
		const both = await Promise.all(
			['7', '8'].map(async (executionId) => await run('churn', byId, { executionId })),
		);
		expect(both.flat().map(({ outcome }) => outcome)).toEqual(['cancelled', 'alreadyCancelled']);
		expect(lines(sent)).toEqual([post, getById]);
	});

	test('at once, in other letters, leaves once as well', async () => {
		const sent = answering(
			origin,
			list(referral('paid')),
			one('churned'),
			list(referral('churned')),
		);
		const both = await Promise.all(
			['ada@example.com', 'Ada@Example.com'].map(
				async (referralEmail) => await run('churn', { ...byEmail, referralEmail }),
			),
		);
		expect(both.flat().map(({ outcome }) => outcome)).toEqual(['cancelled', 'alreadyCancelled']);
		expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
	});

	test('by the same text as UID and as ID means two customers', async () => {
		const items = [{ by: 'referralUid' }, { by: 'referralId' }];
		const sent = answering(origin, one('churned'), one('churned'));
		const parameters = {
			identifyBy: '={{ $json.by }}',
			referralEmail: 'ada@example.com',
			referralUid: '4711',
			referralId: { __rl: true, mode: 'id', value: '4711' },
		};
		const both = await run('churn', parameters, { items, options: { maxConcurrency: 1 } });
		expect(both.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
		expect(both.map(({ duplicateOf }) => duplicateOf)).toEqual([undefined, undefined]);
		expect(sent.map(({ body }) => body)).toEqual([
			{ referral_uid: '4711' },
			{ referral_id: '4711' },
		]);
	});
});

describe.each(['integrated', 'retry'] as const)('in an execution of the mode %s', (mode) => {
	test.each<[string, IDataObject, Prepared, string]>([
		['ID', byId, one('churned'), getById],
		['e-mail', byEmail, list(referral('churned')), getByEmail],
	])('a churn by %s looks first, and sends nothing twice', async (_, who, answer, asked) => {
		const sent = answering(origin, answer);
		const [json] = await run('churn', who, { mode });
		expect(json).toMatchObject({
			outcome: 'alreadyCancelled',
			effectiveAt: churnedAt,
			attempts: 0,
		});
		expect(lines(sent)).toEqual([asked]);
	});

	test('a churn that is still to do goes out', async () => {
		const sent = answering(origin, one('paid'), one('churned'));
		expect(await run('churn', byId, { mode })).toMatchObject([{ outcome: 'cancelled' }]);
		expect(lines(sent)).toEqual([getById, post]);
	});

	test('a look that fails sends nothing', async () => {
		const sent = answering(origin, serverError);
		const [json] = await run('churn', byId, { mode, options: { maxAttempts: 1 } });
		expect(json).toMatchObject({ outcome: 'refused', attempts: 0 });
		expect(lines(sent)).toEqual([getById]);
	});
});

describe("n8n's Retry On Fail", () => {
	test('settles a churn that was in doubt by the record, before any guard', async () => {
		const busy: Prepared = serverError;
		const sent = answering(origin, one('paid'), busy, busy, churnedNow);
		const { main } = await runNode(
			setting('churn', byId, {
				onError: 'stopWorkflow',
				maxTries: 2,
				options: { maxAttempts: 1, expectedStatus: ['paid'] },
			}),
		);
		expect(main.map(({ json }) => json)).toMatchObject([
			{ ok: true, outcome: 'cancelled', verified: true },
		]);
		expect(lines(sent)).toEqual([getById, post, getById, getById]);
	});
});
