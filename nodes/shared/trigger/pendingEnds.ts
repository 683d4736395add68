import type { IDataObject } from 'n8n-workflow';

import type { ProviderEvent } from '../contract/event';
import { asObject } from '../contract/http';

/** Subscriptions in static data. */
const maxSaved = 1000;

/** What the events of one subscription have said of its scheduled end. */
export interface PendingEnd {
	/** When it ends; null: the end was undone. */
	at: string | null;
	/** When the first event that said so happened; UTC ISO 8601. */
	since: string;
	/** The ID of that event. */
	eventId: string | null;
}

/**
 * The scheduled ends that a node has learned of, for providers whose events do not tell what has changed:
 * an update without a scheduled end undoes one only where an earlier event had scheduled it.
 */
export class PendingEnds {
	constructor(
		private readonly memory: Map<string, PendingEnd>,
		private readonly data: IDataObject,
	) {}

	/** Whether an event without a scheduled end undoes one. The same event does so again when it is redelivered. */
	isUndoneBy({ subject, occurredAt, eventId }: ProviderEvent): boolean {
		const known = subject === undefined ? undefined : this.find(subject);
		if (!known || occurredAt === null) return false;
		return known.at === null ? known.eventId === eventId : known.since <= occurredAt;
	}

	/**
	 * Keeps what an event says.
	 * @returns the same text for all events about one scheduled end; undefined: it schedules none
	 */
	remember(event: ProviderEvent): string | undefined {
		const { subject, outcome, effectiveAt, occurredAt, eventId } = event;
		if (subject === undefined || outcome === 'cancelled') return undefined;
		const known = this.find(subject);
		const at = outcome === 'scheduled' ? effectiveAt : null;
		const isNew = known === undefined || (known.at !== at && known.since <= (occurredAt ?? ''));
		const current = isNew ? { at, since: occurredAt ?? '', eventId } : known;
		if (isNew) this.save(subject, current);
		return outcome === 'scheduled'
			? [subject, 'scheduled', at, current.since].join(' ')
			: undefined;
	}

	/** The later of what this process knows and what n8n has saved, perhaps by another one. */
	private find(subject: string): PendingEnd | undefined {
		const [own, saved] = [this.memory.get(subject), this.saved[subject]];
		if (!own || !saved) return own ?? saved;
		return saved.since > own.since ? saved : own;
	}

	private get saved(): Record<string, PendingEnd | undefined> {
		return asObject(this.data.pendingEnds) as unknown as Record<string, PendingEnd | undefined>;
	}

	private save(subject: string, pending: PendingEnd): void {
		this.memory.set(subject, pending);
		const others = Object.entries(this.saved).filter(([one]) => one !== subject);
		const all = [...others, [subject, { ...pending }] as const];
		this.data.pendingEnds = Object.fromEntries(all.slice(-maxSaved));
	}
}
