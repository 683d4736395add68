/** @type {import('jest').Config} */
module.exports = {
	displayName: 'e2e',
	roots: ['<rootDir>/test/e2e'],
	testMatch: ['**/*.e2e.ts'],
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json', diagnostics: false }],
	},
	globalSetup: '<rootDir>/test/e2e/setup.ts',
	// Each file runs a real n8n; side by side they would time out on a small machine.
	maxWorkers: 1,
	testTimeout: 180_000,
	modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/host/node_modules/'],
};
