import type { Candidate, RecordState, TargetSearch } from '../../nodes/shared/contract/record';
import { lastPage } from '../../nodes/shared/contract/page';
import type { ReadOperation } from '../../nodes/shared/contract/provider';
import type { SearchItem } from '../../nodes/shared/model/item';
import type { ItemResult } from '../../nodes/shared/model/result';
import { resolveTargets, type Resolution } from '../../nodes/shared/lookup/resolveTargets';
import type { ExecutionContext } from '../../nodes/shared/run/executionContext';
import { Ledger } from '../../nodes/shared/run/ledger';
import { createPlanToken } from '../../nodes/shared/write/planToken';
import {
	activeState,
	anyAccount,
	cancelOperation,
	endedState,
	future,
	optionsOf,
	parseContext,
	provider,
	requestContext,
	SampleApi,
	writeItem,
	type ItemSettings,
} from './sampleProvider';
import { onVirtualClock } from './virtualClock';

const candidate = (id: string, state: RecordState, more: Partial<Candidate> = {}): Candidate => ({
	...{ id, state, row: { id } },
	...more,
});
const running = (id: string) => candidate(id, activeState());
const over = (id: string, at = future) => candidate(id, endedState({ end: { kind: 'at', at } }));

const account = anyAccount();
const readOperation = { ...cancelOperation(), effect: 'read' } as unknown as ReadOperation;
const accepted = { outcome: 'scheduled', attempts: 1, accepted: true } as ItemResult;

interface Search {
	options?: ItemSettings['options'];
	operation?: SearchItem['operation'];
	dryRun?: boolean;
	ledger?: Ledger;
}

/** What a search by e-mail address comes to that brings up these candidates. */
const resolved = async (candidates: Candidate[], settings: Search = {}): Promise<Resolution> =>
	await onVirtualClock(async (clock) => {
		const search: TargetSearch = {
			request: { path: '/search' },
			parse: () => ({ kind: 'candidates', candidates, unreadable: 0, next: lastPage }),
		};
		const ledger = settings.ledger ?? new Ledger({}, 0, '7');
		const { operation = cancelOperation(), dryRun = false } = settings;
		const item: SearchItem = {
			...{ kind: 'search', index: 3, provider, operationName: 'cancel', operation, account },
			...{ search, by: 'ada@example.com', field: 'id', target: 'ada@example.com', dryRun },
			...{ email: 'ada@example.com', reason: null, values: { id: '' } },
			options: optionsOf(cancelOperation(), settings.options),
		};
		const context = requestContext(new SampleApi(clock), writeItem({ account }));
		const run: ExecutionContext = {
			...{ provider, nodeId: 'node', ledger, agent: false, mayBeReplay: false, parseContext },
			signal: context.signal,
			requestContext: () => context,
		};
		return await resolveTargets(item, context, run);
	});
const targetsOf = (resolution: Resolution) =>
	resolution.kind === 'targets'
		? resolution.items.map(({ target }) => target)
		: resolution.kind === 'result' && resolution.result.outcome;
const resultOf = (resolution: Resolution) =>
	resolution.kind === 'result' ? resolution.result : undefined;
const all = { options: { ifSeveral: 'all' } } as const;

/** The write on a candidate, as the search builds it. */
const itemFor = async (one: Candidate, settings: Search = {}) => {
	const resolution = await resolved([one], { ...settings, ...all });
	if (resolution.kind !== 'targets') throw new Error('There is no target.');
	return resolution.items[0];
};

