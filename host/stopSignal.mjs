const parentCheckMs = 500;

/**
 * @returns an AbortSignal that Ctrl-C, SIGTERM and SIGHUP abort; its reason is the signal's name.
 *   Under npm, the end of the shell between npm and this process aborts it, too, because npm passes
 *   a signal to that shell only.
 */
export function onStopSignal() {
	const controller = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.on(name, () => controller.abort(name));
	}
	if (process.env.npm_lifecycle_event !== undefined) {
		const parent = process.ppid;
		setInterval(() => {
			if (process.ppid !== parent) controller.abort('SIGTERM');
		}, parentCheckMs).unref();
	}
	return controller.signal;
}
