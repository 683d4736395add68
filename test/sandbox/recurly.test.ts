import { keys } from '../../sandbox/keys';
import { sampleId, uuidOf } from '../../sandbox/providers/recurly/ids';
import { signature } from '../../sandbox/providers/recurly/webhook';
import { installTime } from '../../sandbox/time';
import { ownReceiver } from './receiver';
import { clientOf, errorOf, errors } from './recurlySdk';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const receiver = ownReceiver();
const sub = (name: string) => sampleId('subscription', name);
const acc = (name: string) => sampleId('account', name);
const day = 86_400_000;

const complaints: string[] = [];
beforeEach(() => void complaints.splice(0));
// Whatever a test is about, Recurly's own description holds for every request and every answer.
afterEach(() => expect(complaints).toEqual([]));

/** Recurly's own SDK as a client of the sandbox. */
const sdk = (key = keys.recurly.apiKey) => clientOf(own.sandbox, key, complaints);
const request = (method: string, path: string, json?: unknown, headers: object = {}) =>
	ask(own.sandbox, method, `/recurly${path}`, {
		json,
		headers: { ...signed.recurly, ...headers },
	});
async function collected<T>(list: { each(): AsyncIterable<T> }): Promise<T[]> {
	const all: T[] = [];
	for await (const one of list.each()) all.push(one);
	return all;
}

