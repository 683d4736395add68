import type { FastifyRequest } from 'fastify';
import { type ProviderResponse, header } from '../../providerApi';
import { stripeError } from './errors';
import { keys } from './keys';
import { accountVersion, isVersion } from './wire';

/** The names in Stripe's messages begin with `rak_`; write includes read. */
export type Permission =
	| 'subscription_read'
	| 'subscription_write'
	| 'customer_read'
	| 'invoice_read'
	| 'webhook_read'
	| 'webhook_write';

declare module 'fastify' {
	interface FastifyContextConfig {
		/** The permission that a restricted key of Stripe needs for this route. */
		stripePermission?: Permission;
	}
}

/** The account, mode and API version that a request speaks for. */
export interface Caller {
	account: string;
	livemode: boolean;
	version: string;
}

interface Key {
	livemode: boolean;
	/** Absent where every permission is granted. */
	permissions?: ReadonlySet<Permission>;
	ofOrganization?: true;
}

const known = new Map<string, Key>([
	[keys.secretKey, { livemode: true }],
	[keys.testSecretKey, { livemode: false }],
	[keys.organizationKey, { livemode: true, ofOrganization: true }],
	[
		keys.restrictedKey,
		{
			livemode: true,
			permissions: new Set([
				'subscription_read',
				'subscription_write',
				'customer_read',
				'invoice_read',
				'webhook_read',
				'webhook_write',
			]),
		},
	],
	[
		keys.keyWithoutCustomers,
		{ livemode: true, permissions: new Set(['subscription_read', 'subscription_write']) },
	],
	[
		keys.keyReadOnly,
		{ livemode: true, permissions: new Set(['subscription_read', 'customer_read']) },
	],
]);

/** The key of a request: a bearer token, or the user name of Basic authentication. */
function keyIn(request: FastifyRequest): string {
	const [scheme = '', value = ''] = (header(request, 'authorization') ?? '').split(/ +/);
	if (/^bearer$/i.test(scheme)) return value;
	if (!/^basic$/i.test(scheme)) return '';
	return Buffer.from(value, 'base64').toString().replace(/:.*$/s, '');
}

export function isKnownKey(request: FastifyRequest): boolean {
	return known.has(keyIn(request));
}

/** The caller, or the refusal of the request before its parameters are read. */
export function identify(request: FastifyRequest): Caller | ProviderResponse {
	const text = keyIn(request);
	const key = known.get(text);
	if (!key) return stripeError(401, 'Invalid API Key provided');
	const version = header(request, 'stripe-version');
	if (version !== undefined && !isVersion(version)) {
		return stripeError(400, `Invalid Stripe API version: ${version}`);
	}
	const named = accountOf(request, key, version);
	if (typeof named !== 'string') return named;
	const { stripePermission: needed } = request.routeOptions.config;
	if (needed && key.permissions && !key.permissions.has(needed)) {
		return lacksPermission(text, named, needed);
	}
	return { account: named, livemode: key.livemode, version: version ?? accountVersion };
}

/** The account that the headers name. */
function accountOf(
	request: FastifyRequest,
	{ ofOrganization, permissions }: Key,
	version: string | undefined,
): string | ProviderResponse {
	const context = header(request, 'stripe-context');
	const connected = header(request, 'stripe-account');
	if (ofOrganization) {
		if (version === undefined || context === undefined) {
			const missing = version === undefined ? 'Stripe-Version' : 'Stripe-Context';
			// Assumption: the page says that both headers are needed, but not how a request without them fails.
			return stripeError(400, `Organization API keys require the ${missing} header.`);
		}
		return isAccount(context) ? context : noAccess(context);
	}
	const named = connected ?? context;
	if (named === undefined) return keys.accountId;
	// Assumption: the restricted keys here have no permissions for Connect.
	if (permissions && named !== keys.accountId) return noAccess(named);
	return isAccount(named) ? named : noAccess(named);
}

function isAccount(id: string): boolean {
	return id === keys.accountId || id === keys.connectedAccountId;
}

/** Assumption: status and code as in public reports. */
function noAccess(account: string): ProviderResponse {
	return stripeError(
		403,
		`The provided key does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
		{ code: 'account_invalid' },
	);
}

/** Without a code, as reported: the permission is named in the message only. */
function lacksPermission(key: string, account: string, needed: Permission): ProviderResponse {
	const masked = key.slice(0, 8) + '*'.repeat(8) + key.slice(-4);
	return stripeError(
		403,
		`The provided key '${masked}' does not have the required permissions for this endpoint on account '${account}'. Having the 'rak_${needed}' permission would allow this request to continue.`,
	);
}

/** Assumption: expanding a customer needs the permission to read customers. */
export function mayReadCustomers(request: FastifyRequest): boolean {
	const permissions = known.get(keyIn(request))?.permissions;
	return permissions === undefined || permissions.has('customer_read');
}
