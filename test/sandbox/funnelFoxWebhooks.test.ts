import { keys } from '../../sandbox/keys';
import { ownReceiver } from './receiver';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const receiver = ownReceiver();
const control = (method: string, path: string, json?: unknown) =>
	ask(own.sandbox, method, `/_control${path}`, { json });
const paste = (more: object = {}) =>
	own.sandbox.pasteWebhook('funnelFox', { url: receiver.url, ...more });
const leave = async (id: string, how = {}) => {
	own.sandbox.customerCancels('funnelFox', id, how);
	await own.sandbox.deliveriesDone();
};
const read = async (id: string) =>
	(
		await ask(own.sandbox, 'GET', `/funnelfox/public/v1/subscriptions/${id}`, {
			headers: signed.funnelFox,
		})
	).body;
const events = () => receiver.calls.map(({ body }) => body.type);

describe("FunnelFox's webhook", () => {
	it('is set by a control route, with either header name', async () => {
		const path = '/webhooks/funnelFox';
		const pasted = { url: receiver.url, header: 'Fox-Secret' };
		expect((await control('PUT', path, pasted)).body).toEqual([pasted]);
		await leave('sub_ada');
		expect(receiver.calls[0].headers).toMatchObject({ 'fox-secret': keys.funnelFox.secretKey });
		expect(receiver.calls[0].headers).not.toHaveProperty('fox-secret-key');
		expect((await control('PUT', path, null)).body).toEqual([]);
		await leave('sub_ben');
		expect(receiver.calls).toHaveLength(1);
		expect((await control('PUT', path, { url: 'n8n' })).status).toBe(400);
		expect((await control('PUT', path, { ...pasted, header: 'X-Secret' })).status).toBe(400);
		expect((await control('PUT', '/webhooks/azotte', pasted)).status).toBe(400);
	});

	it('is called when the customer switches the renewal off', async () => {
		paste();
		await leave('sub_ada', { at: '2026-11-20T08:00:00Z' });
		const [{ headers, body }] = receiver.calls;
		expect(headers['fox-secret-key']).toBe(keys.funnelFox.secretKey);
		expect(body).toMatchObject({
			id: expect.stringMatching(/^evt_/),
			type: 'subscription.auto_renew_off',
			created_at: Date.parse('2026-11-20T08:00:00Z') / 1000,
			profile: { id: 'pro_ada', email: 'ada@example.com' },
			is_sandbox: false,
			data: {
				cancellation_source: 'funnel',
				vendor: 'stripe',
				vendor_subscription_id: 'psp_ada',
				expires_at: (await read('sub_ada')).period_ends_at,
			},
		});
		expect(JSON.stringify(body)).not.toContain('"sub_ada"');
		expect(await read('sub_ada')).toMatchObject({ status: 'cancelled', renews: false });
	});

	it.each(['funnel', 'api', 'psp'])('names the source %s', async (source) => {
		paste();
		await leave('sub_ada', { source });
		expect(receiver.calls[0].body.data.cancellation_source).toBe(source);
	});

	it('accepts no other source', () => {
		expect(() => own.sandbox.customerCancels('funnelFox', 'sub_ada', { source: 'moon' })).toThrow(
			'source',
		);
	});

	it('is called for a cancellation by the API, with the source api', async () => {
		paste();
		await ask(own.sandbox, 'POST', '/funnelfox/public/v1/subscriptions/sub_ada/cancel', {
			headers: signed.funnelFox,
		});
		await own.sandbox.deliveriesDone();
		expect(receiver.calls[0].body).toMatchObject({
			type: 'subscription.auto_renew_off',
			data: { cancellation_source: 'api' },
		});
	});

	it('sends subscription.cancelled for an immediate end', async () => {
		paste();
		await leave('sub_ada', { ends: 'now' });
		expect(events()).toEqual(['subscription.cancelled']);
		expect(receiver.calls[0].body.data).not.toHaveProperty('cancellation_source');
		expect((await read('sub_ada')).status).toBe('expired');
	});

	it('sends subscription.cancelled with the other event, depending on an assumption', async () => {
		own.sandbox.settings('funnelFox', { assumptions: { cancelledEvent: 'beside' } });
		paste();
		await leave('sub_ada');
		expect(events().sort()).toEqual(['subscription.auto_renew_off', 'subscription.cancelled']);
	});

	it('marks test subscriptions, and sends them to the sandbox URL if there is one', async () => {
		paste();
		await leave('sub_ivo');
		paste({ sandboxUrl: `${receiver.url}/test` });
		await leave('sub_tester_1');
		await leave('sub_ada');
		expect(receiver.calls.map(({ path, body }) => [path, body.is_sandbox])).toEqual([
			['/', true],
			['/test', true],
			['/', false],
		]);
	});

	it('omits fields that the record does not have', async () => {
		paste();
		await leave('sub_bare');
		expect(receiver.calls[0].body.profile).not.toHaveProperty('email');
		expect(receiver.calls[0].body.data).not.toHaveProperty('expires_at');
	});

	it('is retried until a 2xx response, at most 30 times', async () => {
		own.sandbox.settings('funnelFox', { retryScale: 0 });
		paste();
		receiver.answer(500, 302, 200);
		await leave('sub_ada');
		expect(own.sandbox.deliveries().map(({ status }) => status)).toEqual([500, 302, 200]);
		receiver.answer(...Array.from({ length: 40 }, () => 401));
		await leave('sub_ben');
		expect(receiver.calls).toHaveLength(3 + 31);
	});

	it('is not called for an undoing, but for the next cancellation', async () => {
		paste();
		await leave('sub_ada');
		own.sandbox.customerReturns('funnelFox', 'sub_ada');
		expect(await read('sub_ada')).toMatchObject({ status: 'active', renews: true });
		await leave('sub_ada');
		expect(events()).toEqual(['subscription.auto_renew_off', 'subscription.auto_renew_off']);
	});
});