describe("Recurly's SDK as a client", () => {
	it('gets a subscription, with the address of its account', async () => {
		const found = await sdk().getSubscription(sub('ada'));
		expect(found).toMatchObject({
			id: sub('ada'),
			uuid: uuidOf(sub('ada')),
			state: 'active',
			account: { id: acc('ada'), code: 'ada', email: 'ada@example.com' },
			plan: { code: 'plus' },
			autoRenew: true,
			canceledAt: null,
			expiresAt: null,
		});
		expect(found.currentTermEndsAt).toEqual(found.currentPeriodEndsAt);
		expect((await sdk().getSubscription(`uuid-${uuidOf(sub('ada'))}`)).id).toBe(sub('ada'));
	});

	it.each([
		['bill_date', 'currentPeriodEndsAt'],
		['term_end', 'currentTermEndsAt'],
	] as const)(
		'cancels at the %s, and the subscription runs on until then',
		async (timeframe, end) => {
			const before = await sdk().getSubscription(sub('dora'));
			const canceled = await sdk().cancelSubscription(sub('dora'), { body: { timeframe } });
			expect(canceled).toMatchObject({ state: 'canceled', expiresAt: before[end] });
			expect(Date.parse(String(canceled.canceledAt))).toBeLessThanOrEqual(Date.now());
			expect(own.sandbox.journal('recurly')).toMatchObject([
				{ operation: 'cancel', record: sub('dora'), email: 'dora@example.com', status: 200 },
			]);
		},
	);

	it('bills to the end of the term where no time is named', async () => {
		const canceled = await sdk().cancelSubscription(sub('dora'));
		expect(canceled.expiresAt).toEqual(canceled.currentTermEndsAt);
		expect(canceled.expiresAt).not.toEqual(canceled.currentPeriodEndsAt);
	});

	it.each(['ada', 'ben', 'cleo', 'emil', 'fay', 'hana', 'june', 'kim', 'bare'])(
		'terminates that of %s at once, and only once',
		async (who) => {
			const params = { refund: 'none', charge: false };
			const expired = await sdk().terminateSubscription(sub(who), { params });
			expect(expired).toMatchObject({ state: 'expired', expirationReason: expect.any(String) });
			expect(Date.parse(String(expired.expiresAt))).toBeLessThanOrEqual(Date.now());
			const again = await errorOf(sdk().terminateSubscription(sub(who), { params }));
			expect(again).toBeInstanceOf(errors.ValidationError);
			expect(again.message).toBe('Cannot expire an inactive subscription.');
			expect(own.sandbox.journal('recurly')).toMatchObject([
				{ operation: 'terminate', query: { refund: 'none', charge: 'false' } },
			]);
		},
	);

	it('reactivates a canceled one on its old cycle', async () => {
		const before = await sdk().getSubscription(sub('cleo'));
		expect(await sdk().reactivateSubscription(sub('cleo'))).toMatchObject({
			state: 'active',
			canceledAt: null,
			expiresAt: null,
			currentPeriodEndsAt: before.currentPeriodEndsAt,
		});
		expect(own.sandbox.journal('recurly')).toMatchObject([{ operation: 'reactivate' }]);
	});

	it.each(['ada', 'gus', 'emil', 'june', 'over_2'])('cannot reactivate that of %s', async (who) => {
		const error = await errorOf(sdk().reactivateSubscription(sub(who)));
		expect(error).toBeInstanceOf(errors.ValidationError);
		expect(error.message).toBe('Only canceled subscriptions can be reactivated');
	});

	it.each(['cleo', 'emil', 'gus', 'over_2'])('cannot cancel that of %s', async (who) => {
		const body = { timeframe: 'bill_date' };
		const error = await errorOf(sdk().cancelSubscription(sub(who), { body }));
		expect(error).toBeInstanceOf(errors.ValidationError);
		expect(error.message).toBe('Only active and future subscriptions can be canceled');
		expect(own.sandbox.journal('recurly')).toEqual([]);
	});

	it('may find that a paused one can be canceled, and a future one not terminated', async () => {
		const assumptions = { cancelPaused: 'accepted', terminateFuture: 'refused' };
		own.sandbox.settings('recurly', { assumptions });
		expect((await sdk().cancelSubscription(sub('emil'))).state).toBe('canceled');
		const error = await errorOf(sdk().terminateSubscription(sub('june')));
		expect(error.message).toBe('Cannot expire an inactive subscription.');
	});

	it('makes a failed one of one that has not started', async () => {
		expect((await sdk().cancelSubscription(sub('june'))).state).toBe('failed');
	});

	it('finds that usage is billed in the add-ons', async () => {
		const { addOns } = await sdk().getSubscription(sub('hana'));
		expect(addOns).toMatchObject([{ addOn: { code: 'calls', addOnType: 'usage' } }]);
	});

	it('expires a canceled one when its time has come, and renews the others', async () => {
		const before = await sdk().getSubscription(sub('cleo'));
		own.sandbox.freeze(new Date(Number(before.expiresAt) + day).toISOString());
		const after = await sdk().getSubscription(sub('cleo'));
		const [dora, ada] = [
			await sdk().getSubscription(sub('dora')),
			await sdk().getSubscription(sub('ada')),
		];
		own.sandbox.freeze(null);
		expect(after).toMatchObject({ state: 'expired', expiresAt: before.expiresAt });
		expect(Number(ada.currentPeriodEndsAt) - Number(before.expiresAt)).toBe(30 * day);
		expect(ada.currentTermEndsAt).toEqual(ada.currentPeriodEndsAt);
		expect(dora.currentTermEndsAt).not.toEqual(dora.currentPeriodEndsAt);
	});

	it('bills one that is canceled at the end of its term until then', async () => {
		const canceled = await sdk().cancelSubscription(sub('dora'), {
			body: { timeframe: 'term_end' },
		});
		own.sandbox.freeze(new Date(Number(canceled.currentPeriodEndsAt) + day).toISOString());
		const later = await sdk().getSubscription(sub('dora'));
		own.sandbox.freeze(null);
		expect(later).toMatchObject({ state: 'canceled', expiresAt: canceled.expiresAt });
		expect(Number(later.currentPeriodEndsAt)).toBeGreaterThan(Number(canceled.currentPeriodEndsAt));
	});

	it.each([
		['active', ['kim']],
		['expired', ['kim_old']],
		['live', ['kim']],
		[undefined, ['kim_old', 'kim']],
	])('lists those of an account by the state %s', async (state, names) => {
		const params = state === undefined ? {} : { state };
		const found = await collected(sdk().listAccountSubscriptions('code-kim', { params }));
		expect(found.map(({ id }) => id)).toEqual(names.map(sub));
	});

	it('finds no paused one among the live ones', async () => {
		const live = await collected(
			sdk().listSubscriptions({ params: { state: 'live', limit: 200 } }),
		);
		const states = new Set(live.map(({ state }) => state));
		expect(states).toEqual(new Set(['active', 'canceled', 'future']));
		const trials = await collected(sdk().listSubscriptions({ params: { state: 'in_trial' } }));
		expect(trials.map(({ id }) => id)).toEqual([sub('ben')]);
	});

	it('pages through the subscriptions of an account by the path of the next page', async () => {
		const pages = sdk().listAccountSubscriptions(acc('many'), { params: { limit: 50 } });
		const all = await collected(pages);
		expect(new Set(all.map(({ id }) => id)).size).toBe(120);
		expect(all.filter(({ state }) => state === 'active').map(({ id }) => id)).toEqual([
			sub('many_107'),
		]);
		expect(own.sandbox.requests('recurly')).toHaveLength(3);
		expect(await sdk().listAccountSubscriptions(acc('many')).count()).toBe(120);
	});

	it('sorts, and picks by time and by ID', async () => {
		const ids = async (params: object) =>
			(await collected(sdk().listAccountSubscriptions('code-many', { params }))).map(
				({ id }) => id,
			);
		const newest = await ids({ limit: 200 });
		expect(await ids({ limit: 200, order: 'asc' })).toEqual([...newest].reverse());
		const begin_time = new Date(Date.now() - day).toISOString();
		expect(await ids({ sort: 'updated_at', begin_time })).toEqual([]);
		expect(await ids({ ids: [sub('many_001'), sub('unknown')] })).toEqual([sub('many_001')]);
	});

	it('encodes an account code that holds anything', async () => {
		const found = await collected(sdk().listAccountSubscriptions('code-capital & co/7'));
		expect(found.map(({ id }) => id)).toEqual([sub('capital')]);
		const error = await errorOf(sdk().listAccountSubscriptions('code-unknown').first());
		expect(error).toBeInstanceOf(errors.NotFoundError);
	});

	it('finds accounts by e-mail: several of one address, and those without one by a blank', async () => {
		const ids = async (email: string) =>
			(await collected(sdk().listAccounts({ params: { email } }))).map(({ id }) => id);
		expect(await ids('ada@example.com')).toEqual([acc('ada')]);
		expect((await ids('twin@example.com')).sort()).toEqual([acc('twin'), acc('twin_b')].sort());
		expect(await ids('')).toEqual([acc('bare')]);
		expect(await ids('capital@example.com')).toEqual([]);
		own.sandbox.settings('recurly', { assumptions: { emailMatch: 'anyCase' } });
		expect(await ids('capital@example.com')).toEqual([acc('capital')]);
	});

	it('gets a token with each account that logs in as the customer', async () => {
		const found = await sdk()
			.listAccounts({ params: { email: 'ada@example.com' } })
			.first();
		expect(found).toMatchObject({
			hostedLoginToken: expect.stringMatching(/./),
			hasLiveSubscription: true,
			hasCanceledSubscription: false,
		});
	});

	it('sees one site with the key of that site', async () => {
		const inSandbox = () => sdk(keys.recurly.sandboxApiKey);
		expect((await inSandbox().getSubscription(sub('ivo'))).id).toBe(sub('ivo'));
		expect(await errorOf(sdk().getSubscription(sub('ivo')))).toBeInstanceOf(errors.NotFoundError);
		expect(await errorOf(inSandbox().getSubscription(sub('ada')))).toBeInstanceOf(
			errors.NotFoundError,
		);
		const modes = [await sdk().listSites().first(), await inSandbox().listSites().first()];
		expect(modes.map(({ mode }) => mode)).toEqual(['production', 'sandbox']);
		const error = await errorOf(sdk(keys.recurly.apiKeyRevoked).listSites().first());
		expect(error).toBeInstanceOf(errors.InvalidApiKeyError);
	});

	it('over the limit is told when the limit is filled again', async () => {
		own.sandbox.limit('recurly', { requests: 1, seconds: 60 });
		await sdk().getSubscription(sub('ada'));
		const error = await errorOf(sdk().getSubscription(sub('ada')));
		expect(error).toBeInstanceOf(errors.RateLimitedError);
		const { rateLimitRemaining, rateLimitReset } = error.getResponse() as never as {
			rateLimitRemaining: number | null;
			rateLimitReset: Date;
		};
		// The SDK takes 0 for no number.
		expect(rateLimitRemaining).toBeNull();
		expect(Number(rateLimitReset) - Date.now()).toBeGreaterThan(50_000);
	});
});

