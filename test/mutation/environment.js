const { TestEnvironment } = require('jest-environment-node');
const host = require('./host.js');

const isChanged = () => process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined;

/**
 * Without a change one test at a time, so that it is known which code each comes by. With one, none
 * after the first that fails: it has noticed.
 */
module.exports = class extends TestEnvironment {
	noticed = false;

	constructor(...its) {
		super(...its);
		this.global.host = host;
	}

	async handleTestEvent({ name, runtimeGlobals, test }) {
		if (name === 'setup' && !isChanged()) {
			for (const one of [runtimeGlobals.test, runtimeGlobals.it]) one.concurrent = one;
		}
		if (name === 'test_start' && this.noticed && isChanged()) test.mode = 'skip';
		if (name === 'test_done' && test.errors.length > 0) this.noticed = true;
	}
};
