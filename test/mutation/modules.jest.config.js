const [newer, older] = require('../../jest.config.js').projects;
const { testMatch: _, testPathIgnorePatterns: __, ...all } = require('./jest.config.js');

/** The suites of single modules only: quick, because they run nothing in n8n. */
module.exports = {
	...all,
	displayName: newer.displayName,
	// The longest takes less than a second.
	testTimeout: 3_000,
	testRegex: older.testPathIgnorePatterns.filter((pattern) => pattern.startsWith('/test/engine/')),
};