describe('two requests to Recurly', () => {
	const path = `/subscriptions/${sub('ada')}/cancel`;
	const keyed = (key: string, at = path, json: unknown = { timeframe: 'bill_date' }) =>
		request('PUT', at, json, { 'idempotency-key': key });

	it('with one idempotency key get one answer, whatever the second body says', async () => {
		const first = await keyed('one');
		const second = await keyed('one', path, { timeframe: 'term_end' });
		expect(second.body).toEqual(first.body);
		expect([first, second].map(({ headers }) => headers.get('idempotency-prior'))).toEqual([
			null,
			'true',
		]);
		expect(own.sandbox.journal('recurly')).toHaveLength(1);
	});

	it('with one key and another path, or after an hour, are two', async () => {
		await keyed('one');
		const other = await keyed('one', `/subscriptions/${sub('ben')}/cancel`);
		expect(other.headers.get('idempotency-prior')).toBeNull();
		own.sandbox.freeze(new Date(Date.now() + 3_601_000).toISOString());
		const late = await keyed('one');
		own.sandbox.freeze(null);
		expect(late).toMatchObject({ status: 422, body: { error: { type: 'validation' } } });
	});

	it('get the same refusal again', async () => {
		const at = `/subscriptions/${sub('emil')}/cancel`;
		expect((await keyed('one', at)).status).toBe(422);
		own.sandbox.change('recurly', sub('emil'), { state: 'active' });
		const again = await keyed('one', at);
		expect([again.status, again.headers.get('idempotency-prior')]).toEqual([422, 'true']);
	});

	it('get the same 500 again where the first was carried out', async () => {
		own.sandbox.fault({ provider: 'recurly', kind: 'serverErrorAfter' });
		expect((await keyed('one')).status).toBe(500);
		const again = await keyed('one');
		expect([again.status, again.headers.get('idempotency-prior')]).toEqual([500, 'true']);
		expect(own.sandbox.journal('recurly')).toHaveLength(1);
	});

	/** From now on a write stays at work until it is told to finish. */
	function holdWrites() {
		own.sandbox.settings('recurly', { writeMs: 1 });
		let [begin, end] = [() => {}, () => {}];
		const isAtWork = new Promise<void>((resolve) => (begin = resolve));
		const isOver = new Promise<void>((resolve) => (end = resolve));
		const restore = installTime({
			now: () => Date.now(),
			monotonicNow: () => performance.now(),
			async sleep() {
				begin();
				await isOver;
			},
		});
		return { isAtWork, finish: () => [restore(), end()] };
	}

	it('with one key at a time: the second is told to wait', async () => {
		const { isAtWork, finish } = holdWrites();
		const first = keyed('one');
		await isAtWork;
		const second = await keyed('one');
		finish();
		expect([(await first).status, second.status]).toEqual([200, 409]);
		expect(second.headers.get('recurly-should-retry')).toBe('true');
		expect(second.headers.get('retry-after')).toBe('1');
		expect((await keyed('one')).headers.get('idempotency-prior')).toBe('true');
	});

	it('on one subscription at a time: the second is refused', async () => {
		const { isAtWork, finish } = holdWrites();
		const first = keyed('one');
		await isAtWork;
		const second = await keyed('two');
		finish();
		expect([(await first).status, second.status]).toEqual([200, 422]);
		expect(second.body.error.type).toBe('simultaneous_request');
		expect(own.sandbox.journal('recurly')).toHaveLength(1);
	});

	it('are refused with a key that is too long', async () => {
		expect((await keyed('k'.repeat(256))).status).toBe(400);
		expect((await keyed('k'.repeat(255))).status).toBe(200);
	});
});

