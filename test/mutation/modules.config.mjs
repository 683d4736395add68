import all from './stryker.config.mjs';

/**
 * The first pass: the suites of single modules. They notice most changes within a second; what they
 * do not notice, the second pass (`stryker.config.mjs`) tries with all suites, by the same notes.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	...all,
	jest: { ...all.jest, configFile: 'test/mutation/modules.jest.config.js' },
	// A core each: these suites wait for nothing.
	concurrency: 2,
	// A change of a module's constants runs all suites, and each leaves something behind.
	maxTestRunnerReuse: 50,
	timeoutMS: 8_000,
	reporters: ['progress-append-only'],
	thresholds: { ...all.thresholds, break: null },
};
