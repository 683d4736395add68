import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { Delivery } from '../../deliveries';
import type { SandboxState } from '../../sandboxState';
import type { Lead } from './lead';

const minute = 60_000;
/** Approximate retry delays in minutes (page "deliveries"); the last one repeats. */
const retryMinutes = [2, 4, 8, 16, 32, 60, 120, 240, 510];

/** A webhook, with fields that the API does not return. */
export interface Webhook {
	id: number;
	url: string;
	description: string | null;
	event_types: string[];
	campaign_ids: number[];
	active: boolean;
	timeout: number;
	max_retries: number;
	headers: Record<string, string>;
	basic_auth_user: string | null;
	basic_auth_password: string | null;
	created_at: string;
	updated_at: string;
	/** Key of the signature, 64 hexadecimal digits. */
	secret_key: string;
}

/** The delivery of one event to one webhook. */
export interface WebhookDelivery {
	id: number;
	event_id: string;
	event_type: string;
	action: string;
	entity_type: string;
	entity_id: number;
	status: 'pending' | 'delivered' | 'retrying' | 'failed';
	attempts: number;
	last_error: string | null;
	response_code: number | null;
	response_body: string | null;
	object_changes: Record<string, [unknown, unknown]>;
	payload: Record<string, unknown>;
	created_at: string;
	delivered_at: string | null;
}

/** The account's webhooks, newest last, and their deliveries. */
export class Webhooks {
	readonly all = new Map<number, Webhook>();
	private readonly deliveries = new Map<number, WebhookDelivery[]>();
	private lastId = 0;
	private lastDeliveryId = 0;

	constructor(private readonly sandboxState: SandboxState) {}

	add(given: Partial<Webhook> & Pick<Webhook, 'url' | 'event_types'>): Webhook {
		this.lastId += 1;
		const at = this.sandboxState.clock.now().toISOString();
		const webhook: Webhook = {
			description: null,
			campaign_ids: [1],
			active: true,
			timeout: 30,
			max_retries: Number(this.sandboxState.settings.assumption('firstPromoter', 'maxRetries')),
			headers: {},
			basic_auth_user: null,
			basic_auth_password: null,
			...given,
			id: this.lastId,
			created_at: at,
			updated_at: at,
			secret_key: randomBytes(32).toString('hex'),
		};
		this.all.set(webhook.id, webhook);
		return webhook;
	}

	/** Removes a webhook and its deliveries. */
	remove(id: number): boolean {
		this.deliveries.delete(id);
		return this.all.delete(id);
	}

	clear(): void {
		this.all.clear();
		this.lastId = 0;
		this.clearDeliveries();
	}

	clearDeliveries(): void {
		this.deliveries.clear();
	}

	/** Newest first. */
	deliveriesTo(id: number): WebhookDelivery[] {
		return [...(this.deliveries.get(id) ?? [])].reverse();
	}

	/** The event types that a webhook can subscribe to. */
	eventTypes(): string[] {
		const isListed =
			this.sandboxState.settings.assumption('firstPromoter', 'referralCancelled') === 'listed';
		return [
			'commission.created',
			'commission.updated',
			'promoter.created',
			...(isListed ? ['referral.cancelled', 'referral.converted'] : []),
			'referral.created',
			'referral.deleted',
			'referral.moved',
			'referral.updated',
		];
	}

	/**
	 * Sends the events of a changed state to the subscribed webhooks: `referral.updated`, and for a
	 * cancellation also `referral.cancelled` with another event ID.
	 */
	sendEvents(lead: Lead, formerState: string, at: string): void {
		if (lead.state === formerState) return;
		const types = ['referral.updated'];
		if (lead.state === 'cancelled') types.push('referral.cancelled');
		for (const type of types) {
			if (!this.eventTypes().includes(type)) continue;
			const payload = this.payload(type, lead, [formerState, lead.state], at);
			for (const webhook of this.all.values()) {
				if (isSubscribed(webhook, type)) this.deliver(webhook, this.record(webhook, payload, lead));
			}
		}
	}

