const { execFileSync } = require('node:child_process');
const { readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { dest, parallel, series, src } = require('gulp');

/** Every build starts from nothing, so that dist holds only what ships. */
async function clean() {
	rmSync('dist', { recursive: true, force: true });
}

async function compile() {
	const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
	execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });
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

const between = (text, marker, inside) => {
	const [start, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
	const [from, to] = [text.indexOf(start), text.indexOf(end)];
	if (from === -1 || to === -1) throw new Error(`README.md has no ${start} … ${end}`);
	return `${text.slice(0, from + start.length)}\n\n${inside}\n\n${text.slice(to)}`;
};

/** The operations table, from the same data that n8n shows. Needs a build. */
function operations() {
	const rows = readdirSync('dist/nodes')
		.filter((folder) => folder !== 'shared')
		.sort()
		.flatMap((folder) => Object.values(require(`./dist/nodes/${folder}/provider.js`)))
		.filter((one) => one && one.operations)
		.flatMap(({ displayName, resource, operations: all, name }) =>
			Object.entries(all).map(
				([value, { name: label, description, effect }]) =>
					`| [${displayName}](docs/${name.toLowerCase()}.md) | ${resource.name} | ${label} (\`${value}\`) | ${description} | ${effect === 'read' ? '' : 'yes'} |`,
			),
		);
	return [
		'| node | resource | operation | what it does | dry run |',
		'| --- | --- | --- | --- | --- |',
		...rows,
	].join('\n');
}

/** Writes the generated parts of README.md. */
async function readme() {
	const before = readFileSync('README.md', 'utf8');
	const after = between(before, 'operations', operations());
	if (after !== before) writeFileSync('README.md', after);
}

exports.operations = operations;
exports.assets = assets;
exports.manifest = manifest;
exports.build = series(clean, manifest, parallel(compile, assets));
exports.readme = series(exports.build, readme);
exports.default = exports.build;
