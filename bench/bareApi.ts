import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** FunnelFox's subscription API with constant records, so that its own cost is minimal. */
export interface BareApi {
	url: string;
	reads: number;
	writes: number;
	/** Delay of each response in ms. */
	latency: number;
	close(): void;
}

/** A record of the same size as the sandbox's, so that all sides store equal responses. */
const record = (cancelled: boolean) => ({
	psp_id: 'psp_bench',
	status: cancelled ? 'cancelled' : 'active',
	profile: {
		id: 'pro_bench',
		email: 'bench@example.com',
		created_at: '2026-01-01T00:00:00.000Z',
		preview: false,
	},
	funnel: { id: 'fun_main', title: 'Main funnel', alias: 'main', type: 'default' },
	funnel_version: 3,
	session: { id: 'ses_bench', created_at: '2026-01-01T00:00:00.000Z', locale: 'en' },
	product_id: 'prod_plus',
	product: { id: 'prod_plus', name: 'Plus', status: 'active' },
	price: 1999,
	currency: 'USD',
	price_usd: 1999,
	billing_interval: 'month',
	billing_interval_count: 1,
	payment_provider: 'stripe',
	renews: !cancelled,
	sandbox: false,
	created_at: '2026-01-01T00:00:00.000Z',
	updated_at: '2026-01-01T00:00:00.000Z',
	period_starts_at: '2026-01-01T00:00:00.000Z',
	period_ends_at: '2099-12-31T00:00:00.000Z',
	...(cancelled && {
		cancelled_at: '2026-01-01T00:00:00.000Z',
		cancellation_reason: 'User requested cancellation',
	}),
});

/** The part of a record after its ID, serialized once. */
const rest = (cancelled: boolean) => `",${JSON.stringify(record(cancelled)).slice(1)}`;
const active = rest(false);
const cancelled = rest(true);

const pagination = '"pagination":{"has_more":false}';

/** The list for a requested email address; the ID of its subscription is the part before the "@". */
function listFor(url: string): string | undefined {
	const email = new URLSearchParams(url.split('?')[1]).get('filter[email]');
	if (email === null) return undefined;
	const row = active.replace('bench@example.com', email);
	return `{"data":[{"id":"${email.split('@')[0]}${row}],${pagination}}`;
}

export async function startApi(): Promise<BareApi> {
	const server = createServer((request, response) => {
		request.resume();
		const write = request.method === 'POST';
		if (write) api.writes++;
		else api.reads++;
		const { url = '' } = request;
		const id = url.split('/')[2] ?? '';
		const answer = () => {
			response.writeHead(200, { 'Content-Type': 'application/json' });
			response.end(listFor(url) ?? `{"id":"${id}${write ? cancelled : active}`);
		};
		if (api.latency > 0) setTimeout(answer, api.latency);
		else answer();
	});
	server.keepAliveTimeout = 60_000;
	const api: BareApi = {
		url: '',
		reads: 0,
		writes: 0,
		latency: 0,
		close() {
			server.close();
			server.closeAllConnections();
		},
	};
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return api;
}