	/** Sends a delivery, starting with attempt 1. */
	deliver(webhook: Webhook, delivery: WebhookDelivery): void {
		Object.assign(delivery, { status: 'pending', attempts: 0 });
		const scale = this.sandboxState.settings.number('firstPromoter', 'retryScale');
		const { headers, secrets } = this.headersFor(webhook, delivery);
		this.sandboxState.deliveries.send({
			provider: 'firstPromoter',
			url: webhook.url,
			event: delivery.event_type,
			eventId: delivery.event_id,
			headers,
			secrets,
			body: delivery.payload,
			retryDelaysMs: Array.from(
				{ length: webhook.max_retries },
				(_, index) =>
					(retryMinutes[index] ?? retryMinutes[retryMinutes.length - 1]) * minute * scale,
			),
			timeoutMs: webhook.timeout * 1000,
			onAttempt: (attempt, isLast) => this.recordAttempt(delivery, attempt, isLast),
		});
	}

	/** The headers of a call, and the names of those that authenticate it. */
	headersFor(
		webhook: Pick<Webhook, 'headers' | 'basic_auth_user' | 'basic_auth_password' | 'secret_key'>,
		{ event_id, event_type, payload }: Pick<WebhookDelivery, 'event_id' | 'event_type' | 'payload'>,
	): { headers: Record<string, string>; secrets: string[] } {
		const { basic_auth_user: user, basic_auth_password: password } = webhook;
		const isSigned = this.sandboxState.settings.assumption('firstPromoter', 'signature') === 'sent';
		const basic = Buffer.from(`${user}:${password}`).toString('base64');
		const body = JSON.stringify(payload);
		const proofs = {
			...webhook.headers,
			...(user && password ? { Authorization: `Basic ${basic}` } : {}),
			...(isSigned && {
				'X-Webhook-Signature': createHmac('sha256', webhook.secret_key).update(body).digest('hex'),
			}),
		};
		return {
			headers: { ...proofs, 'X-Event-Id': event_id, 'X-Event-Type': event_type },
			secrets: Object.keys(proofs),
		};
	}

	private payload(
		event_type: string,
		lead: Lead,
		state: [string, string],
		timestamp: string,
	): Record<string, unknown> {
		// The page and the description of a delivery differ in two field names.
		const asDescribed =
			this.sandboxState.settings.assumption('firstPromoter', 'payload') === 'described';
		const { id, email, uid, customer_since, created_at } = lead;
		return {
			event_id: randomUUID(),
			event_type,
			action: 'updated',
			entity_type: asDescribed ? 'Referral' : 'referral',
			entity_id: id,
			[asDescribed ? 'object_changes' : 'changes']: { state },
			data: {
				id,
				state: lead.state,
				email,
				uid,
				customer_since,
				fraud_check: 'no_suspicion',
				created_at,
			},
			timestamp,
		};
	}

	private record({ id }: Webhook, payload: Record<string, unknown>, lead: Lead): WebhookDelivery {
		this.lastDeliveryId += 1;
		const delivery: WebhookDelivery = {
			id: this.lastDeliveryId,
			event_id: String(payload.event_id),
			event_type: String(payload.event_type),
			action: 'updated',
			entity_type: 'Referral',
			entity_id: lead.id,
			status: 'pending',
			attempts: 0,
			last_error: null,
			response_code: null,
			response_body: null,
			object_changes: (payload.changes ?? payload.object_changes) as never,
			payload,
			created_at: this.sandboxState.clock.now().toISOString(),
			delivered_at: null,
		};
		const known = this.deliveries.get(id) ?? [];
		this.deliveries.set(id, [...known, delivery]);
		return delivery;
	}

	private recordAttempt(delivery: WebhookDelivery, attempt: Delivery, isLast: boolean): void {
		const { status, error, answer } = attempt;
		const isTaken = status !== null && status >= 200 && status < 300;
		Object.assign(delivery, {
			status: isTaken ? 'delivered' : isLast ? 'failed' : 'retrying',
			attempts: attempt.attempt,
			last_error: isTaken ? null : (error ?? `HTTP ${status}`),
			response_code: status,
			response_body: answer ?? null,
			delivered_at: isTaken ? attempt.at : null,
		});
	}
}

/** Campaign 1 means all campaigns; all sample referrals are in one campaign. */
function isSubscribed({ active, event_types, campaign_ids }: Webhook, type: string): boolean {
	const isMeant = campaign_ids.includes(1) || campaign_ids.includes(onlyCampaign);
	return active && isMeant && event_types.includes(type);
}

const onlyCampaign = 12_345;