describe('a write whose target is searched for', () => {
	test('goes to the only active one, whatever else has ended', async () => {
		const resolution = await resolved([over('sub_1'), running('sub_2'), over('sub_3')]);
		expect(resolution).toMatchObject({
			kind: 'targets',
			items: [{ kind: 'write', index: 3, target: 'sub_2', foundBy: 'ada@example.com' }],
		});
	});

	test('does not go to one that its precondition stops, unless there is no other', async () => {
		const operation = cancelOperation({
			effect: 'restore',
			precondition: ({ status }) => (status === 'over' ? { outcome: 'notCancellable' } : undefined),
		});
		const gone = (id: string, at: string) =>
			candidate(id, endedState({ status: 'over', end: { kind: 'at', at } }));
		const old = [gone('sub_1', '2020-01-01T00:00:00.000Z'), gone('sub_2', future)];
		expect(targetsOf(await resolved([...old, over('sub_3')], { operation }))).toEqual(['sub_3']);
		expect(targetsOf(await resolved([...old, running('sub_4')], { operation }))).toBe('restored');
		expect(targetsOf(await resolved(old, { operation }))).toEqual(['sub_2']);
	});

	test('may be one whose precondition asks the user: it is not passed over for another', async () => {
		const operation = cancelOperation({
			precondition: ({ status }) => (status === 'metered' ? { outcome: 'refused' } : undefined),
		});
		const metered = candidate('sub_1', activeState({ status: 'metered' }));
		expect(targetsOf(await resolved([metered, running('sub_2')], { operation }))).toBe('refused');
		expect(targetsOf(await resolved([metered], { operation }))).toEqual(['sub_1']);
	});

	test('is not found where nothing matches', async () => {
		expect(targetsOf(await resolved([]))).toBe('notFound');
	});

	test('has nothing left where all have ended, as of the one that ends last', async () => {
		const dates = ['2020-05-01', '2021-05-01', '2019-05-01'];
		const email = 'billing@example.com';
		const ended = dates.map((day, at) =>
			candidate(
				`sub_${at}`,
				endedState({ end: { kind: 'at', at: `${day}T00:00:00.000Z` }, email }),
			),
		);
		const result = resultOf(await resolved(ended));
		expect(result).toMatchObject({
			...{ outcome: 'alreadyCancelled', target: 'sub_1', foundBy: 'ada@example.com' },
			...{ effectiveAt: '2021-05-01T00:00:00.000Z', attempts: 0, email },
		});
	});

	test('is looked at again in a later run of this execution: its record shows that it has ended', async () => {
		for (const eventuallyConsistent of [true, undefined]) {
			const saved = {};
			const ledger = new Ledger(saved, 0, '7');
			await resolved([candidate('sub_1', endedState({ eventuallyConsistent }))], { ledger });
			ledger.close(true);
			expect(JSON.stringify(saved)).not.toContain('alreadyCancelled');
		}
	});

	test('has nothing left in a dry run either, and a guard is checked', async () => {
		const dry = resultOf(await resolved([over('sub_1')], { dryRun: true }));
		expect(dry).toMatchObject({
			outcome: 'preview',
			preview: { wouldBe: { outcome: 'alreadyCancelled' } },
		});
		const options = { expectedEmail: 'ben@example.com' };
		await expect(resolved([over('sub_1')], { options })).rejects.toThrow('not to ben@example.com');
	});

	test('is refused where several are active, with a line and a row for each', async () => {
		const pro = candidate('sub_1', activeState(), { product: 'Pro' });
		const result = resultOf(await resolved([pro, running('sub_2'), over('sub_3')]));
		expect(result).toMatchObject({
			...{ outcome: 'refused', target: 'ada@example.com', attempts: 0 },
			message:
				'ada@example.com: has 2 active subscriptions: Pro · active · until 2099-12-31 · sub_1; active · until 2099-12-31 · sub_2. Nothing was sent. Choose one By ID, or set Options > If Several Match to Cancel All.',
		});
		const columns = { status: 'active', effectiveAt: future, email: 'ada@example.com' };
		expect(result?.data?.candidates).toEqual([
			{ target: 'sub_1', product: 'Pro', ...columns },
			{ target: 'sub_2', product: null, ...columns },
		]);
	});

	test.each([
		[10, 'sub_8; active · until 2099-12-31 · sub_9.'],
		[3000, 'sub_9; and 2990 more.'],
	])(
		'is refused for %i active ones with ten names at most, and all of them as rows',
		async (count, end) => {
			const many = Array.from({ length: count }, (_, at) => running(`sub_${at}`));
			const result = resultOf(await resolved(many));
			expect(result?.message).toContain(`has ${count} active subscriptions: `);
			expect(result?.message).toContain(end);
			expect(result?.message?.match(/sub_\d+/g)).toHaveLength(10);
			expect(result?.message?.length).toBeLessThan(700);
			expect(result?.data?.candidates).toHaveLength(count);
		},
	);

	test('goes to all active ones where the user wants that', async () => {
		const several = [running('sub_1'), over('sub_2'), running('sub_3')];
		expect(targetsOf(await resolved(several, all))).toEqual(['sub_1', 'sub_3']);
	});

	test('goes to the one that this execution has ended or has in doubt, although it is over', async () => {
		const ledger = new Ledger({}, 0, '7');
		const known = { ledger };
		const first = await itemFor(running('sub_1'), known);
		ledger.markSettled(first, accepted, { onlyEvidence: false, hasKey: false });
		const several = [over('sub_1'), running('sub_2')];
		expect(targetsOf(await resolved(several, known))).toEqual(['sub_1']);
		expect(targetsOf(await resolved(several, { ...known, ...all }))).toEqual(['sub_1', 'sub_2']);
		expect(targetsOf(await resolved(several, { ...known, dryRun: true }))).toEqual(['sub_2']);
		const inDoubt = new Ledger({}, 0, '7');
		inDoubt.markSending(await itemFor(running('sub_1'), { ledger: inDoubt }), 1000);
		expect(targetsOf(await resolved(several, { ledger: inDoubt }))).toEqual(['sub_1']);
	});

	test('goes to the one that its plan token was made for', async () => {
		const several = [running('sub_1'), running('sub_2')];
		const planned = await itemFor(several[1]);
		const planToken = createPlanToken(planned, { kind: 'found', state: several[1].state });
		expect(targetsOf(await resolved(several, { options: { planToken } }))).toEqual(['sub_2']);
		const other = `plan1.other.${planToken.split('.')[2]}`;
		expect(targetsOf(await resolved(several, { options: { planToken: other } }))).toBe('refused');
	});
});

describe('a read whose target is searched for', () => {
	const read = async (...candidates: Candidate[]) =>
		await resolved(candidates, { operation: readOperation });
	const row = async (...candidates: Candidate[]) => {
		const resolution = await read(...candidates);
		return resolution.kind === 'rows' ? resolution.rows : targetsOf(resolution);
	};

	test('shows the active one, else the one that ended last', async () => {
		expect(await row(over('sub_1'), running('sub_2'))).toEqual([{ id: 'sub_2' }]);
		const past = '2020-01-01T00:00:00.000Z';
		expect(await row(over('sub_1', past), over('sub_2'))).toEqual([{ id: 'sub_2' }]);
	});

	test('is refused where several are active, and not found where there is none', async () => {
		const several = resultOf(await read(running('sub_1'), running('sub_2')));
		expect(several).toMatchObject({
			outcome: 'refused',
			message: expect.stringMatching(/ sub_2\. Nothing was sent\. Choose one By ID\.$/),
		});
		expect(await row()).toBe('notFound');
	});
});
