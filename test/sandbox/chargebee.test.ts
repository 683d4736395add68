import Chargebee, { basicAuthValidator } from 'chargebee';
import { keys } from '../../sandbox/keys';
import { sampleId } from '../../sandbox/providers/chargebee/ids';
import { ownReceiver } from './receiver';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const receiver = ownReceiver();
const sub = (name: string) => sampleId('sub', name);
const cus = (name: string) => sampleId('cus', name);
const day = 86_400;
const nowInSeconds = () => Math.floor(Date.now() / 1000);
const untouched = {
	credit_option_for_current_term_charges: 'none',
	unbilled_charges_option: 'delete',
	account_receivables_handling: 'no_action',
	refundable_credits_handling: 'no_action',
} as const;
const atTermEnd = { ...untouched, cancel_option: 'end_of_term' } as const;
const atOnce = { ...untouched, cancel_option: 'immediately' } as const;

/** Chargebee's own SDK, which checks its parameters; the site stands in the path instead of the host. */
function sdk(apiKey = keys.chargebee.apiKey, site = 'acme-test'): Chargebee {
	const config = {
		apiKey,
		site: '127.0.0.1',
		hostSuffix: '',
		protocol: 'http',
		port: own.sandbox.port,
		apiPath: `/chargebee/${site}/api/v2`,
		enableValidation: true,
	};
	return new Chargebee(config as never);
}
const classic = () => sdk(keys.chargebee.classicApiKey, 'acme-classic-test');

const post = (path: string, form: Record<string, string>, headers = {}) =>
	ask(own.sandbox, 'POST', `/chargebee/acme-test/api/v2${path}`, {
		form,
		headers: { ...signed.chargebee, ...headers },
	});
const journal = () => own.sandbox.journal('chargebee');

/** The error that the SDK throws. */
async function errorOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
	return await call.then(
		() => {
			throw new Error('the SDK threw no error');
		},
		(reason: Record<string, unknown>) => reason,
	);
}

