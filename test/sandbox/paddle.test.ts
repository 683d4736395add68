import {
	ApiError,
	type Environment,
	LogLevel,
	Paddle,
	SubscriptionCanceledEvent,
	SubscriptionUpdatedEvent,
	Webhooks,
} from '@paddle/paddle-node-sdk';
import { keys } from '../../sandbox/keys';
import { sampleId } from '../../sandbox/providers/paddle/ids';
import { ownReceiver } from './receiver';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const receiver = ownReceiver();
const sub = (name: string) => sampleId('sub', name);
const ctm = (name: string) => sampleId('ctm', name);
const minute = 60_000;

/** Paddle's own SDK; it takes any address as its environment. */
function sdk(key = keys.paddle.liveApiKey, path = '/paddle/live'): Paddle {
	const environment = (own.sandbox.url + path) as Environment;
	return new Paddle(key, { environment, logLevel: LogLevel.none });
}
const inSandbox = () => sdk(keys.paddle.sandboxApiKey, '/paddle/sandbox');

const request = (method: string, path: string, json?: unknown, headers = signed.paddle) =>
	ask(own.sandbox, method, `/paddle/live${path}`, { json, headers });

/** The error that the SDK throws. */
async function errorOf(call: Promise<unknown>): Promise<ApiError> {
	const error: unknown = await call.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof ApiError)) throw new Error('the SDK threw no error');
	return error;
}

