import { type WireRequest, type Work } from '../../models/providerModel';
import { ReditusModel } from '../../models/reditus';
import type { VirtualTime } from '../../virtualTime';
import type { SourceChange, TriggerWorld } from '../world';
import type { Source } from './source';

const readTime = (text: string | null) =>
	text === null ? -Infinity : Date.parse(text.replace(' ', 'T').replace(' +0000', 'Z'));

/** Reditus tells of no churn: its list is polled. https://docs.getreditus.com/affiliate-program-api/v1/referrals/index */
export class ReditusSource extends ReditusModel implements Source {
	readonly triggerName = 'ReditusTrigger';
	readonly patienceMs = 0;

	constructor(
		private readonly setting: TriggerWorld,
		time: VirtualTime,
	) {
		super(setting, time);
	}

	override receive(request: WireRequest): Work {
		const { query } = request;
		if (query.get('state_eq') !== 'churned') return super.receive(request);
		const { pageSize, order, sendsDate } = this.setting.variant;
		const after = readTime(query.get('state_set_at_gt'));
		const sign = order === 'newestFirst' ? -1 : 1;
		const setAt = ({ cancelledAt }: { cancelledAt: number | null }) => cancelledAt ?? 0;
		const all = this.known()
			.filter((entry) => entry.state === 'over' && setAt(entry) > after)
			.sort((one, other) => sign * (setAt(one) - setAt(other)));
		const page = Number(query.get('page') ?? 1);
		const size = Math.min(pageSize, Number(query.get('per_page') ?? 20));
		const rows = all.slice((page - 1) * size, page * size);
		const pagination = { page, per_page: size, has_more: page * size < all.length };
		return {
			kind: 'answer',
			reply: {
				status: 200,
				...(sendsDate && { headers: { date: new Date(this.time.now).toUTCString() } }),
				body: { data: rows.map((entry) => this.row(entry)), meta: { pagination } },
			},
		};
	}

	deliveriesOf = () => [];

	endOf = () => this.time.now;

	show({ customer, kind }: SourceChange, happenedAt: number): void {
		if (kind === 'reactivated') return this.change(customer, kind);
		const entry = this.entries[customer];
		this.end(entry, happenedAt);
		entry.cancelledAt = happenedAt;
	}

	redeliverAfter = () => undefined;

	namesOf = (customer: number) => [this.entries[customer].id];
}
