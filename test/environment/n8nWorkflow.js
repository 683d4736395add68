/** Stands for `n8n-workflow` in the test files and the built package. */
const { workflow } = globalThis.n8nPackages;
/** Uses the test file's timers, so that Jest's fake timers control it. */
const sleep = async (ms) => await new Promise((resolve) => setTimeout(resolve, ms));
module.exports = { ...workflow, sleep };