describe('a fault of webhook calls', () => {
	const ids = () => receiver.calls.map(({ body }) => body.id as string);

	it('twice sends the same event twice', async () => {
		paste();
		own.sandbox.deliveryFault('funnelFox', 'twice');
		await leave('sub_ada');
		expect(ids()).toHaveLength(2);
		expect(new Set(ids()).size).toBe(1);
		expect(own.sandbox.deliveries()).toMatchObject([{ fault: 'twice' }, { fault: 'twice' }]);
	});

	it('none sends no call and logs that', async () => {
		paste();
		own.sandbox.deliveryFault('FunnelFox', 'none');
		await leave('sub_ada');
		expect(receiver.calls).toEqual([]);
		expect(own.sandbox.deliveries()).toMatchObject([{ attempt: 0, status: null, fault: 'none' }]);
	});

	it('wrongSecret sends another secret', async () => {
		paste();
		own.sandbox.deliveryFault('funnelFox', 'wrongSecret');
		await leave('sub_ada');
		expect(receiver.calls[0].headers['fox-secret-key']).toBe('a wrong secret');
	});

	it('late delays the call', async () => {
		paste();
		own.sandbox.deliveryFault('funnelFox', 'late', 60);
		own.sandbox.customerCancels('funnelFox', 'sub_ada');
		own.sandbox.deliveryFault('funnelFox', null);
		await leave('sub_ben');
		expect(receiver.calls.map(({ body }) => body.profile.id)).toEqual(['pro_ben', 'pro_ada']);
	});

	it('outOfOrder sends the second call before the first', async () => {
		paste();
		own.sandbox.deliveryFault('funnelFox', 'outOfOrder', 500);
		own.sandbox.customerCancels('funnelFox', 'sub_ada');
		await leave('sub_ben');
		expect(receiver.calls.map(({ body }) => body.profile.id)).toEqual(['pro_ben', 'pro_ada']);
	});

	it('outOfOrder sends a held call after its delay', async () => {
		paste();
		own.sandbox.deliveryFault('funnelFox', 'outOfOrder', 20);
		await leave('sub_ada');
		expect(receiver.calls).toHaveLength(1);
		own.sandbox.deliveryFault('funnelFox', 'outOfOrder', 60_000);
		own.sandbox.customerCancels('funnelFox', 'sub_ben');
		own.sandbox.deliveryFault('funnelFox', null);
		while (receiver.calls.length < 2) await new Promise((next) => setTimeout(next, 5));
		expect(receiver.calls[1].body.profile.id).toBe('pro_ben');
	});

	it('is set and listed by a control route, and cleared by a reset', async () => {
		const path = '/delivery-faults/funnelFox';
		expect((await control('PUT', path, { kind: 'twice' })).body).toEqual({ funnelFox: 'twice' });
		expect((await control('GET', '/state')).body.deliveryFaults).toEqual({ funnelFox: 'twice' });
		expect((await control('PUT', path, { kind: 'lost' })).status).toBe(400);
		own.sandbox.reset();
		expect((await control('GET', '/state')).body.deliveryFaults).toEqual({});
	});
});
