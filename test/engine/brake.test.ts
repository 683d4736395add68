import { Refusal } from '../../nodes/shared/contract/refusal';
import type { Verdict } from '../../nodes/shared/contract/verdict';
import { resultOfError, itemRunner, type ItemOutput } from '../../nodes/shared/run/itemRunner';
import type { ItemBase, WriteItem } from '../../nodes/shared/model/item';
import { openLedger } from '../../nodes/shared/run/ledger';
import type { ItemResult } from '../../nodes/shared/model/result';
import type { ExecutionContext } from '../../nodes/shared/run/executionContext';

const provider = { displayName: 'FunnelFox', resource: { value: 'subscription' } };
const account = { key: 'one', oAuth2: false, secrets: ['a-secret'] };
const itemOf = (index: number, more: object = {}) =>
	({
		...{
			index,
			provider,
			account,
			operationName: 'cancel',
			target: `sub_${index}`,
			email: 'ada@example.com',
		},
		...{ identity: `${index}`, dryRun: false },
		...more,
	}) as unknown as WriteItem;

/** A run in which nothing was sent yet. */
function newRun(more: Partial<ExecutionContext> = {}): ExecutionContext {
	const ledger = openLedger({}, 0, '7');
	const manner = () => ({ host: {} });
	return {
		provider,
		ledger,
		requestContext: manner,
		signal: new AbortController().signal,
		...more,
	} as unknown as ExecutionContext;
}

const came =
	({ index, target }: WriteItem, outcome: Verdict['outcome'], more: Partial<ItemResult> = {}) =>
	async (): Promise<ItemOutput> => {
		const result = { outcome, operation: 'cancel', target, email: null, attempts: 1, ...more };
		return await Promise.resolve({ index, result });
	};
const works = jest.fn(async () => await came(itemOf(2), 'cancelled')());
beforeEach(() => works.mockClear());

/** What an item that was not tried says. */
const skipped = (reason: string) => ({
	index: 2,
	result: {
		outcome: 'skipped',
		message: `"sub_2" was not tried, because ${reason}. Nothing was sent. Run it again afterwards.`,
		attempts: 0,
	},
});

describe('an item is not tried', () => {
	test('once the execution was stopped', async () => {
		const brake = itemRunner(newRun({ signal: AbortSignal.abort() }), true, false);
		const done = await brake(itemOf(2), works);
		expect(done).toMatchObject(skipped('the execution was stopped'));
		expect(works).not.toHaveBeenCalled();
	});

	test.each([
		['cancelled', true],
		['notFound', false],
	] as const)('in stop mode after one that was %s: it may go on, %s', async (outcome, goesOn) => {
		const brake = itemRunner(newRun(), false, false);
		const first = itemOf(1);
		await brake(first, came(first, outcome));
		const done = await brake(itemOf(2), works);
		if (goesOn) expect(done.result?.outcome).toBe('cancelled');
		else expect(done).toMatchObject(skipped('an earlier item stopped the run'));
		expect(works).toHaveBeenCalledTimes(goesOn ? 1 : 0);
	});

	test('in a run that does not even begin, or was halted', async () => {
		const never = itemRunner(newRun(), true, true);
		const halted = itemRunner(newRun(), true, false);
		halted.halt();
		for (const brake of [never, halted]) {
			const done = await brake(itemOf(2), works);
			expect(done).toMatchObject(skipped('an earlier item stopped the run'));
		}
		expect(works).not.toHaveBeenCalled();
	});

	test.each([
		['unauthorized', {}],
		['cancelled', { denied: true }],
	] as const)('on an account whose credential was turned away (%s)', async (outcome, more) => {
		const brake = itemRunner(newRun(), true, false);
		const first = itemOf(1);
		await brake(first, came(first, outcome, more));
		const done = await brake(itemOf(2), works);
		expect(done).toMatchObject(skipped('FunnelFox did not accept the credential'));
		const elsewhere = itemOf(2, { account: { ...account, key: 'another' } });
		expect((await brake(elsewhere, works)).result?.outcome).toBe('cancelled');
		expect(works).toHaveBeenCalledTimes(1);
	});

	test('never in a mode that goes on, after any other failure', async () => {
		const brake = itemRunner(newRun(), true, false);
		const first = itemOf(1);
		await brake(first, came(first, 'notFound'));
		expect((await brake(itemOf(2), works)).result?.outcome).toBe('cancelled');
	});
});

