import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('an error names the server that does not start, with what to do', () => {
	const script =
		"require('./host/queueServers').startRedis().catch(({ message }) => console.log(message))";
	// In a process with an empty PATH.
	const { stdout } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], {
		cwd: join(__dirname, '../..'),
		env: { PATH: '' },
		encoding: 'utf8',
	});
	expect(stdout).toBe(
		'Redis does not start: spawn redis-server ENOENT. Install redis-server (apt-get install redis-server).\n',
	);
});
