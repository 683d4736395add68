const Environment = require('../environment/environment.js');

const isMutated = () => process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined;

/** With a mutant, the tests after the first failure are skipped: the mutant is killed. */
module.exports = class extends Environment {
	hasFailed = false;

	async handleTestEvent({ name, test }) {
		if (name === 'test_start' && this.hasFailed && isMutated()) test.mode = 'skip';
		if (name === 'test_done' && test.errors.length > 0) this.hasFailed = true;
	}
};
