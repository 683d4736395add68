const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { default: TestRunner } = require('jest-runner');

const notes = '.cache/tests.json';
/** It noticed the last change, and so may well notice one beside it. */
let keen;

/**
 * Runs the files that hold a test in question, the quickest first, and none after the first that fails.
 * The one that noticed the change before this one may take longer and is still an early one.
 * Which tests a file holds and how long it takes is noted in the run without a change.
 */
module.exports = class extends TestRunner {
	async runTests(tests, watcher, options) {
		const changed = process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined;
		const known = existsSync(notes) ? JSON.parse(readFileSync(notes, 'utf8')) : {};
		let noticed = false;
		this.on('test-file-failure', () => (noticed = true));
		this.on('test-file-success', ([{ path }, { numFailingTests, perfStats, testResults }]) => {
			if (numFailingTests > 0) [noticed, keen] = [true, path];
			const names = testResults.map(({ fullName }) => fullName);
			known[path] = { ms: perfStats.end - perfStats.start, names };
		});

		const wanted = new RegExp(this._globalConfig.testNamePattern ?? '');
		const ms = ({ path }) => (known[path]?.ms ?? 0) / (path === keen ? 8 : 1);
		const inQuestion = tests
			.filter(({ path }) => !changed || known[path]?.names.some((name) => wanted.test(name)))
			.sort((one, other) => ms(one) - ms(other));
		for (const test of inQuestion) {
			if (!noticed || !changed) await super.runTests([test], watcher, options);
		}
		if (changed) return;
		mkdirSync(dirname(notes), { recursive: true });
		writeFileSync(notes, JSON.stringify(known));
	}
};
