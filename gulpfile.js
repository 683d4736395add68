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
	if (from === -1 || to === -1) throw new Error(`There is no ${start} … ${end}`);
	return `${text.slice(0, from + start.length)}\n\n${inside}\n\n${text.slice(to)}`;
};

/** Every provider, by folder. Needs a build. */
const providers = () =>
	readdirSync('dist/nodes')
		.filter((folder) => folder !== 'shared')
		.sort()
		.flatMap((folder) => Object.values(require(`./dist/nodes/${folder}/provider.js`)))
		.filter((one) => one && one.operations);

const tableOf = (head, rows) => [head, head.replace(/[^|]+/g, ' --- '), ...rows].join('\n');

/** The operations table, from the same data that n8n shows. */
function operations() {
	const rows = providers().flatMap(({ displayName, resource, operations: all, name }) =>
		Object.entries(all).map(
			([value, { name: label, description, effect }]) =>
				`| [${displayName}](docs/${name.toLowerCase()}.md) | ${resource.name} | ${label} (\`${value}\`) | ${description} | ${effect === 'read' ? '' : 'yes'} |`,
		),
	);
	return tableOf('| node | resource | operation | what it does | dry run |', rows);
}

/** How long 100,000 requests take at each provider's pace. */
function paces() {
	const rows = providers()
		.map(({ displayName, limits: { requestsPerMinute } }) => ({ displayName, requestsPerMinute }))
		.sort((one, other) => other.requestsPerMinute - one.requestsPerMinute)
		.map(({ displayName, requestsPerMinute }) => {
			const hours = 100_000 / requestsPerMinute / 60;
			const long = hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`;
			return `| ${displayName} | ${requestsPerMinute} | ${long} |`;
		});
	return tableOf('| | requests per minute | 100,000 requests take |', rows);
}

/** What an answer and the record together come to, from the table that the engine goes by. */
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
	return tableOf(
		'| the answer says | a try was in doubt | the record then shows | it comes out as |',
		rows,
	);
}

/** The generated parts of the pages: file, marker, what stands there. */
const generated = () => [
	['README.md', 'operations', operations()],
	['docs/scale.md', 'paces', paces()],
	['docs/safety.md', 'settle', settled()],
];

async function readme() {
	for (const [file, marker, inside] of generated()) {
		const before = readFileSync(file, 'utf8');
		const after = between(before, marker, inside);
		if (after !== before) writeFileSync(file, after);
	}
}

exports.generated = generated;
exports.assets = assets;
exports.manifest = manifest;
exports.build = series(clean, manifest, parallel(compile, assets));
exports.readme = series(exports.build, readme);
exports.default = exports.build;
