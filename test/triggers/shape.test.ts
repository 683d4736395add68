import type { IDataObject } from 'n8n-workflow';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Leaves } from './workflow';

const nodes = join(__dirname, '../../nodes');
const folders = readdirSync(nodes).filter((folder) =>
	existsSync(join(nodes, folder, `${folder}Trigger.node.ts`)),
);

/** Every trigger: how a customer leaves at its provider, and what comes in. */
const triggers = folders.map((folder) => {
	const name = folder[0].toLowerCase() + folder.slice(1);
	const { leaves } = jest.requireActual<{ leaves: Leaves }>(`../providers/${name}/leaves`);
	return { folder, name, leaves };
});

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const isTextOrNull = (value: unknown) =>
	value === null || (typeof value === 'string' && value !== '');
const isTimeOrNull = (value: unknown) => value === null || time.test(String(value));

it.each(triggers)('the $folder Trigger gives one item in the one shape', async (one) => {
	const items = (await one.leaves()) ?? [];
	expect(items).toHaveLength(1);
	const json = items[0].json as IDataObject;
	expect(Object.keys(json)).toEqual([
		...['summary', 'outcome', 'ended', 'provider', 'event', 'target', 'email', 'effectiveAt'],
		...['occurredAt', 'source', 'eventId', 'reason', 'verified'],
	]);
	expect(['cancelled', 'scheduled', 'restored']).toContain(json.outcome);
	expect(json.ended).toBe(true);
	expect(json.provider).toBe(one.name);
	const { event, target, email, source, eventId, reason, effectiveAt, occurredAt } = json;
	expect([event, target].every((value) => isTextOrNull(value) && value !== null)).toBe(true);
	expect([email, source, eventId, reason].every(isTextOrNull)).toBe(true);
	expect([effectiveAt, occurredAt].every(isTimeOrNull)).toBe(true);
	expect(effectiveAt).not.toBeNull();
	expect(json.verified).toBe(true);
	expect(json.summary).toMatch(/^\S+ .+ on \d{1,2} \w+ \d{4} \(\w+\)$/);
});

it.each(folders)(
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
