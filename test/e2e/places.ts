import path from 'node:path';
import { cacheFolder } from '../../host/paths';

/** The n8n home that every test file copies. */
export const templateFolder = path.join(
	cacheFolder,
	'n8n',
	`e2e-template-${process.env.CANCELLATIONS_E2E_HOME ?? 'all'}`,
);

/** What the set-up passes to the test files by the environment. */
export const places = {
	/** The port of every test file's sandbox, which the credentials in the template name. */
	get sandboxPort() {
		return Number(process.env.E2E_TEST_SANDBOX_PORT);
	},
	set sandboxPort(port) {
		process.env.E2E_TEST_SANDBOX_PORT = String(port);
	},
};
