import type { IDataObject } from 'n8n-workflow';

import { paddle } from '../../nodes/Paddle/provider';
import { smokeball } from '../../nodes/Smokeball/provider';
import { stripe } from '../../nodes/Stripe/provider';
import type { Provider } from '../../nodes/shared/contract/provider';
import { loadAccount, type NodeContext } from '../../nodes/shared/http/account';

/** A node that has chosen this credential; `null`: n8n cannot read it. */
const nodeWith = (type: string, credential: IDataObject | null, id?: string) =>
	({
		getCredentials: async () =>
			credential ?? (await Promise.reject<IDataObject>(new Error('cannot be read'))),
		getNode: () => ({ ...(id !== undefined && { credentials: { [type]: { id, name: id } } }) }),
	}) as unknown as NodeContext;

const loadWith = async (provider: Provider, credential: IDataObject | null, id?: string) => {
	const [type] = provider.credentials;
	return await loadAccount(nodeWith(type, credential, id), provider, type);
};
const ofStripe = { secretKey: 'sk_test_of_ada', environment: 'test', baseUrl: '' };

describe('two credentials of one address', () => {
	const keysOf = async (provider: Provider) => {
		const credential = { apiKey: 'one', secretKey: 'one', environment: 'live', baseUrl: '' };
		const accounts = await Promise.all(
			['one', 'other'].map(async (id) => await loadWith(provider, credential, id)),
		);
		return new Set(accounts.map(({ rateLimitKey }) => rateLimitKey));
	};

	test('share a rate limit where the provider counts by address', async () => {
		expect(await keysOf(paddle)).toEqual(new Set(['https://api.paddle.com']));
	});

	test('have one each elsewhere', async () => expect((await keysOf(stripe)).size).toBe(2));
});

describe('an account', () => {
	test('is one credential at one address', async () => {
		const account = await loadWith(stripe, ofStripe, 'cred_1');
		expect(account).toMatchObject({
			key: 'cred_1 https://api.stripe.com',
			rateLimitKey: 'cred_1 https://api.stripe.com',
			oAuth2: false,
			ownHeaders: [],
			secrets: ['sk_test_of_ada'],
		});
		expect(Object.keys(account.headers)).toEqual(Object.keys(stripe.headers?.({}, '') ?? {}));
	});

	test('of an OAuth2 type is signed by n8n, and its client secret is never sent', async () => {
		const type = 'smokeballOAuth2Api';
		const credential = {
			...{ clientId: 'client', clientSecret: 'gehe\u200bim-of-ada', apiKey: 'key_of_ada' },
			...{ region: 'us', environment: 'production', baseUrl: '' },
			oauthTokenData: { access_token: 'token_of_ada' },
		};
		const account = await loadAccount(nodeWith(type, credential, 'cred_2'), smokeball, type);
		expect(account.oAuth2).toBe(true);
		expect(account.secrets).toEqual(expect.arrayContaining(['token_of_ada', 'key_of_ada']));
	});

	test('knows the headers that the user has named, in lower case, and their values', async () => {
		const own: Provider = {
			...stripe,
			headerNames: () => ['X-Own'],
			secrets: () => ['value_of_own'],
		};
		const account = await loadWith(own, ofStripe, 'cred_3');
		expect(account.ownHeaders).toEqual(['x-own']);
		expect(account.secrets).toEqual(['sk_test_of_ada', 'value_of_own']);
	});

	test('needs a credential that is chosen, and one that n8n can read', async () => {
		await expect(loadWith(stripe, null)).rejects.toThrow(
			'No credential is chosen in this node. Nothing was sent. Choose one, or create it.',
		);
		await expect(loadWith(stripe, null, 'cred_4')).rejects.toThrow('cannot be read');
	});

	test('has a key that a header can hold', async () => {
		const pasted = { ...ofStripe, secretKey: 'sk_test_of\u200b_ada' };
		await expect(loadWith(stripe, pasted, 'cred_5')).rejects.toThrow(
			'A key of the Stripe credential holds an invisible character (U+200B). Nothing was sent. Copy it again into the credential.',
		);
		const name = { ...ofStripe, name: 'Ada\u200b' };
		expect((await loadWith(stripe, name, 'cred_6')).secrets).toEqual(['sk_test_of_ada']);
	});

	test('has an address that does not send the key in the clear', async () => {
		const clear = { ...ofStripe, baseUrl: 'http://api.example.com' };
		await expect(loadWith(stripe, clear, 'cred_7')).rejects.toThrow(
			'The base URL of the Stripe credential must start with https://.',
		);
	});
});
