import { startSandbox } from '../../sandbox/server';
import { ask, signed } from './start';

describe('a scenario', () => {
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