describe("Paddle's SDK as a client", () => {
	it('gets a subscription with all that its type promises', async () => {
		const found = await sdk().subscriptions.get(sub('ada'));
		expect(found).toMatchObject({
			id: sub('ada'),
			customerId: ctm('ada'),
			status: 'active',
			scheduledChange: null,
			canceledAt: null,
			billingCycle: { interval: 'month', frequency: 1 },
		});
		expect(found.currentBillingPeriod?.endsAt).toBe(found.nextBilledAt);
		expect(found.items[0].price.unitPrice).toEqual({ amount: '1999', currencyCode: 'USD' });
		expect(found.managementUrls?.cancel).toMatch(/^https:.*token=/);
	});

	it('cancels at the end of the period unless it is told otherwise', async () => {
		const before = await sdk().subscriptions.get(sub('ada'));
		const ending = await sdk().subscriptions.cancel(sub('ada'));
		expect(ending).toMatchObject({
			status: 'active',
			canceledAt: null,
			nextBilledAt: null,
			scheduledChange: {
				action: 'cancel',
				effectiveAt: before.currentBillingPeriod?.endsAt,
				resumeAt: null,
			},
		});
		expect(own.sandbox.journal('paddle')).toMatchObject([
			{ operation: 'cancel', record: sub('ada'), email: 'ada@example.com', status: 200 },
		]);
	});

	it.each(['ada', 'ben', 'emil', 'fay', 'kim', 'bare'])('cancels %s immediately', async (who) => {
		const ended = await sdk().subscriptions.cancel(sub(who), { effectiveFrom: 'immediately' });
		expect(ended).toMatchObject({
			status: 'canceled',
			currentBillingPeriod: null,
			nextBilledAt: null,
			scheduledChange: null,
		});
		expect(Date.parse(String(ended.canceledAt))).toBeLessThanOrEqual(Date.now());
		const again = sdk().subscriptions.cancel(sub(who), { effectiveFrom: 'immediately' });
		expect(await errorOf(again)).toMatchObject({
			type: 'request_error',
			code: 'subscription_is_canceled_action_invalid',
			documentationUrl: expect.stringContaining('/errors/subscriptions/'),
		});
		expect(own.sandbox.journal('paddle')).toHaveLength(1);
	});

	it('takes a scheduled cancellation back', async () => {
		const { subscriptions } = sdk();
		const back = await subscriptions.update(sub('cleo'), { scheduledChange: null });
		expect(back.scheduledChange).toBeNull();
		expect(back.nextBilledAt).toBe(back.currentBillingPeriod?.endsAt);
		expect(own.sandbox.journal('paddle')).toMatchObject([{ operation: 'resume' }]);
	});

	it('takes a scheduled pause back as well', async () => {
		const { subscriptions } = sdk();
		expect((await subscriptions.get(sub('dora'))).scheduledChange?.action).toBe('pause');
		const back = await subscriptions.update(sub('dora'), { scheduledChange: null });
		expect(back.scheduledChange).toBeNull();
	});

	it('cannot set a scheduled change by an update', async () => {
		const change = { action: 'cancel' as const, effectiveAt: '2030-01-01T00:00:00Z' };
		const error = await errorOf(
			sdk().subscriptions.update(sub('ada'), { scheduledChange: change }),
		);
		expect(error.code).toBe('subscription_scheduled_change_invalid_update');
		expect(own.sandbox.journal('paddle')).toEqual([]);
	});

	it('keeps custom data, as a whole', async () => {
		const { subscriptions } = sdk();
		await subscriptions.update(sub('ada'), { customData: { a: 1, b: 2 } });
		const { customData } = await subscriptions.update(sub('ada'), { customData: { c: 3 } });
		expect(customData).toEqual({ c: 3 });
	});

	it.each([
		['hana', 'subscription_locked_renewal'],
		['june', 'subscription_locked_processing'],
	])('finds %s locked, with 409', async (who, code) => {
		for (const effectiveFrom of ['immediately', 'next_billing_period'] as const) {
			const error = await errorOf(sdk().subscriptions.cancel(sub(who), { effectiveFrom }));
			expect(error.code).toBe(code);
		}
		expect((await errorOf(sdk().subscriptions.update(sub(who), { customData: {} }))).code).toBe(
			code,
		);
		expect((await request('POST', `/subscriptions/${sub(who)}/cancel`)).status).toBe(409);
		expect(own.sandbox.journal('paddle')).toEqual([]);
	});

	it('can change a locked one after its renewal', async () => {
		const { subscriptions } = sdk();
		const { nextBilledAt } = await subscriptions.get(sub('hana'));
		const renewal = Date.parse(String(nextBilledAt));
		expect(renewal - Date.now()).toBeLessThan(30 * minute);
		own.sandbox.freeze(new Date(renewal + minute).toISOString());
		const renewed = await subscriptions.cancel(sub('hana'));
		own.sandbox.freeze(null);
		expect(Date.parse(String(renewed.scheduledChange?.effectiveAt))).toBeGreaterThan(renewal);
	});

	it('finds no period to wait for where a subscription is paused', async () => {
		const { subscriptions } = sdk();
		const params = { effectiveFrom: 'next_billing_period' as const };
		const error = await errorOf(subscriptions.cancel(sub('emil'), params));
		expect(error.code).toBe('subscription_is_inactive_action_invalid');
		expect((await subscriptions.cancel(sub('emil'))).status).toBe('canceled');
	});

	it.each([
		['secondSchedule', 'next_billing_period', 'cleo'],
		['secondSchedule', 'next_billing_period', 'dora'],
		['immediateWithSchedule', 'immediately', 'cleo'],
	] as const)(
		'meets a scheduled change as %s says: %s for %s',
		async (name, effectiveFrom, who) => {
			const cancel = () => sdk().subscriptions.cancel(sub(who), { effectiveFrom });
			own.sandbox.settings('paddle', { assumptions: { [name]: 'refused' } });
			expect((await errorOf(cancel())).code).toBe('subscription_locked_pending_changes');
			own.sandbox.settings('paddle', { assumptions: { [name]: 'accepted' } });
			await cancel();
			expect(own.sandbox.journal('paddle')).toHaveLength(1);
		},
	);

	it('may find a past due one refused', async () => {
		own.sandbox.settings('paddle', { assumptions: { cancelPastDue: 'refused' } });
		const error = await errorOf(sdk().subscriptions.cancel(sub('fay')));
		expect(error.code).toBe('subscription_update_when_past_due');
	});

	it('refuses updates of canceled and of past due ones', async () => {
		const { subscriptions } = sdk();
		const codes = ['gus', 'fay'].map(
			async (who) =>
				(await errorOf(subscriptions.update(sub(who), { scheduledChange: null }))).code,
		);
		expect(await Promise.all(codes)).toEqual([
			'subscription_update_when_canceled',
			'subscription_update_when_past_due',
		]);
	});

	it('lists by customer, status and scheduled change', async () => {
		const ids = async (query: Parameters<Paddle['subscriptions']['list']>[0]) =>
			(await sdk().subscriptions.list(query).next()).map(({ id }) => id);
		expect(await ids({ customerId: [ctm('kim')] })).toEqual([sub('kim_old'), sub('kim')]);
		expect(await ids({ customerId: [ctm('kim')], status: ['active', 'trialing'] })).toEqual([
			sub('kim'),
		]);
		expect(await ids({ scheduledChangeAction: ['cancel'] })).toEqual([sub('cleo')]);
		expect(await ids({ scheduledChangeAction: ['cancel', 'pause'] })).toEqual([
			sub('dora'),
			sub('cleo'),
		]);
	});

	it('pages through the subscriptions of a customer', async () => {
		const pages = sdk().subscriptions.list({ customerId: [ctm('many')], perPage: 50 });
		const all: Array<{ id: string; status: string }> = [];
		for await (const one of pages) all.push(one);
		expect(pages.estimatedTotal).toBe(120);
		expect(new Set(all.map(({ id }) => id)).size).toBe(120);
		expect(all.filter(({ status }) => status === 'active').map(({ id }) => id)).toEqual([
			sub('many_107'),
		]);
		expect(own.sandbox.requests('paddle')).toHaveLength(3);
	});

	it('finds customers by e-mail, archived ones only when it asks for them', async () => {
		const ids = async (email: string[], status?: Array<'active' | 'archived'>) =>
			(await sdk().customers.list({ email, status }).next()).map(({ id }) => id);
		expect(await ids(['ada@example.com'])).toEqual([ctm('ada')]);
		expect(await ids(['ada@example.com', 'ben@example.com'])).toEqual([ctm('ben'), ctm('ada')]);
		expect(await ids(['bare@example.com'])).toEqual([]);
		expect(await ids(['bare@example.com'], ['active', 'archived'])).toEqual([ctm('bare')]);
		expect(await ids(['capital@example.com'])).toEqual([]);
		own.sandbox.settings('paddle', { assumptions: { emailMatch: 'anyCase' } });
		expect(await ids(['capital@example.com'])).toEqual([ctm('capital')]);
	});

	it('gets a customer, which has the address that the subscription lacks', async () => {
		expect((await sdk().customers.get(ctm('ada'))).email).toBe('ada@example.com');
		expect((await errorOf(sdk().customers.get(ctm('unknown')))).code).toBe('not_found');
	});

	it('sees one environment with the key of that environment', async () => {
		expect((await inSandbox().subscriptions.get(sub('ivo'))).id).toBe(sub('ivo'));
		expect((await errorOf(sdk().subscriptions.get(sub('ivo')))).code).toBe('not_found');
		expect((await errorOf(inSandbox().subscriptions.get(sub('ada')))).code).toBe('not_found');
		const crossed = [
			sdk(keys.paddle.sandboxApiKey),
			sdk(keys.paddle.liveApiKey, '/paddle/sandbox'),
			sdk(keys.paddle.apiKeyRevoked),
		];
		for (const client of crossed) {
			expect((await errorOf(client.eventTypes.list())).code).toBe('invalid_token');
		}
	});

	it('needs the permission of the key for what it does', async () => {
		const { apiKeyReadOnly, apiKeyWithoutCustomers, legacyApiKey } = keys.paddle;
		const reading = sdk(apiKeyReadOnly);
		const shown = await reading.subscriptions.get(sub('ada'));
		expect(shown.managementUrls?.cancel).not.toContain('token');
		expect((await errorOf(reading.subscriptions.cancel(sub('ada')))).code).toBe('forbidden');
		expect((await errorOf(reading.notificationSettings.list())).code).toBe('forbidden');
		const blind = sdk(apiKeyWithoutCustomers);
		expect((await errorOf(blind.customers.list().next())).code).toBe('forbidden');
		expect((await blind.eventTypes.list()).map(({ name }) => name)).toContain(
			'subscription.canceled',
		);
		expect(own.sandbox.journal('paddle')).toEqual([]);
		expect((await sdk(legacyApiKey).subscriptions.cancel(sub('ada'))).scheduledChange?.action).toBe(
			'cancel',
		);
	});

	it('over the limit is told when to come back', async () => {
		own.sandbox.limit('paddle', { requests: 1, seconds: 60 });
		await sdk().subscriptions.get(sub('ada'));
		const error = await errorOf(sdk().subscriptions.get(sub('ada')));
		expect(error.code).toBe('too_many_requests');
		expect(error.retryAfter).toBe(60);
	});
});

