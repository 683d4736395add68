import { providerNames } from '../../sandbox/providerNames';
import { ownReceiver } from './receiver';
import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const receiver = ownReceiver();
const control = (method: string, path: string, json?: unknown) =>
	ask(own.sandbox, method, `/_control${path}`, { json });

describe('a cancellation by the customer', () => {
	it('at Reditus matches the filters of state and time, each time anew', async () => {
		const churned = async (since: string) => {
			const query = `state_eq=churned&state_set_at_gt=${encodeURIComponent(since)}`;
			const { body } = await ask(own.sandbox, 'GET', `/reditus/api/v1/referrals?${query}`, {
				headers: signed.reditus,
			});
			return body.data.map(
				({ id, attributes }: { id: string; attributes: { state_set_at: number } }) =>
					`${id} ${attributes.state_set_at}`,
			);
		};
		own.sandbox.customerCancels('reditus', 'cus_ada', { at: '2030-01-01T00:00:00Z' });
		const first = Date.parse('2030-01-01T00:00:00Z') / 1000;
		expect(await churned('2029-12-31 23:59:59 +0000')).toEqual([`ref_ada ${first}`]);
		expect(await churned('2030-01-01 00:00:00 +0000')).toEqual([]);
		own.sandbox.customerReturns('reditus', 'cus_ada', { at: '2030-02-01T00:00:00Z' });
		expect(await churned('2029-12-31 23:59:59 +0000')).toEqual([]);
		own.sandbox.customerCancels('reditus', 'cus_ada', { at: '2030-03-01T00:00:00Z' });
		const second = Date.parse('2030-03-01T00:00:00Z') / 1000;
		expect(await churned('2030-01-01 00:00:00 +0000')).toEqual([`ref_ada ${second}`]);
	});

	it('at Reditus is listed on pages with has_more', async () => {
		own.sandbox.seed({ bulk: { provider: 'reditus', count: 5, prefix: 'gone' } });
		for (let index = 1; index <= 5; index += 1) {
			own.sandbox.customerCancels('reditus', `cus_gone_0000${index}`);
		}
		const page = async (number: number) =>
			(
				await ask(
					own.sandbox,
					'GET',
					`/reditus/api/v1/referrals?state_eq=churned&per_page=4&page=${number}`,
					{ headers: signed.reditus },
				)
			).body;
		expect((await page(1)).meta.pagination).toEqual({ page: 1, per_page: 4, has_more: true });
		const last = await page(2);
		expect(last.meta.pagination.has_more).toBe(false);
		expect(last.data).toHaveLength(2);
	});

	it('at Reditus is dated by a direct change of the state, too', async () => {
		own.sandbox.freeze('2030-05-01T00:00:00Z');
		own.sandbox.change('reditus', 'ref_kim', { state: 'churned' });
		const { body } = await ask(own.sandbox, 'GET', '/reditus/api/v1/referrals/ref_kim', {
			headers: signed.reditus,
		});
		own.sandbox.freeze(null);
		expect(body.data.attributes.state_set_at).toBe(Date.parse('2030-05-01T00:00:00Z') / 1000);
	});

	it('at Smokeball changes the listed subscription, and so does its undoing', async () => {
		const plan = async () => {
			const { body } = await ask(own.sandbox, 'GET', '/smokeball/subscriptions', {
				headers: signed.smokeball,
			});
			return body.value[0];
		};
		const { id, currentPeriodEndDate } = await plan();
		own.sandbox.customerCancels('smokeball', id);
		expect(await plan()).toMatchObject({
			status: 'Active',
			cancellationStatus: 'Pending',
			cancelAt: currentPeriodEndDate,
		});
		own.sandbox.customerReturns('smokeball', id);
		expect(await plan()).toMatchObject({ cancellationStatus: 'None' });
		own.sandbox.customerCancels('smokeball', id, { ends: 'now' });
		expect(await plan()).toMatchObject({ status: 'Canceled', cancellationStatus: 'Canceled' });
		expect(own.sandbox.deliveries()).toEqual([]);
	});

	it('at Azotte takes effect at the end date, or at once', async () => {
		const order = async () => {
			const { body } = await ask(own.sandbox, 'GET', '/azotte/api/v1/c2a/subscription/cu.00.001', {
				headers: signed.azotte,
			});
			return body.result[0];
		};
		const { endDate } = await order();
		own.sandbox.customerCancels('azotte', 'or_ada');
		expect(await order()).toMatchObject({ state: 'Canceled', endDate });
		own.sandbox.customerReturns('azotte', 'or_ada');
		expect(await order()).toMatchObject({ state: 'Reactivated' });
		own.sandbox.customerCancels('azotte', 'or_ada', { ends: 'now' });
		expect(await order()).toMatchObject({ state: 'Expired' });
	});

	it('can be made and undone by a control route, which lists the webhook calls', async () => {
		await control('PUT', '/webhooks/funnelFox', { url: receiver.url });
		const leave = '/leave/funnelFox/sub_ada';
		expect((await control('POST', leave, { source: 'psp' })).body).toEqual({ done: true });
		await own.sandbox.deliveriesDone();
		expect((await control('GET', '/deliveries?provider=funnelfox&last=1')).body).toMatchObject([
			{
				event: 'subscription.auto_renew_off',
				url: receiver.url,
				attempt: 1,
				status: 200,
				answer: 'thank you',
				body: { data: { cancellation_source: 'psp' } },
			},
		]);
		expect((await control('POST', '/return/funnelFox/sub_ada')).status).toBe(200);
		expect((await control('POST', '/leave/funnelFox/sub_unknown')).status).toBe(404);
		expect((await control('POST', leave, { at: 'soon' })).status).toBe(400);
		expect((await control('POST', leave, { ends: 'later' })).status).toBe(400);
		expect((await control('POST', '/leave/unknown/sub_ada')).status).toBe(400);
	});

	it('returns false for an unknown record', () => {
		for (const provider of providerNames) {
			expect(own.sandbox.customerCancels(provider, 'unknown')).toBe(false);
			expect(own.sandbox.customerReturns(provider, 'unknown')).toBe(false);
		}
	});
});
