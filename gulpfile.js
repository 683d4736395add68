const { execFileSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
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
	if (from === -1 || to === -1) throw new Error(`There is no ${start} … ${end}`);
	return `${text.slice(0, from + start.length)}\n\n${inside}\n\n${text.slice(to)}`;
};

/** The operations table, from the same data that n8n shows. Needs a build. */
function operations() {
	const folders = readdirSync('dist/nodes')
		.filter((folder) => folder !== 'shared')
		.sort();
	const rows = folders
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
		...folders.flatMap(triggerRow),
	].join('\n');
}

function triggerRow(folder) {
	const file = `./dist/nodes/${folder}/${folder}Trigger.node.js`;
	if (!existsSync(file)) return [];
	const { displayName, name, description } = new (require(file)[`${folder}Trigger`])().description;
	const anchor = displayName.toLowerCase().replace(' ', '-');
	return `| [${displayName}](docs/triggers.md#${anchor}) |  | Trigger (\`${name}\`) | ${description} |  |`;
}

/** What an answer and the record together come to, from the table that the engine goes by. Needs a build. */
function settled() {
	const { table } = require('./dist/nodes/shared/item/settle.js');
	const said = { done: 'it was done', no: 'no', doubt: 'nothing clear' };
	const shown = {
		done: 'it is over',
		open: 'unchanged',
		lags: 'unchanged, but a change may show later',
		missing: 'no such record',
		unread: 'cannot be read',
	};
	const comes = {
		verified: 'a success, `verified`',
		nothingLeft: '`alreadyCancelled`',
		asSaid: 'the answer stands',
		notFound: '`notFound`',
		notCancellable: '`notCancellable`',
		unknown: '`unknown`',
		again: 'sent again while tries are left, then `failed`',
	};
	const rows = table.map(
		(row) =>
			`| ${said[row.said]} | ${row.doubted ? 'yes' : 'no'} | ${shown[row.shown]} | ${comes[row.settled]} |`,
	);
	return [
		'| the answer says | a try was in doubt | the record then shows | it comes out as |',
		'| --- | --- | --- | --- |',
		...rows,
	].join('\n');
}

function rewrite(file, marker, inside) {
	const before = readFileSync(file, 'utf8');
	const after = between(before, marker, inside);
	if (after !== before) writeFileSync(file, after);
}

/** Writes the generated parts of the pages. */
async function readme() {
	rewrite('README.md', 'operations', operations());
	rewrite('docs/safety.md', 'settle', settled());
}

exports.operations = operations;
exports.settled = settled;
exports.assets = assets;
exports.manifest = manifest;
exports.build = series(clean, manifest, parallel(compile, assets));
exports.readme = series(exports.build, readme);
exports.default = exports.build;
