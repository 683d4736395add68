import { readFileSync } from 'node:fs';
import type { SettingsChange } from './settings';

/**
 * What can go wrong with an answer, on purpose. `…After` means: after the write took effect.
 * `lateAccept`: the write takes effect only after `delayMs`, even if the caller has gone by then.
 * With `errorInside`, `emptyList`, `otherRecord` and `queued` the answer is a 2xx that confirms
 * nothing, and nothing is written.
 */
export const faultKinds = [
	'rateLimit',
	'rateLimitSilent',
	'serverErrorBefore',
	'serverErrorAfter',
	'badGateway',
	'timeoutBefore',
	'timeoutAfter',
	'lateAccept',
	'slow',
	'dropBefore',
	'dropAfter',
	'html',
	'empty',
	'wrongContentType',
	'errorInside',
	'emptyList',
	'otherRecord',
	'queued',
	'redirect',
	'unauthorized',
	'forbidden',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** One thing that goes wrong, for which requests, and how often. */
export interface Fault {
	/** A provider's name, or `*` for all. */
	provider: string;
	kind: FaultKind;
	/** Any name of one record (id, uid, e-mail). Without it: every record, each counted apart. */
	target?: string;
	/** Which requests it meets. Default `write`. */
	on?: 'write' | 'read' | 'any';
	/** So many requests per record, then all is well again. Default 1; 0 = always. */
	times?: number;
	/** Only each n-th record, counted in the order in which the records are first asked for. */
	every?: number;
	/** How long it is held. Default 60,000 for timeouts, 1,500 for `lateAccept`, 1,000 for `slow`. */
	delayMs?: number;
	/** Seconds, `date:+2` (an HTTP date in two seconds), or any text, sent as it is. Default 1. */
	retryAfter?: number | string;
	/** Where `redirect` leads to. */
	location?: string;
	/** What it is there for, in a few words; shown on the status page. */
	note?: string;
}

/** How fast a provider lets itself be asked. */
export interface Limit {
	/** With `burst`: refill of a token bucket. Without: requests per second, in fixed windows. */
	perSecond?: number;
	/** Size of the token bucket. */
	burst?: number;
	/** So many requests … */
	requests?: number;
	/** … in a fixed window of so many seconds. */
	seconds?: number;
	/** Only requests below this path, e.g. `/firstpromoter/api/v2`. */
	path?: string;
	/** How the 429 says when to come back. Default `seconds`. */
	retryAfter?: 'seconds' | 'date' | 'none';
}

/** Records by the number: `sub_<prefix>_00001` with `<prefix>_00001@example.com`, and so on. */
export interface Bulk {
	/** A provider's name, or `*` for all. */
	provider: string;
	count: number;
	prefix: string;
}

/** What is known to the providers. */
export interface Seed {
	/** Whether the sample people exist. Only read in a scenario; default true. */
	samples?: boolean;
	bulk?: Bulk | Bulk[];
	/** Changes to records that exist, in the vendor's own field names. */
	records?: Array<{ provider: string; target: string; change: Record<string, unknown> }>;
}

/** Everything that differs from an ordinary day. */
export interface Scenario {
	seed?: Seed;
	faults?: Fault[];
	limits?: Record<string, Limit>;
	/** Milliseconds per provider, or under `*`. */
	latency?: Record<string, number>;
	/** Per provider: numbers such as `lagMs`, and `assumptions`. */
	settings?: Record<string, SettingsChange>;
	/** ISO 8601; the clock then stands still. */
	clock?: string | null;
}

/** Reads a scenario from a JSON file, or takes it as it is. */
export function readScenario(scenario: Scenario | string | undefined): Scenario {
	if (typeof scenario !== 'string') return scenario ?? {};
	return JSON.parse(readFileSync(scenario, 'utf8')) as Scenario;
}
