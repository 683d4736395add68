import { DataDeduplicationService } from 'n8n-core';
import { sleep } from 'n8n-workflow';
import { createProcessedStore } from '../simulation/processedStore';
import type { Sandbox } from '../../sandbox/server';
import { runNode } from '../host/harness';
import { cancelling, onSandbox, seeded } from './funnelFoxNode';

/** n8n's memory of what nodes have processed, as its database has it, or as a test wants it. */
let memory = createProcessedStore(Math.random);
beforeAll(async () => {
	await DataDeduplicationService.init({
		checkProcessedAndRecord: async (items, scope, _, options) =>
			await memory.helpers.checkProcessedAndRecord(items, scope, options),
		clearAllProcessedItems: async (scope, _, options) =>
			await memory.helpers.clearAllProcessedItems(scope, options),
		getProcessedDataCount: async (scope, _, options) =>
			await memory.helpers.getProcessedDataCount(scope, options),
		removeProcessed: async () => await Promise.reject(new Error('Nobody asks for that.')),
	});
});
beforeEach(() => (memory = createProcessedStore(Math.random)));

/** When the last of eight requests came in, in ms after the first: 700 at the pace that is set. */
async function took(sandbox: Sandbox): Promise<number> {
	const options = { requestsPerMinute: 600 };
	const items = seeded(sandbox, 8);
	const { main } = await runNode(cancelling(sandbox, items, { options }));
	expect(main.map(({ json }) => json.ended)).toEqual(items.map(() => true));
	const at = sandbox.requests('funnelFox').map((request) => Date.parse(request.at));
	return at[7] - at[0];
}
const marks = async () => await memory.helpers.getProcessedDataCount('node', { mode: 'entries' });

test('a run that has to wait leaves its mark, and goes at its own pace while there is no other', async () =>
	await onSandbox(async (sandbox) => {
		expect(await took(sandbox)).toBeLessThan(1150);
		// What tells the period, and this process.
		expect(await marks()).toBe(2);
	}));

test('a run that need not wait leaves none', async () =>
	await onSandbox(async (sandbox) => {
		for (const item of seeded(sandbox, 3)) await runNode(cancelling(sandbox, [item]));
		expect(await marks()).toBe(0);
	}));

test('a run that finds the mark of another process takes half the pace', async () =>
	await onSandbox(async (sandbox) => {
		memory.helpers.checkProcessedAndRecord = async (items) =>
			await Promise.resolve({ new: [], processed: items });
		memory.helpers.getProcessedDataCount = async () => await Promise.resolve(3);
		expect(await took(sandbox)).toBeGreaterThan(1150);
	}));

test('a mark that another process kept from being left is left half a second later', async () =>
	await onSandbox(async (sandbox) => {
		const leave = memory.helpers.checkProcessedAndRecord;
		memory.helpers.checkProcessedAndRecord = async () => {
			memory.helpers.checkProcessedAndRecord = leave;
			return await Promise.reject(new Error('duplicate key value violates unique constraint'));
		};
		await took(sandbox);
		await sleep(650);
		await took(sandbox);
		expect(await marks()).toBe(2);
	}));

test.each([
	['fails', async () => await Promise.reject(new Error('database is locked'))],
	['does not answer', async () => await new Promise<never>(() => {})],
])(
	'a memory that %s holds up nobody',
	async (_, instead) =>
		await onSandbox(async (sandbox) => {
			memory.helpers.checkProcessedAndRecord = instead;
			expect(await took(sandbox)).toBeLessThan(1150);
		}),
);
