/**
 * `npm run mirrors`: writes a repository per provider into .cache/mirrors, each with a package that n8n
 * can verify.
 */
import path from 'node:path';
import { writeMirrors } from './write';

const root = path.resolve(__dirname, '../..');

writeMirrors(root, path.join(root, '.cache/mirrors')).then(
	(mirrors) => {
		for (const { packageName, folder } of mirrors) {
			process.stdout.write(`${packageName} stands in ${path.relative(root, folder)}\n`);
		}
	},
	(reason: Error) => {
		process.stderr.write(`The mirrors could not be written. ${reason.message}\n`);
		process.exitCode = 1;
	},
);