describe("Chargebee's SDK as a client", () => {
	it('retrieves a subscription with its customer, whose address it lacks itself', async () => {
		const found = await sdk().subscription.retrieve(sub('ada'));
		expect(found.subscription).toMatchObject({ id: sub('ada'), status: 'active', deleted: false });
		expect(found.subscription).not.toHaveProperty('cancelled_at');
		expect(found.subscription.subscription_items).toMatchObject([{ amount: 1999 }]);
		expect(found.customer).toMatchObject({ id: cus('ada'), email: 'ada@example.com' });
		expect(found.card).toMatchObject({ last4: '1111' });
	});

	it('cancels at the end of the term, which stops renewals', async () => {
		const before = (await sdk().subscription.retrieve(sub('ada'))).subscription;
		const { subscription, customer } = await sdk().subscription.cancelForItems(
			sub('ada'),
			atTermEnd,
		);
		expect(subscription).toMatchObject({
			status: 'non_renewing',
			cancelled_at: before.current_term_end,
			remaining_billing_cycles: 0,
		});
		expect(subscription.cancel_schedule_created_at).toBeGreaterThan(nowInSeconds() - 60);
		expect(subscription).not.toHaveProperty('next_billing_at');
		expect(subscription.resource_version).toBeGreaterThan(before.resource_version ?? 0);
		expect(customer.email).toBe('ada@example.com');
		expect(journal()).toMatchObject([
			{ operation: 'cancel', record: sub('ada'), email: 'ada@example.com', status: 200 },
		]);
	});

	it('keeps the status of a trial that will end', async () => {
		const { subscription } = await sdk().subscription.cancelForItems(sub('ben'), atTermEnd);
		expect(subscription.status).toBe('in_trial');
		expect(subscription.cancelled_at).toBe(subscription.trial_end);
	});

	it.each(['ada', 'ben', 'cleo', 'dora', 'emil', 'fay', 'kim'])(
		'cancels %s at once, and a second time is refused with 409',
		async (who) => {
			const { subscription } = await sdk().subscription.cancelForItems(sub(who), atOnce);
			expect(subscription.status).toBe('cancelled');
			expect(subscription.cancelled_at).toBeLessThanOrEqual(nowInSeconds());
			const again = sdk().subscription.cancelForItems(sub(who), atOnce);
			expect(await errorOf(again)).toMatchObject({
				http_status_code: 409,
				type: 'invalid_request',
				api_error_code: 'invalid_state_for_request',
			});
			expect(journal()).toHaveLength(1);
		},
	);

	it('cancels at once where no time is given', async () => {
		const { subscription } = await sdk().subscription.cancelForItems(sub('ada'));
		expect(subscription.status).toBe('cancelled');
	});

	it.each(['active', 'non_renewing'] as const)(
		'cancels at a date, which leaves the status %s',
		async (status) => {
			own.sandbox.settings('chargebee', { assumptions: { specificDateStatus: status } });
			const cancel_at = nowInSeconds() + 40 * day;
			const { subscription } = await sdk().subscription.cancelForItems(sub('ada'), {
				...untouched,
				cancel_option: 'specific_date',
				cancel_at,
			});
			expect(subscription).toMatchObject({ status, cancelled_at: cancel_at });
		},
	);

	it('cancels back in time, which can credit', async () => {
		const cancel_at = nowInSeconds() - 5 * day;
		const { subscription, credit_notes } = await sdk().subscription.cancelForItems(sub('ada'), {
			...untouched,
			cancel_option: 'specific_date',
			cancel_at,
			credit_option_for_current_term_charges: 'prorate',
		});
		expect(subscription).toMatchObject({ status: 'cancelled', cancelled_at: cancel_at });
		expect(credit_notes?.[0].total).toBeGreaterThan(0);
	});

	it.each([
		['accepted', 200],
		['refused', 409],
	])('finds a second scheduled end %s', async (secondSchedule, status) => {
		own.sandbox.settings('chargebee', { assumptions: { secondSchedule } });
		const form = { cancel_option: 'end_of_term' };
		for (const who of ['cleo', 'dora']) {
			expect((await post(`/subscriptions/${sub(who)}/cancel_for_items`, form)).status).toBe(status);
		}
	});

	it('finds no term to wait for where a subscription is paused', async () => {
		const error = await errorOf(sdk().subscription.cancelForItems(sub('emil'), atTermEnd));
		expect(error.api_error_code).toBe('invalid_state_for_request');
	});

	it('finds a transferred subscription over', async () => {
		own.sandbox.change('chargebee', sub('ada'), { status: 'transferred' });
		const error = await errorOf(sdk().subscription.cancelForItems(sub('ada'), atOnce));
		expect(error.http_status_code).toBe(409);
	});

	it('ends a contract in the way that it chooses', async () => {
		const { subscription: resource } = sdk();
		const { contract_term } = (await resource.retrieve(sub('hana'))).subscription;
		const scheduled = await resource.cancelForItems(sub('hana'), {
			...untouched,
			contract_term_cancel_option: 'end_of_contract_term',
		});
		expect(scheduled.subscription).toMatchObject({
			status: 'non_renewing',
			cancelled_at: contract_term?.contract_end,
			contract_term: { status: 'active' },
		});
		const ended = await resource.cancelForItems(sub('hana'), {
			...untouched,
			contract_term_cancel_option: 'terminate_immediately',
		});
		expect(ended.subscription).toMatchObject({
			status: 'cancelled',
			contract_term: { status: 'terminated' },
		});
	});

	it('ends a contract at the end of the billing term, too', async () => {
		const { subscription } = await sdk().subscription.cancelForItems(sub('hana'), {
			...untouched,
			contract_term_cancel_option: 'end_of_subscription_billing_term',
		});
		expect(subscription.cancelled_at).toBe(subscription.current_term_end);
	});

	it('ends a contract without asking by cancel_option=immediately, and by no other', async () => {
		const error = await errorOf(sdk().subscription.cancelForItems(sub('hana'), atTermEnd));
		expect(error).toMatchObject({
			api_error_code: 'invalid_request',
			param: 'contract_term_cancel_option',
		});
		const { subscription } = await sdk().subscription.cancelForItems(sub('hana'), atOnce);
		expect(subscription.contract_term?.status).toBe('terminated');
	});

	it('has no contract to end where there is none', async () => {
		const error = await errorOf(
			sdk().subscription.cancelForItems(sub('ada'), {
				contract_term_cancel_option: 'terminate_immediately',
			}),
		);
		expect(error.param).toBe('contract_term_cancel_option');
	});

	it('moves money by the settings of the site where a request does not say', async () => {
		const left = await sdk().subscription.cancelForItems(sub('june'), {
			cancel_option: 'immediately',
		});
		expect(left.invoice?.total).toBe(2500);
		expect(left.credit_notes?.[0].total).toBeGreaterThan(0);
		own.sandbox.settings('chargebee', { assumptions: { siteDefaults: 'none' } });
		const spared = await sdk().subscription.cancelForItems(sub('kim'), {
			cancel_option: 'immediately',
		});
		expect(spared).not.toHaveProperty('credit_notes');
	});

	it('moves no money where the request says so', async () => {
		const ended = await sdk().subscription.cancelForItems(sub('june'), atOnce);
		expect(ended).not.toHaveProperty('invoice');
		expect(ended).not.toHaveProperty('credit_notes');
	});

	it.each([
		['full', 1999],
		['prorate', 800],
	] as const)('credits %s at once, and nothing at the end of the term', async (option, total) => {
		own.sandbox.freeze(new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000).toISOString());
		const credit = { credit_option_for_current_term_charges: option };
		const { estimate } = sdk();
		const now = await estimate.cancelSubscriptionForItems(sub('ada'), { ...atOnce, ...credit });
		const later = await estimate.cancelSubscriptionForItems(sub('ada'), {
			...atTermEnd,
			...credit,
		});
		const ended = await sdk().subscription.cancelForItems(sub('ada'), { ...atOnce, ...credit });
		own.sandbox.freeze(null);
		expect(now.estimate.credit_note_estimates).toMatchObject([{ total, currency_code: 'USD' }]);
		expect(later.estimate).not.toHaveProperty('credit_note_estimates');
		expect(ended.credit_notes).toMatchObject([{ total }]);
	});

	it('estimates what becomes of open charges, and writes nothing', async () => {
		const { estimate } = sdk();
		const open = { ...atOnce, unbilled_charges_option: undefined };
		const estimated = async (params: object) =>
			(await estimate.cancelSubscriptionForItems(sub('june'), params)).estimate;
		expect((await estimated(open)).unbilled_charge_estimates).toMatchObject([{ amount: 2500 }]);
		expect(
			(await estimated({ ...open, unbilled_charges_option: 'invoice' })).invoice_estimate,
		).toMatchObject({ total: 2500, amount_due: 2500 });
		const deleted = await estimated(atOnce);
		expect(deleted).not.toHaveProperty('invoice_estimate');
		expect(deleted).not.toHaveProperty('unbilled_charge_estimates');
		expect(deleted.subscription_estimate).toMatchObject({ id: sub('june'), status: 'cancelled' });
		expect(journal()).toEqual([]);
		expect((await sdk().subscription.retrieve(sub('june'))).subscription.status).toBe('active');
	});

	it('cannot estimate the end of one that has ended', async () => {
		const error = await errorOf(sdk().estimate.cancelSubscriptionForItems(sub('gus'), atOnce));
		expect(error.http_status_code).toBe(409);
	});

	it('keeps a reason from the list of the site, and may have to give one', async () => {
		const { subscription: resource } = sdk();
		const reason = { ...atTermEnd, cancel_reason_code: 'Too expensive' };
		const { subscription } = await resource.cancelForItems(sub('ada'), reason);
		expect(subscription.cancel_reason_code).toBe('Too expensive');
		const wrong = { ...atTermEnd, cancel_reason_code: 'too expensive' };
		expect((await errorOf(resource.cancelForItems(sub('fay'), wrong))).param).toBe(
			'cancel_reason_code',
		);
		own.sandbox.settings('chargebee', { assumptions: { reasonCode: 'mandatory' } });
		expect((await errorOf(resource.cancelForItems(sub('fay'), atTermEnd))).param).toBe(
			'cancel_reason_code',
		);
	});

	it('removes a scheduled end, and finds nothing to remove afterwards', async () => {
		const { subscription: resource } = sdk();
		for (const [who, status] of [
			['cleo', 'active'],
			['dora', 'in_trial'],
		]) {
			const { subscription } = await resource.removeScheduledCancellation(sub(who));
			expect(subscription.status).toBe(status);
			expect(subscription.next_billing_at).toBeGreaterThan(nowInSeconds());
			expect(subscription).not.toHaveProperty('cancelled_at');
			expect(subscription).not.toHaveProperty('remaining_billing_cycles');
			const error = await errorOf(resource.removeScheduledCancellation(sub(who)));
			expect(error.api_error_code).toBe('invalid_state_for_request');
		}
		expect(journal()).toMatchObject([{ operation: 'resume' }, { operation: 'resume' }]);
	});

	it('removes a scheduled end with a number of terms to come', async () => {
		const { subscription } = await sdk().subscription.removeScheduledCancellation(sub('cleo'), {
			billing_cycles: 3,
		});
		expect(subscription.remaining_billing_cycles).toBe(3);
	});

	it('reactivates one that has ended, which charges a new term', async () => {
		const { subscription: resource } = sdk();
		expect((await errorOf(resource.removeScheduledCancellation(sub('gus')))).http_status_code).toBe(
			409,
		);
		const { subscription, invoice } = await resource.reactivate(sub('gus'), { billing_cycles: 2 });
		expect(subscription).toMatchObject({ status: 'active', remaining_billing_cycles: 2 });
		expect(subscription.next_billing_at).toBeGreaterThan(nowInSeconds());
		expect(invoice?.total).toBe(1999);
		expect((await errorOf(resource.reactivate(sub('gus')))).http_status_code).toBe(409);
	});

	it('lists by customer and status, the oldest first', async () => {
		const ids = async (input: Parameters<Chargebee['subscription']['list']>[0]) =>
			(await sdk().subscription.list(input)).list.map(({ subscription }) => subscription.id);
		expect(await ids({ customer_id: { is: cus('kim') } })).toEqual([sub('kim_old'), sub('kim')]);
		expect(await ids({ customer_id: { is: cus('kim') }, 'sort_by[desc]': 'created_at' })).toEqual([
			sub('kim'),
			sub('kim_old'),
		]);
		expect(await ids({ status: { is: 'non_renewing' } })).toEqual([sub('cleo')]);
		expect(await ids({ customer_id: { is: cus('nothing') } })).toEqual([]);
	});

	it.each(['["active","in_trial"]', '[active,in_trial]'])(
		'lists by several statuses, as %s',
		async (list) => {
			const query = new URLSearchParams({ 'customer_id[is]': cus('kim'), 'status[in]': list });
			const path = `/chargebee/acme-test/api/v2/subscriptions?${query}`;
			const { body } = await ask(own.sandbox, 'GET', path, { headers: signed.chargebee });
			expect(body.list).toMatchObject([{ subscription: { id: sub('kim') } }]);
		},
	);

	it('lists deleted subscriptions only where it asks for them', async () => {
		own.sandbox.change('chargebee', sub('ada'), { deleted: true });
		const count = async (include_deleted?: boolean) =>
			(await sdk().subscription.list({ customer_id: { is: cus('ada') }, include_deleted })).list
				.length;
		expect([await count(), await count(true)]).toEqual([0, 1]);
	});

	it('pages through the subscriptions of a customer by an opaque offset', async () => {
		const all: Array<{ id: string; status: string }> = [];
		let offset: string | undefined;
		do {
			const customer_id = { is: cus('many') };
			const input = { customer_id, limit: 50, ...(offset !== undefined && { offset }) };
			const { list, next_offset } = await sdk().subscription.list(input);
			all.push(...list.map(({ subscription }) => subscription));
			offset = next_offset;
		} while (offset !== undefined);
		expect(new Set(all.map(({ id }) => id)).size).toBe(120);
		expect(all.filter(({ status }) => status === 'active').map(({ id }) => id)).toEqual([
			sub('many_107'),
		]);
		expect(own.sandbox.requests('chargebee')).toHaveLength(3);
	});

	it('finds customers by e-mail, of whom several may have one address', async () => {
		const ids = async (email: object) =>
			(await sdk().customer.list({ email })).list.map(({ customer }) => customer.id);
		expect(await ids({ is: 'ada@example.com' })).toEqual([cus('ada')]);
		expect(await ids({ is: 'renewed@example.com' })).toEqual([cus('renewed'), cus('renewed_old')]);
		expect(await ids({ is: 'bare@example.com' })).toEqual([]);
		expect(await ids({ is: 'capital@example.com' })).toEqual([]);
		own.sandbox.settings('chargebee', { assumptions: { emailMatch: 'anyCase' } });
		expect(await ids({ is: 'capital@example.com' })).toEqual([cus('capital')]);
		expect((await sdk().customer.retrieve(cus('ada'))).customer.email).toBe('ada@example.com');
	});

	it('lists everybody where a filter is empty', async () => {
		const { body } = await ask(
			own.sandbox,
			'GET',
			'/chargebee/acme-test/api/v2/customers?email[is]=&limit=100',
			{ headers: signed.chargebee },
		);
		expect(body.list.length).toBeGreaterThan(10);
	});

	it('needs the calls of the product catalog of the site', async () => {
		const wrong = [
			sdk().subscription.cancel(sub('ada'), atTermEnd),
			sdk().estimate.cancelSubscription(sub('ada'), atTermEnd),
			classic().subscription.cancelForItems(sub('ivo'), atTermEnd),
			classic().estimate.cancelSubscriptionForItems(sub('ivo'), atTermEnd),
		];
		for (const call of wrong) {
			expect(await errorOf(call)).toMatchObject({
				http_status_code: 400,
				api_error_code: 'configuration_incompatible',
				message: expect.stringContaining('not enabled for this site'),
			});
		}
		const found = (await classic().subscription.retrieve(sub('ivo'))).subscription;
		expect(found.plan_id).toBe('plus-monthly');
		expect(found).not.toHaveProperty('subscription_items');
		const { estimate } = await classic().estimate.cancelSubscription(sub('ivo'), atTermEnd);
		expect(estimate.subscription_estimate?.status).toBe('non_renewing');
		const { subscription } = await classic().subscription.cancel(sub('ivo'), atTermEnd);
		expect(subscription.status).toBe('non_renewing');
	});

	it('sees one site with the key of that site', async () => {
		expect((await errorOf(sdk().subscription.retrieve(sub('ivo')))).http_status_code).toBe(404);
		expect((await errorOf(classic().subscription.retrieve(sub('ada')))).http_status_code).toBe(404);
		const { classicApiKey, apiKeyRevoked } = keys.chargebee;
		for (const client of [sdk(classicApiKey), sdk(apiKeyRevoked)]) {
			expect(await errorOf(client.subscription.list())).toMatchObject({
				http_status_code: 401,
				api_error_code: 'api_authentication_failed',
			});
		}
		expect(await errorOf(sdk(keys.chargebee.apiKey, 'acme').subscription.list())).toMatchObject({
			http_status_code: 404,
			api_error_code: 'site_not_found',
		});
	});

	it('needs a key with full access to write', async () => {
		const reading = sdk(keys.chargebee.apiKeyReadOnly);
		expect((await reading.subscription.retrieve(sub('ada'))).subscription.status).toBe('active');
		for (const call of [
			reading.subscription.cancelForItems(sub('ada'), atTermEnd),
			reading.subscription.removeScheduledCancellation(sub('cleo')),
			reading.webhookEndpoint.create({ name: 'n8n', url: receiver.url }),
		]) {
			expect((await errorOf(call)).api_error_code).toBe('api_authorization_failed');
		}
		expect(journal()).toEqual([]);
	});

	it('over the limit is told when to come back', async () => {
		own.sandbox.limit('chargebee', { requests: 1, seconds: 60 });
		await sdk().subscription.retrieve(sub('ada'));
		expect(await errorOf(sdk().subscription.retrieve(sub('ada')))).toMatchObject({
			api_error_code: 'api_request_limit_exceeded',
			headers: { 'retry-after': '60' },
		});
	});
});

