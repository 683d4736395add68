import { createHmac } from 'node:crypto';
import { ownReceiver } from './receiver';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const receiver = ownReceiver();
const headers = signed.firstPromoterV2;

const api = (method: string, path = '', json?: unknown) =>
	ask(own.sandbox, method, `/firstpromoter/api/v2/company/webhooks${path}`, { headers, json });
const register = (more: object = {}) =>
	api('POST', '', {
		url: `${receiver.url}/hook`,
		event_types: ['referral.cancelled'],
		headers: { 'X-Secret': 'only we know' },
		...more,
	});
const both = { event_types: ['referral.cancelled', 'referral.updated'] };
const track = (uid: string) =>
	ask(own.sandbox, 'POST', '/firstpromoter/api/v2/track/cancellation', { headers, json: { uid } });
/** Ada leaves, and everybody who wants to know has been called. */
const adaLeaves = async (at?: string) => {
	expect(own.sandbox.customerCancels('firstPromoter', 'ada@example.com', { at })).toBe(true);
	await own.sandbox.deliveriesDone();
};
const events = () => receiver.calls.map(({ body }) => body.event_type);

describe('the webhooks of FirstPromoter v2', () => {
	it('are registered and returned without secrets', async () => {
		const { status, body } = await register({
			max_retries: 5,
			description: 'n8n',
			basic_auth_user: 'me',
			basic_auth_password: 'hidden',
		});
		expect(status).toBe(201);
		expect(body).toEqual({
			id: 1,
			url: `${receiver.url}/hook`,
			description: 'n8n',
			event_types: ['referral.cancelled'],
			campaign_ids: [1],
			active: true,
			timeout: 30,
			max_retries: 5,
			headers: { 'X-Secret': 'only we know' },
			basic_auth_user: 'me',
			basic_auth_enabled: true,
			created_at: expect.any(String),
			updated_at: expect.any(String),
		});
		expect((await api('GET', '/1')).body).toEqual(body);
		expect(own.sandbox.webhooks('firstpromoter')).toEqual([body]);
		expect(own.sandbox.journal()).toEqual([]);
	});

	it('are listed as a bare array, newest first, page by page', async () => {
		for (const description of ['a', 'b', 'c']) await register({ description });
		const names = ({ body }: { body: Array<{ description: string }> }) =>
			body.map(({ description }) => description);
		expect(names(await api('GET'))).toEqual(['c', 'b', 'a']);
		expect(names(await api('GET', '?per_page=2&page=2'))).toEqual(['a']);
		expect(names(await api('GET', '?page=2'))).toEqual([]);
	});

	it('are updated in the given fields, and removed with their deliveries', async () => {
		await register();
		await adaLeaves();
		expect((await api('GET', '/1/webhook_deliveries')).body).toHaveLength(1);
		const changed = await api('PUT', '/1', { active: false, id: 7, secret_key: 'mine' });
		expect(changed).toMatchObject({ status: 200, body: { id: 1, active: false, timeout: 30 } });
		expect((await api('DELETE', '/1')).status).toBe(200);
		for (const [method, path] of [
			['GET', '/1'],
			['PUT', '/1'],
			['DELETE', '/1'],
			['GET', '/1/webhook_deliveries'],
			['GET', '/1/webhook_deliveries/1'],
			['POST', '/1/webhook_deliveries/1/retry_delivery'],
		]) {
			const json = method === 'PUT' ? {} : undefined;
			expect(await api(method, path, json)).toMatchObject({ status: 404 });
		}
	});

	it.each([
		['no address', { url: undefined }],
		['an address that is none', { url: 'n8n' }],
		['no events', { event_types: undefined }],
		['an empty list of events', { event_types: [] }],
		['an event that does not exist', { event_types: ['referral.gone'] }],
		['too many retries', { max_retries: 11 }],
		['too short a time', { timeout: 0 }],
		['a header that is no text', { headers: { a: 1 } }],
	])('are refused with 422 for %s', async (_what, fields) => {
		expect(await register(fields)).toMatchObject({
			status: 422,
			body: { message: expect.any(String), code: 'unprocessable_entity' },
		});
		expect(own.sandbox.webhooks('firstPromoter')).toEqual([]);
	});

	it('respond 401 without a body to a wrong key', async () => {
		const got = await ask(own.sandbox, 'GET', '/firstpromoter/api/v2/company/webhooks');
		expect(got).toMatchObject({ status: 401, text: '' });
	});

	it('have an event for cancellations, depending on an assumption', async () => {
		expect((await api('GET', '/event_types')).body.data).toContain('referral.cancelled');
		own.sandbox.settings('firstPromoter', { assumptions: { referralCancelled: 'missing' } });
		const { data } = (await api('GET', '/event_types')).body;
		expect(data).not.toContain('referral.cancelled');
		expect(data).toContain('referral.updated');
		expect((await register()).status).toBe(422);
		await register({ event_types: ['referral.updated'] });
		await adaLeaves();
		expect(events()).toEqual(['referral.updated']);
	});

	it('retry as often as configured; the default depends on an assumption', async () => {
		expect((await register({ max_retries: 0 })).body.max_retries).toBe(0);
		expect((await register()).body.max_retries).toBe(3);
		own.sandbox.settings('firstPromoter', { assumptions: { maxRetries: '10' } });
		expect((await register()).body.max_retries).toBe(10);
	});

	it('have faults like all requests', async () => {
		own.sandbox.fault({ provider: 'firstPromoter', kind: 'serverErrorBefore', target: 'webhooks' });
		expect((await register()).status).toBe(500);
		expect((await register()).status).toBe(201);
		own.sandbox.fault({ provider: 'firstPromoter', kind: 'forbidden', target: 'webhook_1' });
		expect((await api('DELETE', '/1')).status).toBe(403);
	});

	it('are removed by a reset, unless keepWebhooks is set', async () => {
		await register();
		own.sandbox.reset({ keepWebhooks: true });
		expect(own.sandbox.webhooks('firstPromoter')).toHaveLength(1);
		own.sandbox.reset();
		expect(own.sandbox.webhooks('firstPromoter')).toEqual([]);
	});
});

