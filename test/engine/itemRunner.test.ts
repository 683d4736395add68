import type { Outcome } from '../../nodes/shared/contract/outcome';
import { Refusal } from '../../nodes/shared/contract/refusal';
import type { ReadItem, WriteItem } from '../../nodes/shared/model/item';
import type { ItemOutput, ItemResult } from '../../nodes/shared/model/result';
import { Stopped, type ExecutionContext } from '../../nodes/shared/run/executionContext';
import { ItemRunner } from '../../nodes/shared/run/itemRunner';
import { Ledger } from '../../nodes/shared/run/ledger';
import { newAccount, provider, writeItem, type ItemSettings } from './sampleProvider';

const account = newAccount('one');
const itemOf = (index: number, settings: ItemSettings = {}) =>
	writeItem({ account, index, values: { id: `sub_${index}` }, ...settings });
const first = itemOf(1);
const second = itemOf(2);

/** A run in which nothing was sent yet. */
const newRun = (more: Partial<ExecutionContext> = {}): ExecutionContext => ({
	...{ provider, nodeId: 'node', agent: false, mayBeReplay: false },
	ledger: new Ledger({}, 0, '7'),
	parseContext: { timeZone: 'UTC', now: new Date() },
	signal: new AbortController().signal,
	requestContext: () => ({}) as ReturnType<ExecutionContext['requestContext']>,
	...more,
});
const stopMode = (run = newRun()) => new ItemRunner(run, true);
const continueMode = (run = newRun()) => new ItemRunner(run, false);

const resultOf = ({ target }: WriteItem, outcome: Outcome, more: Partial<ItemResult> = {}) => ({
	...{ outcome, operation: 'cancel', target, email: null, attempts: 1 },
	...more,
});
/** Work that ends with this outcome. */
const ends =
	(item: WriteItem, outcome: Outcome, more: Partial<ItemResult> = {}) =>
	async (): Promise<ItemOutput> =>
		await Promise.resolve({
			kind: 'result',
			index: item.index,
			result: resultOf(item, outcome, more),
		});
const throws = (thrown: Error) => async (): Promise<ItemOutput> => await Promise.reject(thrown);
const outcomeOf = (output: ItemOutput) => output.kind === 'result' && output.result.outcome;

const works = jest.fn(ends(second, 'cancelled'));
beforeEach(() => works.mockClear());

/** The output of an item that was not tried. */
const skipped = (because: string) => ({
	kind: 'result',
	index: 2,
	result: {
		outcome: 'skipped',
		message: `typed@example.com (sub_2): not tried, because ${because}. Nothing was sent. Run it again afterwards.`,
		attempts: 0,
	},
});

describe('skips an item', () => {
	test('after the execution was stopped', async () => {
		const signal = AbortSignal.abort(new Stopped('the execution was stopped'));
		const output = await continueMode(newRun({ signal })).runItem(second, works);
		expect(output).toMatchObject(skipped('the execution was stopped'));
		expect(works).not.toHaveBeenCalled();
	});

	test.each<[Outcome, boolean]>([
		['cancelled', true],
		['preview', true],
		['notFound', false],
		['unknown', false],
	])('in stop mode after one that was %s: runs it all the same, %s', async (outcome, runs) => {
		const runner = stopMode();
		await runner.runItem(first, ends(first, outcome));
		const output = await runner.runItem(second, works);
		if (runs) expect(outcomeOf(output)).toBe('cancelled');
		else expect(output).toMatchObject(skipped('an earlier item stopped the run'));
		expect(works).toHaveBeenCalledTimes(runs ? 1 : 0);
	});

	test('after the run was stopped from outside, and says why', async () => {
		const runner = continueMode();
		runner.stop('another item was refused, so that the run did not begin');
		const output = await runner.runItem(second, works);
		expect(output).toMatchObject(
			skipped('another item was refused, so that the run did not begin'),
		);
	});

	test.each<[Outcome, Partial<ItemResult>]>([
		['unauthorized', {}],
		['cancelled', { credentialRejected: true }],
	])('of an account whose credential was rejected (%s), and no other', async (outcome, more) => {
		const runner = continueMode();
		await runner.runItem(first, ends(first, outcome, more));
		const output = await runner.runItem(second, works);
		expect(output).toMatchObject(skipped('Sample did not accept the credential'));
		const elsewhere = itemOf(2, { account: newAccount('another') });
		expect(outcomeOf(await runner.runItem(elsewhere, works))).toBe('cancelled');
		expect(works).toHaveBeenCalledTimes(1);
	});

	test('never in a mode that continues, after any other failure', async () => {
		const runner = continueMode();
		await runner.runItem(first, ends(first, 'notFound'));
		expect(outcomeOf(await runner.runItem(second, works))).toBe('cancelled');
	});
});

