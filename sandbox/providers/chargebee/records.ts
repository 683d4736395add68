import type { FastifyRequest } from 'fastify';
import { pathParameter } from '../../providerApi';
import { Records } from '../../records';
import type { SandboxState } from '../../sandboxState';
import type { Caller, Site } from './access';
import type { SiteDefaults } from './cancelRequest';
import { type CancelAssumptions, type Change, catchUp } from './lifecycle';
import type { Charge } from './money';
import { cardOf, type Customer, seconds, type Subscription } from './subscription';
import { type EventCause, type EventType, Webhooks } from './webhooks';

const eventOf: Record<Change, EventType> = {
	scheduled: 'subscription_cancellation_scheduled',
	cancelled: 'subscription_cancelled',
	backdated: 'subscription_canceled_with_backdating',
	unscheduled: 'subscription_scheduled_cancellation_removed',
	reactivated: 'subscription_reactivated',
	reactivatedWithBackdating: 'subscription_reactivated_with_backdating',
};

/** The records of all sites, with the actions that the endpoints share. */
export class ChargebeeRecords {
	readonly customers = new Records<Customer>(
		({ id }) => id,
		() => [],
	);
	readonly subscriptions = new Records<Subscription>(
		({ id }) => id,
		(record) => [this.emailOf(record)],
	);
	/** IDs of the records of the site with plans and addons. */
	readonly classic = new Set<string>();
	/** The charges that are not on an invoice yet, by the subscription's ID. */
	readonly charges = new Map<string, Charge[]>();
	readonly webhooks: Webhooks;

	constructor(readonly sandboxState: SandboxState) {
		this.webhooks = new Webhooks(sandboxState);
	}

	clear(): void {
		this.customers.clear();
		this.subscriptions.clear();
		this.classic.clear();
		this.charges.clear();
	}

	/** Unix seconds. */
	now(): number {
		return seconds(this.sandboxState.clock.now().toISOString());
	}

	assumption(name: string): string {
		return this.sandboxState.settings.assumption('chargebee', name);
	}

	cancelAssumptions(): CancelAssumptions {
		return {
			secondSchedule: this.assumption('secondSchedule') === 'refused' ? 'refused' : 'accepted',
			specificDateStatus:
				this.assumption('specificDateStatus') === 'active' ? 'active' : 'non_renewing',
		};
	}

	siteDefaults(): SiteDefaults {
		return this.assumption('siteDefaults') === 'none' ? 'none' : 'moveMoney';
	}

	siteOf(id: string): Site {
		return this.classic.has(id) ? 'acme-classic-test' : 'acme-test';
	}

	emailOf({ customer_id }: Pick<Subscription, 'customer_id'>): string | undefined {
		return this.customers.get(customer_id)?.email;
	}

	visibleSubscription(id: string, { site }: Caller): Subscription | undefined {
		const record = this.subscriptions.get(id);
		return record && this.siteOf(id) === site ? this.refresh(record) : undefined;
	}

	visibleSubscriptions({ site }: Caller): Subscription[] {
		return this.subscriptions
			.all()
			.filter(({ id }) => this.siteOf(id) === site)
			.map((record) => this.refresh(record));
	}

	visibleCustomers({ site }: Caller): Customer[] {
		return this.customers.all().filter(({ id }) => this.siteOf(id) === site);
	}

	/** Applies an end or a renewal that is due, and returns the record. */
	refresh(record: Subscription): Subscription {
		const done = catchUp(record, this.now());
		const event = done === 'renewed' ? 'subscription_renewed' : 'subscription_cancelled';
		if (done) this.send(record, event, { source: 'scheduled_job' });
		return record;
	}

	announce(record: Subscription, change: Change, cause: EventCause): void {
		this.send(record, eventOf[change], cause);
	}

	/** A subscription with what always comes with it. */
	render(record: Subscription): { subscription: object; customer?: object; card?: object } {
		const customer = this.customers.get(record.customer_id);
		return { subscription: record, ...(customer && { customer, card: cardOf(customer) }) };
	}

	/** Notes an accepted write. */
	accept(request: FastifyRequest, operation: 'cancel' | 'resume'): void {
		const id = pathParameter(request, 'id');
		const record = this.subscriptions.get(id);
		this.sandboxState.requestLog.recordWrite('chargebee', request, {
			operation,
			target: id,
			record: id,
			email: record && this.emailOf(record),
			status: 200,
		});
	}

	private send(record: Subscription, event: EventType, cause: EventCause): void {
		const site = this.siteOf(record.id);
		this.webhooks.send(event, this.render(record), { site, cause, occurredAt: this.now() });
	}
}
