import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/paddle/ids';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { byId } from '../facts';
import { runner } from '../run';
import { facts } from './facts';

const own = ownSandbox();
const sub = (who: string) => sampleId('sub', who);
const by = (mode: string, value: string) => ({ subscriptionId: { __rl: true, mode, value } });

/** A run against the sandbox, which is only there once the tests run. */
function node(account: ICredentialDataDecryptedObject = {}) {
	const { paddleCancellationsApi } = facts.account(own.sandbox.url);
	return runner(
		'paddle',
		'subscription',
		{ paddleCancellationsApi: { ...paddleCancellationsApi, ...account } },
		(operation) => (operation === 'cancel' ? { when: 'periodEnd' } : {}),
	);
}
const act = async (operation: string, who: string, more: IDataObject = {}) =>
	await node().one(operation, { subscriptionId: byId(sub(who)), ...more });
const now = { when: 'immediately' };
const writes = () =>
	own.sandbox.journal('paddle').map(({ operation, record }) => [operation, record]);
const requests = (start: string) =>
	own.sandbox
		.requests()
		.map(({ method, path }) => `${method} ${String(path).replace('/paddle/live', '')}`)
		.filter((line) => line.startsWith(start));

describe('cancel by ID', () => {
	test.each<[string, IDataObject, string, number, number?]>([
		['ada', {}, 'scheduled', 1],
		['ben', {}, 'scheduled', 1],
		['fay', {}, 'scheduled', 1],
		['ada', now, 'cancelled', 1],
		['emil', now, 'cancelled', 1],
		['cleo', now, 'cancelled', 1],
		['cleo', {}, 'alreadyCancelled', 0, 0],
		['gus', {}, 'alreadyCancelled', 0, 0],
		['gus', now, 'alreadyCancelled', 0],
		['dora', {}, 'notCancellable', 0],
		['emil', {}, 'notCancellable', 0, 0],
		['hana', {}, 'notCancellable', 0],
		['june', now, 'notCancellable', 0],
		['ivo', {}, 'notFound', 0, 0],
	])('of %s with %j is %s', async (who, more, outcome, count, attempts = 1) => {
		const { requestedAt, ...result } = await act('cancel', who, more);
		expect(result).toMatchObject({ outcome, attempts });
		expect(requestedAt !== null).toBe(count > 0);
		expect(writes()).toHaveLength(count);
	});

	test('a paused one is told to be cancelled immediately, in the dry run, too', async () => {
		const advice = expect.stringContaining('choose Immediately');
		expect(await act('cancel', 'emil')).toMatchObject({ description: advice });
		expect(await act('cancel', 'emil', { dryRun: true })).toMatchObject({
			outcome: 'notCancellable',
			description: advice,
		});
	});

	test.each([
		['secondSchedule', 'accepted', 'cleo', {}, 'alreadyCancelled'],
		['immediateWithSchedule', 'refused', 'cleo', now, 'notCancellable'],
		['cancelPastDue', 'refused', 'fay', {}, 'notCancellable'],
	])('where Paddle means %s: %s, %s is %j', async (name, value, who, more, outcome) => {
		own.sandbox.settings('paddle', { assumptions: { [name]: value } });
		expect(await act('cancel', who, more)).toMatchObject({ outcome });
	});

	test('a dry run shows when it would end, and that nothing is refunded', async () => {
		expect(await act('cancel', 'ada', { dryRun: true })).toMatchObject({
			outcome: 'preview',
			effectiveAt: expect.any(String),
			wouldBe: { outcome: 'scheduled' },
		});
		expect(await act('cancel', 'ada', { dryRun: true, ...now })).toMatchObject({
			wouldBe: { outcome: 'cancelled', note: expect.stringContaining('refunds nothing') },
		});
		expect(writes()).toEqual([]);
	});
});

describe('resume', () => {
	test('takes back a scheduled end, and a second one has nothing to do', async () => {
		expect(await act('resume', 'cleo')).toMatchObject({ outcome: 'restored', attempts: 1 });
		expect(await act('resume', 'cleo')).toMatchObject({ outcome: 'restored', attempts: 0 });
		expect(writes()).toEqual([['resume', sub('cleo')]]);
	});

	test('leaves a scheduled pause alone', async () => {
		expect(await act('resume', 'dora')).toMatchObject({ outcome: 'restored', attempts: 0 });
		const [read] = await node().run('get', { subscriptionId: byId(sub('dora')) });
		expect(read.scheduled_change).toMatchObject({ action: 'pause' });
	});

	test('a canceled one is notCancellable, and nothing is sent', async () => {
		expect(await act('resume', 'gus')).toMatchObject({ outcome: 'notCancellable', attempts: 0 });
		expect(writes()).toEqual([]);
	});
});

describe('by e-mail', () => {
	test('finds the subscription of an archived customer', async () => {
		expect(await node().one('cancel', by('email', 'bare@example.com'))).toMatchObject({
			outcome: 'scheduled',
			target: sub('bare'),
			email: 'bare@example.com',
		});
		expect(requests('GET')).toHaveLength(2);
	});

	test('without the permission to read customers nothing is sent', async () => {
		const apiKey = keys.paddle.apiKeyWithoutCustomers;
		const { outcome } = await node({ apiKey }).one('cancel', by('email', 'ada@example.com'));
		expect(outcome).toBe('unauthorized');
		expect(writes()).toEqual([]);
	});
});

describe('the guards', () => {
	test('Expected Email reads the customer, and only then', async () => {
		const options = { expectedEmail: 'Ada@example.com' };
		expect(await act('cancel', 'ada', { options })).toMatchObject({
			outcome: 'scheduled',
			email: 'ada@example.com',
		});
		expect(requests('GET /customers/')).toHaveLength(1);
		own.sandbox.reset();
		expect(await act('cancel', 'ada')).toMatchObject({ outcome: 'scheduled', email: null });
		expect(requests('GET /customers')).toEqual([]);
	});
});

test('a key that may only read is unauthorized', async () => {
	const { outcome, description } = await node({ apiKey: keys.paddle.apiKeyReadOnly }).one(
		'cancel',
		{ subscriptionId: byId(sub('ada')) },
	);
	expect([outcome, description]).toEqual(['unauthorized', expect.stringContaining('permitted')]);
});
