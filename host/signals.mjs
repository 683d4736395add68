const everySoOften = 500;

/**
 * @returns what is aborted when somebody asks this process to end; the reason is the signal's name.
 *   Under npm that is also when the shell between them is gone: npm tells the shell alone.
 */
export function onSignal() {
	const controller = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.on(name, () => controller.abort(name));
	}
	if (process.env.npm_lifecycle_event !== undefined) {
		const parent = process.ppid;
		setInterval(() => {
			if (process.ppid !== parent) controller.abort('SIGTERM');
		}, everySoOften).unref();
	}
	return controller.signal;
}
