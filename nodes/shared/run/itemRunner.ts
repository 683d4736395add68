import { Refusal } from '../contract/refusal';
import { refreshSecrets, type Account } from '../http/account';
import { redact } from '../http/redact';
import { failureMessage } from '../model/failureMessage';
import {
	canonicalTarget,
	lockKey,
	type SearchItem,
	type ReadItem,
	type WriteItem,
} from '../model/item';
import {
	headerColumns,
	isFailedOutput,
	refusalResult,
	type ItemOutput,
	type ItemResult,
} from '../model/result';
import { Stopped, type ExecutionContext } from './executionContext';
import { handoverFrom, withTargetLock, type Handover } from './targetLock';

export type AnyItem = WriteItem | ReadItem | SearchItem;

/** @param handover what the write before on this target has left */
type Work = (handover?: Handover) => Promise<ItemOutput>;

/**
 * Runs the work of each item, of writes on one target one after the other, and decides what may begin:
 *
 * | | not begun, or waiting | request in flight |
 * | --- | --- | --- |
 * | the user stops the execution | `skipped`, `unknown` if in doubt | no longer waited for: `unknown` |
 * | an item fails in stop mode | the same | waited for |
 * | the credential was not accepted | the same, on its account | waited for |
 *
 * The results are redacted here, where they leave the engine.
 */
export class ItemRunner {
	private readonly stopped = new AbortController();
	private readonly rejections = new Map<string, AbortController>();
	private readonly signals = new Map<string, AbortSignal>();

	/** @param stopsAtFailure the node's On Error is to stop the workflow */
	constructor(
		private readonly run: ExecutionContext,
		private readonly stopsAtFailure: boolean,
	) {}

	/** Sends nothing more. @param because completes "… not tried, because …" */
	stop(because: string): void {
		this.stopped.abort(new Stopped(because));
	}

	/**
	 * Aborted as soon as nothing more may be sent on this account. What has been sent is still waited
	 * for: `ExecutionContext.signal` ends that.
	 */
	sendSignal({ key }: Account): AbortSignal {
		const known =
			this.signals.get(key) ??
			AbortSignal.any([this.run.signal, this.stopped.signal, this.rejectionOf(key).signal]);
		this.signals.set(key, known);
		return known;
	}

	/**
	 * A live write waits for every other write of this process on its target; reads and dry runs do not.
	 * Never throws: what an item throws is its result.
	 */
	async runItem(item: AnyItem, work: Work): Promise<ItemOutput> {
		if (item.kind !== 'write' || item.dryRun) return await this.runNow(item, work);
		const { ledger } = this.run;
		try {
			return await withTargetLock(lockKey(item), this.sendSignal(item.account), {
				target: canonicalTarget(item),
				work: async (before) => await this.runNow(item, async () => await work(before)),
				leave(output, before) {
					const result = output?.kind === 'result' ? output.result : undefined;
					return handoverFrom(item, ledger, { result, before });
				},
			});
		} catch (thrown) {
			return this.resultOfError(item, thrown as Error);
		}
	}

	private async runNow(item: AnyItem, work: () => Promise<ItemOutput>): Promise<ItemOutput> {
		const { index, account } = item;
		const signal = this.sendSignal(account);
		if (signal.aborted) return this.resultOfError(item, signal.reason as Error);
		const output = await this.attempt(item, work);
		if (output.kind === 'result') {
			const { outcome, credentialRejected } = output.result;
			if (outcome === 'unauthorized' || credentialRejected) this.rejectAccount(account.key);
		}
		if (this.stopsAtFailure && isFailedOutput(output)) this.stop('an earlier item stopped the run');
		const { host } = this.run.requestContext(item);
		await refreshSecrets(host, account).catch(() => {});
		return { ...redact(output, account.secrets), index };
	}

	/**
	 * What is certain of an item whose work threw, or that is not tried any more.
	 * @param attempts requests that were sent for it in this run, if it is in doubt
	 */
	private resultOfError(item: AnyItem, thrown: Error, attempts = 0): ItemOutput {
		const result = redact(this.resultAfter(item, thrown, attempts), item.account.secrets);
		return { kind: 'result', index: item.index, result };
	}

	private async attempt(item: AnyItem, work: () => Promise<ItemOutput>): Promise<ItemOutput> {
		const wasKnown = this.priorState(item).kind !== 'none';
		try {
			return await work();
		} catch (thrown) {
			return this.resultOfError(item, thrown as Error, wasKnown ? 0 : 1);
		}
	}

	private priorState(item: AnyItem) {
		if (item.kind !== 'write' || item.dryRun) return { kind: 'none' } as const;
		return this.run.ledger.lookup(item);
	}

	private resultAfter(item: AnyItem, thrown: Error, attempts: number): ItemResult {
		const prior = this.priorState(item);
		const common = headerColumns(item);
		const description = thrown instanceof Refusal ? thrown.reason : thrown.message;
		if (prior.kind === 'inDoubt') {
			const message = failureMessage(item, 'unknown', { attempts, description });
			const sentEarlier = attempts === 0 && { sentEarlier: true as const };
			return { ...common, attempts, ...sentEarlier, outcome: 'unknown', message, description };
		}
		// A guard's refusal counts, whatever was accepted before.
		const isRefusal = thrown instanceof Refusal && thrown.outcome === 'refused';
		if (prior.kind === 'settled' && prior.request === 'sameRequest' && !isRefusal) {
			return { ...common, ...prior.result, email: prior.result.email ?? common.email };
		}
		if (thrown instanceof Stopped) return refusalResult(item, notTried(thrown));
		if (thrown instanceof Refusal) return refusalResult(item, thrown);
		const message = failureMessage(item, 'failed', { description });
		return { ...common, attempts: 0, outcome: 'failed', message, description };
	}

	private rejectionOf(key: string): AbortController {
		const known = this.rejections.get(key) ?? new AbortController();
		this.rejections.set(key, known);
		return known;
	}

	private rejectAccount(key: string): void {
		const { displayName } = this.run.provider;
		this.rejectionOf(key).abort(new Stopped(`${displayName} did not accept the credential`));
	}
}

const notTried = ({ because }: Stopped) =>
	new Refusal('skipped', `not tried, because ${because}.`, 'Run it again afterwards.');
