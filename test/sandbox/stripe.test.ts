import fc from 'fast-check';
import Stripe from 'stripe';
import { decodeForm } from '../../sandbox/form';
import { keys } from '../../sandbox/keys';
import { sampleId } from '../../sandbox/providers/stripe/ids';
import { currentVersion } from '../../sandbox/providers/stripe/wire';
import { ownReceiver } from './receiver';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const receiver = ownReceiver();
const sub = (name: string) => sampleId('sub', name);
const cus = (name: string) => sampleId('cus', name);
const bearer = (key: string) => ({
	authorization: `Bearer ${key}`,
	'stripe-version': currentVersion,
});

/** Stripe's own SDK; it has no option for a path in front of `/v1`, so the HTTP client adds it. */
function sdk(key = keys.stripe.secretKey, config: Stripe.StripeConfig = {}): Stripe {
	const httpClient = Stripe.createNodeHttpClient();
	const makeRequest = httpClient.makeRequest.bind(httpClient);
	httpClient.makeRequest = (host, port, path, ...rest) =>
		makeRequest(host, port, `/stripe${path}`, ...rest);
	return new Stripe(key, {
		host: '127.0.0.1',
		port: own.sandbox.port,
		protocol: 'http',
		maxNetworkRetries: 0,
		httpClient,
		...config,
	});
}

const get = (path: string, headers: Record<string, string> = signed.stripe) =>
	ask(own.sandbox, 'GET', `/stripe/v1${path}`, { headers });
const post = (path: string, form: Record<string, string>, headers = {}) =>
	ask(own.sandbox, 'POST', `/stripe/v1${path}`, {
		form,
		headers: { ...signed.stripe, ...headers },
	});
const cancel = (id: string, query = '', headers = {}) =>
	ask(own.sandbox, 'DELETE', `/stripe/v1/subscriptions/${id}${query}`, {
		headers: { ...signed.stripe, ...headers },
	});
const atPeriodEnd = { cancel_at_period_end: 'true' };
const nowInSeconds = () => Math.floor(Date.now() / 1000);

/** The error that the SDK throws. */
async function errorOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
	const error: unknown = await call.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof Stripe.errors.StripeError)) throw new Error('the SDK threw no error');
	return error;
}