describe('a request to Recurly', () => {
	it.each([
		[{ authorization: '' }, 401, 'unauthorized'],
		[{ authorization: 'Bearer key' }, 401, 'unauthorized'],
		[{ authorization: 'Basic bm9uZTo=' }, 403, 'invalid_api_key'],
		[{ accept: '*/*' }, 406, 'invalid_api_version'],
		[{ accept: 'application/vnd.recurly.v2010-01-01' }, 406, 'invalid_api_version'],
	])('with the headers %j is answered %i %s', async (headers, status, type) => {
		const got = await request('GET', '/subscriptions', undefined, headers);
		expect(got).toMatchObject({ status, body: { error: { type } } });
		expect(got.headers.get('recurly-version')).toBe('recurly.v2021-02-25');
	});

	it.each([
		['PUT', `/subscriptions/${sub('ada')}/cancel`, { timeframe: 'now' }, 422, 'timeframe'],
		['PUT', `/subscriptions/${sub('ada')}/cancel`, { reason: 'none' }, 422, 'reason'],
		['DELETE', `/subscriptions/${sub('ada')}?refund=half`, undefined, 422, 'refund'],
		['DELETE', `/subscriptions/${sub('ada')}?charge=maybe`, undefined, 422, 'charge'],
		['GET', '/subscriptions?state=paused', undefined, 400, 'state'],
		['GET', '/subscriptions?limit=0', undefined, 400, 'limit'],
		['GET', '/subscriptions?cursor=x', undefined, 400, 'cursor'],
		['GET', '/subscriptions?begin_time=soon', undefined, 400, 'begin_time'],
		['GET', '/accounts?name=ada', undefined, 400, 'name'],
	])('%s %s with %j is answered %i because of %s', async (method, path, json, status, param) => {
		expect(await request(method, path, json)).toMatchObject({
			status,
			body: { error: { params: [{ param }] } },
		});
		expect(own.sandbox.journal('recurly')).toEqual([]);
	});

	it('with a body that is no JSON is refused', async () => {
		for (const type of ['application/json', 'text/plain']) {
			const response = await fetch(
				`${own.sandbox.url}/recurly/subscriptions/${sub('ada')}/cancel`,
				{ method: 'PUT', headers: { ...signed.recurly, 'content-type': type }, body: 'now' },
			);
			expect(response.status).toBe(400);
		}
		expect(own.sandbox.journal('recurly')).toEqual([]);
	});

	it('for what does not exist is answered 404', async () => {
		for (const [method, path] of [
			['GET', `/subscriptions/${sub('unknown')}`],
			['DELETE', `/subscriptions/${sub('unknown')}`],
			['PUT', `/subscriptions/${sub('unknown')}/cancel`],
			['PUT', `/subscriptions/${sub('unknown')}/reactivate`],
			['GET', '/subscriptions/ada@example.com'],
			['GET', '/accounts/code-unknown/subscriptions'],
			['GET', '/nothing'],
		]) {
			expect(await request(method, path)).toMatchObject({
				status: 404,
				body: { error: { type: 'not_found', message: expect.any(String) } },
			});
		}
	});
});

