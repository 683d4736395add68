const common = {
	roots: ['<rootDir>/test/install'],
	testMatch: ['**/*.install.ts'],
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json', diagnostics: false }],
	},
	globalSetup: '<rootDir>/test/install/setup.ts',
	modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/host/node_modules/'],
};

/** @type {import('jest').Config} */
module.exports = {
	// Each project runs a real n8n; side by side they would time out on a small machine.
	maxWorkers: 1,
	testTimeout: 120_000,
	projects: [
		{ ...common, displayName: 'n8n 2.41' },
		{
			...common,
			displayName: 'n8n 1.123',
			moduleNameMapper: {
				'^(\\.|\\.\\./\\.\\./host)/(place|n8n)$': '<rootDir>/host/line1/$2.ts',
			},
		},
	],
};
