const [host] = require('../../jest.config.js').projects;

/** The engine's suites and those of the credentials, on one host line. */
module.exports = {
	...host,
	rootDir: '../..',
	roots: ['nodes', 'sandbox', 'test'].map((folder) => `<rootDir>/${folder}`),
	testMatch: ['credentials', 'engine'].map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
	// Says again, all at once, what the other suites say one by one.
	testPathIgnorePatterns: ['/node_modules/', '/test/engine/faultMatrix\\.test\\.ts$'],
	setupFilesAfterEnv: [require.resolve('./load.js')],
	testEnvironment: require.resolve('./environment.js'),
	runner: require.resolve('./runner.js'),
	testTimeout: 15_000,
	watchman: false,
};
