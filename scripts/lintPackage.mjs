/**
 * `npm run lint:package`: the checks of n8n's verification, on the source and on the tarball: the
 * newest rules of n8n's ESLint plugin, n8n's scanner, and the rules that n8n has announced. A warning
 * fails, too. The optional argument is the folder of another repository.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { comingRules } from './comingRules.js';

const own = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const repository = path.resolve(process.argv[2] ?? own);
const work = path.join(repository, '.cache', 'lint-package');

/** Packs the build and unpacks the tarball. @returns the folder */
function unpacked() {
	fs.rmSync(work, { recursive: true, force: true });
	const folder = path.join(work, 'package');
	fs.mkdirSync(folder, { recursive: true });
	const pack = [
		'pack',
		repository,
		'--pack-destination',
		work,
		'--ignore-scripts',
		'--loglevel=error',
	];
	execFileSync('npm', pack, { shell: process.platform === 'win32', stdio: 'pipe' });
	const [tarball] = fs.readdirSync(work).filter((name) => name.endsWith('.tgz'));
	execFileSync('tar', ['-xzf', tarball, '-C', 'package', '--strip-components=1'], { cwd: work });
	return folder;
}

/** Prints the findings of one check. @returns whether there are none */
function report(title, findings) {
	console.log(`${title}: ${findings === '' ? 'nothing found' : `\n${findings}`}`);
	return findings === '';
}

async function lint({ ESLint, byKind, shipped }, cwd, patterns) {
	const overrideConfig = [shipped, byKind].flat();
	const eslint = new ESLint({ cwd, overrideConfigFile: true, overrideConfig });
	const results = await eslint.lintFiles(patterns);
	const isBroken = results.some(({ errorCount, warningCount }) => errorCount + warningCount > 0);
	return isBroken ? await (await eslint.loadFormatter('stylish')).format(results) : '';
}

async function scan({ analyzePackage }, folder, patterns) {
	const { passed, message, details } = await analyzePackage(folder, patterns);
	// The scanner passes a folder in which it finds no files, with a message.
	return passed && message === undefined ? '' : `${message}\n${details ?? ''}`;
}

/** ESLint, n8n's rules and its scanner; they take seconds to load. */
const loadTools = async () => ({
	...(await import('@n8n/scan-community-package/scanner/scanner.mjs')),
	...(await import('eslint')),
	...(await import('../eslint.rules.mjs')),
});

/** @returns whether nothing was found */
async function checkAll() {
	if (!fs.existsSync(path.join(repository, 'dist', 'nodes'))) {
		throw new Error('there is no build. Run npm run build first');
	}
	const tarball = unpacked();
	const found = comingRules(repository).join('\n');
	const tools = await loadTools();
	const sources = tools.SOURCE_FILE_PATTERNS;
	const checks = [
		report("Source, n8n's coming rules", found),
		report('Source, newest rules', await lint(tools, repository, sources)),
		report("Source, n8n's scanner", await scan(tools, repository, sources)),
		report('Tarball, newest rules', await lint(tools, tarball, ['package.json', '**/*.js'])),
		report("Tarball, n8n's scanner", await scan(tools, tarball)),
	];
	return !checks.includes(false);
}

try {
	if (!(await checkAll())) process.exitCode = 1;
} catch ({ message }) {
	console.error(`${repository} could not be checked: ${message}`);
	process.exitCode = 1;
}
