import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { now } from '../contract/clock';
import { asObject } from '../contract/http';
import { PendingEnds, type PendingEnd } from './pendingEnds';

/** Keys in static data; an event has up to two. */
const maxSaved = 1000;
/** Entries of each kind per node in this process. */
const maxInProcess = 10_000;
/**
 * Milliseconds after which an event counts as taken although this process does not know how it was
 * answered: a provider whose delivery failed has delivered it again by then.
 */
const unconfirmedFor = 3_600_000;

type Key = string | null | undefined;
const isKey = (key: Key): key is string => typeof key === 'string';

/** `inProgress`: another request is working on it. */
export type EventStatus = 'new' | 'inProgress' | 'seen';

/** A map that forgets its oldest entries. */
class BoundedMap<V> extends Map<string, V> {
	override set(key: string, value: V): this {
		super.delete(key);
		super.set(key, value);
		for (const [oldest] of this) {
			if (this.size <= maxInProcess) break;
			this.delete(oldest);
		}
		return this;
	}
}

/** What this process knows of one node: n8n saves static data only when it answers. */
class NodeMemory {
	readonly states = new BoundedMap<'inProgress' | 'confirmed' | 'released'>();
	/** By subscription: when this package's nodes ended it. */
	readonly ownEnds = new BoundedMap<string | null>();
	readonly firstSeen = new BoundedMap<number>();
	readonly pendingEnds = new BoundedMap<PendingEnd>();
}

const memories = new Map<string, NodeMemory>();

function memoryOf(context: IWebhookFunctions): NodeMemory {
	const key = `${context.getWorkflow().id} ${context.getNode().id}`;
	const memory = memories.get(key) ?? new NodeMemory();
	memories.set(key, memory);
	return memory;
}

/**
 * Which events a node has taken. An event counts as taken when the provider got a 2xx; until then it is
 * reserved, and a failure makes it new again. Best effort across processes: each knows only what n8n has
 * saved. A test run remembers nothing.
 */
export class SeenEvents {
	readonly pendingEnds: PendingEnds;

	private constructor(
		private readonly memory: NodeMemory,
		private readonly data: IDataObject,
	) {
		this.pendingEnds = new PendingEnds(memory.pendingEnds, data);
	}

	static of(context: IWebhookFunctions): SeenEvents {
		return context.getMode() === 'manual'
			? new SeenEvents(new NodeMemory(), {})
			: new SeenEvents(memoryOf(context), context.getWorkflowStaticData('node'));
	}

	statusOf(key: Key): EventStatus {
		if (!isKey(key)) return 'new';
		switch (this.memory.states.get(key)) {
			case 'inProgress':
				return 'inProgress';
			case 'confirmed':
				return 'seen';
			case 'released':
				return 'new';
			default:
				return this.saved.includes(key) || this.isOldUnconfirmed(key) ? 'seen' : 'new';
		}
	}

	/** Milliseconds since this process first got the event. */
	ageOf(key: string): number {
		const since = this.memory.firstSeen.get(key) ?? now();
		if (!this.memory.firstSeen.has(key)) this.memory.firstSeen.set(key, since);
		return now() - since;
	}

	reserve(): Reservation {
		return new Reservation(this.memory, this.data, () => this.save());
	}

	/** @param at when it was cancelled; null where the provider does not say */
	rememberOwnEnd(subject: string, at: string | null): void {
		this.memory.ownEnds.set(subject, at);
		const saved = Object.entries(asObject(this.data.ownEnds) as Record<string, string | null>);
		const older = saved.filter(([one]) => !this.memory.ownEnds.has(one));
		const all = [...older, ...this.memory.ownEnds];
		this.data.ownEnds = Object.fromEntries(all.slice(-maxSaved));
	}

	forgetOwnEnd(subject: string): void {
		this.memory.ownEnds.delete(subject);
		const saved = Object.entries(asObject(this.data.ownEnds) as Record<string, string | null>);
		if (saved.length === 0) return;
		this.data.ownEnds = Object.fromEntries(saved.filter(([one]) => one !== subject));
	}

	/** Undefined: no node of this package ended it. */
	ownEndOf(subject: string): { at: string | null } | undefined {
		const { ownEnds } = this.memory;
		if (ownEnds.has(subject)) return { at: ownEnds.get(subject) ?? null };
		const saved = asObject(this.data.ownEnds);
		return subject in saved ? { at: (saved[subject] as string | null) ?? null } : undefined;
	}

	private get saved(): string[] {
		return Array.isArray(this.data.seen) ? (this.data.seen as string[]) : [];
	}

	private get unconfirmed(): Array<[string, number]> {
		return Object.entries(asObject(this.data.unconfirmed) as Record<string, number>);
	}

	private isOldUnconfirmed(key: string): boolean {
		return this.unconfirmed.some(([one, at]) => one === key && now() - at > unconfirmedFor);
	}

	/** Writes what is known by now into the static data, which n8n saves as it answers. */
	private save(): void {
		const { states } = this.memory;
		const isTaken = ([key, at]: [string, number]) =>
			states.get(key) === 'confirmed' || (!states.has(key) && now() - at > unconfirmedFor);
		const open = this.unconfirmed.filter(
			([key, at]) => states.get(key) !== 'released' && !isTaken([key, at]),
		);
		const reserved = [...states].flatMap(([key, state]): Array<[string, number]> =>
			state === 'inProgress' ? [[key, now()]] : [],
		);
		const confirmed = [...states].flatMap(([key, state]) => (state === 'confirmed' ? [key] : []));
		const taken = this.unconfirmed.filter(isTaken).map(([key]) => key);
		const older = this.saved.filter((key) => states.get(key) !== 'confirmed');
		this.data.seen = [...new Set([...older, ...taken, ...confirmed])].slice(-maxSaved);
		this.data.unconfirmed = Object.fromEntries([...reserved, ...open].slice(-maxSaved));
	}
}

/** The keys of one event while a request works on it. */
export class Reservation {
	private readonly keys: string[] = [];
	private isSettled = false;

	constructor(
		private readonly memory: NodeMemory,
		private readonly data: IDataObject,
		private readonly save: () => void,
	) {}

	add(...keys: Key[]): void {
		for (const key of keys.filter(isKey)) {
			this.keys.push(key);
			this.memory.states.set(key, 'inProgress');
		}
	}

	/** The execution is about to start: from now on the answer decides. */
	keep(): void {
		this.save();
	}

	/** @param isTaken the provider got a 2xx, and an execution has started */
	settle(isTaken: boolean): void {
		if (this.isSettled) return;
		this.isSettled = true;
		for (const key of this.keys) {
			this.memory.states.set(key, isTaken ? 'confirmed' : 'released');
		}
		if (!isTaken) this.forget();
	}

	/** n8n 1.x may not have saved the static data yet. */
	private forget(): void {
		const unconfirmed = asObject(this.data.unconfirmed);
		const kept = Object.entries(unconfirmed).filter(([key]) => !this.keys.includes(key));
		this.data.unconfirmed = Object.fromEntries(kept);
	}
}