describe("Stripe's SDK as a client", () => {
	it('pins the version that the sandbox calls the current one', () => {
		expect(Stripe.API_VERSION).toBe(currentVersion);
	});

	it('retrieves a subscription whose period stands on its items', async () => {
		const found = await sdk().subscriptions.retrieve(sub('ada'));
		expect(found).toMatchObject({ id: sub('ada'), status: 'active', cancel_at: null });
		const [item] = found.items.data;
		expect(item.current_period_end).toBeGreaterThan(nowInSeconds());
		expect(item.price.unit_amount_decimal?.toNumber()).toBe(1999);
		expect(found).not.toHaveProperty('current_period_end');
	});

	it('pages through all subscriptions of a customer, the newest first', async () => {
		const list = sdk().subscriptions.list({ customer: cus('many'), status: 'all', limit: 50 });
		const all = await list.autoPagingToArray({ limit: 1000 });
		expect(new Set(all.map(({ id }) => id)).size).toBe(120);
		expect(all.filter(({ status }) => status === 'active').map(({ id }) => id)).toEqual([
			sub('many_107'),
		]);
	});

	it.each([
		[undefined, [sub('kim')]],
		['all', [sub('kim_old'), sub('kim')]],
		['ended', [sub('kim_old')]],
		['canceled', [sub('kim_old')]],
		['trialing', []],
	] as const)('lists with the status %s: %j', async (status, ids) => {
		const { data } = await sdk().subscriptions.list({ customer: cus('kim'), status });
		expect(data.map(({ id }) => id)).toEqual(ids);
	});

	it('counts an expired first payment as ended, and not as canceled', async () => {
		const { subscriptions } = sdk();
		const ended = await subscriptions.list({ customer: cus('over'), status: 'ended' });
		expect(ended.data.map(({ status }) => status).sort()).toEqual([
			'canceled',
			'incomplete_expired',
		]);
		const rest = await subscriptions.list({ customer: cus('over') });
		expect(rest.data.map(({ status }) => status)).toEqual(['incomplete_expired']);
	});

	it('cancels now, with the parameters in the query', async () => {
		const ended = await sdk().subscriptions.cancel(sub('ada'), {
			invoice_now: true,
			prorate: true,
			cancellation_details: { comment: 'Moved away', feedback: 'unused' },
		});
		expect(ended).toMatchObject({
			status: 'canceled',
			cancellation_details: {
				comment: 'Moved away',
				feedback: 'unused',
				reason: 'cancellation_requested',
			},
		});
		expect(ended.ended_at).toBe(ended.canceled_at);
		expect(own.sandbox.journal('stripe')).toMatchObject([
			{
				operation: 'cancel',
				record: sub('ada'),
				email: 'ada@example.com',
				query: { prorate: 'true', 'cancellation_details[feedback]': 'unused' },
			},
		]);
	});

	it.each(['ada', 'gus', 'over_2'])(
		'gets 404 for an ended %s, which it can still retrieve',
		async (who) => {
			const { subscriptions } = sdk();
			if (who === 'ada') await subscriptions.cancel(sub(who));
			const error = await errorOf(subscriptions.cancel(sub(who)));
			expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
			expect(error).toMatchObject({
				statusCode: 404,
				code: 'resource_missing',
				param: 'id',
				message: `No such subscription: '${sub(who)}'`,
			});
			const { ended_at } = await subscriptions.retrieve(sub(who));
			expect(ended_at).toBeLessThanOrEqual(nowInSeconds());
			expect(own.sandbox.journal('stripe')).toHaveLength(who === 'ada' ? 1 : 0);
		},
	);

	it('ends at the period end and takes that back', async () => {
		const { subscriptions } = sdk();
		const ending = await subscriptions.update(sub('ada'), { cancel_at_period_end: true });
		expect(ending).toMatchObject({
			status: 'active',
			cancel_at_period_end: true,
			cancel_at: ending.items.data[0].current_period_end,
			cancellation_details: { reason: 'cancellation_requested' },
		});
		expect(ending.canceled_at).toBeLessThanOrEqual(nowInSeconds());
		const back = await subscriptions.update(sub('ada'), { cancel_at_period_end: false });
		expect(back).toMatchObject({
			cancel_at_period_end: false,
			cancel_at: null,
			canceled_at: null,
			cancellation_details: { reason: null },
		});
		expect(own.sandbox.journal('stripe').map(({ operation }) => operation)).toEqual([
			'cancel',
			'resume',
		]);
	});

	it('ends at a date and takes that back with an empty cancel_at only', async () => {
		const { subscriptions } = sdk();
		const date = nowInSeconds() + 5 * 86_400;
		const ending = await subscriptions.update(sub('ada'), {
			cancel_at: date,
			proration_behavior: 'none',
		});
		expect(ending).toMatchObject({ cancel_at: date, cancel_at_period_end: false });
		const still = await subscriptions.update(sub('ada'), { cancel_at_period_end: false });
		expect(still.cancel_at).toBe(date);
		expect((await subscriptions.update(sub('ada'), { cancel_at: '' })).cancel_at).toBeNull();
	});

	it('does not clear the flag with an empty cancel_at', async () => {
		const kept = await sdk().subscriptions.update(sub('cleo'), { cancel_at: '' });
		expect(kept.cancel_at_period_end).toBe(true);
	});

	it.each(['min_period_end', 'max_period_end', 'max_billed_until'] as const)(
		'resolves %s at once where intervals are mixed',
		async (cancel_at) => {
			const { subscriptions } = sdk();
			const ends = (await subscriptions.retrieve(sub('kim'))).items.data.map(
				({ current_period_end }) => current_period_end,
			);
			const ending = await subscriptions.update(sub('kim'), { cancel_at });
			const extreme = cancel_at === 'min_period_end' ? Math.min : Math.max;
			expect(ending.cancel_at).toBe(extreme(...ends));
			expect(new Set(ends).size).toBe(2);
		},
	);

	it('shows a portal cancellation under flexible billing without the flag', async () => {
		const found = await sdk().subscriptions.retrieve(sub('dora'));
		expect(found).toMatchObject({
			cancel_at_period_end: false,
			cancel_at: found.items.data[0].current_period_end,
			billing_mode: { type: 'flexible' },
		});
	});

	it('cannot change the end of a subscription that a schedule manages', async () => {
		const { subscriptions, subscriptionSchedules } = sdk();
		const { schedule } = await subscriptions.retrieve(sub('hana'));
		const id = String(schedule);
		for (const params of [{ cancel_at_period_end: true }, { cancel_at: '' as const }]) {
			const error = await errorOf(subscriptions.update(sub('hana'), params));
			expect(error).toMatchObject({ statusCode: 400, message: expect.stringContaining(id) });
		}
		const found = await subscriptionSchedules.retrieve(id);
		expect(found).toMatchObject({
			status: 'active',
			subscription: sub('hana'),
			end_behavior: 'release',
		});
		await subscriptions.update(sub('hana'), { metadata: { note: 'allowed' } });
	});

	it('releases a schedule, after which the subscription can be ended as others', async () => {
		const { subscriptions, subscriptionSchedules } = sdk();
		const released = await subscriptionSchedules.release(sampleId('sub_sched', 'hana'));
		expect(released).toMatchObject({ status: 'released', released_subscription: sub('hana') });
		const ending = await subscriptions.update(sub('hana'), { cancel_at_period_end: true });
		expect(ending).toMatchObject({ schedule: null, cancel_at_period_end: true });
	});

	it('cancels a schedule together with its subscription, once', async () => {
		const { subscriptions, subscriptionSchedules } = sdk();
		const id = sampleId('sub_sched', 'hana');
		expect(await subscriptionSchedules.cancel(id)).toMatchObject({
			status: 'canceled',
			subscription: null,
		});
		const ended = await subscriptions.retrieve(sub('hana'));
		expect(ended).toMatchObject({ status: 'canceled', schedule: null });
		expect(ended.latest_invoice).toMatch(/^in_/);
		expect(await errorOf(subscriptionSchedules.cancel(id))).toMatchObject({ statusCode: 400 });
		expect(own.sandbox.journal('stripe')).toMatchObject([
			{ operation: 'cancel', record: sub('hana') },
		]);
	});

	it('finds customers by the address in the same capitals, and several of one address', async () => {
		const { customers } = sdk();
		const found = async (email: string) =>
			(await customers.list({ email })).data.map(({ id }) => id).sort();
		expect(await found('Capital@Example.com')).toEqual([cus('capital')]);
		expect(await found('capital@example.com')).toEqual([]);
		expect(await found('renewed@example.com')).toEqual([cus('renewed'), cus('renewed_guest')]);
		expect((await customers.retrieve(cus('bare'))).deleted).toBeUndefined();
	});

	it('searches customers without regard to capitals', async () => {
		const { customers } = sdk();
		const found = async (query: string) =>
			(await customers.search({ query })).data.map(({ id }) => id);
		expect(await found("email:'CAPITAL@example.com'")).toEqual([cus('capital')]);
		expect(await found("email~'apita'")).toEqual([cus('capital')]);
		expect(await found("email:'o\\'hara@example.com'")).toEqual([]);
		const error = await errorOf(customers.search({ query: 'capital' }));
		expect(error.statusCode).toBe(400);
	});

	it('previews what a cancellation would credit, and writes nothing', async () => {
		const { invoices } = sdk();
		const preview = (details: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails) =>
			invoices.createPreview({ subscription: sub('ada'), subscription_details: details });
		const credit = await preview({ cancel_now: true, proration_behavior: 'create_prorations' });
		expect(credit.id).toMatch(/^upcoming_in_/);
		expect(credit.total).toBeLessThan(0);
		expect(credit.total).toBeGreaterThan(-1999);
		expect(credit).toMatchObject({ amount_due: 0, customer_email: 'ada@example.com' });
		expect(credit.lines.data[0].parent?.subscription_item_details?.proration).toBe(true);
		const none = await errorOf(preview({ cancel_now: true, proration_behavior: 'none' }));
		expect(none.code).toBe('invoice_upcoming_none');
		expect((await preview({})).total).toBe(1999);
		expect((await errorOf(preview({ cancel_at_period_end: true }))).code).toBe(
			'invoice_upcoming_none',
		);
		expect(own.sandbox.journal('stripe')).toEqual([]);
		expect((await sdk().subscriptions.retrieve(sub('ada'))).status).toBe('active');
	});

	it('sees the other records with a key of the other mode', async () => {
		const live = sdk();
		const test = sdk(keys.stripe.testSecretKey);
		const ids = async (client: Stripe, email: string) => {
			const { data } = await client.customers.list({ email });
			return data.map(({ id, livemode }) => `${id} ${livemode}`);
		};
		expect(await ids(live, 'mixed@example.com')).toEqual([`${cus('mixed')} true`]);
		expect(await ids(test, 'mixed@example.com')).toEqual([`${cus('mixed_test')} false`]);
		expect(await ids(live, 'tester@example.com')).toEqual([]);
		expect((await errorOf(live.subscriptions.retrieve(sub('ivo')))).statusCode).toBe(404);
		expect((await test.subscriptions.retrieve(sub('ivo'))).livemode).toBe(false);
	});

	it('speaks for a connected account, whose records are others', async () => {
		const { connectedAccountId: stripeAccount } = keys.stripe;
		const client = sdk(keys.stripe.secretKey, { stripeAccount });
		expect((await client.subscriptions.retrieve(sub('ada_shop'))).id).toBe(sub('ada_shop'));
		expect((await errorOf(client.subscriptions.retrieve(sub('ada')))).statusCode).toBe(404);
		expect((await errorOf(sdk().subscriptions.retrieve(sub('ada_shop')))).statusCode).toBe(404);
		const stranger = sdk(keys.stripe.secretKey, { stripeAccount: 'acct_1SandboxSampleOther' });
		const error = await errorOf(stranger.subscriptions.list());
		expect(error).toMatchObject({ statusCode: 403, code: 'account_invalid' });
	});

	it('needs a context with the key of an organization', async () => {
		const { organizationKey, accountId } = keys.stripe;
		expect((await errorOf(sdk(organizationKey).subscriptions.list())).statusCode).toBe(400);
		const { data } = await sdk(organizationKey, { stripeContext: accountId }).subscriptions.list();
		expect(data).toHaveLength(10);
	});

	it('is told which permission a restricted key lacks', async () => {
		const { keyReadOnly, keyWithoutCustomers, restrictedKey } = keys.stripe;
		const denied = async (call: Promise<unknown>) => {
			const error = await errorOf(call);
			expect(error).toBeInstanceOf(Stripe.errors.StripePermissionError);
			expect(error.code).toBeUndefined();
			return /'(rak_\w+)'/.exec(error.message)?.[1];
		};
		const readOnly = sdk(keyReadOnly);
		expect(await denied(readOnly.subscriptions.cancel(sub('ada')))).toBe('rak_subscription_write');
		expect(await denied(readOnly.webhookEndpoints.list())).toBe('rak_webhook_read');
		const blind = sdk(keyWithoutCustomers);
		expect(await denied(blind.customers.list())).toBe('rak_customer_read');
		expect((await blind.subscriptions.retrieve(sub('ada'))).customer).toBe(cus('ada'));
		const expanded = blind.subscriptions.retrieve(sub('ada'), { expand: ['customer'] });
		expect((await errorOf(expanded)).statusCode).toBe(400);
		await sdk(restrictedKey).subscriptions.cancel(sub('ada'));
		expect(own.sandbox.journal('stripe')).toHaveLength(1);
	});

	it('expands the customer', async () => {
		const { customer } = await sdk().subscriptions.retrieve(sub('ada'), { expand: ['customer'] });
		expect(customer).toMatchObject({ id: cus('ada'), email: 'ada@example.com' });
	});

	it('fails with a wrong key', async () => {
		const error = await errorOf(sdk('sk_live_unknown').subscriptions.list());
		expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
	});
});

