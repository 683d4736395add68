import { createHmac, randomBytes } from 'node:crypto';
import type { Params } from '../../form';
import type { ProviderResponse } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import type { Caller } from './access';
import { invalidParam, missing } from './errors';
import { newId } from './ids';
import {
	booleanParam,
	filledParam,
	listParam,
	objectParam,
	refuseUnknown,
	textParam,
} from './params';
import {
	accountVersion,
	isVersion,
	seconds,
	type Subscription,
	subscriptionIn,
	type WebhookEndpoint,
} from './wire';

const minute = 60_000;
/** Assumption: "up to three days with exponential back-off" in live mode, three times else. */
const liveWaits = [5, 30, 120, 300, 600, 720, 720, 720, 720].map((minutes) => minutes * minute);
const testWaits = [30, 60, 120].map((minutes) => minutes * minute);
const timeoutMs = 30_000;

/** The events that the sandbox sends; an endpoint may enable any other event of Stripe. */
export type EventType =
	| 'customer.subscription.updated'
	| 'customer.subscription.deleted'
	| 'subscription_schedule.canceled'
	| 'subscription_schedule.released';

/** The API request that caused an event; both null where Stripe acted by itself. */
export interface EventCause {
	id: string | null;
	idempotency_key: string | null;
}

/** An endpoint with its account and its secret, which later answers leave out. */
interface Registration {
	endpoint: WebhookEndpoint;
	account: string;
	secret: string;
}

const createParams = {
	api_version: true,
	connect: true,
	description: true,
	enabled_events: true,
	expand: true,
	metadata: true,
	url: true,
} as const;
const updateParams = {
	description: true,
	disabled: true,
	enabled_events: true,
	expand: true,
	metadata: true,
	url: true,
} as const;

/** The webhook endpoints, newest last, and the signed events that they get. */
export class Webhooks {
	private readonly registered = new Map<string, Registration>();

	constructor(private readonly sandboxState: SandboxState) {}

	/**
	 * The secret is in this answer and in no later one.
	 * @throws InvalidRequest for parameters that are not valid
	 */
	create(params: Params, { account, livemode }: Caller): ProviderResponse {
		refuseUnknown(params, createParams);
		const fields = fieldsOf(params);
		if (fields.url === undefined) throw required('url');
		if (fields.enabled_events === undefined) throw required('enabled_events');
		const version = filledParam(params, 'api_version') ?? null;
		if (version !== null && !isVersion(version)) {
			throw invalidParam('api_version', `Invalid Stripe API version: ${version}`);
		}
		booleanParam(params, 'connect');
		const endpoint: WebhookEndpoint = {
			id: newId('we'),
			object: 'webhook_endpoint',
			api_version: version,
			application: null,
			created: seconds(this.sandboxState.clock.now().toISOString()),
			description: fields.description ?? null,
			enabled_events: fields.enabled_events,
			livemode,
			metadata: fields.metadata ?? {},
			status: 'enabled',
			url: fields.url,
		};
		const secret = `whsec_${randomBytes(24).toString('base64url')}`;
		this.registered.set(endpoint.id, { endpoint, account, secret });
		return { status: 200, body: { ...endpoint, secret } };
	}

	update(id: string, params: Params, caller: Caller): ProviderResponse {
		const known = this.find(id, caller);
		if (!known) return missing('webhook endpoint', id);
		refuseUnknown(params, updateParams);
		const disabled = booleanParam(params, 'disabled');
		Object.assign(known.endpoint, fieldsOf(params), {
			...(disabled !== undefined && { status: disabled ? 'disabled' : 'enabled' }),
		});
		return { status: 200, body: known.endpoint };
	}

	get(id: string, caller: Caller): ProviderResponse {
		const known = this.find(id, caller);
		return known ? { status: 200, body: known.endpoint } : missing('webhook endpoint', id);
	}

	delete(id: string, caller: Caller): ProviderResponse {
		if (!this.find(id, caller)) return missing('webhook endpoint', id);
		this.registered.delete(id);
		return { status: 200, body: { id, object: 'webhook_endpoint', deleted: true } };
	}

