// n8n reads the lists of nodes and credentials from package.json; there is nothing to load here.
module.exports = {};