describe("Stripe's sample customers", () => {
	it('have a subscription in each state that a cancellation can meet', async () => {
		const { body } = await ask(own.sandbox, 'GET', '/_control/state');
		const { rows } = body.providers.find(({ name }: { name: string }) => name === 'stripe');
		const states = new Map<string, string>(
			rows.map(({ target, state }: { target: string; state: string }) => [target, state]),
		);
		const expected = {
			ada: 'active',
			ben: 'trialing',
			cleo: 'active, ends',
			dora: 'active, ends',
			emil: 'paused',
			fay: 'past_due',
			gus: 'canceled',
			hana: 'active, managed by a schedule',
			ivo: 'active, test mode',
			june: 'incomplete',
			kim: 'active',
			over_2: 'incomplete_expired',
		};
		for (const [who, state] of Object.entries(expected)) {
			expect([who, states.get(sub(who))]).toEqual([who, state]);
		}
	});

	it('can be changed to any other state, and be found by their address', async () => {
		own.sandbox.change('stripe', 'ada@example.com', { status: 'unpaid' });
		expect((await get(`/subscriptions/${sub('ada')}`)).body.status).toBe('unpaid');
	});

	it('are joined by any number of others', async () => {
		own.sandbox.seed({ bulk: { provider: 'stripe', count: 3, prefix: 'crowd' } });
		const { data } = await sdk().customers.list({ email: 'crowd_00002@example.com' });
		const rows = await sdk().subscriptions.list({ customer: data[0].id });
		expect(rows.data).toMatchObject([{ id: sub('crowd_00002'), status: 'active' }]);
	});
});

