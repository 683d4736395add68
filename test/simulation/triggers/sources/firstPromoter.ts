import { FirstPromoterModel } from '../../models/firstPromoter';
import { answer, type WireRequest, type Work } from '../../models/providerModel';
import type { VirtualTime } from '../../virtualTime';
import type { SourceChange, TriggerWorld } from '../world';
import type { Delivery, Source } from './source';

const webhooksPath = '/company/webhooks';
const minutes = [2, 4, 8, 16, 32, 60, 120, 240, 510];

interface Webhook extends Record<string, unknown> {
	id: number;
	event_types: string[];
	headers: Record<string, string>;
}

/** https://docs.firstpromoter.com/webhooks-v2 */
export class FirstPromoterSource extends FirstPromoterModel implements Source {
	readonly triggerName = 'FirstPromoterTrigger';
	readonly patienceMs = 30_000;
	private readonly webhooks: Webhook[] = [];
	private count = 0;

	constructor(
		private readonly setting: TriggerWorld,
		time: VirtualTime,
	) {
		super(setting, time);
	}

	override kindOf(request: WireRequest) {
		return request.path.startsWith(webhooksPath) ? 'preview' : super.kindOf(request);
	}

	override receive(request: WireRequest): Work {
		const { method, path, body, query } = request;
		if (!path.startsWith(webhooksPath)) return this.referral(request);
		const id = path.slice(webhooksPath.length + 1);
		if (id === 'event_types') {
			const more = this.setting.variant.offersCancelled ? ['referral.cancelled'] : [];
			return answer(200, { data: ['referral.created', 'referral.updated', ...more] });
		}
		if (method === 'POST') {
			this.webhooks.push({ ...body, id: this.webhooks.length + 1 } as unknown as Webhook);
			return answer(201, this.webhooks.at(-1));
		}
		if (id === '') return answer(200, query.get('page') === '1' ? this.webhooks : []);
		const found = this.webhooks.find((one) => String(one.id) === id);
		return found ? answer(200, found) : answer(404, { message: 'Not found', code: 'not_found' });
	}

	private referral(request: WireRequest): Work {
		const { path, query } = request;
		if (query.has('find_by')) return super.receive(request);
		const entry = this.known().find(({ index }) => path.endsWith(`/${1000 + index}`));
		return entry
			? answer(200, this.lead(entry))
			: answer(404, { message: 'Not found', code: 'not_found' });
	}

	deliveriesOf({ customer, kind }: SourceChange): Delivery[] {
		const { email, ownId } = this.entries[customer];
		const ends = kind !== 'reactivated';
		const state = ends ? ['active', 'cancelled'] : ['cancelled', 'active'];
		const types = ['referral.updated', ...(ends ? ['referral.cancelled'] : [])];
		const id = 1000 + customer;
		return this.webhooks.flatMap(({ event_types: wanted, headers }) =>
			types
				.filter((type) => wanted.includes(type))
				.map((type) => {
					const eventId = `event-${this.count++}`;
					return {
						...{ afterMs: 0, eventId, customer },
						headers: { ...headers, 'X-Event-Id': eventId },
						body: {
							...{
								event_id: eventId,
								event_type: type,
								action: 'updated',
								entity_type: 'referral',
							},
							...{ entity_id: id, changes: { state }, timestamp: this.iso(this.time.now) },
							data: { id, state: state[1], email, uid: ownId },
						},
					};
				}),
		);
	}

	endOf = () => this.time.now;

	show({ customer, kind }: SourceChange, happenedAt: number): void {
		const entry = this.entries[customer];
		if (kind === 'reactivated') return this.change(customer, kind);
		this.end(entry, happenedAt);
		entry.cancelledAt = happenedAt;
	}

	redeliverAfter(attempt: number): number | undefined {
		return attempt < minutes.length ? minutes[attempt] * 60_000 : undefined;
	}

	namesOf(customer: number): string[] {
		const { email, ownId } = this.entries[customer];
		return [email, ownId, String(1000 + customer)];
	}
}
