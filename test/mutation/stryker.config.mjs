const place = '.cache/mutation';

/**
 * Would a test notice? Changes the engine in one place after the other and runs the tests that come by.
 * The tests load dist/, so the changed sources are compiled into it, once for all changes.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	mutate: ['http', 'input', 'lookup', 'model', 'run', 'write'].map(
		(folder) => `nodes/shared/${folder}/**/*.ts`,
	),
	ignorePatterns: ['/.cache', '/dist', '/bench'],
	disableTypeChecks: 'nodes/shared/**/*.ts',
	buildCommand: 'npx gulp build',
	testRunner: 'jest',
	coverageAnalysis: 'perTest',
	jest: {
		configFile: 'test/mutation/jest.config.js',
		enableFindRelatedTests: false,
	},
	// Some of a test is waiting for an answer, so there are more than one for a core.
	concurrency: 3,
	dryRunTimeoutMinutes: 20,
	// What n8n-core leaves behind of every file adds up in a process.
	maxTestRunnerReuse: 25,
	timeoutMS: 15_000,
	incremental: true,
	incrementalFile: `${place}/incremental.json`,
	tempDirName: `${place}/sandbox`,
	reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	htmlReporter: { fileName: `${place}/report.html` },
	jsonReporter: { fileName: `${place}/report.json` },
	thresholds: { high: 97, low: 95, break: 97 },
};
