import type { IDataObject } from 'n8n-workflow';

import type { ApiCaller, Poller, ProviderEvent } from '../shared/contract/event';
import { asObject } from '../shared/contract/http';
import { timeOf } from '../shared/contract/record';
import { toRecordState, toRows } from './responses';

const outcomes = { None: 'restored', Pending: 'scheduled', Canceled: 'cancelled' } as const;
type Phase = keyof typeof outcomes;

/** What is saved of a plan between two polls. */
interface Plan extends IDataObject {
	phase: Phase;
	endsAt: string | null;
}

/** By the plan's ID; one that is not listed any more is kept, and compared when it is back. */
type Cursor = Record<string, Plan>;

const isPlan = (saved: unknown): saved is Plan => String(asObject(saved).phase) in outcomes;

/** Smokeball has no webhook for the firm's plan, so the plans are compared. */
export const poller: Poller<Cursor, IDataObject[]> = {
	toCursor(saved) {
		if (typeof saved !== 'object' || saved === null || Array.isArray(saved)) return undefined;
		const plans = Object.entries(saved).filter(([, plan]) => isPlan(plan));
		return Object.fromEntries(plans) as Cursor;
	},

	read: async (read) => await readPlans(read),

	compare(rows, cursor = {}) {
		const plans = rows.map((row) => [row.id as string, toPlan(row)] as const);
		const changed = rows.filter((row) => {
			const before = cursor[row.id as string];
			return before && differs(before, toPlan(row));
		});
		return { events: changed.map(toEvent), cursor: { ...cursor, ...Object.fromEntries(plans) } };
	},

	isSameAccount: (rows, cursor) => rows.some(({ id }) => String(id) in cursor),

	async samples(read) {
		const events = (await readPlans(read)).map(toEvent);
		const when = ({ occurredAt }: ProviderEvent) => occurredAt ?? '';
		return events.sort((one, other) => when(other).localeCompare(when(one)));
	},
};

/** https://docs.smokeball.com/api-reference/subscriptions/get-subscriptions */
async function readPlans(read: ApiCaller): Promise<IDataObject[]> {
	const rows = await read({ path: '/subscriptions' }, toRows);
	return rows.filter((row) => typeof asObject(row).id === 'string');
}

/** The end of a plan that is over does not move; that of a pending cancellation may. */
const differs = (before: Plan, now: Plan) =>
	before.phase !== now.phase || (now.phase === 'Pending' && before.endsAt !== now.endsAt);

function toPlan(row: IDataObject): Plan {
	const { status, cancellationStatus } = row;
	const isOver = status === 'Canceled' || cancellationStatus === 'Canceled';
	const phase = isOver ? 'Canceled' : cancellationStatus === 'Pending' ? 'Pending' : 'None';
	return { phase, endsAt: phase === 'None' ? null : timeOf(toRecordState(row).end) };
}

function toEvent(row: IDataObject): ProviderEvent {
	const { phase, endsAt } = toPlan(row);
	const occurredAt = toRecordState(row).changedAt ?? null;
	return {
		outcome: outcomes[phase],
		event: `cancellationStatus.${phase}`,
		target: String(row.id),
		email: null,
		effectiveAt: endsAt,
		occurredAt,
		source: null,
		eventId: occurredAt && `${String(row.id)}-${phase}-${occurredAt}`,
		reason: null,
		raw: row,
	};
}
