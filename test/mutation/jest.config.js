const [host] = require('../../jest.config.js').projects;

/** One host line, and the tests of what is changed: the engine's and the providers'. */
module.exports = {
	...host,
	rootDir: '../..',
	roots: ['nodes', 'sandbox', 'test'].map((folder) => `<rootDir>/${folder}`),
	testMatch: ['engine', 'providers'].map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
	testPathIgnorePatterns: [
		'/node_modules/',
		// Hundreds of cases that say again, all at once, what the others say one by one.
		'/test/engine/(faultBatches|faultMatrix)\\.test\\.ts$',
		'/test/providers/contract\\.test\\.ts$',
		// They wait for half a minute and more, as an undetected change would have to.
		'/test/providers/(funnelFox|reditus|smokeball)/doubt\\.test\\.ts$',
		'/test/providers/firstPromoter/writes\\.test\\.ts$',
	],
	setupFilesAfterEnv: [require.resolve('./load.js')],
	testEnvironment: require.resolve('./environment.js'),
	runner: require.resolve('./runner.js'),
	testTimeout: 15_000,
	watchman: false,
};
