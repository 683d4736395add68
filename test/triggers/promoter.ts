import type { IDataObject } from 'n8n-workflow';

import { api, type Answered, type Sent } from './api';

const base = '/api/v2/company';

export const credentials = {
	FirstPromoterV2Api: {
		apiKey: 'fp-key-4711',
		accountId: 'acc-1',
		baseUrl: 'https://fp.example/api/v2',
	},
};

/** FirstPromoter's webhooks and referrals, as far as a trigger needs them. */
export class Promoter {
	webhooks: IDataObject[] = [];
	types = ['referral.created', 'referral.updated', 'referral.cancelled'];
	referrals: Record<string, IDataObject> = {};
	/** Answers every request in place of what is written here. */
	instead?: (sent: Sent) => Answered;
	readonly sent: Sent[];
	private count = 0;

	constructor() {
		this.sent = api('https://fp.example', (sent) => this.instead?.(sent) ?? this.answer(sent));
	}

	/** What it would send to its webhook: the secret, as it was told. */
	headers(): Record<string, string> {
		return { ...(this.webhooks.at(-1)?.headers as Record<string, string>) };
	}

	private answer({ method, path, body, query }: Sent): Answered {
		const [, what, id] = path.slice(base.length).split('/');
		if (what === 'referrals') {
			const missing = { message: 'Not found', code: 'not_found' };
			return this.referrals[id] ? [200, this.referrals[id]] : [404, missing];
		}
		if (id === 'event_types') return [200, { data: this.types }];
		if (method === 'POST') {
			const made = { id: ++this.count, ...body };
			this.webhooks.push(made);
			return [201, made];
		}
		if (id === undefined) {
			const from = (Number(query.page) - 1) * 25;
			return [200, [...this.webhooks].reverse().slice(from, from + 25)];
		}
		const found = this.webhooks.find((one) => String(one.id) === id);
		if (!found) return [404, { message: 'Not found', code: 'not_found' }];
		if (method === 'DELETE') this.webhooks = this.webhooks.filter((one) => one !== found);
		return [200, found];
	}
}

/** A delivery as the page of payloads prints it. */
export const cancelled = (more: IDataObject = {}): IDataObject => ({
	event_id: '5f0c9a3e-0000-4000-8000-000000000001',
	event_type: 'referral.cancelled',
	action: 'updated',
	entity_type: 'referral',
	entity_id: 77,
	changes: { state: ['active', 'cancelled'] },
	data: { id: 77, state: 'cancelled', email: 'ada@example.com', uid: 'cus_1' },
	timestamp: '2026-11-20T09:30:00Z',
	...more,
});
