import type { Execution, Item } from '../world';
import {
	answer,
	ProviderModel,
	type Entry,
	type Reply,
	type WireRequest,
	type Work,
} from './providerModel';

/** v1: https://docs.firstpromoter.com/api-reference-v1/tracking-api/cancellation, leads-api/show; v2 alike. */
export class FirstPromoterModel extends ProviderModel {
	private readonly isV2 = this.world.variant.version === 2;
	readonly credentialType = this.isV2 ? 'firstPromoterV2Api' : 'firstPromoterApi';
	readonly baseUrl = this.isV2
		? 'https://api.firstpromoter.com/api/v2'
		: 'https://firstpromoter.com/api/v1';
	private readonly events = new Set<string>();

	kindOf({ path }: WireRequest): ReturnType<ProviderModel['kindOf']> {
		return path === '/track/cancellation' ? 'write' : 'read';
	}

	targetOf({ path, query, body }: WireRequest): string {
		const inPath = path.startsWith('/company/referrals/') ? path.split('/')[3] : undefined;
		return String(query.get('email') ?? query.get('uid') ?? body.email ?? body.uid ?? inPath ?? '');
	}

	private find(request: WireRequest): Entry | undefined {
		const { query, body } = request;
		const target = this.targetOf(request);
		const isEmail = query.has('email') || 'email' in body || query.get('find_by') === 'email';
		return isEmail ? this.byEmail(target)[0] : this.known().find(({ ownId }) => ownId === target);
	}

	receive(request: WireRequest): Work {
		const entry = this.find(request);
		if (this.kindOf(request) === 'read') {
			if (entry) return answer(200, this.lead(entry));
			return answer(
				404,
				this.isV2 ? { message: 'Not found', code: 'not_found' } : { error: 'Lead not found.' },
			);
		}
		if (!entry) return answer(204, '');
		const event = request.query.get('event_id');
		if (event !== null && this.events.has(event)) return this.duplicate(event);
		return {
			kind: 'write',
			customer: entry.index,
			wish: 'cancel',
			carryOut: () => this.record(entry, event),
		};
	}

	private duplicate(event: string): Work {
		return answer(409, {
			message: `The 'cancellation' event with the id '${event}' already exists.`,
		});
	}

	/** Whatever its state was: nothing is documented for a second cancellation. */
	private record(entry: Entry, event: string | null): Reply {
		if (event !== null && this.events.has(event)) {
			return (this.duplicate(event) as Extract<Work, { kind: 'answer' }>).reply;
		}
		if (event !== null) this.events.add(event);
		this.accept(entry, 'cancel');
		this.end(entry, this.time.now);
		const body = { id: 33848911, type: 'cancellation', amount_cents: null, lead: this.lead(entry) };
		return { status: 200, body };
	}

	protected lead({
		index,
		state,
		ownId,
		email,
		cancelledAt,
		quirk,
	}: Entry): Record<string, unknown> {
		const states = {
			running: 'active',
			over: 'cancelled',
			ending: 'cancelled',
			never: 'denied',
			unknown: '',
		};
		return {
			id: 1000 + index,
			state: quirk === 'noStatus' ? null : states[state],
			email,
			uid: ownId,
			customer_since: '2026-01-01T00:00:00.000Z',
			cancelled_at: cancelledAt === null ? null : this.iso(cancelledAt),
			plan_name: null,
		};
	}

	credential = (key: string) => ({ apiKey: key, accountId: '4711' });

	parameters({ naming, options }: Execution) {
		const identifyBy = naming === 'email' ? 'email' : 'uid';
		return {
			constant: {
				apiVersion: this.isV2 ? 'v2' : 'v1',
				operation: 'cancel',
				identifyBy,
				dryRun: options.dryRun,
				additionalFields: {},
			},
			perItem: (item: Item) => ({ [identifyBy]: this.identifier(item, naming) }),
		};
	}

	ownError = (_: number, message: string) => ({ message });

	oddSuccess = (): Reply => ({ status: 202, body: { status: 'queued' } });
}
