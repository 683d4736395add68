import type { IDataObject } from 'n8n-workflow';

import { Refusal } from '../contract/refusal';
import { refreshSecrets } from '../http/account';
import { redact } from '../http/redact';
import type { ItemBase, WriteItem } from '../model/item';
import { isFailure, failureMessage, refusalResult, type ItemResult } from '../model/result';
import type { ExecutionContext } from './executionContext';

/** What became of one item: its outcome, or the rows that were asked for. */
export interface ItemOutput {
	/** Of the input item. */
	index: number;
	result?: ItemResult;
	rows?: IDataObject[];
}
export const isFailedOutput = ({ result }: ItemOutput) => result !== undefined && isFailure(result);

/** Does one item's work, unless something has stopped it. */
export type RunItem = (about: ItemBase, work: () => Promise<ItemOutput>) => Promise<ItemOutput>;

/**
 * Notes what stops others: in stop mode any failure; in every mode a credential that was not
 * accepted, for its account. Whatever a provider said goes through the redaction here, the one place
 * where anything leaves the engine.
 * @param halted the run does not even begin
 */
export function itemRunner(
	run: ExecutionContext,
	continuing: boolean,
	halted: boolean,
): RunItem & { halt(): void } {
	let stands = halted;
	const locked = new Set<string>();

	const reasonToSkip = (account: string): string | undefined => {
		if (run.signal.aborted) return 'the execution was stopped';
		if (stands) return 'an earlier item stopped the run';
		return locked.has(account)
			? `${run.provider.displayName} did not accept the credential`
			: undefined;
	};

	const guarded: RunItem = async (about, work) => {
		const { index, account } = about;
		const why = reasonToSkip(account.key);
		if (why) return { index, result: resultOfError(run, about, skipped(about, why)) };
		const known = earlier(run, about);
		const done = await work().catch((thrown: Error) => ({
			index,
			result: resultOfError(run, about, thrown, known === undefined ? 1 : 0),
		}));
		const { outcome, denied } = done.result ?? {};
		if (outcome === 'unauthorized' || denied) locked.add(account.key);
		if (!continuing && isFailedOutput(done)) stands = true;
		await refreshSecrets(run.requestContext(about).host, account).catch(() => {});
		return redact<ItemOutput>(done, account.secrets);
	};
	return Object.assign(guarded, { halt: () => (stands = true) });
}

const skipped = ({ target }: ItemBase, reason: string) =>
	new Refusal(
		'skipped',
		`"${target}" was not tried, because ${reason}.`,
		'Run it again afterwards.',
	);

const earlier = ({ ledger }: ExecutionContext, about: ItemBase) =>
	'identity' in about && !(about as WriteItem).dryRun
		? ledger.lookup(about as WriteItem)
		: undefined;

/**
 * What is certain of an item after something broke off its way, or kept it from being tried again.
 * @param attempts tries that left for it in this run, if it is in doubt
 */
export function resultOfError(
	run: ExecutionContext,
	about: ItemBase,
	thrown: Error,
	attempts = 0,
): ItemResult {
	const known = earlier(run, about);
	const { operationName: operation, target, foundBy, email } = about;
	const common = { operation, target, foundBy, email, attempts };
	const described = { ...about, operation: { name: operation } };
	const description = thrown instanceof Refusal ? thrown.reason : thrown.message;
	if (known === 'doubt') {
		const message = failureMessage(described, 'unknown');
		return { ...common, outcome: 'unknown', message, description };
	}
	// A guard's no counts, whatever was accepted before.
	const isNo = thrown instanceof Refusal && thrown.outcome === 'refused';
	if (known?.now && !isNo) return { ...common, ...known.kept, email: known.kept.email ?? email };
	if (thrown instanceof Refusal) return refusalResult(about, thrown);
	return {
		...common,
		attempts: 0,
		outcome: 'failed',
		message: failureMessage(described, 'failed'),
		description,
	};
}
