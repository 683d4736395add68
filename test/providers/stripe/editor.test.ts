import nock from 'nock';

import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/stripe/ids';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { testCredential } from '../../credentials/testCredential';
import { at } from '../../credentials/tested';
import { pick } from '../wire';
import { facts } from './facts';
import { tested } from './tested';

const own = ownSandbox();
// The lists of these tests come from the sandbox, not from prepared responses.
beforeEach(() => nock.enableNetConnect('127.0.0.1'));

const list = async (typed?: string, page?: string, secretKey: string = keys.stripe.secretKey) => {
	const { stripeCancellationsApi: account } = facts.account(own.sandbox.url);
	const credentials = { stripeCancellationsApi: { ...account, secretKey } };
	return await pick('stripe', 'searchSubscriptions', credentials, typed, page);
};

describe('the list of the Subscription field', () => {
	test('shows customer, price, status and end of those that have not ended, page by page', async () => {
		const { results, paginationToken } = await list();
		const ada = results.find(({ value }) => value === facts.ada);
		expect(ada?.name).toMatch(
			/^cus_SandboxSampleAda · 19\.99 USD per month · active · until \d{4}-\d\d-\d\d · sub_/,
		);
		expect(results.map(({ name }) => name).join()).not.toContain('· canceled ·');
		expect(paginationToken).toBeUndefined();
	});

	test('finds those of a typed address, of several customers', async () => {
		const { results } = await list('renewed@example.com');
		expect(results.map(({ value }) => value).sort()).toEqual(
			['renewed', 'renewed_old'].map((who) => sampleId('sub', who)).sort(),
		);
		expect(results[0].name).toContain('renewed@example.com');
	});

	test('finds a typed customer ID, and nothing for an address that is not known', async () => {
		const { results } = await list(sampleId('cus', 'ada'));
		expect(results.map(({ value }) => value)).toEqual([facts.ada]);
		expect((await list('unknown@example.com')).results).toEqual([]);
	});

	test('says which permission is missing', async () => {
		await expect(
			list('ada@example.com', undefined, keys.stripe.keyWithoutCustomers),
		).rejects.toThrow('rak_customer_read');
	});
});

describe('the test of the credential', () => {
	const one = { ...tested[0], node: 'stripe' };
	one.data = { ...one.data, accountId: '' };
	const result = async (data: object) =>
		await testCredential(one, { ...at(one, `${own.sandbox.url}/stripe`), ...data });

	test.each(['secretKey', 'testSecretKey', 'restrictedKey', 'keyReadOnly'] as const)(
		'accepts the %s of the sandbox',
		async (key) => {
			expect(await result({ secretKey: keys.stripe[key] })).toMatchObject({ status: 'OK' });
		},
	);

	test('says in the words of Stripe what is wrong with the account', async () => {
		const { secretKey, organizationKey } = keys.stripe;
		expect(await result({ secretKey, accountId: 'acct_1SandboxNobody' })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(/does not have access to account.*check the account ID/),
		});
		expect(await result({ secretKey: organizationKey })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('Stripe-Context'),
		});
	});
});
