import { refreshSecrets, type Account } from '../../nodes/shared/http/account';
import { collectSecrets, redact } from '../../nodes/shared/http/redact';

test('a token that n8n renews during the run is a secret from then on', async () => {
	const credential = (token: string) => ({ oauthTokenData: { access_token: token } });
	const account = { type: 'smokeballOAuth2Api', oAuth2: true } as Account;
	account.secrets = collectSecrets(credential('old_token'));
	const getCredentials = async () => credential('new_token');
	await refreshSecrets({ getCredentials } as never, account);
	expect(redact('old_token new_token', account.secrets)).toBe('*** ***');
});
