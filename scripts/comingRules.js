/**
 * Rules that n8n's verification will apply and its published ESLint plugin (0.32.0) lacks. They are
 * on the plugin's main branch since September 2026; this file goes when a release has them.
 */
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const categories = [
	'Data & Storage',
	'Finance & Accounting',
	'Marketing & Content',
	'Productivity',
	'Miscellaneous',
	'Sales',
	'Development',
	'Analytics',
	'Communication',
	'Utility',
];

/** Concatenated, so that this file does not match itself. */
const switches = new RegExp(
	[
		'eslint-' + '(?:disable|enable)',
		'@ts-' + '(?:ignore|expect-error|nocheck)',
		'prettier-' + 'ignore',
	].join('|'),
);
const fixedId =
	/\b(?:partner|affiliate|reseller|account|tenant|customer|client)[_-]?id['"]?\s*[:=]\s*['"`][^'"`=]/i;

/**
 * Checks a repository that has been built.
 * @param {string} root its folder
 * @returns {string[]} the violations, one sentence each
 */
exports.comingRules = (root) => {
	const text = (file) => readFileSync(path.join(root, file), 'utf8');
	const files = filesOf(root);
	const manifest = JSON.parse(text('package.json'));
	const built = (file) => new (Object.values(require(path.join(root, file)))[0])();
	const nodes = manifest.n8n.nodes.map((file) => ({
		folder: path.dirname(file),
		codex: file.replace(/^dist\//, '').replace(/\.js$/, '.json'),
		...built(file).description,
	}));
	const credentials = manifest.n8n.credentials.map(built);
	return [
		...aboutRepository(files, manifest, text),
		...nodes.flatMap((node) => [...aboutCredentials(node), ...aboutCodex(node, files, text)]),
		...sharedCredentials(nodes),
		...[...nodes, ...credentials].flatMap(aboutProperties),
		...files
			.filter((file) => /^nodes\/.*\.svg$/.test(file))
			.flatMap((file) => aboutIcon(file, text(file))),
	];
};

const notPublished = new Set(['.git', '.cache', 'coverage', 'dist', 'node_modules']);

/** The repository's files: what git lists, or every file where the folder is no git repository. */
function filesOf(root) {
	const git = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], {
		cwd: root,
		encoding: 'utf8',
		maxBuffer: 2 ** 26,
	});
	if (git.status === 0) {
		return git.stdout
			.split('\n')
			.filter((file) => file !== '' && existsSync(path.join(root, file)));
	}
	const below = (folder) =>
		readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
			const file = path.posix.join(folder, entry.name);
			if (notPublished.has(entry.name)) return [];
			return entry.isDirectory() ? below(file) : [file];
		});
	return below('');
}

function aboutRepository(files, manifest, text) {
	const others = files.filter(
		(file) => path.basename(file) === 'package.json' && file !== 'package.json',
	);
	const isMit = manifest.license === 'MIT' && /^MIT License/.test(text('LICENSE'));
	return [
		...others.map((file) => `${file} is a second package.json`),
		...(manifest.repository.directory === undefined
			? []
			: ['package.json says that it is one package of several: repository.directory']),
		...(isMit ? [] : ['The license is not MIT']),
		...files
			.filter((file) => /\.[cm]?[jt]s$/.test(file) && switches.test(text(file)))
			.map((file) => `${file} switches a check off`),
		...files
			.filter((file) => /^(?:nodes|credentials)\/.*\.ts$/.test(file) && fixedId.test(text(file)))
			.map((file) => `${file} has a fixed partner or account ID`),
	];
}

/** A node may use one credential at a time, so a single-value property must distinguish each pair. */
function aboutCredentials({ name, credentials = [], properties }) {
	const severalAtOnce = properties
		.filter(({ type }) => type === 'multiOptions')
		.map((property) => property.name);
	const isTold = (one, other) =>
		Object.entries(one.displayOptions?.show ?? {}).some(([property, values]) => {
			const otherValues = other.displayOptions?.show?.[property];
			return (
				!severalAtOnce.includes(property) &&
				otherValues?.every((value) => !values.includes(value)) === true
			);
		});
	return credentials.flatMap((one, index) =>
		credentials
			.slice(index + 1)
			.filter((other) => !isTold(one, other))
			.map((other) => `The node ${name} may use ${one.name} and ${other.name} at once`),
	);
}

/** A provider needs its own credentials to become a package of its own. */
function sharedCredentials(nodes) {
	const users = new Map();
	for (const { folder, credentials = [] } of nodes) {
		for (const { name } of credentials) {
			users.set(name, (users.get(name) ?? new Set()).add(path.basename(folder)));
		}
	}
	return [...users]
		.filter(([, folders]) => folders.size > 1)
		.map(([name, folders]) => `The credential ${name} is shared by ${[...folders].join(' and ')}`);
}

function aboutCodex({ name, codex: file }, files, text) {
	if (!files.includes(file)) return [`The node ${name} has no codex ${file}`];
	const codex = JSON.parse(text(file));
	const given = codex.categories ?? [];
	return [
		...(given.length > 0 ? [] : [`${file} names no category`]),
		...given
			.filter((category) => !categories.includes(category))
			.map((category) => `${file}: n8n has no category "${category}" for services`),
		...('subcategories' in codex ? [`${file} names subcategories`] : []),
	];
}

function aboutProperties({ name, properties }) {
	return [
		...allOf(properties)
			.filter(({ hint }) => hint?.length > 120)
			.map(({ hint }) => `${name}: a hint has more than 120 characters: ${hint}`),
		...properties
			.filter(({ type, required }) => type === 'json' && required !== true)
			.map((property) => `${name}: ${property.name} takes any JSON and is not required`),
	];
}

/** Properties and their nested properties. */
function allOf(properties) {
	return properties.flatMap((property) => {
		const inside = (property.options ?? []).flatMap((option) =>
			'values' in option ? option.values : 'type' in option ? [option] : [],
		);
		return [property, ...allOf(inside)];
	});
}

/** The editor's canvas in n8n's two themes. */
const canvas = { light: '#ffffff', dark: '#2b2b2b' };

function aboutIcon(file, svg) {
	const [, tile] = /<rect[^>]* fill="(#\w+)"/.exec(svg) ?? [];
	const [, sign] = /<path[^>]* stroke="(#\w+)"/.exec(svg) ?? [];
	if (tile === undefined || sign === undefined) return [`${file} has no tile with a sign on it`];
	const theme = file.endsWith('.dark.svg') ? 'dark' : 'light';
	// WCAG 2.2, 1.4.11: contrast of graphics.
	return [
		...(contrast(tile, canvas[theme]) >= 3 ? [] : [`${file} does not stand out from the canvas`]),
		...(contrast(sign, tile) >= 3 ? [] : [`${file}: its sign does not stand out from its tile`]),
	];
}

/** Contrast ratio by WCAG 2.2, from 1 to 21. */
function contrast(one, other) {
	const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (bright + 0.05) / (dim + 0.05);
}

function luminance(colour) {
	const digits = colour.slice(1);
	const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
	const [red, green, blue] = [0, 2, 4].map((start) => {
		const share = parseInt(full.slice(start, start + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
