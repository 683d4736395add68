import path from 'node:path';
import { cacheFolder } from '../../host/paths';

/** The home of the n8n that all files use. */
export const userFolder = path.join(cacheFolder, 'n8n', 'browser');

/** Where the set-up has put things. The environment is what it shares with the test files. */
export const places = {
	get editor() {
		return process.env.BROWSER_TEST_EDITOR ?? '';
	},
	set editor(url) {
		process.env.BROWSER_TEST_EDITOR = url;
	},
	get sandbox() {
		return process.env.BROWSER_TEST_SANDBOX ?? '';
	},
	set sandbox(url) {
		process.env.BROWSER_TEST_SANDBOX = url;
	},
};

/** What the set-up started and the tear-down has to end. */
export const running: Array<() => Promise<void>> = [];
