/** Before its first test: what runs as a module is loaded belongs to all tests, and not to the first alone. */
beforeAll(async () => {
	if (globalThis.usesHost) await require('../host/harness').load();
});
