import { type Fault, type FaultKind, faultKinds } from './scenario';
import { type ProviderName, providerNamed } from './providerNames';

interface ActiveFault {
	id: number;
	fault: Fault;
	/** Whether the fault is part of the scenario. */
	atStart: boolean;
	/** Number of requests that the fault was applied to, per record. */
	applied: Map<string, number>;
	/** Ordinal of each record, by its first request. */
	order: Map<string, number>;
}

/** The properties of a request that faults are matched with. */
export interface IncomingRequest {
	provider: ProviderName;
	effect: 'read' | 'write';
	/** The addressed record; empty for a list. */
	record: string;
	names: string[];
}

/** Titles for the status page. */
export const faultTitles: Record<FaultKind, string> = {
	rateLimit: '429, with Retry-After',
	rateLimitSilent: '429, without Retry-After',
	serverErrorBefore: 'Error 500, nothing done',
	serverErrorAfter: 'Error 500, but it was done',
	badGateway: '502, an HTML page',
	timeoutBefore: 'No answer, nothing done',
	timeoutAfter: 'No answer, but it was done',
	lateAccept: 'A late answer, done late',
	slow: 'A slow answer, done at once',
	dropBefore: 'Cut off, nothing done',
	dropAfter: 'Cut off, but it was done',
	html: '200, but an HTML page',
	empty: '200, but empty',
	wrongContentType: 'JSON called plain text',
	errorInside: '200, with an error inside',
	emptyList: '200, with an empty list',
	otherRecord: "200, with another one's record",
	queued: 'Accepted (202), never done',
	redirect: '302, to another host',
	unauthorized: '401',
	forbidden: '403',
};

/** The active faults, and how often each has been applied. */
export class Faults {
	private active: ActiveFault[] = [];
	private lastId = 0;

	/** @throws RangeError if the provider or the kind does not exist. */
	add(fault: Fault, atStart = false): number {
		if (fault.provider !== '*') providerNamed(fault.provider);
		if (!faultKinds.includes(fault.kind)) {
			throw new RangeError(`No fault "${fault.kind}"; there are ${faultKinds.join(', ')}`);
		}
		this.lastId += 1;
		this.active.push({ id: this.lastId, fault, atStart, applied: new Map(), order: new Map() });
		return this.lastId;
	}

	clear(): void {
		this.active = [];
	}

	list(): Array<Fault & { id: number; atStart: boolean; applied: number }> {
		return this.active.map(({ id, fault, atStart, applied }) => ({
			...fault,
			id,
			atStart,
			applied: [...applied.values()].reduce((sum, count) => sum + count, 0),
		}));
	}

	/**
	 * The fault to apply to this request, if any: the first matching fault that is due. All matching
	 * faults number the record, but only the applied one counts the request.
	 */
	apply(request: IncomingRequest): Fault | undefined {
		const matching = this.active.filter(({ fault }) => matches(fault, request));
		const [first] = matching.filter((active) => isDue(active, request));
		if (!first) return undefined;
		const key = keyOf(request);
		first.applied.set(key, (first.applied.get(key) ?? 0) + 1);
		return first.fault;
	}
}

function matches(fault: Fault, request: IncomingRequest): boolean {
	const provider = fault.provider === '*' ? request.provider : providerNamed(fault.provider);
	if (provider !== request.provider) return false;
	const on = fault.on ?? 'write';
	if (on !== 'any' && on !== request.effect) return false;
	return fault.target === undefined || request.names.includes(fault.target);
}

/** Includes the provider, because two providers may use the same record ID. */
function keyOf({ provider, record }: IncomingRequest): string {
	return `${provider} ${record}`;
}

function isDue({ fault, applied, order }: ActiveFault, request: IncomingRequest): boolean {
	const key = keyOf(request);
	const place = order.get(key) ?? order.size + 1;
	order.set(key, place);
	if (fault.every && place % fault.every !== 0) return false;
	const times = fault.times ?? 1;
	return times === 0 || (applied.get(key) ?? 0) < times;
}
