import type { Clock } from '../../clock';
import type { ProviderResponse } from '../../providerApi';
import { stripeError } from './errors';

interface SavedAnswer {
	answer: ProviderResponse;
	path: string;
	/** The parameters, to tell a replay from another request. */
	fingerprint: string;
	requestId: string;
	savedAt: number;
}

const keptMs = 24 * 3_600_000;

/**
 * The answers to POST requests by their idempotency key. Assumption: they are forgotten after exactly
 * 24 hours; the page says "at least".
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export class IdempotencyStore {
	private readonly saved = new Map<string, SavedAnswer>();
	private readonly inProgress = new Set<string>();

	constructor(private readonly clock: Clock) {}

	/** Marks the key as in use; false if another request holds it. */
	acquire(key: string): boolean {
		if (this.inProgress.has(key)) return false;
		this.inProgress.add(key);
		return true;
	}

	release(key: string): void {
		this.inProgress.delete(key);
	}

	/** The saved answer with the ID of its request, a refusal, or undefined for a new key. */
	lookup(
		key: string,
		path: string,
		fingerprint: string,
	):
		| { kind: 'replay'; answer: ProviderResponse; requestId: string }
		| { kind: 'mismatch'; answer: ProviderResponse }
		| undefined {
		const known = this.saved.get(key);
		if (!known || this.clock.now().getTime() - known.savedAt > keptMs) return undefined;
		const shown = key.replace(/^.*\n/s, '');
		const advice = `Try using a key other than '${shown}' if you meant to execute a different request.`;
		if (known.path !== path) {
			const message = `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${path}' vs '${known.path}'). ${advice}`;
			return { kind: 'mismatch', answer: stripeError(400, message, { type: 'idempotency_error' }) };
		}
		if (known.fingerprint !== fingerprint) {
			const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. ${advice}`;
			return { kind: 'mismatch', answer: stripeError(400, message, { type: 'idempotency_error' }) };
		}
		return { kind: 'replay', answer: known.answer, requestId: known.requestId };
	}

	save(key: string, saved: Omit<SavedAnswer, 'savedAt'>): void {
		this.saved.set(key, { ...saved, savedAt: this.clock.now().getTime() });
	}

	/** An execution that ended with a 500 is replayed as a 500. */
	saveFailure(key: string, requestId: string, body: unknown): void {
		const known = this.saved.get(key);
		if (known?.requestId === requestId) known.answer = { status: 500, body };
	}

	clear(): void {
		this.saved.clear();
		this.inProgress.clear();
	}
}

/** Type and code as in a report of a real answer. */
export function keyInUse(key: string): ProviderResponse {
	return stripeError(
		409,
		`There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
		{ code: 'idempotency_key_in_use' },
	);
}
