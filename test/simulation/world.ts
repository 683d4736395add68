/** A simulated world, as data: generated from a seed, printable, shrinkable, replayable. */
export interface World {
	kind: 'writes';
	provider: ProviderName;
	/** What the documents leave open, as this provider decides it. */
	variant: ProviderVariant;
	customers: Customer[];
	executions: Execution[];
	faults: Fault[];
	/** What happens to customers meanwhile. */
	changes: Change[];
	/** The operating system's clocks are set. */
	clockJumps: ClockJump[];
	/** `varied`: each request takes a time of its own on the way, so that a later one may be faster. */
	latency: Latency;
	/** The server's time zone; the workflow's is Europe/Berlin. */
	serverZone: string;
	seed: number;
}

export type Latency = 'steady' | 'varied';

export const providerNames = [
	'funnelFox',
	'firstPromoter',
	'azotte',
	'smokeball',
	'reditus',
] as const;
export type ProviderName = (typeof providerNames)[number];

export interface ProviderVariant {
	/** Rows of a page. */
	pageSize: number;
	/** Compares e-mail addresses without regard to capitals. */
	foldsEmails: boolean;
	/** A cancelled record keeps the status "active" until its end. */
	keepsStatus: boolean;
	/** How times are written. */
	times: 'utc' | 'withoutOffset';
	/** What a list does where it goes on. */
	paging: 'sound' | 'withoutCursor' | 'repeatsCursor';
	/** The version of the API, where there are two. */
	version: 1 | 2;
}

export interface Customer {
	/**
	 * `running`; `over`; `ending`: cancelled before, the end is fixed; `unknown`: not at the provider;
	 * `never`: known, and nothing can be cancelled (a denied referral, an order of an app store).
	 */
	state: 'running' | 'over' | 'ending' | 'unknown' | 'never';
	/** Days until the paid period ends; null: the record does not say. */
	endsInDays: number | null;
	/** Has the e-mail address of this customer, too. */
	sharesEmailWith: number | null;
	/** The provider writes the address with capitals. */
	emailInCapitals: boolean;
	/** A peculiarity of the record. */
	quirk: Quirk;
}

/** The peculiarities that the records of each provider may have. */
export const quirks = {
	funnelFox: ['noStatus', 'noEmail', 'numericId', 'blankEmail'],
	firstPromoter: ['noStatus'],
	azotte: ['partner', 'trial', 'noStatus', 'twoRows', 'noOwnId'],
	smokeball: ['trial', 'noStatus'],
	reditus: ['noStatus', 'noEmail', 'blankEmail'],
} as const satisfies Record<ProviderName, string[]>;
export type Quirk = 'none' | (typeof quirks)[ProviderName][number];

/** One way to name a customer to the node; each provider knows some of them. */
export type Naming = 'id' | 'email' | 'ownId' | 'customer';

/** The ways to name a customer that each node has, by ID first. */
export const namings: Record<ProviderName, Naming[]> = {
	funnelFox: ['id', 'email'],
	firstPromoter: ['email', 'ownId'],
	azotte: ['id', 'customer', 'ownId'],
	smokeball: ['id'],
	reditus: ['id', 'email', 'ownId'],
};

export interface Item {
	customer: number;
	spelling: 'exact' | 'capitals' | 'blanks';
	/** Something else in the place of the identifier. */
	rubbish: Rubbish | null;
}
export type Rubbish = { value: string | number | boolean | null | object };

export interface Execution {
	startMs: number;
	process: number;
	credential: number;
	naming: Naming;
	operation: 'cancel' | 'cancelAtOnce' | 'cancelLater';
	/** Without what the record is read by (Azotte's customer). */
	isBlind: boolean;
	items: Item[];
	onError: 'stop' | 'continueRegularOutput' | 'continueErrorOutput';
	options: RunOptions;
	stopAfterMs: number | null;
	/** The process dies; with it all its executions. */
	crashAfterMs: number | null;
	/** The same webhook comes again, while the first execution may be running. */
	again: { afterMs: number; process: number } | null;
	/** What follows in the same execution, or from its saved ledger. */
	next: Continuation[];
}

export interface RunOptions {
	dryRun: boolean;
	maxConcurrency: number;
	maxAttempts: number;
	timeout: number;
	requestsPerMinute: number | null;
	maxPerExecution: number;
	cancelAll: boolean;
	expectedStatus: string | null;
}

export interface Continuation {
	/**
	 * `retryOnFail`: n8n's setting, only after a failure; `loop`: another round; `retryButton`: with the
	 * saved ledger, in a new execution; `redelivery`: the same webhook again, with no ledger.
	 */
	kind: 'retryOnFail' | 'loop' | 'retryButton' | 'redelivery';
	afterMs: number;
	process: number;
	credential: number;
}

/** What goes wrong with some requests. */
export interface Fault {
	on: 'write' | 'read' | 'search' | 'preview';
	/** The first of the requests that it meets, and how many. */
	nth: number;
	times: number;
	/** Whether the provider gets the request, and how long it then works on it. */
	reaches: boolean;
	workMs: number;
	/** What the node gets, and when. */
	answer: Answer;
	answerMs: number;
}

export const gatewayAnswers = [
	'page502',
	'page503',
	'json503',
	'page504',
	'page520',
	'page522',
	'empty404',
	'text404',
	'json404',
	'redirect302',
	'redirect303',
	'page403',
	'page200',
	'empty200',
	'status408',
	'status410',
] as const;
export const ownAnswers = [
	'own500',
	'own401',
	'own403',
	'own429',
	'odd2xx',
	'empty204',
	'otherRecord',
	'cachedAnd503',
	'emptyListAnd401',
] as const;
export const brokenAnswers = ['reset', 'notConnected', 'silence', 'drip'] as const;
export type Answer =
	| 'own'
	| (typeof gatewayAnswers)[number]
	| (typeof ownAnswers)[number]
	| (typeof brokenAnswers)[number]
	| RateLimitAnswer;
/** A 429, or a success, with headers about the limit. */
export type RateLimitAnswer = { status: 200 | 429; headers: Record<string, string> };

export interface Change {
	atMs: number;
	customer: number;
	kind: 'reactivated' | 'cancelledElsewhere';
}

export interface ClockJump {
	atMs: number;
	process: number;
	byMs: number;
}
