import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ProviderName } from './providerNames';
import type { SettingDefinitions } from './settings';
import type { SandboxState } from './sandboxState';

/** What a vendor answers. Without `body` the answer has no body; without `type` it is JSON. */
export interface ProviderResponse {
	status: number;
	body?: unknown;
	type?: string;
}

/** One record as the status page shows it. */
export interface StatusRow {
	/** The same person has the same name with every provider, e.g. `ada`. */
	customer: string;
	target: string;
	email?: string;
	state: string;
	endsAt?: string | null;
}

/** What the sandbox must know about a route before its handler runs. */
export interface RouteInfo {
	/** `write` only if the request, as it is, would change a record. */
	effect: (request: FastifyRequest) => 'read' | 'write';
	/** The record that is addressed, in the words of the request; undefined for lists. */
	target: (request: FastifyRequest) => string | undefined;
}

declare module 'fastify' {
	interface FastifyContextConfig {
		routeInfo?: RouteInfo;
	}
}

/** An account for n8n, as its `import:credentials` takes it. */
export interface SandboxCredential {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
	/** Now, unless it is given. */
	updatedAt?: string;
}

/** The values of a credential form in n8n. */
export interface CredentialForm {
	/** The display name of the credential type. */
	credential: string;
	/** Values by the label of the field. */
	fields: Record<string, string>;
}

/** What a provider's folder `providers/<name>` exports as `provider`. */
export interface ProviderDefinition {
	/** As people write it. */
	title: string;
	/** Path below the sandbox's address. */
	base: string;
	/** How to fill in each credential form of n8n by hand. `sandbox`: the sandbox's address. */
	access(sandbox: string): CredentialForm[];
	/** Accounts for n8n, under the ids that the ready workflows name. */
	credentials(sandbox: string): SandboxCredential[];
	settings?: SettingDefinitions;
	createApi(sandboxState: SandboxState): ApiImplementation;
}

/** One vendor's API under its name. */
export interface ProviderApi extends ApiImplementation {
	readonly name: ProviderName;
	readonly title: string;
	readonly base: string;
}

/** One vendor's API: its routes, its records, and how it says no. */
export interface ApiImplementation {
	addRoutes(scope: FastifyInstance): void;
	/** The status with which the request's keys are turned away, or undefined if they are good. */
	authStatus(request: FastifyRequest): 401 | 403 | undefined;
	/** The body of a refusal in this vendor's words. */
	errorResponse(status: number, message: string, path: string): ProviderResponse;
	/**
	 * What this request would be answered if it had met another record: one that nobody asked for
	 * and that has ended. Undefined for a request that names no record.
	 */
	wrongRecordResponse(request: FastifyRequest): ProviderResponse | undefined;
	/** Lets everything that was accepted, but waits in the background, take effect now. */
	catchUp?(): void;
	clear(): void;
	addSamples(): void;
	addBulk(count: number, prefix: string): void;
	rows(): StatusRow[];
	/** Every name of the addressed record (id, uid, e-mail), the addressed one and its id first. */
	recordNames(target: string): { record: string; email?: string; names: string[] } | undefined;
	/** A change made by somebody else. Returns false if there is no such record. */
	change(target: string, change: Record<string, unknown>): boolean;
	remove(target: string): boolean;
	/**
	 * The customer leaves without this package: the record changes, and who wants to know is told.
	 * Returns false if there is no such record.
	 */
	customerCancels?(target: string, how: CustomerCancellation): boolean;
	/** The customer comes back, likewise. */
	customerReturns?(target: string, how: { at: string }): boolean;
	/** The addresses that want to know, as the vendor shows them. */
	webhooks?(): object[];
	/** An address that was pasted into the vendor's settings; null: none any more. */
	pasteWebhook?(webhook: PastedWebhook | null): void;
	forgetWebhooks?(): void;
}

/** How a customer leaves. */
export interface CustomerCancellation {
	/** Who began it, in the vendor's words, e.g. `psp`; undefined: as the vendor mostly says. */
	source?: string;
	/** When it happened, ISO 8601. */
	at: string;
	/** Whether the plan runs on to the end of its period. Only where there is a period. */
	ends: 'atPeriodEnd' | 'now';
}

/** What is filled in where a vendor lets webhooks be set by hand only. */
export interface PastedWebhook {
	url: string;
	/** The name of the header that carries the secret, where the vendor's pages name several. */
	header?: string;
	/** Another address for test rows. */
	sandboxUrl?: string;
}

/** A route that only reads. */
export function readRoute(target: RouteInfo['target'] = () => undefined): { routeInfo: RouteInfo } {
	return { routeInfo: { effect: () => 'read', target } };
}

/** A route that changes a record, always or only for some requests. */
export function writeRoute(
	target: RouteInfo['target'],
	when: (request: FastifyRequest) => boolean = () => true,
): { routeInfo: RouteInfo } {
	return { routeInfo: { effect: (request) => (when(request) ? 'write' : 'read'), target } };
}

/** A field of the request's JSON or form body, if it is a text. */
export function stringField(source: unknown, field: string): string | undefined {
	if (typeof source !== 'object' || source === null) return undefined;
	const value = (source as Record<string, unknown>)[field];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A path parameter of the request. */
export function pathParameter(request: FastifyRequest, name: string): string {
	return stringField(request.params, name) ?? '';
}

/** A request header as one text. */
export function header(request: FastifyRequest, name: string): string | undefined {
	const value = request.headers[name];
	return Array.isArray(value) ? value.join(', ') : value;
}

/** The name under which a person's rows stand together on the status page. */
export function customerName(email: string): string {
	return email.replace(/@.*/, '').toLowerCase();
}

/** The number at the end of a bulk record's names. */
export function bulkSuffix(index: number): string {
	return String(index).padStart(5, '0');
}
