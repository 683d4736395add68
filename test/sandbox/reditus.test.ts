import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const headers = signed.reditus;
const base = '/reditus/api/v1';

const post = (path: string, json: unknown) =>
	ask(own.sandbox, 'POST', base + path, { headers, json });
const churn = (json: unknown) => post('/referrals/churn', json);
const get = (path: string) => ask(own.sandbox, 'GET', base + path, { headers });
const refused = (title: string, details: unknown) => ({ errors: [{ title, details }] });

describe('Reditus', () => {
	it.each([
		{ referral_uid: 'cus_ada' },
		{ referral_id: 'ref_ada' },
		{ referral_email: 'ada@example.com' },
	])('churns a referral by %j', async (json) => {
		const { status, body } = await churn(json);
		expect(status).toBe(200);
		expect(body.data).toMatchObject({
			id: 'ref_ada',
			attributes: { email: 'ada@example.com', state: 'churned' },
		});
		expect(body.data.attributes).not.toHaveProperty('uid');
		expect(own.sandbox.journal()).toMatchObject([{ operation: 'churn', record: 'ref_ada' }]);
	});

	it('uses the uid if several identifiers are given, without a fallback', async () => {
		const both = { referral_uid: 'cus_ada', referral_email: 'emil@example.com' };
		expect((await churn(both)).body.data.id).toBe('ref_ada');
		const wrong = { referral_uid: 'cus_none', referral_email: 'emil@example.com' };
		expect((await churn(wrong)).status).toBe(404);
	});

	it('does not accept an email address as uid', async () => {
		expect((await churn({ referral_uid: 'ada@example.com' })).status).toBe(404);
		expect((await churn({ referral_email: 'cus_ada' })).status).toBe(404);
	});

	it('responds 400 without an identifier and for one that is not a string', async () => {
		expect(await churn({ referral_uid: '' })).toMatchObject({
			status: 400,
			body: refused(
				'Bad Request',
				'Validation failed: one of referral_uid, referral_id or referral_email is required',
			),
		});
		expect((await churn({ referral_id: 42 })).status).toBe(400);
	});

	it('responds 404 for a customer without a referral', async () => {
		expect(await churn({ referral_email: 'hana@example.com' })).toMatchObject({
			status: 404,
			body: refused('Not Found', 'Referral not found'),
		});
	});

	it.each([
		['cus_ben', 'clicked'],
		['cus_cleo', 'churned'],
		['cus_gus', 'rejected'],
	])('responds 422 for %s in the state %s', async (uid, state) => {
		expect(await churn({ referral_uid: uid })).toMatchObject({
			status: 422,
			body: refused('Unprocessable entity', `Referral in state '${state}' cannot be churned`),
		});
		expect(own.sandbox.journal()).toEqual([]);
	});

	it.each([
		['already', 'Referral has already churned'],
		['noState', 'Referral cannot be churned'],
	])('words the error of a second churn by an assumption: %s', async (secondChurn, details) => {
		own.sandbox.settings('reditus', { assumptions: { secondChurn } });
		expect(await churn({ referral_uid: 'cus_cleo' })).toMatchObject({
			status: 422,
			body: refused('Unprocessable entity', details),
		});
		expect((await churn({ referral_uid: 'cus_ben' })).body).toEqual(
			refused('Unprocessable entity', "Referral in state 'clicked' cannot be churned"),
		);
	});

	it('undoes a churn with a payment, and accepts each payment once', async () => {
		const json = {
			referral_uid: 'cus_cleo',
			idempotency_key: 'k1',
			amount: 100,
			currency: 'usd',
		};
		expect((await post('/payments', json)).status).toBe(202);
		expect((await get('/referrals/ref_cleo')).body.data.attributes.state).toBe('paid');
		expect(await post('/payments', json)).toMatchObject({
			status: 400,
			body: refused('Bad Request', { idempotency_key: ['has already been taken'] }),
		});
	});

	it('filters by state and email, with at most 50 rows a page', async () => {
		const found = await get('/referrals?state_eq=churned');
		expect(found.body.data).toMatchObject([{ id: 'ref_cleo' }]);
		expect((await get('/referrals?email_eq=ada@example.com')).body.data).toHaveLength(1);
		own.sandbox.seed({ bulk: { provider: 'reditus', count: 60, prefix: 'x' } });
		const page = await get('/referrals?per_page=500');
		expect(page.body.data).toHaveLength(50);
		expect(page.body.meta.pagination).toEqual({ page: 1, per_page: 50, has_more: true });
	});

	it('lists the oldest or the newest first, depending on an assumption', async () => {
		const ids = async () =>
			(await get('/referrals')).body.data.map(({ id }: { id: string }) => id) as string[];
		const before = await ids();
		own.sandbox.settings('reditus', { assumptions: { order: 'newestFirst' } });
		expect(await ids()).toEqual([...before].reverse());
	});

	it('filters by time, if the plus sign is encoded', async () => {
		const plus = await get('/referrals?created_at_gt=2022-12-24%2012:47:45%20%2B0200');
		expect(plus.body.data).toHaveLength(15);
		expect((await get('/referrals?created_at_gt=2022-12-24 12:47:45 +0200')).status).toBe(400);
	});

	it('responds 401 to a wrong token', async () => {
		const got = await ask(own.sandbox, 'GET', `${base}/referrals`);
		expect(got).toMatchObject({ status: 401, body: { errors: [{ title: 'Unauthorized' }] } });
	});
});
