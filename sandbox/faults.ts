import { type Fault, faultKinds } from './scenario';
import { type ProviderName, providerNamed } from './vendor';

interface ActiveFault extends Fault {
	id: number;
	/** Requests met so far, per record. */
	met: Map<string, number>;
	/** In which place a record was first asked for. */
	order: Map<string, number>;
}

/** One request as the faults see it. */
export interface Arrival {
	provider: ProviderName;
	effect: 'read' | 'write';
	/** The addressed record; empty for a list. */
	record: string;
	names: string[];
}

/** The faults that are switched on, and how often each has struck. */
export class Faults {
	private active: ActiveFault[] = [];
	private lastId = 0;

	/** @throws RangeError if the provider or the kind does not exist. */
	add(fault: Fault): number {
		if (fault.provider !== '*') providerNamed(fault.provider);
		if (!faultKinds.includes(fault.kind)) {
			throw new RangeError(`No fault "${fault.kind}"; there are ${faultKinds.join(', ')}`);
		}
		this.lastId += 1;
		this.active.push({ ...fault, id: this.lastId, met: new Map(), order: new Map() });
		return this.lastId;
	}

	clear(): void {
		this.active = [];
	}

	list(): Array<Fault & { id: number; struck: number }> {
		return this.active.map(({ met, order: _order, ...fault }) => ({
			...fault,
			struck: [...met.values()].reduce((sum, count) => sum + count, 0),
		}));
	}

	/**
	 * The fault that meets this request, if any. All matching faults count the record; the first one
	 * that is due strikes, and only its count goes up.
	 */
	strike(arrival: Arrival): Fault | undefined {
		const due = this.active.filter((fault) => matches(fault, arrival) && isDue(fault, arrival));
		const [first] = due;
		if (!first) return undefined;
		first.met.set(arrival.record, (first.met.get(arrival.record) ?? 0) + 1);
		return first;
	}
}

function matches(fault: ActiveFault, arrival: Arrival): boolean {
	const provider = fault.provider === '*' ? arrival.provider : providerNamed(fault.provider);
	if (provider !== arrival.provider) return false;
	const on = fault.on ?? 'write';
	if (on !== 'any' && on !== arrival.effect) return false;
	return fault.target === undefined || arrival.names.includes(fault.target);
}

function isDue(fault: ActiveFault, { record }: Arrival): boolean {
	const place = fault.order.get(record) ?? fault.order.size + 1;
	fault.order.set(record, place);
	if (fault.every && place % fault.every !== 0) return false;
	const times = fault.times ?? 1;
	return times === 0 || (fault.met.get(record) ?? 0) < times;
}
