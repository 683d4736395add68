import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { carryOut } from './carryOut';
import { isSuccess, stopped, summary, tally, toItem, type Result } from './outcome';
import { prepare, type Ready } from './prepare';
import type { Provider } from './provider';
import { fetchRows } from './reads';
import { redact } from './secrets';
import { share } from './wire/sharers';

type Done = { result: Result } | { rows: IDataObject[] };
const isFailed = (done: Done) => 'result' in done && !isSuccess(done.result.outcome);

/**
 * The only loop: every item once, linked, its outcome kept or its failure thrown.
 * In stop mode the first failure starts no new item; `unauthorized` stops its account in every mode.
 * @returns one output, in the order of the input
 * @throws NodeApiError in stop mode only: the first failed item, and what became of the others
 */
export async function execute(
	this: IExecuteFunctions,
	provider: Provider,
): Promise<INodeExecutionData[][]> {
	const continuing = this.continueOnFail();
	const run = await prepare.call(this, provider);
	const { items, ledger } = run;
	const leave = share(
		this,
		items.flatMap(({ account }) => (account ? [account.key] : [])),
	);
	const done: Done[] = [];
	const locked = new Set<string>();
	const byTarget = new Map<string, Promise<Done>>();
	const byTwin = new Map<string, { index: number; done: Promise<Done> }>();
	// Where the run would stop at an item that is refused anyway, it does not begin.
	let halted = !continuing && items.some((ready) => ready.refused);

	const carry = async (ready: Ready, before?: Promise<Done>): Promise<Done> => {
		await before;
		const { account, item, reading } = ready;
		if (ready.refused || !account)
			return { result: ready.refused ?? skipped(ready, 'it is incomplete') };
		if (halted) return { result: skipped(ready, 'an earlier item stopped the run') };
		if (locked.has(account.key)) {
			return { result: skipped(ready, `${provider.displayName} did not accept the credential`) };
		}
		const manner = run.manner(ready, account);
		const outcome = reading
			? await fetchRows(reading, manner)
			: { result: await carryOut(item!, manner, ledger) };
		// The one place where anything leaves the engine: whatever a provider said goes through here.
		return redact(outcome, account.secrets);
	};

	const start = async (index: number): Promise<Done> => {
		const ready = items[index];
		const { item, twin } = ready;
		const first = twin && byTwin.get(twin);
		if (first) return repeated(await first.done, first.index);
		// Writes on one target follow one another, so that each sees what the one before it did.
		const mine = carry(ready, item && byTarget.get(item.target)).catch((thrown: Error) => ({
			result: run.afterThrow(ready, thrown),
		}));
		if (item) byTarget.set(item.target, mine);
		if (twin) byTwin.set(twin, { index, done: mine });
		return await mine;
	};

	let next = 0;
	const lane = async () => {
		while (next < items.length) {
			const index = next++;
			const one = (done[index] = await start(index));
			if (isFailed(one) && !continuing) halted = true;
			if ('result' in one && one.result.outcome === 'unauthorized')
				locked.add(items[index].account?.key ?? '');
		}
	};
	await Promise.all(Array.from({ length: Math.min(run.lanes, items.length) }, lane));
	leave();

	const results = done.flatMap((one) => ('result' in one ? [one.result] : []));
	const failed = done.findIndex(
		(one) => isFailed(one) && 'result' in one && one.result.outcome !== 'skipped',
	);
	if (!done.some(isFailed)) ledger.close();
	if (results.length > 1)
		this.addExecutionHints?.({ message: summary(results), location: 'outputPane' });
	if (failed !== -1 && !continuing) {
		throw stopped(
			this.getNode(),
			(done[failed] as { result: Result }).result,
			failed,
			items.some(({ reading }) => reading) ? '' : tally(results),
		);
	}
	return [
		done.flatMap((one, item) =>
			'rows' in one
				? one.rows.map((json) => ({ json, pairedItem: { item } }))
				: [toItem(provider.name, one.result, item)],
		),
	];
}

const skipped = ({ name, target }: Ready, reason: string): Result => ({
	outcome: 'skipped',
	operation: name,
	target,
	attempts: 0,
	message: `"${target}" was not tried, because ${reason}. Nothing was sent for it. Run it again afterwards.`,
});

const repeated = (first: Done, duplicateOf: number): Done =>
	'rows' in first
		? first
		: { result: { ...first.result, attempts: 0, response: undefined, duplicateOf } };
