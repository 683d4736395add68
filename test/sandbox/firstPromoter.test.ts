import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const v1 = '/firstpromoter/api/v1';
const v2 = '/firstpromoter/api/v2';

const blank = 'Error. Email and uid can not be blank!';

describe('FirstPromoter v1', () => {
	const headers = signed.firstPromoterV1;
	const cancel = (query: string) =>
		ask(own.sandbox, 'POST', `${v1}/track/cancellation?${query}`, { headers });
	const show = (query: string) => ask(own.sandbox, 'GET', `${v1}/leads/show?${query}`, { headers });

	it('marks a lead as cancelled, by uid or by email', async () => {
		expect(await cancel('uid=cus_ada')).toMatchObject({
			status: 200,
			body: { type: 'cancellation', lead: { state: 'cancelled', uid: 'cus_ada' } },
		});
		expect((await cancel('email=dora@example.com')).body.lead.uid).toBe('cus_dora');
		expect(own.sandbox.journal().map(({ operation, target }) => [operation, target])).toEqual([
			['cancel', 'cus_ada'],
			['cancel', 'dora@example.com'],
		]);
	});

	it('accepts parameters as a form, but not as JSON', async () => {
		const form = await fetch(`${own.sandbox.url}${v1}/track/cancellation`, {
			method: 'POST',
			headers,
			body: new URLSearchParams({ email: 'ada@example.com' }),
		});
		expect(form.status).toBe(200);
		const json = await ask(own.sandbox, 'POST', `${v1}/track/cancellation`, {
			headers,
			json: { email: 'ada@example.com' },
		});
		expect(json).toMatchObject({ status: 400, body: { message: blank } });
	});

	it('records a repeated cancellation twice without an event_id', async () => {
		await cancel('uid=cus_ada');
		expect((await cancel('uid=cus_ada')).status).toBe(200);
		expect(own.sandbox.journal()).toHaveLength(2);
	});

	it('refuses a repeated event_id with 409 and writes nothing', async () => {
		await cancel('uid=cus_ada&event_id=evt_1');
		expect(await cancel('uid=cus_ada&event_id=evt_1')).toMatchObject({
			status: 409,
			body: { message: "The 'cancellation' event with the id 'evt_1' already exists." },
		});
		expect(own.sandbox.journal()).toHaveLength(1);
	});

	it('responds 204 without a body for a customer without a referral', async () => {
		expect(await cancel('email=hana@example.com&event_id=evt_2')).toMatchObject({
			status: 204,
			text: '',
		});
		expect(own.sandbox.journal()).toEqual([]);
	});

	it('responds 400 without an identifier and for an invalid time or boolean', async () => {
		expect(await cancel('email=')).toMatchObject({ status: 400, body: { message: blank } });
		expect((await cancel('uid=cus_ada&created_at=yesterday')).status).toBe(400);
		expect((await cancel('uid=cus_ada&skip_email_notification=maybe')).status).toBe(400);
	});

	it('stores the given time of the cancellation', async () => {
		const { body } = await cancel('uid=cus_ada&created_at=2026-11-01T10:00:00%2B02:00');
		expect(body.lead.cancelled_at).toBe('2026-11-01T08:00:00.000Z');
	});

	it('responds to a wrong key with the text "Bad credentials"', async () => {
		const got = await ask(own.sandbox, 'GET', `${v1}/promoters/list?per_page=1`);
		expect(got).toMatchObject({ status: 401, body: 'Bad credentials' });
		expect((await ask(own.sandbox, 'GET', `${v1}/promoters/list`, { headers })).status).toBe(200);
	});

	it('shows a lead, and has its own format of errors', async () => {
		expect((await show('email=ada@example.com')).body).toMatchObject({ state: 'active' });
		expect(await show('uid=cus_nobody')).toMatchObject({
			status: 404,
			body: { error: 'Lead not found.' },
		});
		expect((await show('')).status).toBe(422);
	});

	it('sets a cancelled lead active again', async () => {
		const got = await ask(own.sandbox, 'PUT', `${v1}/leads/update?uid=cus_cleo&state=active`, {
			headers,
		});
		expect(got.body).toMatchObject({ state: 'active' });
		expect(got.body).not.toHaveProperty('cancelled_at');
		expect(own.sandbox.journal()[0]).toMatchObject({ operation: 'restore', target: 'cus_cleo' });
	});

	it('returns a promoter with secrets', async () => {
		const { promoter } = (await cancel('uid=cus_ada')).body;
		expect(promoter).toMatchObject({
			temp_password: expect.any(String),
			auth_token: expect.any(String),
		});
	});
});

describe('FirstPromoter v2', () => {
	const headers = signed.firstPromoterV2;
	const cancel = (json: unknown) =>
		ask(own.sandbox, 'POST', `${v2}/track/cancellation`, { headers, json });
	const get = (path: string) => ask(own.sandbox, 'GET', `${v2}/company${path}`, { headers });

	it('marks a referral as cancelled', async () => {
		expect(await cancel({ email: 'ada@example.com' })).toMatchObject({
			status: 200,
			body: { lead: { state: 'cancelled' } },
		});
	});

	it('ignores an event_id and records a repetition again', async () => {
		await cancel({ uid: 'cus_ada', event_id: 'evt_1' });
		expect((await cancel({ uid: 'cus_ada', event_id: 'evt_1' })).status).toBe(200);
		expect(own.sandbox.journal()).toHaveLength(2);
	});

	it('refuses two identifiers, none, and a number', async () => {
		expect((await cancel({ uid: 'cus_ada', email: 'ada@example.com' })).status).toBe(400);
		expect(await cancel({})).toMatchObject({ status: 400, body: { message: blank } });
		expect((await cancel({ uid: 42 })).status).toBe(400);
		expect(own.sandbox.journal()).toEqual([]);
	});

	it('responds 404 with a code for a customer without a referral', async () => {
		expect(await cancel({ uid: 'cus_hana' })).toMatchObject({
			status: 404,
			body: { code: 'not_found' },
		});
	});

	it('responds 401 without a body to a wrong key or account ID', async () => {
		for (const wrong of ['authorization', 'account-id']) {
			const got = await ask(own.sandbox, 'GET', `${v2}/company/promoters?per_page=1`, {
				headers: { ...headers, [wrong]: 'other' },
			});
			expect(got).toMatchObject({ status: 401, text: '' });
		}
	});

	it('finds a referral by uid, email or ID', async () => {
		const { body } = await get('/referrals/cus_ada?find_by=uid');
		expect(body).toMatchObject({ email: 'ada@example.com', state: 'active' });
		expect((await get(`/referrals/${body.id}`)).body.uid).toBe('cus_ada');
		expect((await get('/referrals/ada@example.com?find_by=email')).status).toBe(200);
		expect((await get('/referrals/cus_ada?find_by=email')).status).toBe(404);
		expect((await get('/referrals/cus_ada')).status).toBe(404);
	});

	it('lists referrals as a bare array, page by page', async () => {
		const found = await get('/referrals?per_page=6&page=3');
		expect(found.body).toHaveLength(3);
		expect((await get('/referrals?filters[state]=cancelled')).body).toHaveLength(1);
		expect((await get('/referrals?per_page=101')).status).toBe(422);
	});
});