describe("Paddle's sample customers", () => {
	it('have a subscription in each state that a cancellation can meet', async () => {
		const { body } = await ask(own.sandbox, 'GET', '/_control/state');
		const { rows } = body.providers.find(({ name }: { name: string }) => name === 'paddle');
		const states = new Map<string, string>(
			rows.map(({ target, state }: { target: string; state: string }) => [target, state]),
		);
		const expected = {
			ada: 'active',
			ben: 'trialing',
			cleo: 'active, scheduled to cancel',
			dora: 'active, scheduled to pause',
			emil: 'paused',
			fay: 'past_due',
			gus: 'canceled',
			ivo: 'active, in the sandbox environment',
			kim: 'active',
		};
		for (const [who, state] of Object.entries(expected)) {
			expect([who, states.get(sub(who))]).toEqual([who, state]);
		}
	});

	it('are joined by any number of others, whose IDs keep the form', async () => {
		own.sandbox.seed({ bulk: { provider: 'paddle', count: 3, prefix: 'a_very_long_prefix' } });
		const email = ['a_very_long_prefix_00002@example.com'];
		const [found] = await sdk().customers.list({ email }).next();
		const [row] = await sdk()
			.subscriptions.list({ customerId: [found.id] })
			.next();
		expect(row.id).toMatch(/^sub_[a-z\d]{26}$/);
		expect((await sdk().subscriptions.cancel(row.id)).scheduledChange?.action).toBe('cancel');
	});
});

