import path from 'node:path';
import { cacheFolder } from '../../host/paths';

/** Home of the n8n that all test files use. */
export const userFolder = path.join(cacheFolder, 'n8n', 'browser');

/** Addresses and paths of the set-up, which it passes to the test files by the environment. */
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
	/** Folder of the browser's profile, which all files share. */
	get profile() {
		return process.env.BROWSER_TEST_PROFILE ?? '';
	},
	set profile(folder) {
		process.env.BROWSER_TEST_PROFILE = folder;
	},
};

/** Processes that the tear-down ends. */
export const running: Array<() => Promise<void>> = [];
