/** Stands for `n8n-core` in the test files. */
const { core } = globalThis.n8nPackages;
globalThis.loadClassesWith(require);
globalThis.usesN8n = true;
module.exports = core;
