import { load } from '../../host/harness';

test('the credential is tested by reading one referral', async () => {
	const { type } = (await load()).getCredential('reditusApi');
	expect(type.test).toMatchObject({
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/v1/referrals', qs: { per_page: 1 } },
	});
});