describe('an update at Stripe', () => {
	it.each(['gus', 'over_2'])('of the ended %s is limited to two fields', async (who) => {
		const refused = await post(`/subscriptions/${sub(who)}`, atPeriodEnd);
		expect(refused).toMatchObject({
			status: 400,
			body: {
				error: {
					type: 'invalid_request_error',
					code: 'invalid_canceled_subscription_fields',
					message: 'A canceled subscription can only update its cancellation_details and metadata.',
				},
			},
		});
		const allowed = { 'metadata[note]': 'seen', 'cancellation_details[feedback]': 'other' };
		expect((await post(`/subscriptions/${sub(who)}`, allowed)).body).toMatchObject({
			metadata: { note: 'seen' },
			cancellation_details: { feedback: 'other' },
		});
	});

	it('of a canceled one may be refused without a code', async () => {
		own.sandbox.settings('stripe', { assumptions: { canceledUpdateCode: 'none' } });
		const { body } = await post(`/subscriptions/${sub('gus')}`, atPeriodEnd);
		expect(body.error).not.toHaveProperty('code');
	});

	it('of an incomplete one is limited to its metadata', async () => {
		expect((await post(`/subscriptions/${sub('june')}`, atPeriodEnd)).status).toBe(400);
		expect((await post(`/subscriptions/${sub('june')}`, { 'metadata[a]': '1' })).status).toBe(200);
		expect((await cancel(sub('june'))).body.status).toBe('canceled');
	});

	it.each(['ben', 'emil', 'fay', 'bare'])('ends %s at the period end', async (who) => {
		const { status, body } = await post(`/subscriptions/${sub(who)}`, atPeriodEnd);
		expect(status).toBe(200);
		expect(body.cancel_at).toBe(body.items.data[0].current_period_end);
	});

	it('keeps, changes and removes metadata by name', async () => {
		const path = `/subscriptions/${sub('ada')}`;
		await post(path, { 'metadata[a]': '1', 'metadata[b]': '2' });
		const { body } = await post(path, { 'metadata[a]': '', 'metadata[c]': '3' });
		expect(body.metadata).toEqual({ b: '2', c: '3' });
	});

	it.each([
		[{ cancel_now: 'true' }, 'cancel_now', 'parameter_unknown'],
		[{ 'cancellation_details[why]': 'x' }, 'cancellation_details[why]', 'parameter_unknown'],
		[{ cancel_at_period_end: 'yes' }, 'cancel_at_period_end', undefined],
		[{ cancel_at: 'soon' }, 'cancel_at', 'parameter_invalid_integer'],
		[{ cancel_at: '1' }, 'cancel_at', undefined],
		[{ cancel_at: 'min_period_end' }, 'cancel_at', undefined],
		[{ cancel_at: '', cancel_at_period_end: 'true' }, 'cancel_at', undefined],
		[{ 'cancellation_details[feedback]': 'bored' }, 'feedback', undefined],
		[{ proration_behavior: 'some' }, 'proration_behavior', undefined],
		[{ items: 'x' }, 'items', undefined],
	])('with %j is refused and changes nothing', async (form, param, code) => {
		const { status, body } = await post(`/subscriptions/${sub('ada')}`, form);
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ type: 'invalid_request_error', param });
		expect(body.error.code).toBe(code);
		expect(own.sandbox.journal('stripe')).toEqual([]);
	});

	it('must be a form', async () => {
		const json = { cancel_at_period_end: true };
		const path = `/stripe/v1/subscriptions/${sub('ada')}`;
		const got = await ask(own.sandbox, 'POST', path, { json, headers: signed.stripe });
		expect(got.status).toBe(400);
		expect(got.body.error.message).toContain('application/x-www-form-urlencoded');
		expect(own.sandbox.journal('stripe')).toEqual([]);
	});
});

