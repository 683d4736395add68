import nock from 'nock';

import { keys } from '../../../sandbox/keys';
import { sampleId } from '../../../sandbox/providers/chargebee/ids';
import { ownSandbox } from '../../sandbox/ownSandbox';
import { testCredential } from '../../credentials/testCredential';
import { at } from '../../credentials/tested';
import { pick } from '../wire';
import { facts } from './facts';
import { tested } from './tested';

const own = ownSandbox();
// The lists of these tests come from the sandbox, not from prepared responses.
beforeEach(() => nock.enableNetConnect('127.0.0.1'));

const list = async (typed?: string, page?: string) =>
	await pick('chargebee', 'searchSubscriptions', facts.account(own.sandbox.url), typed, page);

describe('the list of the Subscription field', () => {
	test('shows address, product, status and end of those that have not ended', async () => {
		const { results } = await list();
		const ada = results.find(({ value }) => value === facts.ada);
		expect(ada?.name).toMatch(
			/^ada@example\.com · plus-USD-monthly · active · until \d{4}-\d\d-\d\d · 16Sandbox_sub_ada$/,
		);
		expect(results.map(({ name }) => name).join()).not.toContain('· cancelled ·');
	});

	test('finds those of a typed address, of several customers', async () => {
		const { results } = await list('renewed@example.com');
		expect(results.map(({ value }) => value).sort()).toEqual(
			['renewed', 'renewed_old'].map((who) => sampleId('sub', who)).sort(),
		);
	});

	test('finds a typed ID, and nothing for an address that is not known', async () => {
		const { results } = await list(sampleId('sub', 'kim'));
		expect(results.map(({ value }) => value)).toEqual([sampleId('sub', 'kim')]);
		expect((await list('unknown@example.com')).results).toEqual([]);
	});
});

describe('the test of the credential', () => {
	const one = { ...tested[0], node: 'chargebee' };
	const base = () => `${own.sandbox.url}/chargebee/acme-test/api/v2`;
	const result = async (data: object) => await testCredential(one, { ...at(one, base()), ...data });

	test.each(['apiKey', 'apiKeyReadOnly'] as const)('accepts the %s of the sandbox', async (key) => {
		expect(await result({ apiKey: keys.chargebee[key] })).toMatchObject({ status: 'OK' });
	});

	test('says that a key is not accepted, and that there is no such site', async () => {
		expect(await result({ apiKey: keys.chargebee.apiKeyRevoked })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('Test and live sites have keys of their own'),
		});
		const baseUrl = base().replace('acme-test', 'acme');
		expect(await result({ apiKey: keys.chargebee.apiKey, baseUrl })).toMatchObject({
			status: 'Error',
			message: expect.stringContaining('Chargebee has no site "acme"'),
		});
	});
});
