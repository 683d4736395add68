import type { FastifyRequest } from 'fastify';
import { Records } from '../../records';
import { pathParameter } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import type { Caller, Site } from './access';
import { type CancelAssumptions, catchUp, type EventType } from './lifecycle';
import { type Account, isAfter, type Subscription } from './subscription';
import { RecurlyWebhook } from './webhook';

/** The records of both sites, with the actions that all endpoints share. */
export class RecurlyRecords {
	readonly accounts = new Records<Account>(
		({ id }) => id,
		({ code }) => [`code-${code}`],
	);
	readonly subscriptions = new Records<Subscription>(
		({ id }) => id,
		({ uuid, account }) => [`uuid-${uuid}`, account.email],
	);
	/** IDs of the records of the sandbox site. */
	readonly inSandbox = new Set<string>();
	readonly webhook: RecurlyWebhook;
	/** IDs of the subscriptions that a request is changing. */
	private readonly busy = new Set<string>();

	constructor(readonly sandboxState: SandboxState) {
		this.webhook = new RecurlyWebhook(sandboxState);
	}

	clear(): void {
		this.accounts.clear();
		this.subscriptions.clear();
		this.inSandbox.clear();
		this.busy.clear();
	}

	/** ISO 8601, in whole seconds as Recurly's times. */
	now(): string {
		return this.sandboxState.clock
			.now()
			.toISOString()
			.replace(/\.\d+Z$/, 'Z');
	}

	assumptions(): CancelAssumptions {
		const answer = (name: string) => {
			const value = this.sandboxState.settings.assumption('recurly', name);
			return value === 'accepted' ? 'accepted' : 'refused';
		};
		return { cancelPaused: answer('cancelPaused'), terminateFuture: answer('terminateFuture') };
	}

	siteOf(id: string): Site {
		return this.inSandbox.has(id) ? 'sandbox' : 'production';
	}

	/** @param name an ID, or `uuid-` with a UUID */
	subscription(name: string, { site }: Caller): Subscription | undefined {
		// An e-mail address is a name of the sandbox only.
		const record = name.includes('@') ? undefined : this.subscriptions.named(name);
		return record && this.siteOf(record.id) === site ? this.refresh(record) : undefined;
	}

	subscriptionsOf({ site }: Caller): Subscription[] {
		return this.subscriptions
			.all()
			.filter(({ id }) => this.siteOf(id) === site)
			.map((record) => this.refresh(record));
	}

	/** @param name an ID, or `code-` with a code */
	account(name: string, { site }: Caller): Account | undefined {
		const record = this.accounts.named(name);
		return record && this.siteOf(record.id) === site ? record : undefined;
	}

	accountsOf({ site }: Caller): Account[] {
		return this.accounts.all().filter(({ id }) => this.siteOf(id) === site);
	}

	/** An account as the list shows it, with what its subscriptions say. */
	render(account: Account): object {
		const states = this.subscriptions
			.all()
			.filter((record) => record.account.id === account.id)
			.map(({ state }) => state);
		return {
			...account,
			has_live_subscription: states.some((state) =>
				['active', 'canceled', 'future', 'paused'].includes(state),
			),
			has_active_subscription: states.includes('active'),
			has_future_subscription: states.includes('future'),
			has_canceled_subscription: states.includes('canceled'),
			has_paused_subscription: states.includes('paused'),
		};
	}

	/** Applies an end or a renewal that is due, and returns the record. */
	refresh(record: Subscription): Subscription {
		const event = catchUp(record, this.now());
		if (event) this.announce(record, event);
		return record;
	}

	announce(record: Subscription, event: EventType): void {
		this.webhook.send(event, record, this.siteOf(record.id), this.now());
	}

	isInTrial({ state, trial_ends_at }: Subscription): boolean {
		return state === 'active' && trial_ends_at !== null && isAfter(trial_ends_at, this.now());
	}

	/**
	 * Holds the subscription while a write is at work, for `writeMs` at least.
	 * @returns undefined where another write holds it
	 */
	async exclusively<T>(id: string, act: () => T): Promise<T | undefined> {
		if (this.busy.has(id)) return undefined;
		this.busy.add(id);
		try {
			const ms = this.sandboxState.settings.number('recurly', 'writeMs');
			if (ms > 0) await this.sandboxState.delay(ms);
			return act();
		} finally {
			this.busy.delete(id);
		}
	}

	/** Notes an accepted write. */
	accept(
		request: FastifyRequest,
		{ id, account }: Subscription,
		operation: 'cancel' | 'reactivate' | 'terminate',
	): void {
		this.sandboxState.requestLog.recordWrite('recurly', request, {
			operation,
			target: pathParameter(request, 'id'),
			record: id,
			email: account.email ?? undefined,
			status: 200,
		});
	}
}
