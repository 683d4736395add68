/** n8n's packages, loaded once for all test files of a process; each file's own copies of them would stay in memory. */
process.env.N8N_ENCRYPTION_KEY = 'a-key-for-tests-only';
process.env.N8N_LOG_LEVEL = 'silent';
process.env.NODE_ENV = 'test';
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
process.env.N8N_USER_FOLDER ??= mkdtempSync(join(tmpdir(), 'n8n-'));
require('reflect-metadata');
const core = require('n8n-core');
const workflow = require('n8n-workflow');
const loading = require('n8n-core/dist/nodes-loader/load-class-in-isolation');

let load;
/** The classes of our package are those of the test file that runs. */
loading.loadClassInIsolation = (filePath, className) => new (load(filePath)[className])();

module.exports = { core, workflow, loadBy: (require) => (load = require) };
