const { core, loadBy } = globalThis.host;
loadBy(require);
globalThis.usesHost = true;
module.exports = core;
