import type { FastifyRequest } from 'fastify';
import { Records } from '../../records';
import { pathParameter } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { type Caller, type Environment, mayUse } from './access';
import { type CancelAssumptions, catchUp } from './lifecycle';
import { type EventName, Notifications } from './notifications';
import type { Customer, Subscription } from './subscription';

/** The records of both environments, with the actions that all endpoints share. */
export class PaddleRecords {
	readonly customers = new Records<Customer>(
		({ id }) => id,
		() => [],
	);
	readonly subscriptions = new Records<Subscription>(
		({ id }) => id,
		(record) => [this.emailOf(record)],
	);
	/** IDs of the records of the sandbox environment. */
	readonly inSandbox = new Set<string>();
	/** Until when a subscription is locked for processing, ISO 8601, by its ID. */
	readonly processingUntil = new Map<string, string>();
	readonly notifications: Notifications;

	constructor(readonly sandboxState: SandboxState) {
		this.notifications = new Notifications(sandboxState);
	}

	clear(): void {
		this.customers.clear();
		this.subscriptions.clear();
		this.inSandbox.clear();
		this.processingUntil.clear();
	}

	/** ISO 8601. */
	now(): string {
		return this.sandboxState.clock.now().toISOString();
	}

	assumptions(): CancelAssumptions {
		const assumes = (name: string) => this.sandboxState.settings.assumption('paddle', name);
		const answer = (name: string) => (assumes(name) === 'accepted' ? 'accepted' : 'refused');
		return {
			secondSchedule: answer('secondSchedule'),
			immediateWithSchedule: answer('immediateWithSchedule'),
			cancelPastDue: answer('cancelPastDue'),
		};
	}

	emailOf({ customer_id }: Pick<Subscription, 'customer_id'>): string | undefined {
		return this.customers.get(customer_id)?.email;
	}

	environmentOf(id: string): Environment {
		return this.inSandbox.has(id) ? 'sandbox' : 'production';
	}

	visibleSubscription(id: string, { environment }: Caller): Subscription | undefined {
		const record = this.subscriptions.get(id);
		return record && this.environmentOf(id) === environment ? this.refresh(record) : undefined;
	}

	visibleSubscriptions({ environment }: Caller): Subscription[] {
		return this.subscriptions
			.all()
			.filter(({ id }) => this.environmentOf(id) === environment)
			.map((record) => this.refresh(record));
	}

	visibleCustomers({ environment }: Caller): Customer[] {
		return this.customers.all().filter(({ id }) => this.environmentOf(id) === environment);
	}

	/** Applies a scheduled change or a renewal that is due, and returns the record. */
	refresh(record: Subscription): Subscription {
		const done = catchUp(record, this.now());
		if (done === 'renewed') this.announce(record, 'subscription.updated');
		else if (done) this.announce(record, 'subscription.updated', `subscription.${done}`);
		return record;
	}

	announce(record: Subscription, ...events: EventName[]): void {
		for (const event of events) {
			this.notifications.send(event, record, this.environmentOf(record.id), this.now());
		}
	}

	/** Notes an accepted write. */
	accept(request: FastifyRequest, operation: 'cancel' | 'resume' | 'update'): void {
		const id = pathParameter(request, 'id');
		const record = this.subscriptions.get(id);
		this.sandboxState.requestLog.recordWrite('paddle', request, {
			operation,
			target: id,
			record: id,
			email: record && this.emailOf(record),
			status: 200,
		});
	}

	/** With links to the customer portal, which open without signing in where the key may create sessions. */
	render(record: Subscription, caller: Caller): Subscription {
		const base = `https://buyer-portal.paddle.com/subscriptions/${record.id}`;
		const token = mayUse(caller, 'customer_portal_session.write')
			? `?token=pga_sandbox_${record.id.slice(-6)}`
			: '';
		const isAutomatic = record.collection_mode === 'automatic';
		return {
			...record,
			management_urls: {
				update_payment_method: isAutomatic ? `${base}/update-payment-method${token}` : null,
				cancel: `${base}/cancel${token}`,
			},
		};
	}
}