describe('a cancellation by the customer', () => {
	it('calls the registered URL with the configured headers', async () => {
		await register({ basic_auth_user: 'me', basic_auth_password: 'hidden' });
		await adaLeaves('2026-11-20T08:00:00Z');
		expect(receiver.calls).toHaveLength(1);
		const [{ path, headers: sent, body }] = receiver.calls;
		expect(path).toBe('/hook');
		expect(sent).toMatchObject({
			'content-type': 'application/json',
			'x-event-id': body.event_id,
			'x-event-type': 'referral.cancelled',
			'x-secret': 'only we know',
			authorization: `Basic ${Buffer.from('me:hidden').toString('base64')}`,
		});
		expect(sent).not.toHaveProperty('x-webhook-signature');
		expect(body).toEqual({
			event_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
			event_type: 'referral.cancelled',
			action: 'updated',
			entity_type: 'referral',
			entity_id: 20_738_301,
			changes: { state: ['active', 'cancelled'] },
			data: {
				id: 20_738_301,
				state: 'cancelled',
				email: 'ada@example.com',
				uid: 'cus_ada',
				customer_since: expect.any(String),
				fraud_check: 'no_suspicion',
				created_at: expect.any(String),
			},
			timestamp: '2026-11-20T08:00:00.000Z',
		});
		expect(own.sandbox.deliveries('firstPromoter')).toMatchObject([
			{ event: 'referral.cancelled', attempt: 1, status: 200, url: `${receiver.url}/hook` },
		]);
		expect(own.sandbox.journal()).toEqual([]);
	});

	it('sends two events with two IDs if both are subscribed', async () => {
		await register(both);
		await adaLeaves();
		expect(events().sort()).toEqual(['referral.cancelled', 'referral.updated']);
		expect(new Set(receiver.calls.map(({ body }) => body.event_id)).size).toBe(2);
	});

	it('sends the described field names, depending on an assumption', async () => {
		own.sandbox.settings('firstPromoter', { assumptions: { payload: 'described' } });
		await register();
		await adaLeaves();
		expect(receiver.calls[0].body).toMatchObject({
			entity_type: 'Referral',
			object_changes: { state: ['active', 'cancelled'] },
		});
	});

	it('calls webhooks also for a cancellation by the API of either version', async () => {
		await register();
		await track('cus_ada');
		await ask(own.sandbox, 'POST', '/firstpromoter/api/v1/track/cancellation?uid=cus_dora', {
			headers: signed.firstPromoterV1,
		});
		await own.sandbox.deliveriesDone();
		expect(receiver.calls.map(({ body }) => body.data.uid)).toEqual(['cus_ada', 'cus_dora']);
	});

	it('sends no event if the state does not change', async () => {
		await register(both);
		await track('cus_cleo');
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toEqual([]);
	});

	it('sends an event for the undoing and for the next cancellation', async () => {
		await register(both);
		await adaLeaves();
		await ask(own.sandbox, 'PUT', '/firstpromoter/api/v1/leads/update?uid=cus_ada&state=active', {
			headers: signed.firstPromoterV1,
		});
		await own.sandbox.deliveriesDone();
		expect(receiver.calls[2].body).toMatchObject({
			event_type: 'referral.updated',
			changes: { state: ['cancelled', 'active'] },
		});
		await adaLeaves();
		own.sandbox.customerReturns('firstPromoter', 'ada@example.com');
		await own.sandbox.deliveriesDone();
		expect(events()).toHaveLength(6);
	});

	it('does not call a webhook that is paused or of another campaign', async () => {
		await register({ active: false });
		await register({ campaign_ids: [99] });
		await register({ event_types: ['commission.created'] });
		await adaLeaves();
		expect(own.sandbox.deliveries()).toEqual([]);
	});

	it('does not call another machine', async () => {
		await register({ url: 'https://elsewhere.example/hook' });
		await adaLeaves();
		expect(own.sandbox.deliveries()).toMatchObject([
			{ attempt: 0, status: null, error: expect.stringContaining('only this machine') },
		]);
	});

	it('signs calls, depending on an assumption', async () => {
		own.sandbox.settings('firstPromoter', { assumptions: { signature: 'sent' } });
		const { secret_key: key } = (await register()).body;
		expect(key).toMatch(/^[0-9a-f]{64}$/);
		expect((await api('GET', '/1')).body).not.toHaveProperty('secret_key');
		await adaLeaves();
		const [{ headers: sent, text }] = receiver.calls;
		expect(sent['x-webhook-signature']).toBe(createHmac('sha256', key).update(text).digest('hex'));
	});
});

