import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ProviderName } from './providerNames';
import type { SettingDefinitions } from './settings';
import type { SandboxState } from './sandboxState';

/** A provider's response. Without `body` it has no body; without `type` its body is JSON. */
export interface ProviderResponse {
	status: number;
	body?: unknown;
	type?: string;
}

/** One record on the status page. */
export interface StatusRow {
	/** Short name of the customer, the same at every provider, e.g. `ada`. */
	customer: string;
	target: string;
	email?: string;
	state: string;
	endsAt?: string | null;
	/** The button that the status page shows. Default: by the words of `state`. */
	customerMay?: 'cancel' | 'return' | 'nothing';
}

/** What the request hooks need to know about a route. */
export interface RouteInfo {
	/** `write` only if this request would change a record. */
	effect: (request: FastifyRequest) => 'read' | 'write';
	/** The addressed record as the request names it; undefined for lists. */
	target: (request: FastifyRequest) => string | undefined;
}

declare module 'fastify' {
	interface FastifyContextConfig {
		routeInfo?: RouteInfo;
	}
}

/** A credential in the format of n8n's `import:credentials`. */
export interface SandboxCredential {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
	/** Default: now. */
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
	/** Display name. */
	title: string;
	/** Path of the API in the sandbox. */
	base: string;
	/** How to fill in each credential form of n8n by hand. `sandbox`: the sandbox's address. */
	access(sandbox: string): CredentialForm[];
	/** Credentials for n8n, with the IDs that the ready workflows use. */
	credentials(sandbox: string): SandboxCredential[];
	settings?: SettingDefinitions;
	createApi(sandboxState: SandboxState): ApiImplementation;
}

/** A provider's API with its name, title and path. */
export interface ProviderApi extends ApiImplementation {
	readonly name: ProviderName;
	readonly title: string;
	readonly base: string;
	/** Makes the samples that have been added and not been used yet. */
	prepare(): void;
	/** From here on rows count as changed. */
	setBaseline(): void;
	/** Signatures of the rows at the last `setBaseline`, by target. */
	baseline(): Map<string, string>;
}

/** A provider's API: its routes, records and error responses. */
export interface ApiImplementation {
	addRoutes(scope: FastifyInstance): void;
	/** The error status if the request's keys are wrong; undefined if they are valid. */
	authStatus(request: FastifyRequest): 401 | 403 | undefined;
	/** An error response in the provider's format. */
	errorResponse(status: number, message: string, path: string): ProviderResponse;
	/**
	 * The response that this request would get for another record, one that has ended. Undefined for a
	 * request that addresses no record.
	 */
	wrongRecordResponse(request: FastifyRequest): ProviderResponse | undefined;
	/** Applies at once the writes that have been accepted and would take effect later. */
	catchUp?(): void;
	clear(): void;
	addSamples(): void;
	addBulk(count: number, prefix: string): void;
	rows(): StatusRow[];
	/** All names of a record (ID, UID, email address), its ID first. */
	recordNames(target: string): { record: string; email?: string; names: string[] } | undefined;
	/** Changes a record directly. Returns false if there is no such record. */
	change(target: string, change: Record<string, unknown>): boolean;
	remove(target: string): boolean;
	/**
	 * The customer cancels at the provider: the record changes and webhooks are called. Returns false if
	 * there is no such record.
	 */
	customerCancels?(target: string, how: CustomerCancellation): boolean;
	/** The customer undoes the cancellation. Returns false if there is no such record. */
	customerReturns?(target: string, how: { at: string }): boolean;
	/** The registered webhooks, in the provider's format. */
	webhooks?(): object[];
	/** Sets the webhook URL in the provider's settings; null removes it. */
	pasteWebhook?(webhook: PastedWebhook | null): void;
	forgetWebhooks?(): void;
}

/** A cancellation by the customer. */
export interface CustomerCancellation {
	/** The provider's name for the initiator, e.g. `psp`. Default: the most common one. */
	source?: string;
	/** Time of the cancellation, ISO 8601. */
	at: string;
	/** Whether the plan continues to the end of its period. Ignored without a period. */
	ends: 'atPeriodEnd' | 'now';
}

/** A webhook that a person configures in the provider's settings. */
export interface PastedWebhook {
	url: string;
	/** Name of the header with the secret, where the provider's documents name several. */
	header?: string;
	/** Another URL for test records. */
	sandboxUrl?: string;
}

/** Route options of a read. */
export function readRoute(target: RouteInfo['target'] = () => undefined): { routeInfo: RouteInfo } {
	return { routeInfo: { effect: () => 'read', target } };
}

/** Route options of a write; `when` tells which requests write. */
export function writeRoute(
	target: RouteInfo['target'],
	when: (request: FastifyRequest) => boolean = () => true,
): { routeInfo: RouteInfo } {
	return { routeInfo: { effect: (request) => (when(request) ? 'write' : 'read'), target } };
}

/** A field of a parsed body or query, if it is a non-empty string. */
export function stringField(source: unknown, field: string): string | undefined {
	if (typeof source !== 'object' || source === null) return undefined;
	const value = (source as Record<string, unknown>)[field];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A path parameter of the request. */
export function pathParameter(request: FastifyRequest, name: string): string {
	return stringField(request.params, name) ?? '';
}

/** A request header as one string. */
export function header(request: FastifyRequest, name: string): string | undefined {
	const value = request.headers[name];
	return Array.isArray(value) ? value.join(', ') : value;
}

/** The customer's short name, which groups the rows of the status page. */
export function customerName(email: string): string {
	return email.replace(/@.*/, '').toLowerCase();
}

/** The suffix of a bulk record's names. */
export function bulkSuffix(index: number): string {
	return String(index).padStart(5, '0');
}