describe("Chargebee's idempotency key", () => {
	const key = { 'chargebee-idempotency-key': 'key-1' };
	const cancel = (who: string, params: object = atTermEnd, headers: object = key) =>
		sdk().subscription.cancelForItems(sub(who), params, { ...headers });

	it('repeats the first answer to the same request, also after an undo', async () => {
		const first = await cancel('ada');
		expect(first.isIdempotencyReplayed).toBe(false);
		await sdk().subscription.removeScheduledCancellation(sub('ada'));
		const second = await cancel('ada');
		expect(second.isIdempotencyReplayed).toBe('true');
		expect(second.subscription.status).toBe('non_renewing');
		expect((await sdk().subscription.retrieve(sub('ada'))).subscription.status).toBe('active');
		expect(journal()).toHaveLength(2);
	});

	it('carries a request out again after half an hour', async () => {
		await cancel('ada');
		own.sandbox.freeze(new Date(Date.now() + 31 * 60_000).toISOString());
		const again = await cancel('ada');
		own.sandbox.freeze(null);
		expect(again.isIdempotencyReplayed).toBe(false);
	});

	it('is not taken for another request, nor with more than 100 characters', async () => {
		await cancel('ada');
		expect((await errorOf(cancel('ada', atOnce))).api_error_code).toBe('invalid_request');
		expect((await errorOf(cancel('kim'))).api_error_code).toBe('invalid_request');
		const long = { 'chargebee-idempotency-key': 'k'.repeat(101) };
		expect((await errorOf(cancel('kim', atTermEnd, long))).api_error_code).toBe('invalid_request');
		expect(journal()).toHaveLength(1);
	});

	it('survives a lost answer', async () => {
		own.sandbox.fault({ provider: 'chargebee', kind: 'serverErrorAfter' });
		expect((await errorOf(cancel('ada'))).http_status_code).toBe(500);
		expect((await cancel('ada')).isIdempotencyReplayed).toBe('true');
		expect(journal()).toHaveLength(1);
	});

	it('has no effect on an estimate, and is unused by parameters that are not valid', async () => {
		const { estimate } = sdk();
		await estimate.cancelSubscriptionForItems(sub('ada'), atTermEnd, key);
		const wrong = { cancel_option: 'specific_date' } as const;
		expect((await errorOf(cancel('ada', wrong))).param).toBe('cancel_at');
		expect((await cancel('ada')).isIdempotencyReplayed).toBe(false);
	});
});