describe('DELETE at Stripe', () => {
	it('ends what a schedule manages, with the schedule, unless the sandbox is told otherwise', async () => {
		own.sandbox.settings('stripe', { assumptions: { deleteWithSchedule: 'refused' } });
		expect((await cancel(sub('hana'))).status).toBe(400);
		own.sandbox.settings('stripe', { assumptions: { deleteWithSchedule: 'accepted' } });
		expect((await cancel(sub('hana'))).body).toMatchObject({ status: 'canceled', schedule: null });
		const { body } = await get(`/subscription_schedules/${sampleId('sub_sched', 'hana')}`);
		expect(body.status).toBe('canceled');
	});

	it('refuses an unknown parameter', async () => {
		expect((await cancel(sub('ada'), '?refund=true')).body.error.param).toBe('refund');
		expect(own.sandbox.journal('stripe')).toEqual([]);
	});

	it('takes no notice of an idempotency key', async () => {
		const key = { 'idempotency-key': 'once' };
		expect((await cancel(sub('ada'), '', key)).status).toBe(200);
		const again = await cancel(sub('ada'), '', key);
		expect(again.status).toBe(404);
		expect(again.headers.get('idempotent-replayed')).toBeNull();
	});
});

describe('an idempotency key at Stripe', () => {
	const key = { 'idempotency-key': 'key-1' };
	const path = `/subscriptions/${sub('ada')}`;

	it('replays the first answer, even after the record has changed', async () => {
		const first = await post(path, atPeriodEnd, key);
		await post(path, { cancel_at_period_end: 'false' }, { 'idempotency-key': 'key-2' });
		const again = await post(path, atPeriodEnd, key);
		expect(again).toMatchObject({ status: 200, body: first.body });
		expect(again.headers.get('idempotent-replayed')).toBe('true');
		expect(again.headers.get('original-request')).toBe(first.headers.get('request-id'));
		expect(first.headers.get('idempotent-replayed')).toBeNull();
		expect((await get(path)).body.cancel_at_period_end).toBe(false);
		expect(own.sandbox.journal('stripe')).toHaveLength(2);
	});

	it('is refused with other parameters or on another endpoint', async () => {
		await post(path, atPeriodEnd, key);
		for (const [other, form] of [
			[path, { cancel_at_period_end: 'false' }],
			[`/subscriptions/${sub('ben')}`, atPeriodEnd],
		] as const) {
			expect(await post(other, form, key)).toMatchObject({
				status: 400,
				body: { error: { type: 'idempotency_error' } },
			});
		}
		expect(own.sandbox.journal('stripe')).toHaveLength(1);
	});

	it('is the StripeIdempotencyError of the SDK', async () => {
		const { subscriptions } = sdk();
		const options = { idempotencyKey: 'key-1' };
		await subscriptions.update(sub('ada'), { cancel_at_period_end: true }, options);
		const other = subscriptions.update(sub('ada'), { cancel_at_period_end: false }, options);
		expect(await errorOf(other)).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
	});

	it('is refused with 409 while another request with it is in progress', async () => {
		own.sandbox.fault({ provider: 'stripe', kind: 'lateAccept', delayMs: 500 });
		const first = post(path, atPeriodEnd, key);
		while (own.sandbox.requests('stripe').length === 0) await new Promise(setImmediate);
		expect(await post(path, atPeriodEnd, key)).toMatchObject({
			status: 409,
			body: { error: { code: 'idempotency_key_in_use' } },
		});
		expect((await first).status).toBe(200);
		expect((await post(path, atPeriodEnd, key)).headers.get('idempotent-replayed')).toBe('true');
		expect(own.sandbox.journal('stripe')).toHaveLength(1);
	});

	it('replays a 500, although the write has taken effect', async () => {
		own.sandbox.fault({ provider: 'stripe', kind: 'serverErrorAfter' });
		const first = await post(path, atPeriodEnd, key);
		expect(first.status).toBe(500);
		expect(first.headers.get('stripe-should-retry')).toBe('false');
		const again = await post(path, atPeriodEnd, key);
		expect(again).toMatchObject({ status: 500, body: { error: { type: 'api_error' } } });
		expect(again.headers.get('idempotent-replayed')).toBe('true');
		expect((await get(path)).body.cancel_at_period_end).toBe(true);
		expect(own.sandbox.journal('stripe')).toHaveLength(1);
	});

	it('replays an answer that was lost on the way', async () => {
		own.sandbox.fault({ provider: 'stripe', kind: 'dropAfter' });
		await expect(post(path, atPeriodEnd, key)).rejects.toThrow();
		const again = await post(path, atPeriodEnd, key);
		expect(again.status).toBe(200);
		expect(again.headers.get('idempotent-replayed')).toBe('true');
		expect(own.sandbox.journal('stripe')).toHaveLength(1);
	});

	it('stays unused after parameters that are not valid, and after a request that was cut off', async () => {
		expect((await post(path, { cancel_at: 'soon' }, key)).status).toBe(400);
		own.sandbox.fault({ provider: 'stripe', kind: 'dropBefore' });
		await expect(post(path, atPeriodEnd, key)).rejects.toThrow();
		const done = await post(path, atPeriodEnd, key);
		expect(done.status).toBe(200);
		expect(done.headers.get('idempotent-replayed')).toBeNull();
	});

	it('of one mode is not that of the other', async () => {
		const test = bearer(keys.stripe.testSecretKey);
		await post(path, atPeriodEnd, key);
		const other = await post(`/subscriptions/${sub('ivo')}`, atPeriodEnd, { ...key, ...test });
		expect(other.status).toBe(200);
	});

	it('is forgotten after a day, and is at most 255 characters long', async () => {
		await post(path, atPeriodEnd, key);
		own.sandbox.freeze(new Date(Date.now() + 25 * 3_600_000).toISOString());
		const later = await post(path, atPeriodEnd, key);
		own.sandbox.freeze(null);
		expect(later.headers.get('idempotent-replayed')).toBeNull();
		expect((await post(path, atPeriodEnd, { 'idempotency-key': 'k'.repeat(256) })).status).toBe(
			400,
		);
	});
});

