import type { IDataObject } from 'n8n-workflow';

import { api, type Answered, type Sent } from './api';

export const credentials = {
	FunnelFoxApi: { secretKey: 'fox-secret-4711', baseUrl: 'https://fox.example/public/v1' },
};

/** What FunnelFox sends along. */
export const headers = { 'fox-secret-key': 'fox-secret-4711' };

export const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

/** A record of FunnelFox, cancelled with twelve days left. */
export const record = (more: IDataObject = {}): IDataObject => ({
	id: 'sub_ada',
	psp_id: 'sub_1PspAda',
	status: 'cancelled',
	renews: false,
	profile: { id: 'pro_ada', email: 'ada@example.com', preview: false },
	period_ends_at: inDays(12),
	cancelled_at: '2026-11-20T09:30:00Z',
	cancellation_reason: 'Too expensive',
	sandbox: false,
	...more,
});

/** FunnelFox's subscriptions, as far as a trigger reads them. */
export class Fox {
	rows: IDataObject[] = [record()];
	/** Answers every request in place of what is written here. */
	instead?: (sent: Sent) => Answered;
	/** Names the page that begins with this row. */
	cursorOf = (at: number): string => String(at);
	/** Called before a request is answered. */
	before: () => void = () => {};
	readonly sent: Sent[];

	constructor() {
		this.sent = api('https://fox.example', (sent) => {
			this.before();
			return this.instead ? this.instead(sent) : this.answer(sent);
		});
	}

	private answer({ path, query }: Sent): Answered {
		const id = path.split('/')[4];
		if (id !== undefined) {
			const found = this.rows.find((row) => row.id === id);
			return found ? [200, found] : [404, { message: 'Not found' }];
		}
		const data = this.rows.filter(({ profile }) => {
			const { id: whose, email } = profile as IDataObject;
			return whose === query['filter[profile_id]'] || email === query['filter[email]'];
		});
		const from = Number(query.cursor ?? 0) || 0;
		const next = from + Number(query.limit);
		const has_more = next < data.length;
		const pagination = { has_more, ...(has_more && { next_cursor: this.cursorOf(next) }) };
		return [200, { data: data.slice(from, next), pagination }];
	}
}

/** A delivery, put together from the pages: none of them prints a cancellation. */
export const delivery = (more: IDataObject = {}, data: IDataObject = {}): IDataObject => ({
	id: 'evt_1',
	type: 'subscription.auto_renew_off',
	created_at: 1_795_167_000,
	profile: { id: 'pro_ada', email: 'ada@example.com', session_id: 'ses_1' },
	profile_id: 'pro_ada',
	is_sandbox: false,
	data: { vendor_subscription_id: 'sub_1PspAda', cancellation_source: 'psp', ...data },
	...more,
});