describe('a request to Chargebee', () => {
	it.each([
		[{}, 'basic_authentication_failed'],
		[{ authorization: 'Bearer test_sandbox_full_access' }, 'basic_authentication_failed'],
		[{ authorization: 'Basic dW5rbm93bjo=' }, 'api_authentication_failed'],
	])('with the headers %j is answered 401 %s', async (headers, api_error_code) => {
		const path = '/chargebee/acme-test/api/v2/subscriptions';
		expect(await ask(own.sandbox, 'GET', path, { headers })).toMatchObject({
			status: 401,
			body: { api_error_code, message: expect.any(String) },
		});
	});

	it.each([
		['cancel_option', { cancel_option: 'soon' }],
		['end_of_term', { end_of_term: 'yes' }],
		['cancel_at', { cancel_option: 'specific_date', cancel_at: 'soon' }],
		['unbilled_charges_option', { unbilled_charges_option: 'keep' }],
		['reason', { reason: 'none' }],
	])('is refused because of %s', async (param, form) => {
		const path = `/subscriptions/${sub('ada')}/cancel_for_items`;
		expect(await post(path, form as Record<string, string>)).toMatchObject({
			status: 400,
			body: { type: 'invalid_request', api_error_code: 'param_wrong_value', param },
		});
		expect(journal()).toEqual([]);
	});

	it.each([
		'status[is]=gone',
		'status=active',
		'status[like]=active',
		'limit=101',
		'offset=1',
		'sort_by[asc]=status',
		'filter=all',
	])('for a list with %s is refused', async (query) => {
		const path = `/chargebee/acme-test/api/v2/subscriptions?${query}`;
		const { status, body } = await ask(own.sandbox, 'GET', path, { headers: signed.chargebee });
		expect([status, body.api_error_code]).toEqual([400, 'param_wrong_value']);
	});

	it('with a body in another form is refused', async () => {
		const { status } = await ask(
			own.sandbox,
			'POST',
			`/chargebee/acme-test/api/v2/subscriptions/${sub('ada')}/cancel_for_items`,
			{ json: atTermEnd, headers: signed.chargebee },
		);
		expect(status).toBe(400);
		expect(journal()).toEqual([]);
	});

	it('for an unknown subscription is answered 404', async () => {
		for (const path of [
			'cancel_for_items',
			'cancel_subscription_for_items_estimate',
			'remove_scheduled_cancellation',
			'reactivate',
		]) {
			expect(await post(`/subscriptions/${sub('unknown')}/${path}`, {})).toMatchObject({
				status: 404,
				body: { api_error_code: 'resource_not_found' },
			});
		}
		expect((await post('/nothing', {})).body.api_error_code).toBe('resource_not_found');
	});
});

