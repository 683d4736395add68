import type { FastifyRequest } from 'fastify';
import { Records } from '../../records';
import { pathParameter } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { type Caller, mayReadCustomers } from './access';
import { invalidParam } from './errors';
import { keys } from './keys';
import { endAsPlanned, isDue, type Operation } from './lifecycle';
import { listParam } from './params';
import type { ApiCall } from './plugin';
import { hasEnded } from './subscription';
import { type EventCause, Webhooks } from './webhooks';
import { type Customer, type Schedule, seconds, type Subscription, subscriptionIn } from './wire';

/** The records of all accounts and both modes, with the actions that all endpoints share. */
export class StripeRecords {
	readonly customers = new Records<Customer>(
		({ id }) => id,
		() => [],
	);
	readonly subscriptions = new Records<Subscription>(
		({ id }) => id,
		(record) => [this.emailOf(record)],
	);
	readonly schedules = new Map<string, Schedule>();
	/** The owning account by record ID, where it is not the one of the sandbox's keys. */
	readonly owners = new Map<string, string>();
	readonly webhooks: Webhooks;

	constructor(readonly sandboxState: SandboxState) {
		this.webhooks = new Webhooks(sandboxState);
	}

	clear(): void {
		this.customers.clear();
		this.subscriptions.clear();
		this.schedules.clear();
		this.owners.clear();
	}

	/** Unix seconds. */
	now(): number {
		return seconds(this.sandboxState.clock.now().toISOString());
	}

	assumes(name: string): string {
		return this.sandboxState.settings.assumption('stripe', name);
	}

	customerOf({ customer }: Pick<Subscription, 'customer'>): Customer | undefined {
		return this.customers.get(typeof customer === 'string' ? customer : customer.id);
	}

	emailOf(record: Pick<Subscription, 'customer'>): string | undefined {
		return this.customerOf(record)?.email ?? undefined;
	}

	ownerOf(id: string): string {
		return this.owners.get(id) ?? keys.accountId;
	}

	/** Whether the record belongs to the caller's account and mode. */
	isVisible({ account, livemode }: Caller, record: { id: string; livemode: boolean }): boolean {
		return record.livemode === livemode && this.ownerOf(record.id) === account;
	}

	visibleSubscription(id: string, caller: Caller): Subscription | undefined {
		const record = this.subscriptions.get(id);
		return record && this.isVisible(caller, record) ? this.refresh(record) : undefined;
	}

	visibleCustomers(caller: Caller): Customer[] {
		return this.customers.all().filter((record) => this.isVisible(caller, record));
	}

	/** Applies a planned end that is due, and returns the record. */
	refresh(record: Subscription): Subscription {
		if (!isDue(record, this.now())) return record;
		const before = structuredClone(record);
		endAsPlanned(record);
		this.announce(record, before, { id: null, idempotency_key: null });
		return record;
	}

	/** Sends the event of a change, if anything has changed. */
	announce(record: Subscription, before: Subscription, cause: EventCause): void {
		const account = this.ownerOf(record.id);
		if (hasEnded(record) && !hasEnded(before)) {
			this.webhooks.send('customer.subscription.deleted', record, account, { cause });
			return;
		}
		const previous = differences(before, record);
		if (Object.keys(previous).length === 0) return;
		this.webhooks.send('customer.subscription.updated', record, account, { cause, previous });
	}

	/** Notes an accepted write and tells the endpoints. */
	accept(
		{ request, cause }: ApiCall,
		record: Subscription,
		before: Subscription,
		operation: Operation,
	): void {
		this.sandboxState.requestLog.recordWrite('stripe', request, {
			operation,
			target: pathParameter(request, 'id'),
			record: record.id,
			email: this.emailOf(record),
			status: 200,
		});
		this.announce(record, before, cause);
	}

	/** A subscription that ends takes its schedule with it. */
	endSchedule(record: Subscription): void {
		const found = this.schedules.get(String(record.schedule));
		if (!found) return;
		const ended = { status: 'canceled', current_phase: null, subscription: null };
		Object.assign(found, ended, { canceled_at: this.now() });
		Object.assign(record, { schedule: null });
	}

	/** The record in the caller's API version, with the expanded fields. */
	render(record: Subscription, { request, params, caller }: ApiCall): object {
		const wanted = (listParam(params, 'expand') ?? []).map((name) => name.replace(/^data\./, ''));
		const expanded = Object.fromEntries(
			wanted.map((name) => [name, this.expansionOf(record, name, request)]),
		);
		return { ...subscriptionIn(caller.version, record), ...expanded };
	}

	private expansionOf(record: Subscription, name: string, request: FastifyRequest): unknown {
		if (name === 'customer' && mayReadCustomers(request)) return this.customerOf(record);
		if (name === 'schedule') return this.schedules.get(String(record.schedule)) ?? null;
		throw invalidParam('expand', `This property cannot be expanded (${name}).`);
	}
}

/** The former values of the changed fields, as an event shows them. */
function differences(before: Subscription, after: Subscription): Record<string, unknown> {
	const now = new Map(Object.entries(after));
	return Object.fromEntries(
		Object.entries(before).filter(
			([name, value]) => JSON.stringify(now.get(name)) !== JSON.stringify(value),
		),
	);
}
