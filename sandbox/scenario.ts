import { readFileSync } from 'node:fs';
import type { SettingsChange } from './settings';

/**
 * Faults of a response. `…After` means: after the write has taken effect.
 * `lateAccept`: the write takes effect only after `delayMs`, even if the client has disconnected.
 * With `errorInside`, `emptyList`, `otherRecord` and `queued` the response is a 2xx that confirms
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

/** A fault, the requests it applies to, and how often. */
export interface Fault {
	/** A provider's name, or `*` for all. */
	provider: string;
	kind: FaultKind;
	/** Any name of one record (ID, UID, email address). Default: every record, counted separately. */
	target?: string;
	/** The requests it applies to. Default `write`. */
	on?: 'write' | 'read' | 'any';
	/** Number of requests per record. Default 1; 0 means all. */
	times?: number;
	/** Only every n-th record, in the order of their first requests. */
	every?: number;
	/** Delay in ms. Default 60,000 for timeouts, 1,500 for `lateAccept`, 1,000 for `slow`. */
	delayMs?: number;
	/** Seconds, `date:+2` (an HTTP date in two seconds), or text that is sent unchanged. Default 1. */
	retryAfter?: number | string;
	/** Target of `redirect`. */
	location?: string;
	/** Purpose, shown on the status page. */
	note?: string;
}

/** A provider's rate limit. */
export interface Limit {
	/** With `burst`: tokens per second. Without: requests per fixed window. */
	perSecond?: number;
	/** Size of the token bucket. */
	burst?: number;
	/** Number of requests per fixed window. */
	requests?: number;
	/** Length of the window in seconds. Default 1. */
	seconds?: number;
	/** Only requests below this path, e.g. `/firstpromoter/api/v2`. */
	path?: string;
	/** Format of the Retry-After header. Default `seconds`. */
	retryAfter?: 'seconds' | 'date' | 'none';
}

/** Numbered records: `sub_<prefix>_00001` with `<prefix>_00001@example.com`, and so on. */
export interface Bulk {
	/** A provider's name, or `*` for all. */
	provider: string;
	count: number;
	prefix: string;
}

/** Records of the providers. */
export interface Seed {
	/** Whether the sample customers exist. Only read in a scenario; default true. */
	samples?: boolean;
	bulk?: Bulk | Bulk[];
	/** Changes to existing records, in the provider's field names. */
	records?: Array<{ provider: string; target: string; change: Record<string, unknown> }>;
}

/** Initial state of a sandbox, where it differs from the default. */
export interface Scenario {
	seed?: Seed;
	faults?: Fault[];
	limits?: Record<string, Limit>;
	/** Minimum duration of responses in ms per provider; `*` means all. */
	latency?: Record<string, number>;
	/** Per provider: numbers such as `lagMs`, and `assumptions`. */
	settings?: Record<string, SettingsChange>;
	/** Time at which the clock is frozen, ISO 8601. */
	clock?: string | null;
}

/** The scenario, read from a JSON file if it is a path. */
export function readScenario(scenario: Scenario | string | undefined): Scenario {
	if (typeof scenario !== 'string') return scenario ?? {};
	return JSON.parse(readFileSync(scenario, 'utf8')) as Scenario;
}
