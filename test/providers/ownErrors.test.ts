import { foreignErrors } from './response';
import { providers } from './samples';

describe.each(providers)('$folder', ({ provider }) => {
	test.each(foreignErrors)('does not take %s for an error of its API', (_, answer) => {
		expect(provider.isOwnError(answer)).toBe(false);
	});

	test('has a test for each credential type that n8n lets a package test', () => {
		const tested = provider.credentialChecks.map(({ credential }) => new credential().name);
		const types = provider.credentials.filter((type) => !/OAuth2/.test(type));
		expect(tested.sort()).toEqual(types.sort());
	});
});