describe('a request to Stripe', () => {
	it('without a version gets the older shape', async () => {
		const { authorization } = signed.stripe;
		const { body } = await get(`/subscriptions/${sub('ada')}`, { authorization });
		expect(body.current_period_end).toBeGreaterThan(nowInSeconds());
		expect(body.items.data[0]).not.toHaveProperty('current_period_end');
		const wrong = await get('/subscriptions', { authorization, 'stripe-version': 'newest' });
		expect(wrong.status).toBe(400);
	});

	it('may carry the key as the user of Basic authentication', async () => {
		const basic = Buffer.from(`${keys.stripe.secretKey}:`).toString('base64');
		expect((await get('/subscriptions', { authorization: `Basic ${basic}` })).status).toBe(200);
	});

	it('over the limit is told the reason, and no time to come back', async () => {
		own.sandbox.limit('stripe', { requests: 1, seconds: 60, retryAfter: 'none' });
		await get('/subscriptions');
		const { status, headers, body } = await get('/subscriptions');
		expect(status).toBe(429);
		expect(headers.get('stripe-rate-limited-reason')).toBe('global-rate');
		expect(headers.get('retry-after')).toBeNull();
		expect(body.error.code).toBe('rate_limit');
	});

	it('to an unknown address is refused', async () => {
		const { status, body } = await get('/plans/x/y');
		expect(status).toBe(404);
		expect(body.error.message).toContain('Unrecognized request URL');
	});

	it.each([
		['/subscriptions?limit=101', 'limit'],
		['/subscriptions?limit=0', 'limit'],
		['/subscriptions?status=gone', 'status'],
		['/subscriptions?customer=', 'customer'],
		['/subscriptions?customer=cus_Unknown1', 'customer'],
		['/subscriptions?starting_after=sub_Unknown1', 'starting_after'],
		['/subscriptions?page=2', 'page'],
		['/customers?email=', 'email'],
		['/customers/search', 'query'],
	])('for %s is refused because of %s', async (path, param) => {
		expect(await get(path)).toMatchObject({ status: 400, body: { error: { param } } });
	});

	it('for the list of an unknown customer may find nothing', async () => {
		own.sandbox.settings('stripe', { assumptions: { unknownCustomer: 'emptyList' } });
		expect((await get('/subscriptions?customer=cus_Unknown1')).body.data).toEqual([]);
	});

	it('is decoded whatever its parameters hold', () => {
		fc.assert(
			fc.property(
				fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string(), { minKeys: 1 }),
				(inner) => {
					const form = new URLSearchParams(
						Object.entries(inner).map(([name, value]) => [`details[${name}]`, value]),
					);
					expect(decodeForm(form.toString())).toEqual({ details: inner });
				},
			),
		);
		expect(decodeForm('a[]=1&a[]=2&b[0]=3&b[1]=4&c=5')).toEqual({
			a: ['1', '2'],
			b: ['3', '4'],
			c: '5',
		});
	});
});