	/** Newest first. */
	list({ account, livemode }: Caller): WebhookEndpoint[] {
		return [...this.registered.values()]
			.filter((one) => one.account === account && one.endpoint.livemode === livemode)
			.map(({ endpoint }) => endpoint)
			.reverse();
	}

	all(): WebhookEndpoint[] {
		return [...this.registered.values()].map(({ endpoint }) => endpoint);
	}

	clear(): void {
		this.registered.clear();
	}

	/** Sends an event to the enabled endpoints of this account and mode that ask for it. */
	send(
		type: EventType,
		object: { id: string; object: string; livemode: boolean },
		account: string,
		{ cause, previous }: { cause: EventCause; previous?: object },
	): void {
		const id = newId('evt');
		for (const { endpoint, secret, account: owner } of this.registered.values()) {
			const isMeant = owner === account && endpoint.livemode === object.livemode;
			if (!isMeant || !wants(endpoint, type)) continue;
			const version = endpoint.api_version ?? accountVersion;
			const body = {
				id,
				object: 'event',
				api_version: version,
				created: seconds(this.sandboxState.clock.now().toISOString()),
				data: {
					object: isSubscription(object) ? subscriptionIn(version, object) : object,
					...(previous && { previous_attributes: previous }),
				},
				livemode: object.livemode,
				pending_webhooks: 1,
				request: cause,
				type,
			};
			this.deliver(endpoint, secret, structuredClone(body));
		}
	}

	private deliver(
		{ url, livemode }: WebhookEndpoint,
		secret: string,
		body: { id: string; type: EventType },
	): void {
		const scale = this.sandboxState.settings.number('stripe', 'retryScale');
		this.sandboxState.deliveries.send({
			provider: 'stripe',
			url,
			event: body.type,
			eventId: body.id,
			headers: {
				'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
				'stripe-signature': signature(secret, JSON.stringify(body)),
			},
			secrets: ['stripe-signature'],
			body,
			retryDelaysMs: (livemode ? liveWaits : testWaits).map((wait) => wait * scale),
			timeoutMs,
		});
	}

	private find(id: string, { account, livemode }: Caller): Registration | undefined {
		const known = this.registered.get(id);
		const isOwn = known?.account === account && known.endpoint.livemode === livemode;
		return isOwn ? known : undefined;
	}
}

/**
 * `Stripe-Signature`. Its time is the real one even if the sandbox's clock stands: the receiver
 * compares it with its own.
 */
export function signature(
	secret: string,
	body: string,
	at = Math.floor(Date.now() / 1000),
): string {
	const hmac = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
	return `t=${at},v1=${hmac}`;
}

function wants({ status, enabled_events: events }: WebhookEndpoint, type: EventType): boolean {
	return status === 'enabled' && (events.includes('*') || events.includes(type));
}

function isSubscription(object: { object: string }): object is Subscription {
	return object.object === 'subscription';
}

function required(param: string) {
	return invalidParam(param, `Missing required param: ${param}.`, 'parameter_missing');
}

function fieldsOf(params: Params) {
	const url = filledParam(params, 'url');
	const events = listParam(params, 'enabled_events');
	const description = textParam(params, 'description');
	const metadata = objectParam(params, 'metadata');
	if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(url))) {
		throw invalidParam(
			'url',
			'Invalid URL: An explicit scheme (such as https) must be provided.',
			'url_invalid',
		);
	}
	const unknown = events?.find((event) => event !== '*' && !/^[a-z_]+(\.[a-z_]+)+$/.test(event));
	if (unknown !== undefined || events?.length === 0) {
		throw invalidParam('enabled_events', `Invalid enabled_events: '${unknown ?? ''}'`);
	}
	return {
		...(url !== undefined && { url }),
		...(events && { enabled_events: events }),
		...(description !== undefined && { description: description || null }),
		...(metadata && {
			metadata: Object.fromEntries(
				Object.entries(metadata).map(([name, value]) => [name, String(value)]),
			),
		}),
	};
}
