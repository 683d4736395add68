import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('a part of queue mode that cannot be started is named, with what to do', () => {
	const script =
		"require('./host/parts').startRedis().catch(({ message }) => console.log(message))";
	// In a process of its own, to which nothing is installed.
	const { stdout } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], {
		cwd: join(__dirname, '../..'),
		env: { PATH: '' },
		encoding: 'utf8',
	});
	expect(stdout).toBe(
		'Redis could not be started: spawn redis-server ENOENT. Install redis-server (apt-get install redis-server).\n',
	);
});