describe('a delivery', () => {
	const deliveries = (path = '') => api('GET', `/1/webhook_deliveries${path}`);

	it('is retried until a 2xx response, with the same event ID', async () => {
		receiver.answer(500, 404, 204);
		await register();
		await adaLeaves();
		expect(receiver.calls).toHaveLength(3);
		expect(new Set(receiver.calls.map(({ body }) => body.event_id)).size).toBe(1);
		expect(own.sandbox.deliveries().map(({ attempt, status }) => [attempt, status])).toEqual([
			[1, 500],
			[2, 404],
			[3, 204],
		]);
		expect((await deliveries()).body).toMatchObject([
			{ status: 'delivered', attempts: 3, response_code: 204, last_error: null },
		]);
	});

	it('fails after the last retry, and cannot be retried then', async () => {
		receiver.answer(500, 500);
		await register({ max_retries: 1 });
		await adaLeaves();
		const [delivery] = (await deliveries()).body;
		expect(delivery).toMatchObject({
			event_type: 'referral.cancelled',
			entity_type: 'Referral',
			status: 'failed',
			attempts: 2,
			last_error: 'HTTP 500',
			response_body: 'thank you',
			object_changes: { state: ['active', 'cancelled'] },
			payload: receiver.calls[0].body,
			delivered_at: null,
		});
		expect((await deliveries(`/${delivery.id}`)).body).toEqual(delivery);
		const again = `/1/webhook_deliveries/${delivery.id}/retry_delivery`;
		expect((await api('POST', again)).status).toBe(422);
		await api('PUT', '/1', { max_retries: 4 });
		expect(await api('POST', again)).toMatchObject({
			status: 200,
			body: { status: 'pending', attempts: 0 },
		});
		await own.sandbox.deliveriesDone();
		expect((await deliveries()).body).toMatchObject([{ status: 'delivered', attempts: 1 }]);
	});

	it('waits for its retry as configured, and is cancelled by a reset', async () => {
		own.sandbox.settings('firstPromoter', { retryScale: 1 });
		receiver.answer(500);
		await register();
		own.sandbox.customerCancels('firstPromoter', 'cus_ada');
		while (own.sandbox.deliveries().length === 0) await new Promise((next) => setTimeout(next, 5));
		expect((await deliveries()).body).toMatchObject([{ status: 'retrying', attempts: 1 }]);
		own.sandbox.reset();
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toHaveLength(1);
	});

	it('is a failed attempt without a response', async () => {
		await register({ url: 'http://127.0.0.1:1/', max_retries: 1 });
		await adaLeaves();
		expect(own.sandbox.deliveries()).toMatchObject([
			{ attempt: 1, status: null, error: expect.stringContaining('ECONNREFUSED') },
			{ attempt: 2, status: null },
		]);
	});

	it('can be tested with a sample, which returns the response', async () => {
		receiver.answer(401);
		const sample = { url: receiver.url, event_type: 'referral.cancelled', headers: { a: 'b' } };
		const got = await api('POST', '/test', sample);
		expect(got).toMatchObject({ status: 200, body: { status: 401, body: 'thank you' } });
		expect(receiver.calls[0]).toMatchObject({
			headers: { a: 'b' },
			body: { event_type: 'referral.cancelled', data: { test: true } },
		});
		expect((await api('POST', '/test', { ...sample, url: 'here' })).status).toBe(400);
	});
});
