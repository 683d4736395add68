import type { IDataObject } from 'n8n-workflow';

import { Trigger } from './host';
import { later } from './later';
import { credentials as ofSmokeball, pending, plan, Plans } from './plans';
import { churn, credentials, Referrals } from './referrals';

const now = () => Math.floor(Date.now() / 1000);
const targets = (items: Array<{ json: IDataObject }>) => items.map(({ json }) => json.target);
const churns = (count: number, at: number, name = '') =>
	Array.from({ length: count }, (_, index) => churn(`${name}${index}`, at - index));

let reditus: Referrals;
let trigger: Trigger;
beforeEach(async () => {
	reditus = new Referrals();
	trigger = await Trigger.of({ node: 'ReditusTrigger', credentials });
});

describe('polls that overlap', () => {
	it('report a churn once at Reditus', async () => {
		await trigger.poll();
		reditus.rows = [churn('5', now())];
		const all = await Promise.all([trigger.poll(), trigger.poll(), trigger.poll()]);
		expect(all.flatMap(targets)).toEqual(['5']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('report an end once at Smokeball', async () => {
		const plans = new Plans();
		const ofPlans = await Trigger.of({
			node: 'SmokeballTrigger',
			credentials: ofSmokeball,
			parameters: { events: ['scheduled'] },
		});
		plans.rows = [plan()];
		await ofPlans.poll();
		plans.rows = [pending()];
		const all = await Promise.all([ofPlans.poll(), ofPlans.poll()]);
		expect(all.flatMap(targets)).toEqual(['plan-1']);
	});

	it('do not stop polling after one that failed', async () => {
		await trigger.poll();
		reditus.instead = () => [403, 'no'];
		await expect(trigger.poll()).rejects.toThrow(/HTTP 403/);
		reditus.instead = undefined;
		reditus.rows = [churn('5', now())];
		expect(targets(await trigger.poll())).toEqual(['5']);
	});

	it('compare with what was saved while they read', async () => {
		await trigger.poll();
		reditus.rows = [churn('5', now())];
		trigger.whilePolling = (data) => {
			const cursor = data.cursor as { at: number };
			data.cursor = { ...cursor, reported: [`5-${now()}`, ...keysOf(reditus.rows)] };
		};
		expect(await trigger.poll()).toEqual([]);
	});
});

const keysOf = (rows: IDataObject[]) =>
	rows.map(
		({ id, attributes }) => `${String(id)}-${String((attributes as IDataObject).state_set_at)}`,
	);

describe('the pages of Reditus', () => {
	beforeEach(async () => void (await trigger.poll()));

	it('are counted here: more rows without a page number are read', async () => {
		reditus.rows = churns(120, now());
		reditus.metaOf = ({ has_more }) => ({ pagination: { has_more } });
		expect(await trigger.poll()).toHaveLength(120);
	});

	it('are read on where Reditus says nothing of more and a page is full', async () => {
		reditus.rows = churns(60, now());
		reditus.metaOf = () => undefined;
		expect(await trigger.poll()).toHaveLength(60);
	});

	it('lose no row that moves to a page that was read before', async () => {
		reditus.rows = churns(60, now());
		let gone = false;
		reditus.before = ({ query }) => {
			// The third row is paid again while page 2 is asked for.
			if (query.page === '2' && !gone) gone = !!reditus.rows.splice(2, 1);
		};
		const first = targets(await trigger.poll());
		expect(first).toEqual(expect.arrayContaining(['50', '59']));
		expect(new Set(first).size).toBe(60);
	});

	it('lose none where fifty new rows come in front', async () => {
		reditus.rows = churns(120, now() - 100);
		let came = false;
		reditus.before = ({ query }) => {
			if (query.page !== '2' || came) return;
			came = true;
			reditus.rows.unshift(...churns(50, now(), 'new'));
		};
		expect(new Set(targets(await trigger.poll())).size).toBe(170);
	});
});

describe('a churn at Reditus that becomes visible late', () => {
	it.each([600, 3000])('by %i seconds is reported once', async (seconds) => {
		await trigger.poll();
		reditus.rows = [churn('early', now())];
		expect(targets(await trigger.poll())).toEqual(['early']);
		reditus.rows.push(churn('late', now() - seconds));
		expect(targets(await trigger.poll())).toEqual(['late']);
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('a clock of n8n that is wrong', () => {
	it.each([
		['ten minutes', 600_000],
		['two days', 172_800_000],
	])('by %s ahead at the first poll hides no churn, and reports no old one', async (_, ms) => {
		reditus.rows = [churn('old', now() - 60)];
		reditus.date = new Date().toUTCString();
		later(ms);
		expect(await trigger.poll()).toEqual([]);
		reditus.rows.push(churn('5', now() + 30));
		expect(targets(await trigger.poll())).toEqual(['5']);
		later(0);
		reditus.rows.push(churn('6', now() + 60));
		expect(targets(await trigger.poll())).toEqual(['6']);
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('another credential', () => {
	const switched = () => {
		(trigger.saved['node:Trigger'] as IDataObject).account = 'another credential';
	};

	it('of the same account goes on where the last poll ended', async () => {
		await trigger.poll();
		reditus.rows = [churn('known', now())];
		await trigger.poll();
		switched();
		reditus.rows.push(churn('5', now()));
		expect(targets(await trigger.poll())).toEqual(['5']);
		expect(trigger.warnings).toEqual([]);
	});

	it('that may be of another account begins anew, and the log says what was skipped', async () => {
		await trigger.poll();
		switched();
		reditus.rows = [churn('5', now())];
		expect(await trigger.poll()).toEqual([]);
		expect(trigger.warnings.join()).toMatch(
			/another credential than at its last poll \(\d{4}-.*\)\. Events from then until now are not reported/,
		);
	});
});

it('a cursor that is not whole is a first poll', async () => {
	for (const cursor of [{}, { at: 'x' }, { at: 5 }, [], 'x', null]) {
		trigger.saved = { 'node:Trigger': { cursor, account: 'x' } };
		reditus.rows = [churn('5', now())];
		expect(await trigger.poll()).toEqual([]);
	}
});
