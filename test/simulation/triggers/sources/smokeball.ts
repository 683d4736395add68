import { answer, type WireRequest, type Work } from '../../models/providerModel';
import { SmokeballModel } from '../../models/smokeball';
import type { SourceChange } from '../world';
import type { Source } from './source';

/** Smokeball tells nothing of the firm's plan: the plans are polled. */
export class SmokeballSource extends SmokeballModel implements Source {
	readonly triggerName = 'SmokeballTrigger';
	readonly patienceMs = 0;

	override receive(request: WireRequest): Work {
		if (request.path !== '/subscriptions') return super.receive(request);
		return answer(200, { value: this.known().map((entry) => this.row(entry)) });
	}

	deliveriesOf = () => [];

	endOf({ customer, kind }: SourceChange): number {
		return kind === 'cancelled' ? this.entries[customer].periodEnd : this.time.now;
	}

	show({ customer, kind }: SourceChange, happenedAt: number): void {
		if (kind === 'reactivated') return this.change(customer, kind);
		const entry = this.entries[customer];
		this.end(entry, kind === 'cancelled' ? entry.periodEnd : happenedAt);
		entry.cancelledAt = happenedAt;
	}

	redeliverAfter = () => undefined;

	namesOf = (customer: number) => [this.entries[customer].id];
}
