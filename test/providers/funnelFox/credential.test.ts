import { load } from '../../host/harness';

test('the credential is tested by reading one funnel', async () => {
	const { type } = (await load()).getCredential('funnelFoxApi');
	expect(type.test).toMatchObject({
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/funnels', qs: { limit: 1 } },
	});
});
