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
	readonly sent: Sent[];

	constructor() {
		this.sent = api('https://reditus.example', (sent) => this.instead?.(sent) ?? this.answer(sent));
	}

	answer({ query }: Sent): Answered {
		const { state_set_at_gt: after, page } = query;
		const all = this.rows.filter(({ attributes }) => {
			const at = (attributes as IDataObject).state_set_at as number;
			return after === undefined || at > seconds(after);
		});
		const from = (Number(page) - 1) * 50;
		const has_more = all.length > from + 50;
		const meta = { pagination: { page: Number(page), per_page: 50, has_more } };
		return [200, { data: all.slice(from, from + 50), meta }];
	}
}
