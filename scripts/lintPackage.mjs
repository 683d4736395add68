/**
 * `npm run lint:package`: what n8n checks of a package before it verifies it, on the source and on
 * the tarball as it would be published. With n8n's newest rules, with the scanner that n8n runs
 * itself, and with the rules that are to come. Warnings count, too. Another repository can be named
 * by its folder.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { ESLint } from 'eslint';
import { byKind, shipped } from '../eslint.rules.mjs';
import { comingRules } from './comingRules.js';

const own = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const repository = path.resolve(process.argv[2] ?? own);
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

/** Prints what there is to say. @returns whether there was nothing */
function tell(title, findings) {
	console.log(`${title}: ${findings === '' ? 'nothing to say' : `\n${findings}`}`);
	return findings === '';
}

async function lint(cwd, patterns) {
	const overrideConfig = [shipped, byKind].flat();
	const eslint = new ESLint({ cwd, overrideConfigFile: true, overrideConfig });
	const results = await eslint.lintFiles(patterns);
	const isBroken = results.some(({ errorCount, warningCount }) => errorCount + warningCount > 0);
	return isBroken ? await (await eslint.loadFormatter('stylish')).format(results) : '';
}

async function scan(folder, patterns) {
	const { passed, message, details } = await analyzePackage(folder, patterns);
	// It passes a folder in which it finds nothing to look at, and says so.
	return passed && message === undefined ? '' : `${message}\n${details ?? ''}`;
}

if (!fs.existsSync(path.join(repository, 'dist', 'nodes'))) {
	console.error(
		'There is no build to look at. Run npm run build, then npm run lint:package again.',
	);
	process.exitCode = 1;
} else {
	const tarball = unpacked();
	const isGood = [
		tell("Source, n8n's coming rules", comingRules(repository).join('\n')),
		tell('Source, newest rules', await lint(repository, SOURCE_FILE_PATTERNS)),
		tell("Source, n8n's scanner", await scan(repository, SOURCE_FILE_PATTERNS)),
		tell('Tarball, newest rules', await lint(tarball, ['package.json', '**/*.js'])),
		tell("Tarball, n8n's scanner", await scan(tarball)),
	];
	if (isGood.includes(false)) process.exitCode = 1;
}
