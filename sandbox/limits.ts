import type { Limit } from './scenario';
import type { ProviderName } from './providerNames';

interface Meter {
	limit: Limit;
	tokens: number;
	since: number;
}

/** How fast each provider lets itself be asked. Measured in real time, even if the clock stands. */
export class Limits {
	private readonly meters = new Map<ProviderName, Meter>();

	set(provider: ProviderName, limit: Limit | null): void {
		if (limit === null) this.meters.delete(provider);
		else this.meters.set(provider, { limit, tokens: capacity(limit), since: performance.now() });
	}

	clear(): void {
		this.meters.clear();
	}

	list(): Partial<Record<ProviderName, Limit>> {
		return Object.fromEntries([...this.meters].map(([name, { limit }]) => [name, limit]));
	}

	/** Takes one request; if it is one too many: the milliseconds to wait, and how to say so. */
	take(
		provider: ProviderName,
		path: string,
	): { waitMs: number; retryAfter: 'seconds' | 'date' | 'none' } | undefined {
		const meter = this.meters.get(provider);
		if (!meter || !path.startsWith(meter.limit.path ?? '')) return undefined;
		refill(meter);
		if (meter.tokens >= 1) {
			meter.tokens -= 1;
			return undefined;
		}
		return { waitMs: waitFor(meter), retryAfter: meter.limit.retryAfter ?? 'seconds' };
	}
}

/** `Retry-After` for a wait: whole seconds, or an HTTP date, both rounded up. */
export function retryAfterHeader(waitMs: number, as: 'seconds' | 'date'): string {
	if (as === 'seconds') return String(Math.max(1, Math.ceil(waitMs / 1000)));
	return new Date(Math.ceil((Date.now() + waitMs) / 1000) * 1000).toUTCString();
}

function capacity(limit: Limit): number {
	return limit.burst ?? limit.requests ?? limit.perSecond ?? Infinity;
}

function windowMs(limit: Limit): number {
	return (limit.seconds ?? 1) * 1000;
}

function refill(meter: Meter): void {
	const now = performance.now();
	const { limit } = meter;
	if (limit.burst !== undefined) {
		const gained = ((now - meter.since) / 1000) * (limit.perSecond ?? limit.burst);
		meter.tokens = Math.min(limit.burst, meter.tokens + gained);
		meter.since = now;
	} else if (now - meter.since >= windowMs(limit)) {
		meter.tokens = capacity(limit);
		meter.since = now;
	}
}

function waitFor({ limit, tokens, since }: Meter): number {
	if (limit.burst !== undefined) return ((1 - tokens) / (limit.perSecond ?? limit.burst)) * 1000;
	return windowMs(limit) - (performance.now() - since);
}