describe('an item that something broke off', () => {
	const broken = new TypeError('x of a-secret is not a function');
	const stopped = new Refusal('skipped', 'The execution was stopped.');
	const taken: ItemResult = {
		outcome: 'scheduled',
		operation: '',
		target: '',
		email: null,
		attempts: 1,
	};

	test('after it was sent is in doubt, with the try that left; no secret comes out', async () => {
		const run = newRun();
		const item = itemOf(2);
		const done = await itemRunner(
			run,
			true,
			false,
		)(item, async () => {
			run.ledger.markSending(item);
			return await Promise.reject(broken);
		});
		expect(done).toMatchObject({
			index: 2,
			result: {
				outcome: 'unknown',
				attempts: 1,
				email: 'ada@example.com',
				description: 'x of *** is not a function',
				message: expect.stringContaining('It is not known whether FunnelFox carried out "cancel"'),
			},
		});
		expect(JSON.stringify(done)).not.toContain('Nothing was sent');
		expect(resultOfError(run, item, stopped, 1)).toMatchObject({
			outcome: 'unknown',
			attempts: 1,
			description: 'The execution was stopped.',
		});
	});

	test('that was in doubt before has no try of this run', async () => {
		const run = newRun();
		run.ledger.markSending(itemOf(2));
		const done = await itemRunner(
			run,
			true,
			false,
		)(itemOf(2), async () => await Promise.reject(broken));
		expect(done.result).toMatchObject({ outcome: 'unknown', attempts: 0 });
	});

	test('before it was sent is skipped where it was stopped', () => {
		expect(resultOfError(newRun(), itemOf(2), stopped)).toMatchObject({ outcome: 'skipped' });
	});

	test('before it was sent has failed, and says of what', () => {
		expect(resultOfError(newRun(), itemOf(2), broken)).toMatchObject({
			outcome: 'failed',
			attempts: 0,
			description: broken.message,
			message: expect.stringContaining('FunnelFox did not carry out "cancel" for "sub_2"'),
		});
	});

	test('after it was accepted is what was accepted, whatever broke; but a guard that says no counts', () => {
		const run = newRun();
		run.ledger.markAccepted(itemOf(2), taken, false);
		for (const thrown of [stopped, broken]) {
			expect(resultOfError(run, itemOf(2), thrown).outcome).toBe('scheduled');
		}
		const no = new Refusal('refused', 'It is not hers.');
		expect(resultOfError(run, itemOf(2), no).outcome).toBe('refused');
	});

	test('accepted in an earlier round only, it is not what this round has come to', () => {
		const context = {};
		openLedger(context, 0, '7').markAccepted(itemOf(2), taken, true);
		const run = newRun({ ledger: openLedger(context, 1, '7') });
		expect(resultOfError(run, itemOf(2), stopped).outcome).toBe('skipped');
	});

	test('after it was accepted has its own address, or the one that is known', () => {
		const run = newRun();
		for (const [identity, email] of [
			['1', 'kept@example.com'],
			['2', null],
		] as const) {
			const result: ItemResult = {
				outcome: 'scheduled',
				operation: '',
				target: '',
				email,
				attempts: 1,
			};
			run.ledger.markAccepted({ identity }, result, false);
			expect(resultOfError(run, itemOf(Number(identity)), broken)).toMatchObject({
				outcome: 'scheduled',
				email: email ?? 'ada@example.com',
			});
		}
	});

	test('as a dry run or a read is none of those that were sent', () => {
		const run = newRun();
		run.ledger.markSending(itemOf(2));
		expect(resultOfError(run, itemOf(2, { dryRun: true }), broken).outcome).toBe('failed');
		run.ledger.markSending({ identity: undefined as unknown as string });
		const read = Object.fromEntries(
			Object.entries(itemOf(2)).filter(([name]) => name !== 'identity'),
		) as unknown as ItemBase;
		expect(resultOfError(run, read, broken).outcome).toBe('failed');
	});
});
