import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const headers = signed.smokeball;
const base = '/smokeball';

const id = (number: number) => `b471682e-fa17-4e46-b7fe-${String(number).padStart(12, '0')}`;
const ada = id(1);
const ben = id(2);
const cleo = id(3);
const dora = id(4);
const gus = id(7);
const hana = id(8);

const cancel = (target: string, json: unknown) =>
	ask(own.sandbox, 'PATCH', `${base}/subscriptions/${target}/cancel`, { headers, json });
const resume = (target: string, json: unknown = {}) =>
	ask(own.sandbox, 'PATCH', `${base}/subscriptions/${target}/resume`, { headers, json });
const get = (path: string) => ask(own.sandbox, 'GET', base + path, { headers });

describe('Smokeball', () => {
	it('schedules a cancellation for the end of the period by default', async () => {
		const before = (await get(`/subscriptions/${ada}`)).body;
		const { status, body } = await cancel(ada, { reason: 'Too expensive' });
		expect(status).toBe(200);
		expect(body).toMatchObject({
			preview: false,
			cancellationType: 'PeriodEnd',
			cancellationBehaviour: 'Cancel',
			cancelAt: before.currentPeriodEndDate,
			reason: 'Too expensive',
		});
		expect((await get(`/subscriptions/${ada}`)).body).toMatchObject({
			status: 'Active',
			cancellationStatus: 'Pending',
		});
		own.sandbox.freeze(body.cancelAt);
		expect((await get(`/subscriptions/${ada}`)).body).toMatchObject({
			status: 'Canceled',
			cancellationStatus: 'Canceled',
		});
		own.sandbox.freeze(null);
	});

	it('does not change the subscription on a preview', async () => {
		expect((await cancel(ada, { preview: true })).body.preview).toBe(true);
		expect((await get(`/subscriptions/${ada}`)).body.cancellationStatus).toBe('None');
		expect(own.sandbox.journal()).toEqual([]);
		expect(own.sandbox.requests()[0].effect).toBe('read');
	});

	it('cancels at once or at a date', async () => {
		const now = await cancel(ada, { cancellationType: 'Immediate' });
		expect(now.body).toMatchObject({ cancellationType: 'Immediate', cancelAt: null });
		expect((await get(`/subscriptions/${ada}`)).body.status).toBe('Canceled');
		const cancelAt = new Date(Date.now() + 86_400_000).toISOString();
		const later = await cancel(dora, { cancellationType: 'Date', cancelAt });
		expect(later.body.cancelAt).toBe(cancelAt);
	});

	it('ends only the trial of a trial tier, unless cancelSubscription is set', async () => {
		const trial = await cancel(ben, {});
		expect(trial.body).toMatchObject({ cancellationBehaviour: 'CancelTrials' });
		expect((await get(`/subscriptions/${ben}`)).body).toMatchObject({
			status: 'Active',
			cancellationStatus: 'None',
			trialingTier: { cancellationStatus: 'Pending' },
		});
		const whole = await cancel(ben, { cancelSubscription: true });
		expect(whole.body).toMatchObject({
			cancellationBehaviour: 'Cancel',
			cancellationType: 'Immediate',
		});
		expect((await get(`/subscriptions/${ben}`)).body.status).toBe('Canceled');
	});

	it.each([
		['a date that is missing', ada, { cancellationType: 'Date' }],
		['a date in the past', ada, { cancellationType: 'Date', cancelAt: '2020-01-01T00:00:00Z' }],
		['a type that does not exist', ada, { cancellationType: 'None' }],
		['a field that does not exist', ada, { comment: 'x' }],
		['a JSON Patch', ada, [{ op: 'replace', path: '/cancellationType', value: 'PeriodEnd' }]],
		['a trial that is to end at once', ben, { cancellationType: 'Immediate' }],
		['a canceled subscription', cleo, {}],
		['a firm without a subscription', hana, {}],
	])('responds 400 with a problem document for %s', async (_what, target, json) => {
		expect(await cancel(target, json)).toMatchObject({
			status: 400,
			type: 'application/problem+json; charset=utf-8',
			body: { status: 400, title: 'Bad Request', errors: [] },
		});
		expect(own.sandbox.journal()).toEqual([]);
	});

	it('requires a JSON body', async () => {
		const path = `${base}/subscriptions/${ada}/cancel`;
		expect((await ask(own.sandbox, 'PATCH', path, { headers })).status).toBe(400);
		const send = (type: string) =>
			fetch(own.sandbox.url + path, {
				method: 'PATCH',
				headers: { ...headers, 'content-type': type },
				body: '{}',
			});
		expect((await send('application/json-patch+json')).status).toBe(200);
		expect((await send('text/plain')).status).toBe(415);
	});

	it('accepts a second cancellation while the first is pending', async () => {
		await cancel(ada, {});
		expect((await cancel(ada, {})).status).toBe(200);
		expect(own.sandbox.journal()).toHaveLength(2);
	});

	it('responds 404 for an unknown ID', async () => {
		expect((await cancel('unknown', {})).status).toBe(404);
		expect((await get('/subscriptions/unknown')).type).toMatch('application/problem+json');
	});

	it('accepts a resumption and applies it later', async () => {
		own.sandbox.settings('smokeball', { lagMs: 60_000 });
		expect(await resume(dora)).toMatchObject({ status: 202, body: { id: dora, method: 'GET' } });
		expect((await get(`/subscriptions/${dora}`)).body.cancellationStatus).toBe('Pending');
		own.sandbox.catchUp();
		expect((await get(`/subscriptions/${dora}`)).body).toMatchObject({
			status: 'Active',
			cancellationStatus: 'None',
		});
		expect(own.sandbox.journal('smokeball')).toMatchObject([{ operation: 'resume', target: dora }]);
	});

	it('applies a resumption after lagMs', async () => {
		own.sandbox.settings('smokeball', { lagMs: 0 });
		await resume(dora);
		expect((await get(`/subscriptions/${dora}`)).body.cancellationStatus).toBe('None');
	});

	it('keeps a cancellation that arrives while a resumption is pending', async () => {
		own.sandbox.settings('smokeball', { lagMs: 60_000 });
		await resume(dora);
		await cancel(dora, { preview: true });
		expect((await get(`/subscriptions/${dora}`)).body.cancellationType).toBe('PeriodEnd');
		await cancel(dora, { cancellationType: 'Immediate' });
		own.sandbox.catchUp();
		expect((await get(`/subscriptions/${dora}`)).body.status).toBe('Canceled');
	});

	it('resumes and charges a canceled subscription, and refuses an active one', async () => {
		own.sandbox.settings('smokeball', { lagMs: 0 });
		await resume(cleo);
		expect((await get(`/subscriptions/${cleo}`)).body.status).toBe('Active');
		await resume(gus);
		expect((await get(`/subscriptions/${gus}`)).body.status).toBe('PastDue');
		expect((await resume(ada)).status).toBe(400);
		expect((await resume(dora, { reason: 'x' })).status).toBe(400);
	});

	it('lists all subscriptions as one collection, one of them without a status', async () => {
		const { body } = await get('/subscriptions');
		expect(body.value).toHaveLength(8);
		const [without] = body.value.filter((item: { id: string }) => item.id === hana);
		expect(without).not.toHaveProperty('status');
		for (const hidden of ['customer', 'chargeFails', 'pending'])
			expect(without).not.toHaveProperty(hidden);
	});

	it('responds 401 to a wrong token and 403 to a wrong key', async () => {
		for (const [name, status] of [
			['authorization', 401],
			['x-api-key', 403],
		] as const) {
			const got = await ask(own.sandbox, 'GET', `${base}/subscriptions`, {
				headers: { ...headers, [name]: 'other' },
			});
			expect(got).toMatchObject({ status, body: { status } });
		}
	});
});
