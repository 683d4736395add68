import type { Clock } from '../../clock';
import type { ProviderResponse } from '../../providerApi';
import { chargebeeError } from './errors';

interface SavedAnswer {
	answer: ProviderResponse;
	/** Path and parameters, to tell a replay from another request. */
	fingerprint: string;
	savedAt: number;
}

const keptMs = 30 * 60_000;

/**
 * The answers to POST requests by their idempotency key. Requests with the same key and the same
 * parameters within 30 minutes are replays.
 * @see https://apidocs.chargebee.com/docs/api/idempotency
 */
export class IdempotencyStore {
	private readonly saved = new Map<string, SavedAnswer>();

	constructor(private readonly clock: Clock) {}

	/** Undefined for a new key. */
	lookup(
		key: string,
		fingerprint: string,
	): { kind: 'replay' | 'mismatch'; answer: ProviderResponse } | undefined {
		const known = this.saved.get(key);
		if (!known || this.clock.now().getTime() - known.savedAt > keptMs) return undefined;
		if (known.fingerprint === fingerprint) return { kind: 'replay', answer: known.answer };
		// Assumption: the page does not say what another request with a used key gets.
		const message = 'The idempotency key was used for another request';
		return { kind: 'mismatch', answer: chargebeeError('invalid_request', message) };
	}

	save(key: string, answer: ProviderResponse, fingerprint: string): void {
		this.saved.set(key, { answer, fingerprint, savedAt: this.clock.now().getTime() });
	}

	clear(): void {
		this.saved.clear();
	}
}
