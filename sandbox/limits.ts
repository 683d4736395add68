import type { Limit } from './scenario';
import type { ProviderName } from './providerNames';
import { monotonicNow, now } from './time';

interface TokenBucket {
	limit: Limit;
	tokens: number;
	since: number;
}

/** The providers' rate limits. They use real time, even if the clock is frozen. */
export class Limits {
	private readonly buckets = new Map<ProviderName, TokenBucket>();

	set(provider: ProviderName, limit: Limit | null): void {
		if (limit === null) this.buckets.delete(provider);
		else this.buckets.set(provider, { limit, tokens: capacity(limit), since: monotonicNow() });
	}

	clear(): void {
		this.buckets.clear();
	}

	list(): Partial<Record<ProviderName, Limit>> {
		return Object.fromEntries([...this.buckets].map(([name, { limit }]) => [name, limit]));
	}

	/** Counts a request. Returns the time until the next free slot if the request exceeds the limit. */
	take(
		provider: ProviderName,
		path: string,
	): { waitMs: number; retryAfter: 'seconds' | 'date' | 'none' } | undefined {
		const bucket = this.buckets.get(provider);
		if (!bucket || !path.startsWith(bucket.limit.path ?? '')) return undefined;
		refill(bucket);
		if (bucket.tokens >= 1) {
			bucket.tokens -= 1;
			return undefined;
		}
		return { waitMs: waitFor(bucket), retryAfter: bucket.limit.retryAfter ?? 'seconds' };
	}
}

/** `Retry-After` for a wait: whole seconds, or an HTTP date, both rounded up. */
export function retryAfterHeader(waitMs: number, as: 'seconds' | 'date'): string {
	if (as === 'seconds') return String(Math.max(1, Math.ceil(waitMs / 1000)));
	return new Date(Math.ceil((now() + waitMs) / 1000) * 1000).toUTCString();
}

function capacity(limit: Limit): number {
	return limit.burst ?? limit.requests ?? limit.perSecond ?? Infinity;
}

function windowMs(limit: Limit): number {
	return (limit.seconds ?? 1) * 1000;
}

function refill(bucket: TokenBucket): void {
	const at = monotonicNow();
	const { limit } = bucket;
	if (limit.burst !== undefined) {
		const gained = ((at - bucket.since) / 1000) * (limit.perSecond ?? limit.burst);
		bucket.tokens = Math.min(limit.burst, bucket.tokens + gained);
		bucket.since = at;
	} else if (at - bucket.since >= windowMs(limit)) {
		bucket.tokens = capacity(limit);
		bucket.since = at;
	}
}

function waitFor({ limit, tokens, since }: TokenBucket): number {
	if (limit.burst !== undefined) return ((1 - tokens) / (limit.perSecond ?? limit.burst)) * 1000;
	return windowMs(limit) - (monotonicNow() - since);
}
