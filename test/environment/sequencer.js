const Sequencer = require('@jest/test-sequencer').default;

/** Suites that take the longest: begun last, they would keep one core busy while the others wait. */
const longest =
	/test\/(simulation|triggers\/burst|engine\/(faultMatrix|inputValidation)|providers\/contract)/;

/** Where Jest does not know yet how long each suite takes, it goes by the size of its file. */
module.exports = class extends Sequencer {
	sort(tests) {
		const sorted = super.sort(tests);
		const isLong = ({ path }) => longest.test(path);
		return [...sorted.filter(isLong), ...sorted.filter((one) => !isLong(one))];
	}
};