describe('a request to Paddle', () => {
	it.each([
		[{}, 'authentication_missing'],
		[{ authorization: 'pdl_live_apikey_sandbox' }, 'authentication_malformed'],
		[{ authorization: 'Bearer unknown' }, 'invalid_token'],
	])('with the headers %j is answered 403 %s', async (headers, code) => {
		const path = '/paddle/live/subscriptions';
		const got = await ask(own.sandbox, 'GET', path, { headers });
		expect(got).toMatchObject({
			status: 403,
			body: {
				error: {
					type: 'request_error',
					code,
					documentation_url: `https://developer.paddle.com/errors/shared/${code}`,
				},
				meta: { request_id: expect.any(String) },
			},
		});
	});

	it('for the root tells the environment, the account and the permissions', async () => {
		const root = async (path: string, key?: string) => {
			const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
			const { status, body } = await ask(own.sandbox, 'GET', `/paddle/${path}`, { headers });
			return { status, ...body.data };
		};
		expect(await root('live/')).toMatchObject({
			status: 200,
			api: { environment: 'production' },
			caller: { auth_type: null, account: null, permissions: [] },
		});
		expect(await root('live', keys.paddle.liveApiKey)).toMatchObject({
			caller: {
				auth_type: 'api_key',
				account: expect.any(Object),
				permissions: expect.arrayContaining(['subscription.write', 'notification_setting.write']),
			},
		});
		expect(await root('sandbox/', keys.paddle.sandboxApiKey)).toMatchObject({
			api: { environment: 'sandbox' },
		});
		expect(await root('live/', keys.paddle.legacyApiKey)).toMatchObject({
			caller: { account: expect.any(Object), permissions: null },
		});
		expect(await root('live/', keys.paddle.sandboxApiKey)).toMatchObject({ status: 403 });
	});

	it.each([
		[
			'POST',
			`/subscriptions/${sub('ada')}/cancel`,
			{ effective_from: '2030-01-01' },
			'effective_from',
		],
		['POST', `/subscriptions/${sub('ada')}/cancel`, { reason: 'none' }, 'reason'],
		['PATCH', `/subscriptions/${sub('ada')}`, { items: [] }, 'items'],
		['GET', '/subscriptions?status=cancelled', undefined, 'status'],
		['GET', '/subscriptions?per_page=0', undefined, 'per_page'],
		['GET', '/subscriptions?order_by=status', undefined, 'order_by'],
		['GET', '/customers?email=', undefined, 'email'],
	])('%s %s with %j is refused because of %s', async (method, path, json, field) => {
		expect(await request(method, path, json)).toMatchObject({
			status: 400,
			body: { error: { code: 'invalid_field', errors: [{ field }] } },
		});
		expect(own.sandbox.journal('paddle')).toEqual([]);
	});

	it('for more than a hundred addresses is refused', async () => {
		const path = `/customers?email=${'a@b.co,'.repeat(100)}a@b.co`;
		expect((await request('GET', path)).body.error.errors).toMatchObject([{ field: 'email' }]);
	});

	it('with a body that is not JSON is refused', async () => {
		const response = await fetch(
			`${own.sandbox.url}/paddle/live/subscriptions/${sub('ada')}/cancel`,
			{
				method: 'POST',
				headers: { ...signed.paddle, 'content-type': 'application/json' },
				body: '{',
			},
		);
		expect(response.status).toBe(400);
		expect(own.sandbox.journal('paddle')).toEqual([]);
	});

	it('for more than the maximum gets the maximum, and always an address for the next page', async () => {
		const { body } = await request('GET', '/subscriptions?per_page=500&order_by=id[ASC]');
		expect(body.meta.pagination).toMatchObject({ per_page: 200, has_more: false });
		const next = new URL(body.meta.pagination.next as string);
		expect(next.origin).toBe(own.sandbox.url);
		expect(next.searchParams.get('per_page')).toBe('500');
		expect(next.searchParams.get('after')).toBe(body.data.at(-1).id);
		const beyond = await ask(own.sandbox, 'GET', next.pathname + next.search, {
			headers: signed.paddle,
		});
		expect(beyond.body).toMatchObject({ data: [], meta: { pagination: { has_more: false } } });
	});

	it('for an unknown subscription is answered 404', async () => {
		for (const [method, path] of [
			['GET', ''],
			['PATCH', ''],
			['POST', '/cancel'],
		]) {
			const id = sub('unknown');
			const json = method === 'GET' ? undefined : {};
			expect(await request(method, `/subscriptions/${id}${path}`, json)).toMatchObject({
				status: 404,
				body: { error: { code: 'not_found', detail: `Subscription ${id} not found.` } },
			});
		}
		expect((await request('GET', '/nothing')).body.error.code).toBe('invalid_url');
	});
});