describe("Recurly's webhook", () => {
	const paste = () => own.sandbox.pasteWebhook('recurly', { url: `${receiver.url}/one` });
	const events = () => receiver.calls.map(({ body }) => `${body.event_type} ${body.id}`);

	it('names the subscription and nothing of its state, and is signed', async () => {
		paste();
		await sdk().cancelSubscription(sub('ada'), { body: { timeframe: 'bill_date' } });
		await own.sandbox.deliveriesDone();
		const [{ body, text, headers, path }] = receiver.calls;
		expect(path).toBe('/one');
		expect(body).toEqual({
			id: sub('ada'),
			object_type: 'subscription',
			site_id: sampleId('site', 'production'),
			event_type: 'canceled',
			event_time: expect.stringMatching(/^[\d-]+T[\d:]+Z$/),
			uuid: uuidOf(sub('ada')),
		});
		const given = String(headers['recurly-signature']);
		const [time] = given.split(',');
		expect(Math.abs(Number(time) - Date.now())).toBeLessThan(60_000);
		const signing = { unit: 'milliseconds' as const, keys: [keys.recurly.webhookKey] };
		expect(signature(text, signing, Number(time))).toBe(given);
		expect(headers['recurly-notification-id']).toMatch(/./);
	});

	it('may be signed in seconds, and by two keys after a change', async () => {
		const assumptions = { signatureTime: 'seconds', webhookKeys: 'afterChange' };
		own.sandbox.settings('recurly', { assumptions });
		paste();
		own.sandbox.customerCancels('recurly', sub('ada'));
		await own.sandbox.deliveriesDone();
		const parts = String(receiver.calls[0].headers['recurly-signature']).split(',');
		expect(parts).toHaveLength(3);
		expect(Number(parts[0])).toBeLessThan(1e11);
	});

	it('reports an end, an undo and an end at once', async () => {
		paste();
		await sdk().cancelSubscription(sub('ada'));
		await own.sandbox.deliveriesDone();
		await sdk().reactivateSubscription(sub('ada'));
		await own.sandbox.deliveriesDone();
		await sdk().terminateSubscription(sub('ada'));
		await own.sandbox.deliveriesDone();
		expect(events()).toEqual(
			['canceled', 'reactivated', 'expired'].map((event) => `${event} ${sub('ada')}`),
		);
	});

	it('reports that a customer leaves and comes back, and the end when it comes', async () => {
		paste();
		const { expiresAt } = await sdk().getSubscription(sub('cleo'));
		own.sandbox.customerCancels('recurly', 'kim@example.com');
		await own.sandbox.deliveriesDone();
		own.sandbox.customerReturns('recurly', 'kim@example.com');
		await own.sandbox.deliveriesDone();
		own.sandbox.customerCancels('recurly', sub('ben'), { ends: 'now' });
		await own.sandbox.deliveriesDone();
		expect(own.sandbox.customerReturns('recurly', sub('ben'))).toBe(false);
		expect(events()).toEqual([
			`canceled ${sub('kim')}`,
			`reactivated ${sub('kim')}`,
			`expired ${sub('ben')}`,
		]);
		own.sandbox.freeze(new Date(Number(expiresAt)).toISOString());
		own.sandbox.catchUp();
		await own.sandbox.deliveriesDone();
		own.sandbox.freeze(null);
		expect(events()).toContain(`expired ${sub('cleo')}`);
	});

	it('is delivered again until it is taken, with the same ID', async () => {
		paste();
		receiver.answer(500);
		own.sandbox.customerCancels('recurly', sub('ada'));
		await own.sandbox.deliveriesDone();
		const ids = receiver.calls.map(({ headers }) => headers['recurly-notification-id']);
		expect(ids).toHaveLength(2);
		expect(new Set(ids).size).toBe(1);
	});

	it('of the sandbox site has an address of its own', async () => {
		own.sandbox.pasteWebhook('recurly', { url: `${receiver.url}/one` });
		own.sandbox.customerCancels('recurly', sub('ivo'));
		await own.sandbox.deliveriesDone();
		expect(receiver.calls).toEqual([]);
		own.sandbox.pasteWebhook('recurly', {
			url: `${receiver.url}/one`,
			sandboxUrl: `${receiver.url}/two`,
		});
		own.sandbox.customerReturns('recurly', sub('ivo'));
		await own.sandbox.deliveriesDone();
		expect(receiver.calls.map(({ path }) => path)).toEqual(['/two']);
		expect(() => own.sandbox.pasteWebhook('recurly', { url: 'nowhere' })).toThrow(RangeError);
	});
});
