import type { IDataObject } from 'n8n-workflow';

import { runner } from '../run';
import { described } from './facts';

export const origin = 'https://own.example.com';
export const base = '/api';
export const id = 'own_1';

export const account: IDataObject = {
	baseUrl: `${origin}${base}`,
	headerName: 'Authorization',
	headerValue: 'Bearer key_of_the_shop',
	extraHeaders: { headers: [{ name: 'X-Tenant', value: 'acme' }] },
	testPath: '/me',
};
export const credentials = { httpCancellationApi: account as never };

/** The record, as the sandbox's API shows it. */
export const record = (status: string, more: IDataObject = {}) => ({
	id,
	status,
	ends_at: null,
	customer: { email: 'ada@example.com' },
	reason: null,
	updated_at: '2026-11-01T00:00:00.000Z',
	...more,
});
export const shown = (status: string, more?: IDataObject) => ({ data: record(status, more) });
export const accepted = { ok: true, data: record('ended') };
export const error = (message: string, code = 'failed') => ({ error: { code, message } });

export const post = `POST ${base}/subscriptions/${id}/cancel`;
export const get = `GET ${base}/subscriptions/${id}`;

/** The fields without a record. */
export const unread = { ...described, readPath: '' };

/** Every run is about the one above, at the API of the sandbox, unless a test says otherwise. */
export const { run, one, setting } = runner('httpCancellation', 'request', credentials, () => ({
	targetId: id,
	...described,
}));
