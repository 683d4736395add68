import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '..');

const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
	cwd: root,
	encoding: 'utf8',
}).split('\n');

test('the repository has one package.json', () => {
	expect(tracked.filter((file) => /(^|\/)package\.json$/.test(file))).toEqual(['package.json']);
});
