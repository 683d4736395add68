import type { IDataObject } from 'n8n-workflow';

import { ownSandbox } from '../../sandbox/ownSandbox';
import { byId as idOf } from '../facts';
import { facts } from './facts';
import { run } from './vendor';

const own = ownSandbox();
const byUid = { identifyBy: 'referralUid', referralUid: 'cus_ada' };
const byEmail = { identifyBy: 'referralEmail', referralEmail: 'ada@example.com' };
const byId = { identifyBy: 'referralId', referralId: idOf('ref_ada') };

/** One churn, in an execution of its own. */
async function churn(who: IDataObject, options: IDataObject = {}, dryRun = false) {
	const credentials = facts.account(own.sandbox.url);
	const patience = { maxAttempts: 2, timeout: 5000 };
	const [item] = await run(
		'churn',
		{ ...who, dryRun, options: { ...patience, ...options } },
		{ credentials },
	);
	return item;
}
const methods = () => own.sandbox.requests('reditus').map(({ method }) => method);
const brokenAfterTheWrite = () =>
	own.sandbox.fault({ provider: 'reditus', kind: 'serverErrorAfter', times: 0 });

describe('a referral that is known by its UID alone', () => {
	test.each([{ expectedEmail: 'ada@example.com' }, { expectedStatus: 'paid' }])(
		'cannot be read, so that %j refuses it',
		async (guard) => {
			const { outcome, message } = await churn(byUid, guard);
			expect(outcome).toBe('refused');
			expect(message).toContain('no way to look a referral up by its UID');
			expect(methods()).toEqual([]);
		},
	);

	test('leaves a plan nothing to compare but the request', async () => {
		const { planToken, current } = await churn(byUid, {}, true);
		expect(current).toEqual({ unread: expect.stringContaining('UID') });
		own.sandbox.change('reditus', 'ref_ada', { state: 'paid' });
		expect((await churn(byUid, { planToken })).outcome).toBe('cancelled');
		expect(methods()).toEqual(['POST']);
	});

	test('stays unknown after doubt, and is not sent again', async () => {
		brokenAfterTheWrite();
		expect((await churn(byUid)).outcome).toBe('unknown');
		expect(methods()).toEqual(['POST']);
	});
});

test.each([
	['e-mail', byEmail],
	['ID', byId],
])('by %s the record is read: dry run, guards, plan token, doubt', async (_, who) => {
	const dry = await churn(who, {}, true);
	expect(dry).toMatchObject({ outcome: 'preview', current: { email: 'ada@example.com' } });
	for (const guard of [{ expectedEmail: 'ben@example.com' }, { expectedStatus: 'clicked' }]) {
		expect((await churn(who, guard)).outcome).toBe('refused');
	}
	expect(methods()).not.toContain('POST');
	brokenAfterTheWrite();
	expect(await churn(who)).toMatchObject({ outcome: 'cancelled', verified: true });
	own.sandbox.clearFaults();
	expect((await churn(who, { planToken: dry.planToken })).outcome).toBe('refused');
	expect(methods().filter((method) => method === 'POST')).toHaveLength(1);
});

test.each([
	['UID', byUid],
	['e-mail', byEmail],
	['ID', byId],
])('churned again in a new execution, by %s, it is alreadyCancelled', async (_, who) => {
	expect((await churn(who)).outcome).toBe('cancelled');
	expect(await churn(who)).toMatchObject({ ok: true, outcome: 'alreadyCancelled' });
	expect(own.sandbox.journal('reditus')).toHaveLength(1);
});
