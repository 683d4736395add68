import type { Clock } from '../../clock';
import type { ProviderResponse } from '../../providerApi';

interface SavedAnswer {
	answer: ProviderResponse;
	/** Milliseconds since 1970. */
	savedAt: number;
}

const keptMs = 3_600_000;

/**
 * The answers to writes by their idempotency key, with the method, the path and the API key; the body does
 * not count.
 * @see "Idempotent Requests" in the description of the API
 */
export class IdempotencyStore {
	private readonly saved = new Map<string, SavedAnswer>();
	private readonly inFlight = new Set<string>();

	constructor(private readonly clock: Clock) {}

	/** Marks the key as in use; false if another request holds it. */
	acquire(key: string): boolean {
		if (this.inFlight.has(key)) return false;
		this.inFlight.add(key);
		return true;
	}

	release(key: string): void {
		this.inFlight.delete(key);
	}

	/** The answer to an earlier request with this key. */
	lookup(key: string): ProviderResponse | undefined {
		const known = this.saved.get(key);
		const isKept = known && this.clock.now().getTime() - known.savedAt <= keptMs;
		return isKept ? known.answer : undefined;
	}

	save(key: string, answer: ProviderResponse): void {
		this.saved.set(key, { answer, savedAt: this.clock.now().getTime() });
	}

	clear(): void {
		this.saved.clear();
		this.inFlight.clear();
	}
}
