import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as fox from './fox';
import { Trigger } from './host';
import * as plans from './plans';
import * as promoter from './promoter';
import * as referrals from './referrals';

/** By folder of nodes/: how a customer leaves there, and what comes in. */
const leaves: Record<string, () => Promise<INodeExecutionData[] | undefined>> = {
	async FirstPromoter() {
		const provider = new promoter.Promoter();
		const { credentials } = promoter;
		const trigger = await Trigger.of({ node: 'FirstPromoterTrigger', credentials });
		await trigger.activate();
		return (await trigger.deliver(promoter.cancelled(), provider.headers())).items;
	},
	async FunnelFox() {
		new fox.Fox();
		const { credentials, delivery, headers } = fox;
		const trigger = await Trigger.of({ node: 'FunnelFoxTrigger', credentials });
		return (await trigger.deliver(delivery(), headers)).items;
	},
	async Reditus() {
		const provider = new referrals.Referrals();
		const { churn, credentials } = referrals;
		const trigger = await Trigger.of({ node: 'ReditusTrigger', credentials });
		await trigger.poll();
		provider.rows = [churn('5', Math.floor(Date.now() / 1000))];
		return await trigger.poll();
	},
	async Smokeball() {
		const provider = new plans.Plans();
		const { credentials, pending } = plans;
		const trigger = await Trigger.of({ node: 'SmokeballTrigger', credentials });
		await trigger.poll();
		provider.rows = [pending()];
		return await trigger.poll();
	},
};

const nodes = join(__dirname, '../../nodes');
const triggers = readdirSync(nodes).filter((folder) =>
	readdirSync(join(nodes, folder)).includes(`${folder}Trigger.node.ts`),
);

it('no trigger is left out here', () => {
	expect(triggers).toEqual(Object.keys(leaves));
});

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const isTextOrNull = (value: unknown) =>
	value === null || (typeof value === 'string' && value !== '');
const isTimeOrNull = (value: unknown) => value === null || time.test(String(value));

it.each(triggers)('the %s Trigger gives one item in the one shape', async (folder) => {
	const items = (await leaves[folder]()) ?? [];
	expect(items).toHaveLength(1);
	const json = items[0].json as IDataObject;
	expect(Object.keys(json)).toEqual([
		...['outcome', 'ended', 'provider', 'event', 'target', 'email', 'effectiveAt', 'occurredAt'],
		...['source', 'eventId', 'reason', 'raw'],
	]);
	expect(['cancelled', 'scheduled', 'restored']).toContain(json.outcome);
	expect(json.ended).toBe(true);
	expect(json.provider).toBe(folder[0].toLowerCase() + folder.slice(1));
	const { event, target, email, source, eventId, reason, effectiveAt, occurredAt } = json;
	expect([event, target].every((value) => isTextOrNull(value) && value !== null)).toBe(true);
	expect([email, source, eventId, reason].every(isTextOrNull)).toBe(true);
	expect([effectiveAt, occurredAt].every(isTimeOrNull)).toBe(true);
	expect(effectiveAt).not.toBeNull();
	expect(json.raw).toEqual(expect.any(Object));
});

it.each(triggers)(
	'the %s Trigger is found by the words of its node, under which n8n lists it',
	(folder) => {
		const words = (name: string) =>
			(JSON.parse(readFileSync(join(nodes, folder, `${name}.node.json`), 'utf8')) as Codex).alias;
		for (const word of ['cancel', 'churn', 'churned', 'unsubscribe', 'unsubscribed']) {
			expect(words(folder)).toContain(word);
			expect(words(`${folder}Trigger`)).toContain(word);
		}
	},
);

interface Codex {
	alias: string[];
}