describe("Paddle's notifications", () => {
	const register = (client = sdk(), destination = receiver.url) =>
		client.notificationSettings.create({
			description: 'n8n',
			destination,
			type: 'url',
			subscribedEvents: ['subscription.updated', 'subscription.canceled'],
		});
	const verified = async (index: number, secret: string) => {
		const { text, headers } = receiver.calls[index];
		return await new Webhooks().unmarshal(text, secret, String(headers['paddle-signature']));
	};
	const names = () => receiver.calls.map(({ body }) => body.event_type);

	it('are registered, read again with their secret, changed and deleted', async () => {
		const { notificationSettings } = sdk();
		const made = await register();
		expect(made).toMatchObject({ active: true, type: 'url', trafficSource: 'platform' });
		expect(made.endpointSecretKey).toMatch(/^pdl_ntfset_/);
		const read = await notificationSettings.get(made.id);
		expect(read.endpointSecretKey).toBe(made.endpointSecretKey);
		expect(await notificationSettings.list()).toEqual([read]);
		expect((await notificationSettings.update(made.id, { active: false })).active).toBe(false);
		await notificationSettings.delete(made.id);
		expect((await errorOf(notificationSettings.get(made.id))).code).toBe('not_found');
		expect(own.sandbox.webhooks('paddle')).toEqual([]);
	});

	it('are signed so that the SDK accepts them, and lack the links to the portal', async () => {
		const { endpointSecretKey: secret } = await register();
		await sdk().subscriptions.cancel(sub('ada'));
		await own.sandbox.deliveriesDone();
		const event = await verified(0, secret);
		expect(event).toBeInstanceOf(SubscriptionUpdatedEvent);
		expect(event).toMatchObject({
			eventType: 'subscription.updated',
			data: { id: sub('ada'), status: 'active', scheduledChange: { action: 'cancel' } },
		});
		expect(receiver.calls[0].body.data).not.toHaveProperty('management_urls');
		await expect(verified(0, 'pdl_ntfset_other')).rejects.toThrow('signature verification failed');
	});

	it('are not accepted by the SDK with a wrong signature', async () => {
		const { endpointSecretKey: secret } = await register();
		own.sandbox.deliveryFault('paddle', 'wrongSecret');
		await sdk().subscriptions.cancel(sub('ada'));
		await own.sandbox.deliveriesDone();
		await expect(verified(0, secret)).rejects.toThrow('Invalid webhook signature');
	});

	it('tell of an immediate end twice: updated and canceled', async () => {
		const { endpointSecretKey: secret } = await register();
		await sdk().subscriptions.cancel(sub('ada'), { effectiveFrom: 'immediately' });
		await own.sandbox.deliveriesDone();
		expect(names().sort()).toEqual(['subscription.canceled', 'subscription.updated']);
		const event = await verified(names().indexOf('subscription.canceled'), secret);
		expect(event).toBeInstanceOf(SubscriptionCanceledEvent);
		expect(event).toMatchObject({ data: { status: 'canceled', canceledAt: expect.any(String) } });
	});

	it('tell of a scheduled end when it comes', async () => {
		await register();
		const { scheduledChange } = await sdk().subscriptions.get(sub('cleo'));
		own.sandbox.freeze(String(scheduledChange?.effectiveAt));
		own.sandbox.catchUp();
		await own.sandbox.deliveriesDone();
		const ended = await sdk().subscriptions.get(sub('cleo'));
		own.sandbox.freeze(null);
		expect(ended).toMatchObject({ status: 'canceled', canceledAt: scheduledChange?.effectiveAt });
		const cleos = receiver.calls.filter(({ body }) => body.data.id === sub('cleo'));
		expect(cleos.map(({ body }) => body.event_type).sort()).toEqual([
			'subscription.canceled',
			'subscription.updated',
		]);
	});

	it('tell that a customer leaves and comes back', async () => {
		await register();
		own.sandbox.customerCancels('paddle', sub('ada'));
		await own.sandbox.deliveriesDone();
		own.sandbox.customerReturns('paddle', sub('ada'));
		await own.sandbox.deliveriesDone();
		const changes = receiver.calls.map(({ body }) => body.data.scheduled_change?.action ?? null);
		expect(changes).toEqual(['cancel', null]);
		own.sandbox.customerCancels('paddle', sub('ben'), { ends: 'now' });
		expect(own.sandbox.customerReturns('paddle', sub('ben'))).toBe(false);
	});

	it('stay within their environment, and stop when they are switched off', async () => {
		const { id } = await register();
		await inSandbox().subscriptions.cancel(sub('ivo'));
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toEqual([]);
		await sdk().notificationSettings.update(id, { active: false });
		await sdk().subscriptions.cancel(sub('ada'));
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toEqual([]);
	});

	it('are repeated until they are accepted, with the same event ID', async () => {
		await register();
		receiver.answer(500);
		await sdk().subscriptions.cancel(sub('ada'));
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toHaveLength(2);
		const [first, second] = receiver.calls.map(({ body }) => body.event_id);
		expect(second).toBe(first);
	});

	it('have at most ten active destinations', async () => {
		const made = await Promise.all(Array.from({ length: 10 }, () => register()));
		expect((await errorOf(register())).code).toBe('notification_maximum_active_settings_reached');
		await sdk().notificationSettings.update(made[0].id, { active: false });
		await register();
	});

	it.each([
		[{ destination: 'x', type: 'url', subscribed_events: ['subscription.updated'] }, 'description'],
		[{ description: 'x', destination: 'x', type: 'sms' }, 'type'],
		[
			{ description: 'x', destination: 'x', type: 'url', subscribed_events: ['none'] },
			'subscribed_events',
		],
		[{ secret: 'mine' }, 'secret'],
	])('are not registered with %j', async (json, field) => {
		expect(await request('POST', '/notification-settings', json)).toMatchObject({
			status: 400,
			body: { error: { code: 'invalid_field', errors: [{ field }] } },
		});
	});
});
