/**
 * Loaded into n8n and npm before their own code (`node -r`). Their standard input is a pipe whose other
 * end only the parent process holds. When the parent ends, even by SIGKILL, the pipe closes, and this
 * process ends with all processes that it has started.
 */
const { isMainThread } = require('node:worker_threads');

const killDelayMs = 10_000;

function endGroup(signal) {
	for (const pid of [-process.pid, process.pid]) {
		try {
			process.kill(pid, signal);
		} catch {
			// Windows has no process groups, and a child process of n8n leads none.
		}
	}
}

if (isMainThread) {
	process.stdin.resume();
	process.stdin.once('close', () => {
		setTimeout(() => endGroup('SIGKILL'), killDelayMs);
		endGroup('SIGTERM');
	});
	process.stdin.unref();
}
