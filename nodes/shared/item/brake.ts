import type { IDataObject } from 'n8n-workflow';

import { Refusal } from '../contract/refusal';
import { learnSecrets } from '../wire/account';
import { redact } from '../wire/secrets';
import type { Asked, Item } from './item';
import { hasFailed, messageFor, refusedResult, type Result } from './result';
import type { Run } from './run';

/** What became of one item: its outcome, or the rows that were asked for. */
export interface Done {
	/** Of the input item. */
	index: number;
	result?: Result;
	rows?: IDataObject[];
}
export const isFailed = ({ result }: Done) => result !== undefined && hasFailed(result);

/** Does one item's work, unless something has stopped it. */
export type Guarded = (about: Asked, work: () => Promise<Done>) => Promise<Done>;

/**
 * Notes what stops others: in stop mode any failure; in every mode a credential that was not
 * accepted, for its account. Whatever a provider said goes through the redaction here, the one place
 * where anything leaves the engine.
 * @param halted the run does not even begin
 */
export function brakeFor(
	run: Run,
	continuing: boolean,
	halted: boolean,
): Guarded & { halt(): void } {
	let stands = halted;
	const locked = new Set<string>();

	const reasonToSkip = (account: string): string | undefined => {
		if (run.isCancelled()) return 'the execution was stopped';
		if (stands) return 'an earlier item stopped the run';
		return locked.has(account)
			? `${run.provider.displayName} did not accept the credential`
			: undefined;
	};

	const guarded: Guarded = async (about, work) => {
		const { index, account } = about;
		const why = reasonToSkip(account.key);
		if (why) return { index, result: afterThrow(run, about, skipped(about, why)) };
		const known = earlier(run, about);
		const done = await work().catch((thrown: Error) => ({
			index,
			result: afterThrow(run, about, thrown, known === undefined ? 1 : 0),
		}));
		const { outcome, denied } = done.result ?? {};
		if (outcome === 'unauthorized' || denied) locked.add(account.key);
		if (!continuing && isFailed(done)) stands = true;
		await learnSecrets(run.manner(about).host, account).catch(() => {});
		return redact<Done>(done, account.secrets);
	};
	return Object.assign(guarded, { halt: () => (stands = true) });
}

const skipped = ({ target }: Asked, reason: string) =>
	new Refusal(
		'skipped',
		`"${target}" was not tried, because ${reason}.`,
		'Run it again afterwards.',
	);

const earlier = ({ ledger }: Run, about: Asked) =>
	'identity' in about && !(about as Item).dryRun ? ledger.earlier(about as Item) : undefined;

/**
 * What is certain of an item after something broke off its way, or kept it from being tried again.
 * @param attempts tries that left for it in this run, if it is in doubt
 */
export function afterThrow(run: Run, about: Asked, thrown: Error, attempts = 0): Result {
	const known = earlier(run, about);
	const { name: operation, target, foundBy, email } = about;
	const common = { operation, target, foundBy, email, attempts };
	const described = { ...about, operation: { name: operation } };
	const description = thrown instanceof Refusal ? thrown.what : thrown.message;
	if (known === 'doubt') {
		const message = messageFor(described, 'unknown');
		return { ...common, outcome: 'unknown', message, description };
	}
	// A guard's no counts, whatever was accepted before.
	const isNo = thrown instanceof Refusal && thrown.outcome === 'refused';
	if (known?.now && !isNo) return { ...common, ...known.kept, email: known.kept.email ?? email };
	if (thrown instanceof Refusal) return refusedResult(about, thrown);
	return {
		...common,
		attempts: 0,
		outcome: 'failed',
		message: messageFor(described, 'failed'),
		description,
	};
}
