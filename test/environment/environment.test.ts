import { runInNewContext } from 'node:vm';
import { sleep } from 'n8n-workflow';

import { load } from '../host/harness';

const node = '../../dist/nodes/FunnelFox/FunnelFox.node.js';

test("n8n's packages stay the same when the module registry is reset; the built package does not", () => {
	const [core, built] = [jest.requireActual<object>('n8n-core'), jest.requireActual<object>(node)];
	jest.resetModules();
	const { WorkflowExecute } = core as { WorkflowExecute: unknown };
	expect(jest.requireActual('n8n-core')).toMatchObject({ WorkflowExecute });
	expect(jest.requireActual(node)).not.toBe(built);
});

test('n8n loads the classes of the built package from the registry of the test file', async () => {
	const loader = await load();
	const { FunnelFox } = jest.requireActual<Record<string, new () => object>>(node);
	expect(loader.getNode('funnelFox').type).toBeInstanceOf(FunnelFox);
});

test.each([
	['new Date()', Date],
	['new TypeError()', Error],
	['new Map()', Map],
	['new Set()', Set],
	['/a/', RegExp],
	['Promise.resolve()', Promise],
])('%s of another realm is an instance of its class', (code, builtIn) => {
	expect(runInNewContext(code) instanceof builtIn).toBe(true);
	expect(runInNewContext('({})') instanceof builtIn).toBe(false);
});

test('an error of another realm is no instance of a subclass', () => {
	class OwnError extends Error {}
	expect(runInNewContext('new Error()') instanceof OwnError).toBe(false);
	expect(new OwnError() instanceof OwnError).toBe(true);
});

test("Jest's fake timers control n8n's sleep", async () => {
	jest.useFakeTimers();
	try {
		const slept = jest.fn();
		const sleeping = sleep(1000).then(slept);
		await jest.advanceTimersByTimeAsync(999);
		expect(slept).not.toHaveBeenCalled();
		await jest.advanceTimersByTimeAsync(1);
		expect(slept).toHaveBeenCalled();
		await sleeping;
	} finally {
		jest.useRealTimers();
	}
});
