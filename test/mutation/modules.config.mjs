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
	// A module's constants are tried by all tests of every suite; the second pass does that.
	ignoreStatic: true,
	// A core each: these suites wait for nothing.
	concurrency: 2,
	maxTestRunnerReuse: 200,
	timeoutMS: 8_000,
	reporters: ['progress-append-only'],
	thresholds: { ...all.thresholds, break: null },
};
