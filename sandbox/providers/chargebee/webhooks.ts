import type { WebhookEndpoint as ChargebeeWebhookEndpoint } from 'chargebee';
import type { Params } from '../../form';
import { isLoopback } from '../../hosts';
import type { ProviderResponse } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import type { Site } from './access';
import { chargebeeError, wrongValue } from './errors';
import { newId } from './ids';
import { booleanParam, choiceParam, refuseUnknown, textParam } from './params';

const minute = 60_000;
const hour = 60 * minute;
/** Seven repeats, the last about three days after the event. */
const waits = [2 * minute, 6 * minute, 30 * minute, hour, 5 * hour, 24 * hour, 48 * hour];
/** Assumption: the page does not say how long Chargebee waits for an answer. */
const timeoutMs = 20_000;
/** @see https://apidocs.chargebee.com/docs/api/webhook_endpoints */
const mostEndpoints = 5;
const ports = ['', '80', '443', '8080', '8443'];

/** The events that the sandbox sends; an endpoint may enable any other event of Chargebee. */
export type EventType =
	| 'subscription_cancellation_scheduled'
	| 'subscription_cancelled'
	| 'subscription_canceled_with_backdating'
	| 'subscription_scheduled_cancellation_removed'
	| 'subscription_reactivated'
	| 'subscription_reactivated_with_backdating'
	| 'subscription_renewed';

/** The cause of an event: `user` is the name of an API key, or the address of a person. */
export interface EventCause {
	source: string;
	user?: string;
}

export type WebhookEndpoint = ChargebeeWebhookEndpoint & { object: 'webhook_endpoint' };

/** An endpoint with its site and its Basic authentication, which no answer shows. */
interface Registration {
	endpoint: WebhookEndpoint;
	site: Site;
	username?: string;
	password?: string;
}

const writable = [
	'api_version',
	'basic_auth_password',
	'basic_auth_username',
	'disabled',
	'enabled_events',
	'name',
	'primary_url',
	'send_card_resource',
	'url',
];

/** The webhook endpoints of the sites, and the events that they get. */
export class Webhooks {
	private readonly registered = new Map<string, Registration>();

	constructor(private readonly sandboxState: SandboxState) {}

	/** @throws InvalidRequest for parameters that are not valid */
	create(params: Params, site: Site): ProviderResponse {
		refuseUnknown(params, [...writable, 'chargebee_response_schema_type']);
		choiceParam(params, 'chargebee_response_schema_type', ['plans_addons', 'items', 'compat']);
		const { name, url, ...fields } = fieldsOf(params);
		if (name === undefined) throw wrongValue('name', 'cannot be blank');
		if (url === undefined) throw wrongValue('url', 'cannot be blank');
		if (this.list(site).length >= mostEndpoints) {
			const message = `A site has at most ${mostEndpoints} webhook endpoints`;
			return chargebeeError('resource_limit_exhausted', message);
		}
		const endpoint: WebhookEndpoint = {
			id: newId('whv2_'),
			api_version: 'v2',
			primary_url: false,
			send_card_resource: false,
			disabled: false,
			...fields,
			name,
			url,
			object: 'webhook_endpoint',
		};
		this.registered.set(endpoint.id, { endpoint, site, ...basicAuthOf(params) });
		return { status: 200, body: { webhook_endpoint: endpoint } };
	}

	/** @throws InvalidRequest for parameters that are not valid */
	update({ id }: WebhookEndpoint, params: Params): ProviderResponse {
		refuseUnknown(params, writable);
		const known = this.registered.get(id)!;
		Object.assign(known.endpoint, fieldsOf(params));
		Object.assign(known, basicAuthOf(params));
		return { status: 200, body: { webhook_endpoint: known.endpoint } };
	}

	find(id: string, site: Site): WebhookEndpoint | undefined {
		const known = this.registered.get(id);
		return known?.site === site ? known.endpoint : undefined;
	}

	delete({ id }: WebhookEndpoint): void {
		this.registered.delete(id);
	}

	list(site: Site): WebhookEndpoint[] {
		return [...this.registered.values()]
			.filter((one) => one.site === site)
			.map(({ endpoint }) => endpoint);
	}

