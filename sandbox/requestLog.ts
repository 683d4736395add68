import type { FastifyRequest } from 'fastify';
import type { Clock } from './clock';
import type { FaultKind } from './scenario';
import type { ProviderName } from './providerNames';

/** One accepted write, logged when it takes effect, even if its response is lost. */
export interface JournalEntry {
	/** ISO 8601. */
	at: string;
	provider: ProviderName;
	/** `cancel`, `restore`, `churn`, `confirmCancel`, `reactivate`, `resume`, … */
	operation: string;
	/** The record as the request names it: an ID, a UID or an email address. */
	target: string;
	/** The record's ID, however the request names it. */
	record: string;
	email?: string;
	method: string;
	path: string;
	query: unknown;
	body: unknown;
	/** The status of the handler; a fault may have replaced it in the response. */
	status: number;
}

/** One request, answered or not. */
export interface RequestEntry {
	at: string;
	provider: ProviderName;
	method: string;
	path: string;
	query: unknown;
	body: unknown;
	/** Keys and tokens are masked. */
	headers: Record<string, string>;
	effect?: 'read' | 'write';
	target?: string;
	/** The status that was sent; null without a response. */
	status: number | null;
	fault?: FaultKind;
}

/** A request without a response yet. */
export interface InFlightRequest {
	entry: RequestEntry;
	/** Ends the request; only the first call has an effect. */
	end(): void;
}

const secretHeaders = new Set(['authorization', 'x-api-key', 'fox-secret', 'cookie']);
const maxKept = 100_000;

/** Logs requests and accepted writes, and counts concurrent requests. */
export class RequestLog {
	private journalEntries: JournalEntry[] = [];
	private requestEntries: RequestEntry[] = [];
	private readonly inFlight = new Map<ProviderName, number>();
	private readonly maxInFlightByProvider = new Map<ProviderName, number>();
	private maxInFlightTotal = 0;

	constructor(private readonly clock: Clock) {}

	/** Logs a request that has arrived. */
	begin(provider: ProviderName, request: FastifyRequest): InFlightRequest {
		const entry: RequestEntry = {
			at: this.clock.now().toISOString(),
			provider,
			method: request.method,
			path: pathOf(request),
			query: request.query,
			body: undefined,
			headers: masked(request),
			status: null,
		};
		this.requestEntries.push(entry);
		if (this.requestEntries.length > maxKept) this.requestEntries.shift();
		this.count(provider, 1);
		let present = true;
		return {
			entry,
			end: () => {
				if (present) this.count(provider, -1);
				present = false;
			},
		};
	}

	/** Logs a write that has taken effect. */
	recordWrite(
		provider: ProviderName,
		request: FastifyRequest,
		write: Pick<JournalEntry, 'operation' | 'target' | 'record' | 'email' | 'status'>,
	): void {
		this.journalEntries.push({
			at: this.clock.now().toISOString(),
			provider,
			...write,
			method: request.method,
			path: pathOf(request),
			query: request.query,
			body: request.body,
		});
	}

	journal(provider?: ProviderName): JournalEntry[] {
		return structuredClone(ofProvider(this.journalEntries, provider));
	}

	requests(provider?: ProviderName): RequestEntry[] {
		return structuredClone(ofProvider(this.requestEntries, provider));
	}

	/** Maximum number of concurrent requests since the last reset. */
	maxInFlight(provider?: ProviderName): number {
		return provider ? (this.maxInFlightByProvider.get(provider) ?? 0) : this.maxInFlightTotal;
	}

	/**
	 * Counts of one provider. `writesPerTarget` counts all writes per record; `repeatedWrites` is the number
	 * of records with the same operation twice in succession.
	 */
	stats(provider: ProviderName) {
		const requests = ofProvider(this.requestEntries, provider);
		const writesPerTarget: Record<string, number> = {};
		const lastOn = new Map<string, string>();
		const repeated = new Set<string>();
		for (const { record, operation } of ofProvider(this.journalEntries, provider)) {
			writesPerTarget[record] = (writesPerTarget[record] ?? 0) + 1;
			if (lastOn.get(record) === operation) repeated.add(record);
			lastOn.set(record, operation);
		}
		return {
			requests: requests.length,
			writes: ofProvider(this.journalEntries, provider).length,
			repeatedWrites: repeated.size,
			rateLimited: requests.filter(({ status }) => status === 429).length,
			inFlight: this.inFlight.get(provider) ?? 0,
			maxInFlight: this.maxInFlight(provider),
			writesPerTarget,
		};
	}

	clear(): void {
		this.journalEntries = [];
		this.requestEntries = [];
		this.maxInFlightTotal = 0;
		this.maxInFlightByProvider.clear();
	}

	private count(provider: ProviderName, change: 1 | -1): void {
		const now = (this.inFlight.get(provider) ?? 0) + change;
		this.inFlight.set(provider, now);
		this.maxInFlightByProvider.set(
			provider,
			Math.max(now, this.maxInFlightByProvider.get(provider) ?? 0),
		);
		const all = [...this.inFlight.values()].reduce((sum, count) => sum + count, 0);
		this.maxInFlightTotal = Math.max(all, this.maxInFlightTotal);
	}
}

function ofProvider<T extends { provider: ProviderName }>(
	entries: T[],
	provider?: ProviderName,
): T[] {
	return provider ? entries.filter((entry) => entry.provider === provider) : entries;
}

function pathOf(request: FastifyRequest): string {
	return request.url.split('?')[0];
}

function masked(request: FastifyRequest): Record<string, string> {
	return Object.fromEntries(
		Object.entries(request.headers).map(([name, value]) => [
			name,
			secretHeaders.has(name) ? '***' : String(value),
		]),
	);
}