describe('the signal to send nothing more', () => {
	const reasonOf = ({ aborted, reason }: AbortSignal) =>
		aborted ? (reason as Stopped).because : undefined;

	test('is one signal for each account, which an item that waits for its turn can listen to', () => {
		const runner = continueMode();
		expect(runner.sendSignal(account)).toBe(runner.sendSignal(account));
		expect(runner.sendSignal(account).aborted).toBe(false);
	});

	test('is aborted for all accounts by the first failure in stop mode', async () => {
		const runner = stopMode();
		const signals = [account, newAccount('another')].map((one) => runner.sendSignal(one));
		await runner.runItem(first, ends(first, 'failed'));
		expect(signals.map(reasonOf)).toEqual(Array(2).fill('an earlier item stopped the run'));
	});

	test('is aborted for one account by a credential that is rejected', async () => {
		const runner = continueMode();
		const signals = [account, newAccount('another')].map((one) => runner.sendSignal(one));
		await runner.runItem(first, ends(first, 'unauthorized'));
		expect(signals.map(reasonOf)).toEqual(['Sample did not accept the credential', undefined]);
		expect(reasonOf(runner.sendSignal(account))).toBe('Sample did not accept the credential');
	});

	test('is aborted by the stop button', () => {
		const stop = new AbortController();
		const signal = continueMode(newRun({ signal: stop.signal })).sendSignal(account);
		stop.abort(new Stopped('the execution was stopped'));
		expect(reasonOf(signal)).toBe('the execution was stopped');
	});

	test('is not that of the run: what has been sent is still waited for', async () => {
		const run = newRun();
		await stopMode(run).runItem(first, ends(first, 'failed'));
		expect(run.signal.aborted).toBe(false);
	});
});

describe('of two items on one target', () => {
	const elsewhere = itemOf(3, { account });
	const sameTarget = { ...first, index: 4 };

	test.each<[string, WriteItem, string[]]>([
		['the second live one waits for the first', sameTarget, ['first ends', 'second begins']],
		['a dry run does not wait', { ...sameTarget, dryRun: true }, ['second begins', 'first ends']],
		['one on another target does not wait', elsewhere, ['second begins', 'first ends']],
	])('%s', async (_, other, order) => {
		const seen: string[] = [];
		const runner = continueMode();
		await Promise.all([
			runner.runItem(first, async () => {
				await new Promise((resolve) => setImmediate(resolve));
				seen.push('first ends');
				return await ends(first, 'cancelled')();
			}),
			runner.runItem(other, async () => {
				seen.push('second begins');
				return await ends(other, 'cancelled')();
			}),
		]);
		expect(seen).toEqual(order);
	});
});

test('an item that waits for another one on its target is skipped as soon as the run is stopped', async () => {
	const stop = new AbortController();
	const runner = continueMode(newRun({ signal: stop.signal }));
	let end = () => {};
	const ended = new Promise<void>((resolve) => (end = resolve));
	const one = runner.runItem(first, async () => {
		await ended;
		return await ends(first, 'cancelled')();
	});
	const waiting = runner.runItem({ ...first, index: 2 }, works);
	stop.abort(new Stopped('the execution was stopped'));
	expect(outcomeOf(await waiting)).toBe('skipped');
	expect(works).not.toHaveBeenCalled();
	end();
	expect(outcomeOf(await one)).toBe('cancelled');
});

