import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/server';
import { ask, signed } from './start';

interface ProviderSettings {
	assumptions: Record<string, string>;
	choices: Record<string, string[]>;
}

const folder = join(__dirname, '../../sandbox/scenarios');

describe('a scenario file', () => {
	it.each(readdirSync(folder))('%s can be loaded', async (file) => {
		const sandbox = await startSandbox({ scenario: join(folder, file) });
		const state = await ask(sandbox, 'GET', '/_control/state');
		expect(state.status).toBe(200);
		await sandbox.close();
	});

	it('other-answers changes every assumption from its default', async () => {
		const sandbox = await startSandbox({ scenario: join(folder, 'other-answers.json') });
		const { body } = await ask(sandbox, 'GET', '/_control/settings');
		for (const { assumptions, choices } of Object.values(body) as ProviderSettings[]) {
			for (const [name, value] of Object.entries(assumptions)) {
				expect([name, value]).not.toEqual([name, choices[name][0]]);
			}
		}
		await sandbox.close();
	});

	it('published-limits accepts five Smokeball requests at once', async () => {
		// The bucket would fill again while a busy machine takes its time.
		const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000);
		const sandbox = await startSandbox({ scenario: join(folder, 'published-limits.json') });
		const asked = Array.from({ length: 8 }, () =>
			ask(sandbox, 'GET', '/smokeball/subscriptions', { headers: signed.smokeball }),
		);
		const statuses = (await Promise.all(asked)).map(({ status }) => status);
		clock.mockRestore();
		expect(statuses.filter((status) => status === 200)).toHaveLength(5);
		await sandbox.close();
	});

	it('is restored by a reset', async () => {
		const sandbox = await startSandbox({
			scenario: {
				clock: '2026-11-21T09:30:00Z',
				seed: { records: [{ provider: 'azotte', target: 'or_ada', change: { state: 'PastDue' } }] },
			},
		});
		sandbox.change('azotte', 'or_ada', { state: 'Trial' });
		sandbox.reset();
		const { body } = await ask(sandbox, 'GET', '/azotte/api/v1/c2a/subscription/cu.00.001', {
			headers: signed.azotte,
		});
		expect(body.result[0]).toMatchObject({
			state: 'PastDue',
			endDate: '2026-12-03T00:00:00.000Z',
		});
		await sandbox.close();
	});

	it('is refused if it changes an unknown record', async () => {
		const seed = { records: [{ provider: 'azotte', target: 'or_none', change: {} }] };
		await expect(startSandbox({ scenario: { seed } })).rejects.toThrow('or_none');
	});
});
