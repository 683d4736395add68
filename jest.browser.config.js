/** @type {import('jest').Config} */
module.exports = {
	displayName: 'browser',
	roots: ['<rootDir>/test/browser'],
	testMatch: ['**/*.browser.ts'],
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json', diagnostics: false }],
	},
	globalSetup: '<rootDir>/test/browser/setUp.ts',
	globalTeardown: '<rootDir>/test/browser/tearDown.ts',
	// One n8n and one browser at a time, in this process.
	maxWorkers: 1,
	testTimeout: 90_000,
	modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/host/node_modules/'],
};
