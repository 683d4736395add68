/** A test that holds the clock holds what sleeps. */
const sleep = async (ms) => await new Promise((done) => setTimeout(done, ms));
module.exports = { ...globalThis.host.workflow, sleep };
