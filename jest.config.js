const moduleSuites = require('./test/environment/moduleSuites.js');

const transform = {
	'^.+\\.ts$': [
		'@swc/jest',
		{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: true },
	],
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

/**
 * Suites of what values and responses mean to the engine, and of what it does with them. What differs between
 * the host lines, how n8n reads parameters, signs and sends a request, each provider's other suites and the
 * contract run on both.
 */
const ofMeaning = [
	'/test/engine/(faultMatrix|guards|idempotency|inputValidation|outcomeAccuracy|providerTexts|targetSearch)\\.test\\.ts$',
	'/test/providers/(assumptions|billing|ownErrors)\\.test\\.ts$',
	'/test/providers/[^/]+/(doubt|eventId|find|guards|reads|repeated|responses)\\.test\\.ts$',
	'/test/providers/[^/]+/(bodyTemplate|dotPath|headers|pathTemplate|signIn)\\.test\\.ts$',
	'/test/providers/(chargebee|httpCancellation|paddle|recurly|reditus)/sandbox\\.test\\.ts$',
	// FirstPromoter's, and signedWebhooks, run on both.
	'/test/triggers/(chargebee|paddle|stripe)Webhook\\.test\\.ts$',
	'/test/triggers/(burst|notLost|ownEnds|pendingEnds|recipes|secrets|signature)\\.test\\.ts$',
];

/** @type {import('jest').Config} */
module.exports = {
	testTimeout: 60_000,
	maxConcurrency: 20,
	// Tests skip their waits, so that each worker keeps a core busy.
	maxWorkers: '100%',
	testSequencer: '<rootDir>/test/environment/sequencer.js',
	// A worker whose heap has grown to this is replaced.
	workerIdleMemoryLimit: '1GB',
	// Timers and sockets that n8n-core leaves open would keep Jest from ending.
	forceExit: true,
	projects: [
		{ ...common, displayName: 'n8n 2.41', testMatch: onHosts },
		{
			...common,
			...onHost('n8n-core-1'),
			displayName: 'n8n 1.123',
			testMatch: onHosts,
			testPathIgnorePatterns: ['/node_modules/', ...ofMeaning, ...moduleSuites],
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
