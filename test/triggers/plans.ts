import type { IDataObject } from 'n8n-workflow';

import { api, type Answered } from './api';

export const credentials = {
	SmokeballApi: {
		apiKey: 'smoke-key-4711',
		accessToken: 'smoke-token-4711',
		baseUrl: 'custom',
		customBaseUrl: 'https://smoke.example',
	},
};

export const plan = (more: IDataObject = {}): IDataObject => ({
	id: 'plan-1',
	status: 'Active',
	cancellationStatus: 'None',
	currentPeriodEndDate: '2099-01-31T00:00:00Z',
	...more,
});

export const pending = (more: IDataObject = {}) =>
	plan({
		cancellationStatus: 'Pending',
		cancelAt: '2099-01-31T00:00:00Z',
		canceledAt: '2026-11-20T09:30:00Z',
		...more,
	});

export const over = (more: IDataObject = {}) =>
	plan({
		status: 'Canceled',
		cancellationStatus: 'Canceled',
		canceledAt: '2026-11-21T08:00:00Z',
		...more,
	});

/** The firm's plans at Smokeball. */
export class Plans {
	rows: IDataObject[] = [plan()];
	/** Answers in place of the list. */
	instead?: () => Answered;
	readonly sent = api(
		'https://smoke.example',
		() => this.instead?.() ?? [200, { value: this.rows }],
	);
}
