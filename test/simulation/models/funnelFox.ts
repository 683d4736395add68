import type { Execution, Item } from '../world';
import {
	answer,
	ProviderModel,
	type Entry,
	type Reply,
	type WireRequest,
	type Work,
} from './providerModel';

/** https://funnelfox.com/docs/api-reference/cancel-subscription, get-subscription-details, list-subscriptions */
export class FunnelFoxModel extends ProviderModel {
	readonly credentialType = 'funnelFoxApi';
	readonly baseUrl = 'https://api.funnelfox.io/public/v1';

	kindOf({ method, path }: WireRequest) {
		if (method === 'POST') return 'write';
		return path === '/subscriptions' ? 'search' : 'read';
	}

	targetOf({ path, query }: WireRequest): string {
		return query.get('filter[email]') ?? path.split('/')[2] ?? '';
	}

	receive(request: WireRequest): Work {
		const { path, query } = request;
		if (this.kindOf(request) === 'search')
			return answer(200, this.page(this.byEmail(query.get('filter[email]') ?? ''), query));
		const entry = this.byId(path.split('/')[2]);
		if (!entry) return answer(404, { message: 'Subscription not found' });
		if (request.method !== 'POST') return answer(200, this.row(entry));
		// "Already cancelled or deleted" is an error.
		if (entry.state !== 'running') {
			return answer(400, { message: 'Subscription is already cancelled' });
		}
		const carryOut = (): Reply => {
			this.accept(entry, 'cancel');
			const isAtOnce = entry.endsInDays === null && !this.world.variant.keepsStatus;
			this.end(entry, isAtOnce ? this.time.now : entry.periodEnd);
			return { status: 200, body: this.row(entry) };
		};
		return { kind: 'write', customer: entry.index, wish: 'cancel', carryOut };
	}

	private row(entry: Entry): Record<string, unknown> {
		const { id, email, state, periodEnd, endsAt, cancelledAt, endsInDays, quirk } = entry;
		const isOver = state === 'over' || state === 'never';
		const { keepsStatus } = this.world.variant;
		const ending = keepsStatus ? 'active' : 'cancelled';
		const status = isOver ? 'expired' : state === 'ending' ? ending : 'active';
		const end = endsAt ?? periodEnd;
		return {
			id,
			psp_id: `psp_${id}`,
			status: quirk === 'noStatus' ? null : status,
			renews: state === 'running',
			sandbox: false,
			created_at: '2026-01-01T00:00:00Z',
			updated_at: this.iso(cancelledAt ?? Date.parse('2026-02-01T00:00:00Z')),
			...((endsInDays !== null || isOver) && { period_ends_at: this.iso(end) }),
			...(cancelledAt !== null && { cancelled_at: this.iso(cancelledAt) }),
			profile: {
				id: `pro_${entry.account}`,
				...(quirk !== 'noEmail' && { email: quirk === 'blankEmail' ? ` ${email} ` : email }),
			},
			product: { name: 'Pro' },
		};
	}

	private listed(entry: Entry): Record<string, unknown> {
		const row = this.row(entry);
		return entry.quirk === 'numericId' ? { ...row, id: 4711 + entry.index } : row;
	}

	/** "Cursor = id of the last item"; clients have seen one that repeats. */
	protected page(all: Entry[], query: URLSearchParams): Record<string, unknown> {
		const { pageSize, paging } = this.world.variant;
		const cursor = query.get('cursor');
		const start = cursor === null ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
		const page = all.slice(start, start + pageSize);
		const has_more = start + pageSize < all.length;
		const last = page.at(-1)?.id;
		const next = paging === 'repeatsCursor' && cursor !== null ? cursor : last;
		return {
			data: page.map((entry) => this.listed(entry)),
			pagination: {
				has_more,
				total: all.length,
				...(has_more && paging !== 'withoutCursor' && { next_cursor: next }),
			},
		};
	}

	credential = (key: string) => ({ secretKey: key });

	parameters({ naming, options }: Execution) {
		return {
			constant: { operation: 'cancel', dryRun: options.dryRun, additionalFields: {} },
			perItem: (item: Item) => ({
				subscriptionId: { __rl: true, mode: naming, value: this.identifier(item, naming) },
			}),
		};
	}

	ownError = (_: number, message: string) => ({ message });

	oddSuccess = (): Reply => ({ status: 202, body: { status: 'queued' } });
}
