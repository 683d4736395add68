import { secretOf } from '../../host';
import { FunnelFoxModel } from '../../models/funnelFox';
import { answer, type Entry, type WireRequest, type Work } from '../../models/providerModel';
import type { VirtualTime } from '../../virtualTime';
import type { SourceChange, TriggerWorld } from '../world';
import type { Delivery, Source } from './source';

/** https://funnelfox.com/docs/develop/webhooks */
export class FunnelFoxSource extends FunnelFoxModel implements Source {
	readonly triggerName = 'FunnelFoxTrigger';
	readonly patienceMs = 10_000;
	private count = 0;

	constructor(
		private readonly setting: TriggerWorld,
		time: VirtualTime,
	) {
		super(setting, time);
	}

	override receive(request: WireRequest): Work {
		const profile = request.query.get('filter[profile_id]');
		if (profile === null) return super.receive(request);
		const all = this.known().filter(({ account }) => `pro_${account}` === profile);
		return answer(200, this.page(all, request.query));
	}

	/** Whether one cancellation sends both events is not documented. */
	deliveriesOf({ customer, kind, byApi }: SourceChange): Delivery[] {
		if (kind === 'reactivated') return [];
		const types = ['subscription.auto_renew_off', 'subscription.cancelled'];
		const entry = this.entries[customer];
		return types.slice(0, this.setting.variant.events === 'one' ? 1 : 2).map((type, index) => {
			const eventId = `evt_${this.count++}`;
			return {
				...{ afterMs: index * 30, eventId, customer, headers: { 'Fox-Secret-Key': secretOf(0) } },
				body: {
					...{ id: eventId, type, created_at: Math.floor(this.time.now / 1000) },
					profile: { id: `pro_${entry.account}`, email: entry.email },
					profile_id: `pro_${entry.account}`,
					is_sandbox: false,
					data: { ...this.named(entry), cancellation_source: byApi ? 'api' : 'psp' },
				},
			};
		});
	}

	private named({ id }: Entry): Record<string, string> {
		const { names } = this.setting.variant;
		return names === 'ownId'
			? { subscription_id: id }
			: { vendor_subscription_id: names === 'pspId' ? `psp_${id}` : `vendor_${id}` };
	}

	/** A record that names no end, and that is not active any more, has ended. */
	private isAtOnce({ customer, kind }: SourceChange): boolean {
		const isUnsaid = this.entries[customer].endsInDays === null;
		return kind === 'cancelledAtOnce' || (isUnsaid && !this.setting.variant.keepsStatus);
	}

	endOf(change: SourceChange): number {
		return this.isAtOnce(change) ? this.time.now : this.entries[change.customer].periodEnd;
	}

	show(change: SourceChange, happenedAt: number): void {
		const { customer, kind } = change;
		const entry = this.entries[customer];
		if (kind === 'reactivated') return this.change(customer, kind);
		this.end(entry, this.isAtOnce(change) ? happenedAt : entry.periodEnd);
		entry.cancelledAt = happenedAt;
	}

	/** Thirty times, in n^4 + 15 + random * (n + 1) seconds. */
	redeliverAfter(attempt: number, random: () => number): number | undefined {
		if (attempt >= 30) return undefined;
		return 1000 * (attempt ** 4 + 15 + Math.floor(random() * 30) * (attempt + 1));
	}

	namesOf(customer: number): string[] {
		const { id, email, account } = this.entries[customer];
		return [id, `psp_${id}`, `vendor_${id}`, email, `pro_${account}`];
	}
}
