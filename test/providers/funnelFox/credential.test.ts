import { tried } from '../tried';
import { answering, lines } from '../wire';
import { credentials, origin } from './vendor';

const funnels = 'GET /public/v1/funnels?limit=1';
const check = async () => await tried('funnelFox', 'funnelFoxApi', credentials.funnelFoxApi);

test('the credential is tested by reading one funnel', async () => {
	const sent = answering(origin, [200, { data: [] }]);
	expect(await check()).toEqual({ status: 'OK', message: expect.any(String) });
	expect(lines(sent)).toEqual([funnels]);
	expect(sent[0].headers['fox-secret']).toBe('secret_of_project');
});

test.each<[number, unknown, string]>([
	[200, '<html>', 'does not confirm the secret key'],
	[200, {}, 'does not confirm the secret key'],
	[204, '', 'does not confirm the secret key'],
	[401, { message: 'Wrong secret' }, 'FunnelFox did not accept the secret key.'],
	[403, '', 'FunnelFox does not let this secret key use the API.'],
	[404, '', 'There is no API of FunnelFox'],
])('a test that is answered %i %j fails', async (status, body, message) => {
	const sent = answering(origin, [status, body]);
	expect(await check()).toEqual({
		status: 'Error',
		message: expect.stringContaining(message),
	});
	expect(lines(sent)).toEqual([funnels]);
});

test('a test that is led elsewhere does not go there', async () => {
	const sent = answering(origin, [307, '', { location: 'https://elsewhere.test/' }]);
	expect(await check()).toEqual({
		status: 'Error',
		message: expect.stringContaining('redirect to https://elsewhere.test/, which was not followed'),
	});
	expect(sent).toHaveLength(1);
});
