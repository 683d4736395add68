const [{ transform }] = require('./jest.config').projects;

/** Everything that needs a real n8n: `npm run test:host`, or a part of it by its path. */
const part = (name, others) => ({
	displayName: name,
	roots: [`<rootDir>/test/${name}`],
	testMatch: [`**/*.${name}.ts`],
	testEnvironment: 'node',
	transform,
	globalSetup: `<rootDir>/test/${name}/setUp.ts`,
	modulePathIgnorePatterns: ['<rootDir>/.cache/'],
	...others,
});

/** End-to-end tests that harm no n8n and leave no account limited for long. */
const sharing = 'crowd|retry|workflows';

/** @type {import('jest').Config} */
module.exports = {
	// Each file runs a real n8n; side by side they would time out on a small machine.
	maxWorkers: 1,
	testTimeout: 180_000,
	projects: [
		part('e2e', { testMatch: [`**/!(${sharing}).e2e.ts`] }),
		part('e2e', {
			displayName: 'e2e, one n8n',
			testMatch: [`**/@(${sharing}).e2e.ts`],
			globalSetup: '<rootDir>/test/e2e/setUpShared.ts',
			globalTeardown: '<rootDir>/test/e2e/tearDownShared.ts',
		}),
		part('mirrors'),
		part('browser', { globalTeardown: '<rootDir>/test/browser/tearDown.ts' }),
		part('install', {
			displayName: 'install, n8n 2.41',
			setupFiles: ['<rootDir>/test/install/onLine2.ts'],
		}),
		part('install', {
			displayName: 'install, n8n 1.123',
			setupFiles: ['<rootDir>/test/install/onLine1.ts'],
		}),
	],
};
