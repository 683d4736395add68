/** Loads the package before the first test: Stryker counts code that runs at loading for all tests of the file. */
beforeAll(async () => {
	if (globalThis.usesN8n) await require('../host/harness').load();
});
