const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const engine = join(__dirname, '../engine');
const runsNode = /from '(\.\.\/(host|providers|credentials)\/|\.\/funnelFoxNode|n8n-core)/;

/** Suites of single modules of the engine, as patterns of their paths: they run nothing in n8n, and so on the newer host line only. */
module.exports = (existsSync(engine) ? readdirSync(engine) : [])
	.filter((file) => file.endsWith('.test.ts'))
	.filter((file) => !runsNode.test(readFileSync(join(engine, file), 'utf8')))
	.map((file) => `/test/engine/${file.replaceAll('.', '\\.')}$`);
