const { availableParallelism } = require('node:os');

const transform = {
	'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json', diagnostics: false }],
};

/** @param n8nCore the name under which a host line's n8n-core is installed */
const onHost = (n8nCore) => ({
	testEnvironment: '<rootDir>/test/environment/environment.js',
	// Jest's own cleaning takes from nock what its timers still use.
	testEnvironmentOptions: { globalsCleanup: 'off', n8nCore },
	moduleNameMapper: {
		'^n8n-core$': '<rootDir>/test/environment/n8nCore.js',
		'^n8n-workflow$': '<rootDir>/test/environment/n8nWorkflow.js',
	},
});
const common = {
	...onHost('n8n-core'),
	transform,
	modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/dist'],
};

/** What runs on both host lines; everything else runs once. */
const onHosts = ['engine', 'providers', 'credentials', 'triggers'].map(
	(folder) => `<rootDir>/test/${folder}/**/*.test.ts`,
);

/** @type {import('jest').Config} */
module.exports = {
	testTimeout: 60_000,
	maxConcurrency: 20,
	// Most of a test is waiting for an answer, so two workers share a core.
	maxWorkers: 2 * availableParallelism(),
	// A worker whose heap has grown to this is replaced.
	workerIdleMemoryLimit: '512MB',
	// Timers and sockets that n8n-core leaves open would keep Jest from ending.
	forceExit: true,
	projects: [
		{ ...common, displayName: 'n8n 2.41', testMatch: onHosts },
		{
			...common,
			...onHost('n8n-core-1'),
			displayName: 'n8n 1.123',
			testMatch: onHosts,
		},
		{
			...common,
			displayName: 'rest',
			testMatch: ['<rootDir>/test/**/*.test.ts'],
			testPathIgnorePatterns: [
				'<rootDir>/test/engine/',
				'<rootDir>/test/providers/',
				'<rootDir>/test/credentials/',
				'<rootDir>/test/triggers/',
				'/node_modules/',
			],
		},
	],
};