	all(): WebhookEndpoint[] {
		return [...this.registered.values()].map(({ endpoint }) => endpoint);
	}

	clear(): void {
		this.registered.clear();
	}

	/** @param occurredAt Unix seconds */
	send(
		event_type: EventType,
		content: { subscription: object; customer?: object; card?: object },
		{ site, cause, occurredAt }: { site: Site; cause: EventCause; occurredAt: number },
	): void {
		const id = newId('ev_');
		const scale = this.sandboxState.settings.number('chargebee', 'retryScale');
		for (const registration of this.registered.values()) {
			const { endpoint } = registration;
			if (registration.site !== site || !wants(endpoint, event_type)) continue;
			const { card, ...others } = content;
			const body = structuredClone({
				id,
				occurred_at: occurredAt,
				...cause,
				object: 'event',
				api_version: endpoint.api_version,
				content: endpoint.send_card_resource && card ? { ...others, card } : others,
				event_type,
				webhook_status: 'scheduled',
				webhooks: [{ id: endpoint.id, webhook_status: 'scheduled', object: 'webhook' }],
			});
			const authorization = basicAuth(registration);
			this.sandboxState.deliveries.send({
				provider: 'chargebee',
				url: endpoint.url,
				event: event_type,
				eventId: id,
				headers: { 'user-agent': 'ChargeBee', ...(authorization && { authorization }) },
				secrets: authorization ? ['authorization'] : [],
				body,
				retryDelaysMs: waits.map((wait) => wait * scale),
				timeoutMs,
			});
		}
	}
}

/** The header of a call; undefined: the endpoint has no Basic authentication. */
function basicAuth({
	username,
	password,
}: Pick<Registration, 'username' | 'password'>): string | undefined {
	if (username === undefined) return undefined;
	return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

/** Without a list of events an endpoint gets all of them. */
function wants({ disabled, enabled_events: events }: WebhookEndpoint, type: EventType): boolean {
	return !disabled && (!events?.length || (events as string[]).includes(type));
}

function basicAuthOf(params: Params): Pick<Registration, 'username' | 'password'> {
	const username = textParam(params, 'basic_auth_username');
	const password = textParam(params, 'basic_auth_password');
	return {
		...(username !== undefined && { username }),
		...(password !== undefined && { password }),
	};
}

function fieldsOf(params: Params): Partial<WebhookEndpoint> {
	const name = shortText(params, 'name', 50);
	const url = shortText(params, 'url', 512);
	if (url !== undefined) assertCallable(url);
	const version = choiceParam(params, 'api_version', ['v1', 'v2']);
	const disabled = booleanParam(params, 'disabled');
	const primary = booleanParam(params, 'primary_url');
	const withCard = booleanParam(params, 'send_card_resource');
	const events = eventsIn(params);
	return {
		...(name !== undefined && { name }),
		...(url !== undefined && { url }),
		...(version !== undefined && { api_version: version }),
		...(disabled !== undefined && { disabled }),
		...(primary !== undefined && { primary_url: primary }),
		...(withCard !== undefined && { send_card_resource: withCard }),
		...(events && { enabled_events: events }),
	};
}

function shortText(params: Params, name: string, longest: number): string | undefined {
	const value = textParam(params, name);
	if (value !== undefined && value.length > longest) {
		throw wrongValue(name, `must have at most ${longest} characters`);
	}
	return value;
}

/** Chargebee calls few ports; on this machine, where only the sandbox calls, any will do. */
function assertCallable(url: string): void {
	const address = URL.canParse(url) ? new URL(url) : undefined;
	if (!address || !/^https?:$/.test(address.protocol)) throw wrongValue('url', 'is not a URL');
	if (!isLoopback(address) && !ports.includes(address.port)) {
		throw wrongValue('url', 'must have the port 80, 443, 8080 or 8443');
	}
}

function eventsIn({ enabled_events: given }: Params): WebhookEndpoint['enabled_events'] {
	if (given === undefined || given === '') return undefined;
	const events = Array.isArray(given) ? given.map(String) : undefined;
	if (!events?.every((event) => /^[a-z]+(_[a-z]+)+$/.test(event))) {
		throw wrongValue('enabled_events', 'must be a list of event types');
	}
	return events as WebhookEndpoint['enabled_events'];
}
