import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const headers = signed.azotte;
const base = '/azotte/api/v1/c2a';

const post = (path: string, json: unknown) =>
	ask(own.sandbox, 'POST', base + path, { headers, json });
const request = (orderIdentifier: string, more: object = {}) =>
	post('/subscription/cancel/request', { orderIdentifier, ...more });
const confirm = (orderIdentifier: string, cancelationMethod = 'Normal') =>
	post('/subscription/cancel/confirm', { orderIdentifier, cancelationMethod, currentStep: 1 });
const reactivate = (orderIdentifier: string) =>
	post('/subscription/reactivate', { orderIdentifier });
const get = (path: string) => ask(own.sandbox, 'GET', base + path, { headers });
const first = async (urn: string) => (await get(`/subscription/${urn}`)).body.result[0];
const code = (messageCode: string) => ({ status: 200, body: { status: { messageCode } } });

describe('Azotte', () => {
	it('responds with its own media type', async () => {
		const { type, body } = await request('or_ada');
		expect(type).toBe('application/clientOutput+Json');
		expect(body).toMatchObject({
			responseType: 'Processed',
			cancellationReasons: [{ code: 'PRICE', label: 'Too expensive' }, {}],
		});
	});

	it('does not cancel on the first step alone', async () => {
		await request('or_ada');
		expect(own.sandbox.journal()).toEqual([]);
		expect(own.sandbox.requests()[0].effect).toBe('read');
		expect(await first('cu.00.001')).toMatchObject({ state: 'Active' });
	});

	it('cancels at the end of the period, or at once', async () => {
		const { endDate } = await first('cu.00.001');
		expect(await confirm('or_ada')).toMatchObject(code('SUCCESS'));
		expect(await first('cu.00.001')).toMatchObject({ state: 'Canceled', endDate });
		await confirm('or_fay', 'Immediate');
		expect(await first('cu.00.006')).toMatchObject({ state: 'Expired' });
		expect(own.sandbox.journal()).toMatchObject([
			{ operation: 'confirmCancel', target: 'or_ada' },
			{ operation: 'confirmCancel', target: 'or_fay' },
		]);
	});

	it.each([
		['or_cleo', 'is canceled'],
		['or_gus', 'is expired'],
		['or_june', 'may not be cancelled'],
	])('responds 200 SUBSCRIPTION_NOT_CANCELABLE for %s, which %s', async (order) => {
		expect(await request(order)).toMatchObject(code('SUBSCRIPTION_NOT_CANCELABLE'));
		expect(await confirm(order)).toMatchObject(code('SUBSCRIPTION_NOT_CANCELABLE'));
		expect(own.sandbox.journal()).toEqual([]);
	});

	it('responds 200 SUBSCRIPTION_NOT_FOUND for an unknown order', async () => {
		for (const ask of [request, confirm, reactivate]) {
			expect(await ask('or_nobody')).toMatchObject(code('SUBSCRIPTION_NOT_FOUND'));
			expect(await ask('cu.00.001')).toMatchObject(code('SUBSCRIPTION_NOT_FOUND'));
		}
	});

	it('shows an offer or a presentation first, and accepts a confirmation without it', async () => {
		expect((await request('or_hana')).body).toMatchObject({
			responseType: 'Offer',
			offer: { offerIdentifier: 'of_or_hana' },
		});
		expect((await request('or_ivo')).body.responseType).toBe('Presentation');
		expect((await request('or_ivo', { currentStep: 1 })).body.responseType).toBe('Processed');
		expect(await confirm('or_hana')).toMatchObject(code('SUCCESS'));
	});

	it('responds SUCCESS for an app store and changes only its own copy', async () => {
		const { endDate } = await first('cu.00.002');
		expect(await confirm('or_ben', 'Immediate')).toMatchObject(code('SUCCESS'));
		expect(await first('cu.00.002')).toMatchObject({
			state: 'Canceled',
			endDate,
			subscriptionChannel: 'InappPlayStore',
		});
		expect(await reactivate('or_ben')).toMatchObject(code('SUCCESS'));
		expect((await first('cu.00.002')).state).toBe('Canceled');
	});

	it('responds SUCCESS for a partner and leaves the order unchanged', async () => {
		expect(await confirm('or_emil')).toMatchObject(code('SUCCESS'));
		expect((await first('cu.00.005')).state).toBe('Active');
		own.sandbox.change('azotte', 'or_emil', { state: 'Canceled' });
		expect((await first('cu.00.005')).state).toBe('Canceled');
	});

	it('reactivates until the end date', async () => {
		expect(await reactivate('or_cleo')).toMatchObject(code('SUCCESS'));
		expect((await first('cu.00.003')).state).toBe('Reactivated');
		expect(await reactivate('or_gus')).toMatchObject(code('SUBSCRIPTION_NOT_REACTIVATABLE'));
		expect(await reactivate('or_ada')).toMatchObject(code('SUBSCRIPTION_NOT_REACTIVATABLE'));
		expect(own.sandbox.journal()).toMatchObject([{ operation: 'reactivate' }]);
	});

	it('responds 400 for a body that violates the schema', async () => {
		const wrong = { status: 400, body: { status: { messageCode: 'INVALID_REQUEST' } } };
		expect(await post('/subscription/cancel/request', {})).toMatchObject(wrong);
		expect(await request('or_ada', { cancelationMethod: 'Now' })).toMatchObject(wrong);
		expect(await request('or_ada', { currentStep: '0' })).toMatchObject(wrong);
		const bare = { orderIdentifier: 'or_ada' };
		expect(await post('/subscription/cancel/confirm', bare)).toMatchObject(wrong);
		await request('or_ada', { cancelationMethod: 'EndOfPeriod' });
		expect(await confirm('or_ada', 'Immediate')).toMatchObject(wrong);
		expect(own.sandbox.journal()).toEqual([]);
	});

	it('finds customers by URN or external ID, not by email address', async () => {
		expect((await get('/customer/info?exId=cus_ada')).body.result.customerUrn).toBe('cu.00.001');
		expect((await get('/customer/info?urn=cu.00.001&exId=none')).status).toBe(200);
		expect(await get('/customer/info?exId=ada@example.com')).toMatchObject({
			status: 404,
			body: { status: { messageCode: 'CUSTOMER_NOT_FOUND' } },
		});
		const free = await post('/customer/validate', { externalId: 'cus_new' });
		expect(free.body).toMatchObject({ isAvailable: true });
	});

	it('lists all orders of a customer', async () => {
		const { body } = await get('/subscription/cu.00.011');
		expect(
			body.result.map(({ orderIdentifier }: { orderIdentifier: string }) => orderIdentifier),
		).toEqual(['or_kim', 'or_kim_old']);
	});

	it('lists no order of a customer without orders, and responds 404 for an unknown customer', async () => {
		expect(await get('/subscription/cu.00.028')).toMatchObject({
			status: 200,
			body: { result: [] },
		});
		expect((await get('/customer/info?exId=cus_nothing')).body.result).toMatchObject({
			customerUrn: 'cu.00.028',
			options: { availableChannels: [] },
		});
		expect(await get('/subscription/cu.00.999')).toMatchObject({
			status: 404,
			body: { status: { messageCode: 'CUSTOMER_NOT_FOUND' } },
		});
		own.sandbox.settings('azotte', { assumptions: { unknownCustomer: 'emptyList' } });
		expect(await get('/subscription/cu.00.999')).toMatchObject({
			status: 200,
			body: { result: [] },
		});
	});

	it('responds 401 without a body to a wrong key or tenant', async () => {
		for (const name of ['x-api-key', 'x-tn']) {
			const got = await ask(own.sandbox, 'GET', `${base}/subscription/cu.00.001`, {
				headers: { ...headers, [name]: 'other' },
			});
			expect(got).toMatchObject({ status: 401, text: '' });
		}
	});
});
