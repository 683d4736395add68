import path from 'node:path';
import { cacheFolder } from '../../host/paths';

/** The n8n home that every test file with an n8n of its own copies. */
export const templateFolder = path.join(
	cacheFolder,
	'n8n',
	`e2e-template-${process.env.CANCELLATIONS_E2E_HOME ?? 'all'}`,
);

/** The home of the n8n that the other test files share. */
export const sharedFolder = path.join(cacheFolder, 'n8n', 'e2e-shared');

/** What the set-up passes to the test files by the environment. */
export const places = {
	/** The port of every test file's sandbox, which the credentials in the homes name. */
	get sandboxPort() {
		return Number(process.env.E2E_TEST_SANDBOX_PORT);
	},
	set sandboxPort(port) {
		process.env.E2E_TEST_SANDBOX_PORT = String(port);
	},
	/** The address of the shared n8n. */
	get sharedN8n() {
		return process.env.E2E_TEST_N8N ?? '';
	},
	set sharedN8n(url) {
		process.env.E2E_TEST_N8N = url;
	},
};
