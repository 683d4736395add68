import type { IDataObject } from 'n8n-workflow';

import type { ApiCaller, Poller, ProviderEvent } from '../shared/contract/event';
import { timeOf } from '../shared/contract/record';
import { toRecordState, toRows } from './responses';

const outcomes = { None: 'restored', Pending: 'scheduled', Canceled: 'cancelled' } as const;
type Phase = keyof typeof outcomes;

/** What is kept of a plan between two looks. */
interface Plan extends IDataObject {
	phase: Phase;
	endsAt: string | null;
}

/** By the plan's ID; one that is not listed any more is kept, and compared when it is back. */
type Seen = Record<string, Plan>;

/** Smokeball has no event of its own for the firm's plan, so the plans are compared. */
export const lookout: Poller<Seen> = {
	async poll(ask, since = {}) {
		const rows = await plans(ask);
		const now = rows.map((row) => [row.id as string, planIn(row)] as const);
		const changed = rows.filter((row) => {
			const before = since[row.id as string];
			return before && differs(before, planIn(row));
		});
		return { told: changed.map(tell), seen: { ...since, ...Object.fromEntries(now) } };
	},

	async samples(ask) {
		const told = (await plans(ask)).map(tell);
		return told.sort((one, other) => (other.occurredAt ?? '').localeCompare(one.occurredAt ?? ''));
	},
};

/** https://docs.smokeball.com/api-reference/subscriptions/get-subscriptions */
async function plans(ask: ApiCaller): Promise<IDataObject[]> {
	const rows = await ask({ path: '/subscriptions' }, toRows);
	return rows.filter(({ id }) => typeof id === 'string');
}

/** The end of what is over does not move; that of a pending cancellation may. */
const differs = (before: Plan, now: Plan) =>
	before.phase !== now.phase || (now.phase === 'Pending' && before.endsAt !== now.endsAt);

function planIn(row: IDataObject): Plan {
	const { status, cancellationStatus } = row;
	const over = status === 'Canceled' || cancellationStatus === 'Canceled';
	const phase = over ? 'Canceled' : cancellationStatus === 'Pending' ? 'Pending' : 'None';
	return { phase, endsAt: phase === 'None' ? null : timeOf(toRecordState(row).end) };
}

function tell(row: IDataObject): ProviderEvent {
	const { phase, endsAt } = planIn(row);
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
