import type { FastifyRequest } from 'fastify';
import { type ProviderResponse, header } from '../../providerApi';
import { paddleError } from './errors';
import { keys } from './keys';

export const permissions = [
	'subscription.read',
	'subscription.write',
	'customer.read',
	'customer_portal_session.write',
	'notification_setting.read',
	'notification_setting.write',
] as const;

export type Permission = (typeof permissions)[number];

export type Environment = 'production' | 'sandbox';

declare module 'fastify' {
	interface FastifyContextConfig {
		/** The permission that a key of Paddle needs for this route; `none`: any valid key; `open`: no key. */
		paddlePermission?: Permission | 'none' | 'open';
	}
}

/** The permissions of a request, and its environment. */
export interface Caller {
	environment: Environment;
	/** Null with a legacy key, which has none of its own and may do everything. */
	permissions: readonly Permission[] | null;
	/** False where no credentials were sent. */
	isAuthenticated: boolean;
}

type Key = Pick<Caller, 'environment' | 'permissions'>;

const known = new Map<string, Key>([
	[keys.liveApiKey, { environment: 'production', permissions }],
	[keys.sandboxApiKey, { environment: 'sandbox', permissions }],
	[keys.legacyApiKey, { environment: 'production', permissions: null }],
	[
		keys.apiKeyWithoutCustomers,
		{ environment: 'production', permissions: ['subscription.read', 'subscription.write'] },
	],
	[
		keys.apiKeyReadOnly,
		{ environment: 'production', permissions: ['subscription.read', 'customer.read'] },
	],
]);

/** The two environments have addresses of their own, here two paths. */
export function environmentOf(request: FastifyRequest): Environment {
	return /\/paddle\/sandbox(\/|\?|$)/.test(request.url) ? 'sandbox' : 'production';
}

/** The caller, or the refusal. A key of the other environment is not valid in this one. */
export function identify(request: FastifyRequest): Caller | ProviderResponse {
	const environment = environmentOf(request);
	const { paddlePermission: needed } = request.routeOptions.config;
	const authorization = header(request, 'authorization');
	if (authorization === undefined) {
		if (needed !== 'open') return paddleError('authentication_missing');
		return { environment, permissions: [], isAuthenticated: false };
	}
	const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
	if (token === undefined) return paddleError('authentication_malformed');
	const key = known.get(token);
	if (key?.environment !== environment) return paddleError('invalid_token');
	const isNamed = needed !== undefined && needed !== 'none' && needed !== 'open';
	if (isNamed && !mayUse(key, needed)) return paddleError('forbidden');
	return { ...key, isAuthenticated: true };
}

export function mayUse(
	{ permissions: granted }: Pick<Caller, 'permissions'>,
	needed: Permission,
): boolean {
	return granted === null || granted.includes(needed);
}
