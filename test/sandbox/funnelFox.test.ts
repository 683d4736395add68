import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const base = '/funnelfox/public/v1';
const headers = signed.funnelFox;

const cancel = (id: string, json?: unknown) =>
	ask(own.sandbox, 'POST', `${base}/subscriptions/${id}/cancel`, { headers, json });
const get = (path: string) => ask(own.sandbox, 'GET', base + path, { headers });

describe('FunnelFox', () => {
	it('cancels a subscription at the end of its period', async () => {
		const { status, body } = await cancel('sub_ada', { reason: 'Too expensive' });
		expect(status).toBe(200);
		expect(body).toMatchObject({
			id: 'sub_ada',
			status: 'cancelled',
			renews: false,
			cancellation_reason: 'Too expensive',
		});
		expect(Date.parse(body.period_ends_at)).toBeGreaterThan(Date.now());
	});

	it('has a default reason', async () => {
		const { body } = await cancel('sub_ada');
		expect(body.cancellation_reason).toBe('User requested cancellation');
	});

	it.each([
		['sub_cleo', 'Subscription is already cancelled'],
		['sub_gus', 'Subscription is expired'],
		['sub_hana', 'Cancellation is not supported for payment provider braintree'],
	])('refuses to cancel %s with 400', async (id, message) => {
		expect(await cancel(id)).toMatchObject({ status: 400, body: { message } });
		expect(own.sandbox.journal()).toEqual([]);
	});

	it.each(['sub_ben', 'sub_dora', 'sub_emil', 'sub_fay', 'sub_june'])('cancels %s', async (id) => {
		expect(await cancel(id)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
	});

	it('cancels only once', async () => {
		await cancel('sub_ada');
		expect((await cancel('sub_ada')).status).toBe(400);
		expect(own.sandbox.journal('funnelFox')).toHaveLength(1);
	});

	it('responds 404 for an unknown ID, and for an email address or psp_id', async () => {
		for (const id of ['sub_nobody', 'ada@example.com', 'psp_ada']) {
			expect(await cancel(id)).toMatchObject({
				status: 404,
				body: { message: 'Subscription not found' },
			});
		}
	});

	it('responds 401 to a missing or wrong secret', async () => {
		for (const secret of ['', 'secret_other']) {
			const wrong = { 'fox-secret': secret };
			const got = await ask(own.sandbox, 'GET', `${base}/subscriptions`, { headers: wrong });
			expect(got).toMatchObject({ status: 401, body: { message: 'Invalid secret key' } });
		}
	});

	it('responds 400 if the reason is not a string', async () => {
		expect(await cancel('sub_ada', { reason: 7 })).toMatchObject({ status: 400 });
		expect(own.sandbox.journal()).toEqual([]);
	});

	it('filters by email and status', async () => {
		const kim = await get('/subscriptions?filter[email]=kim@example.com');
		expect(kim.body.data.map(({ id }: { id: string }) => id)).toEqual(['sub_kim', 'sub_kim_old']);
		const active = await get('/subscriptions?filter[email]=kim@example.com&filter[status]=active');
		expect(active.body.pagination).toMatchObject({ has_more: false, total: 1 });
		expect((await get('/subscriptions?filter[status]=canceled')).status).toBe(400);
	});

	it('paginates by the ID of the last item, and repeats the cursor after the end', async () => {
		const expired = '/subscriptions?filter[status]=expired&limit=90';
		const first = await get(expired);
		expect(first.body.pagination).toEqual({
			has_more: true,
			total: 123,
			next_cursor: first.body.data[89].id,
		});
		const cursor = first.body.pagination.next_cursor as string;
		const last = await get(`${expired}&cursor=${cursor}`);
		expect(last.body.data).toHaveLength(33);
		expect(last.body.pagination.has_more).toBe(false);
		const beyond = await get(`${expired}&cursor=${last.body.pagination.next_cursor}`);
		expect(beyond.body).toMatchObject({
			data: [],
			pagination: { next_cursor: last.body.pagination.next_cursor },
		});
		expect((await get('/subscriptions?limit=101')).status).toBe(400);
	});

	it('returns fewer fields in a list', async () => {
		const { body } = await get('/subscriptions?limit=1');
		expect(body.data[0]).not.toHaveProperty('session');
		expect((await get('/subscriptions/sub_ada')).body).toHaveProperty('session');
	});

	it('expires a cancelled subscription at the end of its period', async () => {
		const { body } = await cancel('sub_ada');
		own.sandbox.freeze(body.period_ends_at);
		expect((await get('/subscriptions/sub_ada')).body.status).toBe('expired');
		own.sandbox.freeze(null);
	});

	it('keeps the status active until the end of the period, depending on an assumption, and cancels only once', async () => {
		own.sandbox.settings('funnelFox', { assumptions: { afterCancel: 'active' } });
		const { body } = await cancel('sub_ada');
		expect(body).toMatchObject({ status: 'active', renews: false });
		expect(await cancel('sub_ada')).toMatchObject({ status: 400 });
		own.sandbox.freeze(body.period_ends_at);
		expect((await get('/subscriptions/sub_ada')).body.status).toBe('expired');
		own.sandbox.freeze(null);
	});

	it('omits the optional fields of the schema', async () => {
		const { body } = await cancel('sub_bare');
		expect(body).toMatchObject({ status: 'cancelled', profile: { id: 'pro_bare' } });
		expect(body).not.toHaveProperty('period_ends_at');
		expect(body).not.toHaveProperty('product');
		expect(body.profile).not.toHaveProperty('email');
		expect((await get('/subscriptions/sub_bare')).body.status).toBe('cancelled');
	});
});
