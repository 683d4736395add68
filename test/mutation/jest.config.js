const [host] = require('../../jest.config.js').projects;

/** One host line, and the tests of what is changed: the engine's and the providers'. */
module.exports = {
	...host,
	rootDir: '../..',
	roots: ['nodes', 'sandbox', 'test'].map((folder) => `<rootDir>/${folder}`),
	testMatch: ['engine', 'providers'].map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
	// Hundreds of cases that say again, all at once, what the others say one by one.
	testPathIgnorePatterns: ['/node_modules/', '/test/engine/(batches|matrix)\\.test\\.ts$'],
	testEnvironment: require.resolve('./environment.js'),
	runner: require.resolve('./runner.js'),
	testTimeout: 15_000,
	watchman: false,
};
