import { loadAccount, refreshSecrets, type Account } from '../../nodes/shared/http/account';
import { paddle } from '../../nodes/Paddle/provider';
import { stripe } from '../../nodes/Stripe/provider';
import { collectSecrets, redact } from '../../nodes/shared/http/redact';

test('a token that n8n renews during the run is a secret from then on', async () => {
	const credential = (token: string) => ({ oauthTokenData: { access_token: token } });
	const account = { type: 'smokeballOAuth2Api', oAuth2: true } as Account;
	account.secrets = collectSecrets(credential('old_token'));
	const getCredentials = async () => credential('new_token');
	await refreshSecrets({ getCredentials } as never, account);
	expect(redact('old_token new_token', account.secrets)).toBe('*** ***');
});

describe('two credentials of one address', () => {
	const keysOf = async (provider: typeof paddle) => {
		const [type] = provider.credentials;
		const accounts = ['one', 'other'].map(async (id) => {
			const host = {
				getCredentials: async () => ({
					apiKey: id,
					secretKey: id,
					environment: 'live',
					baseUrl: '',
				}),
				getNode: () => ({ credentials: { [type]: { id } } }),
			};
			return (await loadAccount(host as never, provider, type)).rateLimitKey;
		});
		return new Set(await Promise.all(accounts));
	};

	test('share a rate limit where the provider counts by address', async () => {
		expect(await keysOf(paddle)).toEqual(new Set(['https://api.paddle.com']));
	});

	test('have one each elsewhere', async () => expect((await keysOf(stripe)).size).toBe(2));
});
