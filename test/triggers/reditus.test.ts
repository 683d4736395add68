import type { IDataObject } from 'n8n-workflow';

import { api, type Answered, type Sent } from './api';
import { Trigger } from './host';
import { churn, credentials, Referrals } from './referrals';

let reditus: Referrals;
let trigger: Trigger;
/** Unix seconds. */
const now = () => Math.floor(Date.now() / 1000);
const targets = (items: Array<{ json: IDataObject }>) => items.map(({ json }) => json.target);

beforeEach(async () => {
	reditus = new Referrals();
	trigger = await Trigger.of({ node: 'ReditusTrigger', credentials });
});

describe('the first look', () => {
	it('tells of nothing that is old', async () => {
		reditus.rows = [churn('1', now() - 86_400), churn('2', now() - 10)];
		expect(await trigger.poll()).toEqual([]);
		expect(await trigger.poll()).toEqual([]);
	});

	it('asks for churned referrals only, by a time that Reditus can read', async () => {
		await trigger.poll();
		const [{ path, query, headers }] = reditus.sent;
		expect(path).toBe('/api/v1/referrals');
		expect(query).toMatchObject({ state_eq: 'churned', page: '1', per_page: '50' });
		expect(query.state_set_at_gt).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000$/);
		expect(headers.authorization).toBe('Bearer reditus-4711');
	});

	it('that fails says why and what to do, for activation shows nothing else', async () => {
		reditus.instead = () => [401, { errors: [{ title: 'Unauthorized' }] }];
		await expect(trigger.poll()).rejects.toThrow(
			/Reditus did not answer GET \/v1\/referrals .*Unauthorized.* Check the credential, and that your Reditus plan includes the API/,
		);
		reditus.instead = () => [404, '<html>'];
		await expect(trigger.poll()).rejects.toThrow(/a web page.* Check the base URL/);
		reditus.instead = () => [200, { hello: 'you' }];
		await expect(trigger.poll()).rejects.toThrow(/Check the base URL/);
	});
});

describe('a later look', () => {
	beforeEach(async () => void (await trigger.poll()));

	it('tells once of who has churned since', async () => {
		const at = now();
		reditus.rows = [churn('5', at)];
		const items = await trigger.poll();
		expect(items.map(({ json }) => json)).toMatchObject([
			{
				outcome: 'cancelled',
				ended: true,
				provider: 'reditus',
				event: 'churned',
				target: '5',
				email: 'r5@example.com',
				effectiveAt: new Date(at * 1000).toISOString(),
				eventId: `5-${at}`,
			},
		]);
		expect(await trigger.poll()).toEqual([]);
	});

	it('tells of everyone who churned in the same second, though they come one by one', async () => {
		const at = now();
		reditus.rows = [churn('5', at)];
		expect(targets(await trigger.poll())).toEqual(['5']);
		reditus.rows.unshift(churn('6', at));
		expect(targets(await trigger.poll())).toEqual(['6']);
		reditus.rows.push(churn('7', at - 1));
		expect(targets(await trigger.poll())).toEqual(['7']);
	});

	it('tells again of a customer who came back and churned once more', async () => {
		reditus.rows = [churn('5', now())];
		await trigger.poll();
		reditus.rows = [churn('5', now() + 1)];
		expect(targets(await trigger.poll())).toEqual(['5']);
	});

	it('reads every page before it goes on, the oldest churn first', async () => {
		const at = now();
		reditus.rows = Array.from({ length: 120 }, (_, index) => churn(String(index), at - index));
		const items = await trigger.poll();
		expect(items).toHaveLength(120);
		expect(targets(items).slice(0, 2)).toEqual(['119', '118']);
		expect(reditus.sent.slice(1).map(({ query }) => query.page)).toEqual([
			'1',
			'2',
			'3',
			'1',
			'2',
			'3',
		]);
	});

	it('ends where Reditus repeats a page', async () => {
		const page = { data: [churn('5', now())], meta: { pagination: { page: 1, has_more: true } } };
		reditus.instead = () => [200, page];
		expect(targets(await trigger.poll())).toEqual(['5']);
	});

	it('leaves out who has not churned, should Reditus not heed the filter', async () => {
		const row = churn('5', now());
		(row.attributes as IDataObject).state = 'paid';
		reditus.instead = () => [200, { data: [row] }];
		expect(await trigger.poll()).toEqual([]);
	});

	it('loses nothing where one fails, on whichever page', async () => {
		const at = now();
		reditus.rows = Array.from({ length: 60 }, (_, index) => churn(String(index), at));
		reditus.instead = ({ query }) => (query.page === '2' ? [403, 'no'] : undefined);
		await expect(trigger.poll()).rejects.toThrow(/HTTP 403/);
		reditus.instead = undefined;
		expect(await trigger.poll()).toHaveLength(60);
		expect(await trigger.poll()).toEqual([]);
	});

	it('tells after a downtime of what was missed, once', async () => {
		reditus.rows = [churn('1', now())];
		await trigger.poll();
		const saved = trigger.saved;
		trigger = await Trigger.of({ node: 'ReditusTrigger', credentials });
		trigger.saved = saved;
		reditus.rows.push(churn('2', now() + 3600));
		expect(targets(await trigger.poll())).toEqual(['2']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('misses no referral behind a churn whose time is ahead of the clock', async () => {
		reditus.rows = [churn('1', now() + 86_400)];
		expect(targets(await trigger.poll())).toEqual(['1']);
		reditus.rows.push(churn('2', now()));
		expect(targets(await trigger.poll())).toEqual(['2']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('begins anew with another account', async () => {
		reditus.rows = [churn('5', now())];
		const other = { ReditusApi: { ...credentials.ReditusApi, baseUrl: 'https://two.example/api' } };
		const moved = await Trigger.of({ node: 'ReditusTrigger', credentials: other });
		moved.saved = trigger.saved;
		api('https://two.example', (sent: Sent): Answered => reditus.answer(sent));
		expect(await moved.poll()).toEqual([]);
		reditus.rows.push(churn('6', now() + 1));
		expect(targets(await moved.poll())).toEqual(['6']);
	});
});