describe("Stripe's webhooks", () => {
	const register = (config: Partial<Stripe.WebhookEndpointCreateParams> = {}) =>
		sdk().webhookEndpoints.create({
			url: receiver.url,
			api_version: currentVersion,
			enabled_events: ['customer.subscription.updated', 'customer.subscription.deleted'],
			...config,
		});
	const verified = (index: number, secret: string) => {
		const { text, headers } = receiver.calls[index];
		return sdk().webhooks.constructEvent(text, String(headers['stripe-signature']), secret);
	};

	it('are registered, listed and deleted; the secret is told once', async () => {
		const { webhookEndpoints } = sdk();
		const made = await register({ description: 'n8n', metadata: { workflow: '7' } });
		expect(made.secret).toMatch(/^whsec_/);
		const { data } = await webhookEndpoints.list();
		expect(data).toMatchObject([{ id: made.id, url: receiver.url, metadata: { workflow: '7' } }]);
		expect(data[0]).not.toHaveProperty('secret');
		expect(await webhookEndpoints.retrieve(made.id)).not.toHaveProperty('secret');
		expect(await webhookEndpoints.del(made.id)).toMatchObject({ id: made.id, deleted: true });
		expect((await errorOf(webhookEndpoints.retrieve(made.id))).statusCode).toBe(404);
		expect(own.sandbox.webhooks('stripe')).toEqual([]);
	});

	it('are signed so that the SDK accepts them, and name the request and its key', async () => {
		const { secret = '' } = await register();
		const options = { idempotencyKey: 'cancellations-1' };
		await sdk().subscriptions.update(sub('ada'), { cancel_at_period_end: true }, options);
		await own.sandbox.deliveriesDone();
		const event = verified(0, secret);
		expect(event).toMatchObject({
			type: 'customer.subscription.updated',
			api_version: currentVersion,
			livemode: true,
			request: { id: expect.stringMatching(/^req_/), idempotency_key: 'cancellations-1' },
			data: {
				object: { id: sub('ada'), cancel_at_period_end: true },
				previous_attributes: { cancel_at_period_end: false, cancel_at: null },
			},
		});
		expect(() => verified(0, 'whsec_other')).toThrow(
			Stripe.errors.StripeSignatureVerificationError,
		);
	});

	it('are not accepted by the SDK with a wrong signature', async () => {
		const { secret = '' } = await register();
		own.sandbox.deliveryFault('stripe', 'wrongSecret');
		await cancel(sub('ada'));
		await own.sandbox.deliveriesDone();
		expect(() => verified(0, secret)).toThrow(Stripe.errors.StripeSignatureVerificationError);
	});

	it('tell of an immediate end, without the key that has no effect', async () => {
		const { secret = '' } = await register();
		await cancel(sub('ada'), '', { 'idempotency-key': 'x' });
		await own.sandbox.deliveriesDone();
		expect(verified(0, secret)).toMatchObject({
			type: 'customer.subscription.deleted',
			request: { id: expect.any(String), idempotency_key: null },
			data: { object: { status: 'canceled' } },
		});
	});

	it('tell of a planned end when it comes, caused by no request', async () => {
		const { secret = '' } = await register();
		const { cancel_at } = await sdk().subscriptions.retrieve(sub('cleo'));
		own.sandbox.freeze(new Date(Number(cancel_at) * 1000).toISOString());
		own.sandbox.catchUp();
		await own.sandbox.deliveriesDone();
		own.sandbox.freeze(null);
		const ends = receiver.calls.map((_, index) => verified(index, secret));
		const cleo = ends.find(({ data }) => (data.object as Stripe.Subscription).id === sub('cleo'));
		expect(cleo).toMatchObject({
			type: 'customer.subscription.deleted',
			request: { id: null, idempotency_key: null },
			data: { object: { ended_at: cancel_at, cancel_at_period_end: true } },
		});
	});

	it.each([
		[
			'ada',
			'portal',
			{ cancel_at_period_end: true, cancellation_details: { reason: 'cancellation_requested' } },
		],
		['kim', 'portal', { cancel_at_period_end: false, cancel_at: expect.any(Number) }],
		['kim', 'api', { cancel_at_period_end: true }],
		['fay', 'dunning', { cancellation_details: { reason: 'payment_failed' } }],
	])('tell that %s leaves by %s', async (who, source, object) => {
		const { secret = '' } = await register();
		own.sandbox.customerCancels('stripe', sub(who), { source });
		await own.sandbox.deliveriesDone();
		expect(verified(0, secret)).toMatchObject({
			type: 'customer.subscription.updated',
			data: { object },
		});
		own.sandbox.customerReturns('stripe', sub(who));
		await own.sandbox.deliveriesDone();
		expect(verified(1, secret)).toMatchObject({ data: { object: { cancel_at: null } } });
	});

	it('do not come back after the end', async () => {
		own.sandbox.customerCancels('stripe', sub('ada'), { ends: 'now' });
		expect(own.sandbox.customerReturns('stripe', sub('ada'))).toBe(false);
		expect(() => own.sandbox.customerCancels('stripe', sub('ben'), { source: 'post' })).toThrow(
			RangeError,
		);
	});

	it('have the shape of the endpoint, and only the events that it asks for', async () => {
		await register({ api_version: '2024-06-20' as typeof currentVersion, enabled_events: ['*'] });
		await register({ enabled_events: ['invoice.paid'] });
		await cancel(sub('ada'));
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toHaveLength(1);
		expect(receiver.calls[0].body.data.object).toHaveProperty('current_period_end');
	});

	it('stay within their mode', async () => {
		await register();
		await cancel(sub('ivo'), '', bearer(keys.stripe.testSecretKey));
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toEqual([]);
	});

	it('are disabled by an update, and repeated until they are accepted', async () => {
		const { id, secret = '' } = await register();
		receiver.answer(500, 500);
		await cancel(sub('ada'));
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toHaveLength(3);
		expect(verified(2, secret).id).toBe(receiver.calls[0].body.id);
		await sdk().webhookEndpoints.update(id, { disabled: true });
		await cancel(sub('ben'));
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toHaveLength(3);
	});

	it.each([
		[{ url: 'n8n' }, 'url'],
		[{ enabled_events: [] }, 'enabled_events'],
		[{ enabled_events: ['nothing'] }, 'enabled_events'],
		[{ api_version: 'newest' }, 'api_version'],
	])('are not registered with %j', async (wrong, param) => {
		const error = await errorOf(register(wrong as Partial<Stripe.WebhookEndpointCreateParams>));
		expect(error).toMatchObject({ statusCode: 400, param });
	});
});
