import type { IDataObject } from 'n8n-workflow';

import { Trigger } from './host';
import { credentials as ofSmokeball, pending, plan, Plans } from './plans';
import { churn, credentials as ofReditus, Referrals } from './referrals';

/** Unix seconds. */
const now = () => Math.floor(Date.now() / 1000);
const targets = (items: Array<{ json: IDataObject }>) => items.map(({ json }) => json.target);
const outcomes = (items: Array<{ json: IDataObject }>) => items.map(({ json }) => json.outcome);

describe('a manual run of the Reditus Trigger', () => {
	let reditus: Referrals;
	let trigger: Trigger;
	beforeEach(async () => {
		reditus = new Referrals();
		trigger = await Trigger.of({ node: 'ReditusTrigger', credentials: ofReditus });
	});

	it('gives the newest as a sample, and moves nothing', async () => {
		await trigger.poll();
		reditus.rows = [churn('5', now() - 50), churn('6', now() - 5)];
		const before = trigger.saved;
		expect(targets(await trigger.poll('manual'))).toEqual(['6']);
		expect(trigger.saved).toEqual(before);
		expect(await trigger.poll()).toHaveLength(2);
	});

	it('says what to do where there is nothing to show', async () => {
		await expect(trigger.poll('manual')).rejects.toThrow(/no sample\. Publish the workflow/);
	});
});

describe('a manual run of the Smokeball Trigger', () => {
	let smokeball: Plans;
	let trigger: Trigger;
	beforeEach(async () => {
		smokeball = new Plans();
		trigger = await Trigger.of({ node: 'SmokeballTrigger', credentials: ofSmokeball });
	});

	it('shows what is the case of the events that were chosen, and moves nothing', async () => {
		await trigger.poll();
		smokeball.rows = [plan({ id: 'p0' }), pending()];
		trigger.parameters.events = ['cancelled', 'scheduled'];
		const before = trigger.saved;
		expect(outcomes(await trigger.poll('manual'))).toEqual(['scheduled']);
		expect(trigger.saved).toEqual(before);
		expect(outcomes(await trigger.poll())).toEqual(['scheduled']);
	});

	it('says what to do where nothing is', async () => {
		trigger.parameters.events = ['cancelled'];
		await expect(trigger.poll('manual')).rejects.toThrow(/no event of this kind yet \(cancelled\)/);
	});
});