describe("Chargebee's webhooks", () => {
	const auth = { basic_auth_username: 'n8n', basic_auth_password: 'a-password' };
	const register = (input: object = {}, client = sdk()) =>
		client.webhookEndpoint.create({ name: 'n8n', url: receiver.url, ...auth, ...input });
	const types = () => receiver.calls.map(({ body }) => body.event_type);

	/** What the SDK's own handler makes of a delivery. */
	async function handled(index: number, password: string): Promise<unknown> {
		const { text, headers } = receiver.calls[index];
		const handler = sdk().webhooks.createHandler({
			requestValidator: basicAuthValidator(
				(user: string, given: string) => user === 'n8n' && given === password,
			),
		});
		return await new Promise((resolve, reject) => {
			handler.on('unhandled_event', ({ event }) => resolve(event));
			handler.on('error', reject);
			void handler.handle({ body: text, headers: headers as Record<string, string> });
		});
	}

	it('are registered, read without their password, changed and deleted', async () => {
		const { webhookEndpoint } = sdk();
		const { webhook_endpoint: made } = await register({
			enabled_events: ['subscription_cancelled'],
		});
		expect(made).toMatchObject({
			name: 'n8n',
			url: receiver.url,
			disabled: false,
			api_version: 'v2',
			enabled_events: ['subscription_cancelled'],
		});
		expect(JSON.stringify(made)).not.toContain('a-password');
		const read = (await webhookEndpoint.retrieve(made.id)).webhook_endpoint;
		expect(read).toEqual(made);
		expect((await webhookEndpoint.list()).list).toEqual([{ webhook_endpoint: made }]);
		const changed = await webhookEndpoint.update(made.id, { disabled: true });
		expect(changed.webhook_endpoint.disabled).toBe(true);
		expect((await webhookEndpoint.delete(made.id)).webhook_endpoint.id).toBe(made.id);
		expect((await errorOf(webhookEndpoint.retrieve(made.id))).http_status_code).toBe(404);
		expect(own.sandbox.webhooks('chargebee')).toEqual([]);
	});

	it('are authenticated so that the SDK accepts them, and say whose key caused them', async () => {
		await register();
		await sdk().subscription.cancelForItems(sub('ada'), atTermEnd);
		await own.sandbox.deliveriesDone();
		expect(await handled(0, 'a-password')).toMatchObject({
			event_type: 'subscription_cancellation_scheduled',
			source: 'api',
			user: 'n8n',
			api_version: 'v2',
			content: {
				subscription: { id: sub('ada'), status: 'non_renewing' },
				customer: { email: 'ada@example.com' },
			},
		});
		expect(receiver.calls[0].body.content).not.toHaveProperty('card');
		await expect(handled(0, 'another')).rejects.toThrow('Invalid credentials');
	});

	it('are not accepted by the SDK with a wrong password', async () => {
		await register();
		own.sandbox.deliveryFault('chargebee', 'wrongSecret');
		await sdk().subscription.cancelForItems(sub('ada'), atTermEnd);
		await own.sandbox.deliveriesDone();
		await expect(handled(0, 'a-password')).rejects.toThrow('Invalid authorization header format');
	});

	it('tell of each change', async () => {
		await register();
		const { subscription } = sdk();
		await subscription.cancelForItems(sub('ada'), atTermEnd);
		await subscription.removeScheduledCancellation(sub('ada'));
		await subscription.cancelForItems(sub('ada'), atOnce);
		await subscription.reactivate(sub('ada'));
		const past = nowInSeconds() - day;
		await subscription.cancelForItems(sub('kim'), {
			...untouched,
			cancel_option: 'specific_date',
			cancel_at: past,
		});
		await subscription.reactivate(sub('kim'), { reactivate_from: past });
		await own.sandbox.deliveriesDone();
		expect(types().sort()).toEqual([
			'subscription_canceled_with_backdating',
			'subscription_cancellation_scheduled',
			'subscription_cancelled',
			'subscription_reactivated',
			'subscription_reactivated_with_backdating',
			'subscription_scheduled_cancellation_removed',
		]);
	});

	it('tell of a scheduled end when it comes, as of a job and not of a person', async () => {
		await register({ enabled_events: ['subscription_cancelled'] });
		const { cancelled_at } = (await sdk().subscription.retrieve(sub('cleo'))).subscription;
		own.sandbox.freeze(new Date(Number(cancelled_at) * 1000).toISOString());
		own.sandbox.catchUp();
		await own.sandbox.deliveriesDone();
		const ended = (await sdk().subscription.retrieve(sub('cleo'))).subscription;
		own.sandbox.freeze(null);
		expect(ended).toMatchObject({ status: 'cancelled', cancelled_at });
		expect(ended).not.toHaveProperty('cancel_schedule_created_at');
		const cleos = receiver.calls.filter(({ body }) => body.content.subscription.id === sub('cleo'));
		expect(cleos.map(({ body }) => [body.source, body.user])).toEqual([
			['scheduled_job', undefined],
		]);
	});

	it('tell that a customer leaves and comes back', async () => {
		await register();
		own.sandbox.customerCancels('chargebee', sub('ada'));
		await own.sandbox.deliveriesDone();
		own.sandbox.customerReturns('chargebee', sub('ada'));
		await own.sandbox.deliveriesDone();
		expect(types()).toEqual([
			'subscription_cancellation_scheduled',
			'subscription_scheduled_cancellation_removed',
		]);
		expect(receiver.calls[0].body).toMatchObject({ source: 'portal', user: 'ada@example.com' });
		own.sandbox.customerCancels('chargebee', sub('ben'), { ends: 'now', source: 'dunning' });
		const { subscription } = await sdk().subscription.retrieve(sub('ben'));
		expect(subscription).toMatchObject({ status: 'cancelled', cancel_reason: 'not_paid' });
		expect(own.sandbox.customerReturns('chargebee', sub('ben'))).toBe(false);
		await own.sandbox.deliveriesDone();
	});

	it('stay within their site, and stop when they are disabled', async () => {
		const { webhook_endpoint } = await register();
		await classic().subscription.cancel(sub('ivo'), atTermEnd);
		await sdk().webhookEndpoint.update(webhook_endpoint.id, { disabled: true });
		await sdk().subscription.cancelForItems(sub('ada'), atTermEnd);
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toEqual([]);
	});

	it('carry the card only where the endpoint asks for it', async () => {
		await register({ send_card_resource: true });
		await sdk().subscription.cancelForItems(sub('ada'), atTermEnd);
		await own.sandbox.deliveriesDone();
		expect(receiver.calls[0].body.content.card).toMatchObject({ last4: '1111' });
	});

	it('are repeated until they are accepted, with the same event ID', async () => {
		await register();
		receiver.answer(500);
		await sdk().subscription.cancelForItems(sub('ada'), atTermEnd);
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toHaveLength(2);
		const [first, second] = receiver.calls.map(({ body }) => body.id);
		expect(second).toBe(first);
	});

	it('go to at most five endpoints of a site', async () => {
		const made = [];
		for (let count = 0; count < 5; count += 1) made.push(await register());
		expect((await errorOf(register())).api_error_code).toBe('resource_limit_exhausted');
		await sdk().webhookEndpoint.delete(made[0].webhook_endpoint.id);
		await register();
	});

	it.each([
		[{ url: 'http://127.0.0.1:9/hook' }, 'name'],
		[{ name: 'n'.repeat(51), url: 'http://127.0.0.1:9/hook' }, 'name'],
		[{ name: 'n8n' }, 'url'],
		[{ name: 'n8n', url: 'n8n.example' }, 'url'],
		[{ name: 'n8n', url: 'https://n8n.example:5678/webhook' }, 'url'],
		[
			{ name: 'n8n', url: 'https://n8n.example/webhook', 'enabled_events[0]': '*' },
			'enabled_events',
		],
		[{ name: 'n8n', url: 'https://n8n.example/webhook', secret: 'mine' }, 'secret'],
	])('are not registered with %j', async (form, param) => {
		expect(await post('/webhook_endpoints', form as Record<string, string>)).toMatchObject({
			status: 400,
			body: { api_error_code: 'param_wrong_value', param },
		});
	});
});

