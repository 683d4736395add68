import type { Customer, Execution, Item, World } from '../world';
import type { VirtualTime } from '../virtualTime';

/** A request as it arrives. */
export interface WireRequest {
	method: string;
	/** Below the API's address, decoded. */
	path: string;
	query: URLSearchParams;
	body: Record<string, unknown>;
}

export interface Reply {
	status: number;
	headers?: Record<string, string>;
	body: unknown;
}

/** What the provider does with a request: what it answers now, or a write that it carries out a little later. */
export type Work =
	| { kind: 'answer'; reply: Reply }
	| { kind: 'write'; customer: number; wish: string; carryOut(): Reply };

export const answer = (status: number, body: unknown): Work => ({
	kind: 'answer',
	reply: { status, body },
});

/** The provider's record of one customer. */
export interface Entry extends Customer {
	index: number;
	id: string;
	ownId: string;
	/** As the provider spells it. */
	email: string;
	/** Its billing customer: those that share an address are one. */
	account: number;
	/** When it really ends, ms since 1970; null: as it is, it goes on. */
	endsAt: number | null;
	periodEnd: number;
	cancelledAt: number | null;
	/** A part of it has ended, and it goes on. */
	isPartOver?: boolean;
}

/** How a customer stood from a time on. */
export interface Truth {
	at: number;
	/** It has ended, its end is fixed, or there is nothing to end. */
	isOver: boolean;
	endsAt: number | null;
}

/** A write that the provider carried out. */
export interface Acceptance {
	customer: number;
	wish: string;
	at: number;
	/** From when on the record shows it. */
	visibleAt: number;
	/** How many times the customer had come back before. */
	period: number;
}

export const dayMs = 86_400_000;

/** The parameters of a node, by name; `perItem` are expressions. */
export interface NodeParameters {
	constant: Record<string, unknown>;
	perItem: (item: Item) => Record<string, unknown>;
}

/** What of a world makes a provider. */
export type ProviderWorld = Pick<World, 'provider' | 'variant' | 'customers'>;

/** A provider as its documents describe it, and as bad as they allow it to be. */
export abstract class ProviderModel {
	readonly entries: Entry[];
	readonly truths: Truth[][];
	readonly acceptances: Acceptance[] = [];
	private readonly periods: number[];

	abstract readonly credentialType: string;
	abstract readonly baseUrl: string;
	abstract kindOf(request: WireRequest): 'write' | 'read' | 'search' | 'preview';
	/** The identifier that a request is about; '' where it is about none. */
	abstract targetOf(request: WireRequest): string;
	abstract receive(request: WireRequest): Work;
	abstract credential(key: string): Record<string, string>;
	abstract parameters(execution: Execution): NodeParameters;
	/** An error in the API's own form. */
	abstract ownError(status: number, text: string): unknown;
	/** A 2xx to a write that its documents do not name. */
	abstract oddSuccess(request: WireRequest): Reply;

	constructor(
		protected readonly world: ProviderWorld,
		protected readonly time: VirtualTime,
	) {
		this.entries = world.customers.map((customer, index) => this.entryOf(customer, index));
		this.periods = this.entries.map(() => 0);
		this.truths = this.entries.map((entry) => [this.truthOf(entry)]);
	}

	private entryOf(customer: Customer, index: number): Entry {
		const { sharesEmailWith, state } = customer;
		const mayShare = this.world.provider !== 'firstPromoter';
		const shared = mayShare && sharesEmailWith !== null ? sharesEmailWith : index;
		const account = Math.min(shared, index);
		// Two customers each whose IDs differ in capitals alone.
		const letter = 'MNPQRSTVWXYZ'[index >> 1];
		const code = index % 2 === 0 ? letter : letter.toLowerCase();
		const { foldsEmails } = this.world.variant;
		const isCapital = this.world.customers[account].emailInCapitals && foldsEmails;
		const email = `ada${account}@example.com`;
		const periodEnd = this.time.now + (customer.endsInDays ?? 30) * dayMs;
		const isOver = state === 'over';
		return {
			...customer,
			index,
			account,
			id: `sub_01J9ZC3VKX5W2T8QH4N7RBD6Y${code}`,
			ownId: `user_47${code}`,
			email: isCapital ? `Ada${account}@Example.com` : email,
			periodEnd,
			endsAt: isOver ? this.time.now - dayMs : state === 'ending' ? periodEnd : null,
			cancelledAt: isOver || state === 'ending' ? this.time.now - dayMs : null,
		};
	}

	private truthOf({ state, endsAt }: Entry): Truth {
		return { at: this.time.now, isOver: state !== 'running', endsAt };
	}

	/** It ends at this time, unless it ends before. */
	protected end(entry: Entry, endsAt: number): void {
		if (entry.endsAt !== null && entry.endsAt <= endsAt) return;
		entry.state = endsAt <= this.time.now ? 'over' : 'ending';
		entry.endsAt = endsAt;
		entry.cancelledAt = this.time.now;
		this.truths[entry.index].push(this.truthOf(entry));
	}

	protected accept({ index }: Entry, wish: string, lagMs = 0): void {
		const at = this.time.now;
		const period = this.periods[index];
		this.acceptances.push({ customer: index, wish, at, visibleAt: at + lagMs, period });
	}

	/** Another program changes the customer. */
	change(customer: number, kind: 'reactivated' | 'cancelledElsewhere'): void {
		const entry = this.entries[customer];
		if (entry.state === 'unknown' || entry.state === 'never') return;
		if (kind === 'cancelledElsewhere') {
			if (entry.state === 'running') this.end(entry, this.time.now);
			return;
		}
		entry.state = 'running';
		entry.endsAt = null;
		entry.cancelledAt = null;
		entry.isPartOver = undefined;
		this.periods[customer]++;
		this.truths[customer].push(this.truthOf(entry));
	}

	protected iso(at: number): string {
		const text = new Date(at).toISOString();
		return this.world.variant.times === 'utc' ? text : text.slice(0, 19);
	}

	protected byId(id: string): Entry | undefined {
		return this.known().find((entry) => entry.id === id);
	}

	protected known(): Entry[] {
		return this.entries.filter(({ state }) => state !== 'unknown');
	}

	protected byEmail(email: string): Entry[] {
		const { foldsEmails } = this.world.variant;
		const form = (text: string) => (foldsEmails ? text.toLowerCase() : text);
		return this.known().filter((entry) => form(entry.email) === form(email));
	}

	/** What an item holds to name its customer. */
	identifier({ customer, spelling, rubbish }: Item, naming: Execution['naming']): unknown {
		if (rubbish) return rubbish.value;
		const entry = this.entries[customer];
		const text = this.nameOf(entry, naming);
		if (spelling === 'capitals' && naming === 'email') return text.toUpperCase();
		return spelling === 'blanks' ? ` ${text}\n` : text;
	}

	nameOf(entry: Entry, naming: Execution['naming']): string {
		const names = { id: entry.id, email: entry.email, ownId: entry.ownId, customer: entry.id };
		return names[naming];
	}
}