describe('an item whose work throws', () => {
	const broken = new TypeError('x of a-secret is not a function');
	const stopped = new Stopped('the execution was stopped');
	const accepted = resultOf(second, 'scheduled', { accepted: true });
	const readable = { onlyEvidence: false, hasKey: false };
	const resultAfter = async (run: ExecutionContext, item: WriteItem | ReadItem, thrown: Error) => {
		const output = await continueMode(run).runItem(item, throws(thrown));
		return output.kind === 'result' ? output.result : undefined;
	};

	test('after a request was sent is in doubt, with that attempt; no secret comes out', async () => {
		const run = newRun();
		const output = await continueMode(run).runItem(second, async () => {
			run.ledger.markSending(second, 1000);
			return await Promise.reject(broken);
		});
		expect(output).toMatchObject({
			index: 2,
			result: {
				outcome: 'unknown',
				attempts: 1,
				email: 'typed@example.com',
				description: 'x of *** is not a function',
				message: expect.stringContaining(
					'it is unclear whether it was cancelled in Sample. x of *** is not a function.',
				),
			},
		});
		expect(JSON.stringify(output)).not.toContain('Nothing was sent');
		expect(output).not.toHaveProperty('result.sentEarlier');
	});

	test('with a doubt from before has no attempt of this run, and says that it was sent earlier', async () => {
		const run = newRun();
		run.ledger.markSending(second, 1000);
		for (const thrown of [broken, stopped]) {
			const output = await continueMode(run).runItem(second, throws(thrown));
			expect(output).toMatchObject({
				result: { outcome: 'unknown', attempts: 0, sentEarlier: true },
			});
		}
	});

	test('with a doubt is unknown, although it is not tried any more', async () => {
		const run = newRun({ signal: AbortSignal.abort(stopped) });
		run.ledger.markSending(second, 1000);
		const output = await continueMode(run).runItem(second, works);
		expect(output).toMatchObject({ result: { outcome: 'unknown', sentEarlier: true } });
	});

	test('before anything was sent is skipped where it was stopped', async () => {
		expect(await resultAfter(newRun(), second, stopped)).toMatchObject({
			outcome: 'skipped',
			message: expect.stringContaining('because the execution was stopped. Nothing was sent.'),
		});
	});

	test('before anything was sent has failed, and says why', async () => {
		expect(await resultAfter(newRun(), second, broken)).toMatchObject({
			outcome: 'failed',
			attempts: 0,
			description: 'x of *** is not a function',
			message:
				'typed@example.com (sub_2): not cancelled. x of *** is not a function. Run it again later.',
		});
	});

	test('after it was accepted keeps that result, unless a guard refuses', async () => {
		const run = newRun();
		run.ledger.markSettled(second, accepted, readable);
		for (const thrown of [stopped, broken, new Refusal('invalid', 'Not a date.')]) {
			expect((await resultAfter(run, second, thrown))?.outcome).toBe('scheduled');
		}
		const refusal = new Refusal('refused', 'It is not hers.');
		expect((await resultAfter(run, second, refusal))?.outcome).toBe('refused');
	});

	test('after a request with another end was accepted does not have its result', async () => {
		const run = newRun();
		run.ledger.markSettled({ ...second, requestHash: 'an earlier date' }, accepted, readable);
		expect((await resultAfter(run, second, stopped))?.outcome).toBe('skipped');
	});

	test('after it was accepted in an earlier run only does not have that result', async () => {
		const context = {};
		const evidence = { onlyEvidence: true, hasKey: false };
		new Ledger(context, 0, '7').markSettled(second, accepted, evidence);
		const run = newRun({ ledger: new Ledger(context, 1, '7') });
		expect((await resultAfter(run, second, stopped))?.outcome).toBe('skipped');
	});

	test('after it was accepted has the address of that result, or the one that is known', async () => {
		const run = newRun();
		run.ledger.markSettled(first, { ...accepted, email: 'kept@example.com' }, readable);
		run.ledger.markSettled(second, { ...accepted, email: null }, readable);
		expect((await resultAfter(run, first, broken))?.email).toBe('kept@example.com');
		expect((await resultAfter(run, second, broken))?.email).toBe('typed@example.com');
	});

	test('as a dry run or a read has sent nothing, whatever the ledger holds', async () => {
		const run = newRun();
		run.ledger.markSending(second, 1000);
		const dry = { ...second, dryRun: true };
		expect((await resultAfter(run, dry, broken))?.outcome).toBe('failed');
		const read = { ...second, kind: 'read' } as unknown as ReadItem;
		expect((await resultAfter(run, read, broken))?.outcome).toBe('failed');
	});
});

test('redacts an item that is not tried', async () => {
	const item = itemOf(2, { values: { id: 'a-secret' } });
	const signal = AbortSignal.abort(new Stopped('the execution was stopped'));
	const output = await continueMode(newRun({ signal })).runItem(item, works);
	expect(JSON.stringify(output)).not.toContain('a-secret');
});

test('redacts what comes out, with the token that n8n has renewed meanwhile', async () => {
	const oAuth2 = { ...newAccount('oauth'), oAuth2: true, type: 'sampleOAuth2Api' };
	const host = {
		getCredentials: async () =>
			await Promise.resolve({ oauthTokenData: { access_token: 'new_token' } }),
	};
	const requestContext = () => ({ host }) as never;
	const item = itemOf(2, { account: oAuth2 });
	const description = 'a-secret new_token';
	const output = await continueMode(newRun({ requestContext })).runItem(
		item,
		ends(item, 'failed', { description }),
	);
	expect(output).toMatchObject({ result: { description: '*** ***' } });
});
