const moduleSuites = require('../environment/moduleSuites.js');
const { testMatch: _, testPathIgnorePatterns: __, ...all } = require('./jest.config.js');

/** The suites of single modules only: quick, because they run nothing in n8n. */
module.exports = {
	...all,
	// The longest takes less than a second.
	testTimeout: 3_000,
	testRegex: moduleSuites,
};
