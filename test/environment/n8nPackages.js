/**
 * n8n's packages, loaded outside Jest's module registry: once per worker and host line instead of
 * once per test file. Each test file's own copy would cost about two seconds and stay in memory,
 * because n8n-core leaves timers and listeners behind.
 */
const { mkdtempSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');

const loaded = new Map();

/** The `require` of the test file that runs; it loads the built package for this file alone. */
let requireOfTestFile;

/** n8n-workflow's own gives up after 250 ms of real time, which a busy machine may take to resume a process. */
const regexWithoutTimeout = {
	exec: (pattern, input, flags) => new RegExp(pattern, flags).exec(input),
	test: (pattern, input, flags) => new RegExp(pattern, flags).test(input),
	replace: (pattern, input, flags, replacement) =>
		input.replace(new RegExp(pattern, flags), replacement),
	matchAll: (pattern, input, flags = '') => [
		...input.matchAll(new RegExp(pattern, flags.includes('g') ? flags : `${flags}g`)),
	],
	split: (pattern, input, flags) => input.split(new RegExp(pattern, flags)),
};

/** Counts the requests of n8n's HTTP client, so that virtual time can tell when nothing else goes on. */
function trafficOf({ interceptors }) {
	const traffic = (interceptors.traffic ??= { inFlight: 0, events: 0 });
	if (traffic.events > 0) return traffic;
	const count = (change) => {
		traffic.inFlight += change;
		traffic.events++;
	};
	count(0);
	interceptors.request.use((request) => (count(1), request));
	interceptors.response.use(
		(response) => (count(-1), response),
		async (error) => {
			count(-1);
			throw error;
		},
	);
	return traffic;
}

/** @param coreName `n8n-core`, or the name under which another host line is installed */
function loadPackages(coreName) {
	process.env.N8N_ENCRYPTION_KEY = 'a-key-for-tests-only';
	process.env.N8N_LOG_LEVEL = 'silent';
	process.env.N8N_USER_FOLDER ??= mkdtempSync(join(tmpdir(), 'n8n-'));
	require('reflect-metadata');
	const core = require(coreName);
	// The n8n-workflow that this n8n-core uses; another copy would have error classes of its own.
	const requireOfCore = createRequire(require.resolve(coreName));
	const workflow = requireOfCore('n8n-workflow');
	const folder = dirname(require.resolve(coreName));
	const isolation = require(join(folder, 'nodes-loader', 'load-class-in-isolation'));
	isolation.loadClassInIsolation = (file, className) => new (requireOfTestFile(file)[className])();
	workflow.setSafeRegexEngine?.(regexWithoutTimeout);
	return { core, workflow, traffic: trafficOf(requireOfCore('axios')) };
}

module.exports = {
	/** @returns `core` and `workflow` of a host line */
	packagesOf(coreName) {
		if (!loaded.has(coreName)) loaded.set(coreName, loadPackages(coreName));
		return loaded.get(coreName);
	},
	/** Sets how n8n-core loads the classes of the built package. */
	loadClassesWith(requireOfFile) {
		requireOfTestFile = requireOfFile;
	},
};
