import type { FastifyRequest } from 'fastify';
import type { Clock } from './clock';
import type { FaultKind } from './scenario';
import type { ProviderName } from './providerNames';

/** One accepted write, noted at the instant it took effect, even if its answer was lost. */
export interface JournalEntry {
	/** ISO 8601. */
	at: string;
	provider: ProviderName;
	/** `cancel`, `restore`, `churn`, `confirmCancel`, `reactivate`, `resume`, … */
	operation: string;
	/** What the request addressed, in its own words (an id, a uid or an e-mail). */
	target: string;
	/** The id of the record behind it: the same however it was addressed. */
	record: string;
	email?: string;
	method: string;
	path: string;
	query: unknown;
	body: unknown;
	/** The status that was to be answered; a fault may have changed what was really sent. */
	status: number;
}

/** One request, whatever became of it. */
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
	/** What was sent; null while no answer was given, and if none ever was. */
	status: number | null;
	fault?: FaultKind;
}

/** A request that is being answered. */
export interface InFlightRequest {
	entry: RequestEntry;
	/** Ends the visit; only the first call counts. */
	end(): void;
}

const secretHeaders = new Set(['authorization', 'x-api-key', 'fox-secret', 'cookie']);
const maxKept = 100_000;

/** All that came in, all that was accepted, and how many were in flight at once. */
export class RequestLog {
	private journalEntries: JournalEntry[] = [];
	private requestEntries: RequestEntry[] = [];
	private readonly inFlight = new Map<ProviderName, number>();
	private readonly maxInFlightByProvider = new Map<ProviderName, number>();
	private maxInFlightTotal = 0;

	constructor(private readonly clock: Clock) {}

	/** A request has arrived. */
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

	/** A write has taken effect. */
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

	/** The most requests that were in flight at once since the last reset. */
	maxInFlight(provider?: ProviderName): number {
		return provider ? (this.maxInFlightByProvider.get(provider) ?? 0) : this.maxInFlightTotal;
	}

	/**
	 * Numbers per provider; `writesPerTarget` counts by record, whatever was written. `repeatedWrites`
	 * are the records with the same write twice running: a cancel and a restore are not, nor a cancel
	 * after a restore.
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
