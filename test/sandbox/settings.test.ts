import { ask, ownSandbox, signed } from './start';

const own = ownSandbox();
const control = (method: string, path: string, json?: unknown) =>
	ask(own.sandbox, method, `/_control${path}`, { json });
const unknown = () =>
	ask(own.sandbox, 'GET', '/azotte/api/v1/c2a/subscription/cu.00.999', { headers: signed.azotte });

describe('the settings of a provider', () => {
	it('are set by a control route, until the next reset', async () => {
		const path = '/settings/Azotte';
		await control('PUT', path, { assumptions: { unknownCustomer: 'emptyList' } });
		expect((await unknown()).status).toBe(200);
		own.sandbox.reset();
		expect((await unknown()).status).toBe(404);
	});

	it.each([
		['smokeball', { lagMs: -1 }, 'settings.lagMs: '],
		['smokeball', { leg: 1 }, 'No setting of smokeball "leg"; there are lagMs'],
		['reditus', { lagMs: 1 }, 'No setting of reditus "lagMs"; there are none'],
		['azotte', { assumptions: { weather: 'good' } }, 'No assumption of azotte "weather"'],
		[
			'azotte',
			{ assumptions: { unknownCustomer: 'maybe' } },
			'No value of unknownCustomer "maybe"',
		],
		['unknown', {}, 'No provider "unknown"'],
	])('of %s cannot be %j', async (provider, change, message) => {
		expect(() => own.sandbox.settings(provider, change)).toThrow(message);
		expect(await control('PUT', `/settings/${provider}`, change)).toMatchObject({ status: 400 });
	});
});
