import type { IDataObject } from 'n8n-workflow';

import { api, type Answered, type Sent } from './api';

export const credentials = {
	ReditusApi: { apiToken: 'reditus-4711', baseUrl: 'https://reditus.example/api' },
};

/** @param setAt Unix seconds */
export const churn = (id: string, setAt: number): IDataObject => ({
	id,
	type: 'referral',
	attributes: { email: `r${id}@example.com`, state: 'churned', state_set_at: setAt },
});

const seconds = (written: string) => Date.parse(written.replace(' +0000', 'Z')) / 1000;

/** Reditus' referrals, as far as a trigger reads them. */
export class Referrals {
	rows: IDataObject[] = [];
	/** Answers every request in place of what is written here. */
	instead?: (sent: Sent) => Answered;
	/** Called before a request is answered. */
	before: (sent: Sent) => void = () => {};
	/** What is said of further pages. */
	metaOf = (pagination: { has_more: boolean }): unknown => ({ pagination });
	/** The Date header; none where undefined. */
	date?: string;
	readonly sent: Sent[];

	constructor() {
		this.sent = api('https://reditus.example', (sent) => this.instead?.(sent) ?? this.answer(sent));
	}

	answer(sent: Sent): Answered {
		this.before(sent);
		const { query } = sent;
		const { state_set_at_gt: after, page } = query;
		const all = this.rows.filter(({ attributes }) => {
			const at = (attributes as IDataObject).state_set_at as number;
			return after === undefined || at > seconds(after);
		});
		const from = (Number(page) - 1) * 50;
		const has_more = all.length > from + 50;
		const meta = this.metaOf({ ...{ page: Number(page), per_page: 50 }, has_more });
		const headers = this.date === undefined ? undefined : { date: this.date };
		return [200, { data: all.slice(from, from + 50), meta }, headers];
	}
}
