/**
 * `npm run lint:package`: what n8n checks of a package before it verifies it, on the source and on
 * the tarball as it would be published. Warnings count, too.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { byKind, shipped } from '../eslint.rules.mjs';

const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const work = path.join(repository, '.cache', 'lint-package');

/** Packs what is built and unpacks it. @returns the folder */
function unpacked() {
	fs.rmSync(work, { recursive: true, force: true });
	const folder = path.join(work, 'package');
	fs.mkdirSync(folder, { recursive: true });
	const pack = ['pack', repository, '--pack-destination', work, '--ignore-scripts', '--silent'];
	execFileSync('npm', pack, { shell: process.platform === 'win32' });
	const [tarball] = fs.readdirSync(work).filter((name) => name.endsWith('.tgz'));
	execFileSync('tar', ['-xzf', tarball, '-C', 'package', '--strip-components=1'], { cwd: work });
	return folder;
}

/** @returns how many rules are broken in these files of the folder, after printing them */
async function lint(title, cwd, patterns) {
	const eslint = new ESLint({
		cwd,
		overrideConfigFile: true,
		overrideConfig: [...shipped, ...byKind].flat(),
		allowInlineConfig: false,
	});
	const results = await eslint.lintFiles(patterns);
	const broken = results.reduce((sum, one) => sum + one.errorCount + one.warningCount, 0);
	console.log(`${title}: ${results.length} files, ${broken === 0 ? 'nothing to say' : broken}`);
	if (broken > 0) console.log(await (await eslint.loadFormatter('stylish')).format(results));
	return broken;
}

if (!fs.existsSync(path.join(repository, 'dist', 'nodes'))) {
	console.error(
		'There is no build to look at. Run npm run build, then npm run lint:package again.',
	);
	process.exitCode = 1;
} else {
	const source = ['package.json', '{nodes,credentials}/**/*.{js,ts,json}'];
	const broken =
		(await lint('Source', repository, source)) +
		(await lint('Tarball', unpacked(), ['package.json', '**/*.js']));
	if (broken > 0) process.exitCode = 1;
}
