import { createHmac, randomBytes } from 'node:crypto';
import type { IEventTypeResponse, INotificationSettingsResponse } from '@paddle/paddle-node-sdk';
import type { ProviderResponse } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import type { Environment } from './access';
import { invalidField, paddleError } from './errors';
import { newId } from './ids';
import type { Subscription } from './subscription';

const minute = 60_000;
/** Live: 60 attempts in three days, 20 of them in the first hour; sandbox: three in a quarter of an hour. */
const liveWaits = [
	...Array.from({ length: 20 }, () => 3 * minute),
	...Array.from({ length: 27 }, () => 51 * minute),
	...Array.from({ length: 13 }, () => 222 * minute),
];
const sandboxWaits = [5, 5, 5].map((minutes) => minutes * minute);
const timeoutMs = 5_000;
const mostActive = 10;
const trafficSources = ['platform', 'simulation', 'all'] as const;

const descriptions = {
	'subscription.activated': 'A subscription becomes active.',
	'subscription.canceled': 'A subscription is canceled.',
	'subscription.created': 'A subscription is created.',
	'subscription.past_due': 'A payment of a subscription has failed.',
	'subscription.paused': 'A subscription is paused.',
	'subscription.resumed': 'A subscription is resumed.',
	'subscription.trialing': 'A subscription is in its trial.',
	'subscription.updated': 'A subscription changes.',
} as const;

export type EventName = keyof typeof descriptions;

/** The event types that the sandbox knows; Paddle has more. */
export const eventTypes: IEventTypeResponse[] = Object.entries(descriptions).map(
	([name, description]) => ({
		name: name as EventName,
		description,
		group: 'Subscription',
		available_versions: [1],
	}),
);

interface Registration {
	setting: INotificationSettingsResponse;
	environment: Environment;
}

/** The notification settings, and the signed notifications that they get. */
export class Notifications {
	private readonly registered = new Map<string, Registration>();

	constructor(private readonly sandboxState: SandboxState) {}

	/** @throws InvalidRequest for fields that are not valid */
	create(
		body: unknown,
		environment: Environment,
	): INotificationSettingsResponse | ProviderResponse {
		const { description, destination, type, subscribed_events, ...others } = fieldsOf(body);
		if (description === undefined) throw invalidField('description', mustBeProvided);
		if (destination === undefined) throw invalidField('destination', mustBeProvided);
		if (type === undefined) throw invalidField('type', mustBeProvided);
		if (subscribed_events === undefined) throw invalidField('subscribed_events', mustBeProvided);
		if (this.activeIn(environment).length >= mostActive) {
			return paddleError('notification_maximum_active_settings_reached');
		}
		const id = newId('ntfset');
		const setting: INotificationSettingsResponse = {
			id,
			description,
			type,
			destination,
			active: true,
			api_version: 1,
			include_sensitive_fields: false,
			traffic_source: 'platform',
			...others,
			subscribed_events,
			endpoint_secret_key: `pdl_${id}_${randomBytes(24).toString('base64url')}`,
		};
		this.registered.set(id, { setting, environment });
		return setting;
	}

	/** @throws InvalidRequest for fields that are not valid */
	update(setting: INotificationSettingsResponse, body: unknown): INotificationSettingsResponse {
		return Object.assign(setting, fieldsOf(body));
	}

	find(id: string, environment: Environment): INotificationSettingsResponse | undefined {
		const known = this.registered.get(id);
		return known?.environment === environment ? known.setting : undefined;
	}

	delete(id: string): void {
		this.registered.delete(id);
	}

	list(environment: Environment): INotificationSettingsResponse[] {
		return [...this.registered.values()]
			.filter((one) => one.environment === environment)
			.map(({ setting }) => setting);
	}

	all(): INotificationSettingsResponse[] {
		return [...this.registered.values()].map(({ setting }) => setting);
	}

	clear(): void {
		this.registered.clear();
	}

	/** @param occurredAt ISO 8601 */
	send(event: EventName, record: Subscription, environment: Environment, occurredAt: string): void {
		const eventId = newId('evt');
		const scale = this.sandboxState.settings.number('paddle', 'retryScale');
		for (const { destination, endpoint_secret_key: secret, ...setting } of this.activeIn(
			environment,
		)) {
			const isMeant = setting.type === 'url' && setting.traffic_source !== 'simulation';
			if (!isMeant || !setting.subscribed_events.some(({ name }) => name === event)) continue;
			const body = structuredClone({
				event_id: eventId,
				event_type: event,
				occurred_at: occurredAt,
				notification_id: newId('ntf'),
				data: withoutLinks(record),
			});
			this.sandboxState.deliveries.send({
				provider: 'paddle',
				url: destination,
				event,
				eventId,
				headers: {
					'user-agent': 'Paddle',
					'paddle-signature': signature(secret, JSON.stringify(body)),
				},
				secrets: ['paddle-signature'],
				body,
				retryDelaysMs: (environment === 'sandbox' ? sandboxWaits : liveWaits).map(
					(wait) => wait * scale,
				),
				timeoutMs,
			});
		}
	}

	private activeIn(environment: Environment): INotificationSettingsResponse[] {
		return this.list(environment).filter(({ active }) => active);
	}
}

/**
 * `Paddle-Signature`. Its time is the real one even if the sandbox's clock stands: the receiver
 * compares it with its own.
 */
export function signature(
	secret: string,
	body: string,
	at = Math.floor(Date.now() / 1000),
): string {
	const hmac = createHmac('sha256', secret).update(`${at}:${body}`).digest('hex');
	return `ts=${at};h1=${hmac}`;
}

/** Links to the customer portal are temporary and not sent. */
function withoutLinks(record: Subscription): object {
	return Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'management_urls'));
}

const mustBeProvided = 'must be provided as part of the request';

function fieldsOf(body: unknown): Partial<INotificationSettingsResponse> {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		throw invalidField('(root)', 'must be an object');
	}
	return Object.fromEntries(
		Object.entries(body).map(([name, value]: [string, unknown]) => {
			if (!Object.hasOwn(checks, name)) throw invalidField(name, 'is not a known field');
			return [name, checks[name](value, name)];
		}),
	);
}

/** The check of each field, which returns the value to store. */
const checks: Record<string, (value: unknown, name: string) => unknown> = {
	description: text,
	destination: text,
	type: (value, name) => oneOf(value, name, ['email', 'url']),
	subscribed_events: events,
	active: flag,
	api_version: (value, name) => oneOf(value ?? 1, name, [1]),
	include_sensitive_fields: (value, name) => flag(value ?? false, name),
	traffic_source: (value, name) => oneOf(value ?? 'platform', name, trafficSources),
};

function text(value: unknown, name: string): string {
	if (typeof value === 'string' && value !== '' && value.length <= 2048) return value;
	throw invalidField(name, 'must be a text of 1 to 2048 characters');
}

function flag(value: unknown, name: string): boolean {
	if (typeof value === 'boolean') return value;
	throw invalidField(name, 'must be a boolean');
}

function oneOf<T>(value: unknown, name: string, choices: readonly T[]): T {
	const found = choices.find((choice) => choice === value);
	if (found === undefined) throw invalidField(name, `must be one of ${choices.join(', ')}`);
	return found;
}

function events(value: unknown, name: string): IEventTypeResponse[] {
	const names: unknown[] = Array.isArray(value) ? value : [];
	const found = names.map((one) => eventTypes.find((type) => type.name === one));
	if (found.length === 0 || found.includes(undefined)) {
		throw invalidField(name, 'must be a list of known event types');
	}
	return found.filter((type) => type !== undefined);
}
