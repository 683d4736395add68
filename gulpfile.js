const { execFileSync } = require('node:child_process');
const { readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { dest, parallel, series, src } = require('gulp');

/** Every build starts from nothing, so that dist holds only what ships. */
async function clean() {
	rmSync('dist', { recursive: true, force: true });
}

/** TypeScript 7, which takes one second in place of ten, no longer knows the tsconfig's module resolution. */
async function compile() {
	const tsc = join(dirname(require.resolve('typescript-7/package.json')), 'bin', 'tsc');
	const options = ['-p', 'tsconfig.json', '--moduleResolution', 'bundler'];
	execFileSync(process.execPath, [tsc, ...options], { stdio: 'inherit' });
}

function assets() {
	const files = ['nodes/**/*.{svg,png,json}', 'credentials/**/*.{svg,png}'];
	return src(files, { base: '.', encoding: false }).pipe(dest('dist'));
}

const filesBelow = (folder, ending) =>
	readdirSync(folder, { recursive: true })
		.map((file) => join(folder, String(file)))
		.filter((file) => file.endsWith(ending))
		.map((file) => `dist/${file.replaceAll('\\', '/').replace(/\.ts$/, '.js')}`)
		.sort();

/** Writes the lists of nodes and credentials into package.json from the folders. */
async function manifest() {
	const before = readFileSync('package.json', 'utf8');
	const description = JSON.parse(before);
	description.n8n.credentials = filesBelow('credentials', '.credentials.ts');
	description.n8n.nodes = filesBelow('nodes', '.node.ts');
	const after = `${JSON.stringify(description, null, '\t')}\n`;
	if (after !== before) writeFileSync('package.json', after);
}

exports.assets = assets;
exports.manifest = manifest;
exports.build = series(clean, manifest, parallel(compile, assets));
exports.default = exports.build;
