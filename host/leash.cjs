/**
 * Loaded into n8n and npm before their own code (`node -r`). Their standard input is a pipe whose
 * other end only the process that started them holds: when that one is gone, however it went, they
 * end too, with what they have started themselves.
 */
const { isMainThread } = require('node:worker_threads');

const patience = 10_000;

function endGroup(signal) {
	for (const pid of [-process.pid, process.pid]) {
		try {
			process.kill(pid, signal);
		} catch {
			// Windows knows no groups, and a copy of n8n's own making leads none.
		}
	}
}

if (isMainThread) {
	process.stdin.resume();
	process.stdin.once('close', () => {
		setTimeout(() => endGroup('SIGKILL'), patience);
		endGroup('SIGTERM');
	});
	process.stdin.unref();
}
