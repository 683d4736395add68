const { types } = require('node:util');
const { TestEnvironment } = require('jest-environment-node');
const n8nPackages = require('./n8nPackages.js');

/**
 * Each test file has a realm with its own built-in classes, and the shared packages have those of
 * the worker. `instanceof` has to hold across the two, as in n8n, where there is only one.
 */
const isOfAnyRealm = {
	Date: types.isDate,
	Error: types.isNativeError,
	Map: types.isMap,
	Promise: types.isPromise,
	RegExp: types.isRegExp,
	Set: types.isSet,
};

function acceptAnyRealm(global) {
	for (const [name, isInstance] of Object.entries(isOfAnyRealm)) {
		const builtIn = global[name];
		Object.defineProperty(builtIn, Symbol.hasInstance, {
			configurable: true,
			value(value) {
				if (this === builtIn) return isInstance(value);
				return Function.prototype[Symbol.hasInstance].call(this, value);
			},
		});
	}
}

acceptAnyRealm(globalThis);

/**
 * Node's environment, in which `n8n-core` and `n8n-workflow` are the worker's shared copies. All
 * other modules, the built package included, are loaded anew for each test file.
 */
module.exports = class extends TestEnvironment {
	constructor(config, context) {
		super(config, context);
		const { n8nCore = 'n8n-core' } = config.projectConfig.testEnvironmentOptions;
		acceptAnyRealm(this.global);
		Object.defineProperty(this.global, 'n8nPackages', {
			configurable: true,
			// Only a test file that imports them has them loaded.
			get: () => n8nPackages.packagesOf(n8nCore),
		});
		this.global.loadClassesWith = n8nPackages.loadClassesWith;
		Object.defineProperty(this.global, 'apiDescriptions', {
			configurable: true,
			get: () => require('./descriptions.js'),
		});
	}

	async teardown() {
		n8nPackages.loadClassesWith(undefined);
		await super.teardown();
	}
};