describe("Chargebee's sample customers", () => {
	it('have a subscription in each state that a cancellation can meet', async () => {
		const { body } = await ask(own.sandbox, 'GET', '/_control/state');
		const { rows } = body.providers.find(({ name }: { name: string }) => name === 'chargebee');
		const states = new Map<string, string>(
			rows.map(({ target, state }: { target: string; state: string }) => [target, state]),
		);
		const expected = {
			ada: 'active',
			ben: 'in_trial',
			cleo: 'non_renewing',
			dora: 'in_trial, scheduled to cancel',
			emil: 'paused',
			fay: 'active',
			gus: 'cancelled',
			hana: 'active, under contract',
			ivo: 'active, at acme-classic-test',
		};
		for (const [who, state] of Object.entries(expected)) {
			expect([who, states.get(sub(who))]).toEqual([who, state]);
		}
	});

	it('are joined by any number of others, whose IDs keep the form', async () => {
		own.sandbox.seed({ bulk: { provider: 'chargebee', count: 3, prefix: 'x'.repeat(60) } });
		const email = { is: `${'x'.repeat(60)}_00002@example.com` };
		const [{ customer }] = (await sdk().customer.list({ email })).list;
		const [{ subscription }] = (await sdk().subscription.list({ customer_id: { is: customer.id } }))
			.list;
		expect(subscription.id.length).toBeLessThanOrEqual(50);
		const ended = await sdk().subscription.cancelForItems(subscription.id, atTermEnd);
		expect(ended.subscription.status).toBe('non_renewing');
	});
});
