/** `npm run readme`: writes the generated parts of the pages, from what is built, and of the workflows. */
const { existsSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { writeVariants } = require('./workflowVariants');

const root = path.dirname(__dirname);

const between = (text, marker, inside) => {
	const [start, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
	const [from, to] = [text.indexOf(start), text.indexOf(end)];
	if (from === -1 || to === -1) throw new Error(`There is no ${start} … ${end}`);
	return `${text.slice(0, from + start.length)}\n\n${inside}\n\n${text.slice(to)}`;
};

/** Every provider with its folder. Needs a build. */
const providerFolders = () =>
	readdirSync(path.join(root, 'dist/nodes'))
		.filter((folder) => folder !== 'shared')
		.sort()
		.flatMap((folder) =>
			Object.values(require(`../dist/nodes/${folder}/provider.js`))
				.filter((one) => one && one.operations)
				.map((provider) => ({ folder, provider })),
		);

const providers = () => providerFolders().map(({ provider }) => provider);

const tableOf = (head, rows) => [head, head.replace(/[^|]+/g, ' --- '), ...rows].join('\n');

/** The operations table, from the same data that n8n shows. */
function operations() {
	const rows = providers().flatMap(({ displayName, resource, operations: all, name }) =>
		Object.entries(all).map(
			([value, { name: label, description, effect }]) =>
				`| [${displayName}](docs/${name.toLowerCase()}.md) | ${resource.name} | ${label} (\`${value}\`) | ${description} | ${effect === 'read' ? '' : 'yes'} |`,
		),
	);
	const all = [...rows, ...triggers()];
	return tableOf('| node | resource | operation | what it does | dry run |', all);
}

/** Their rows in the same table. */
const triggers = () =>
	readdirSync(path.join(root, 'dist/nodes'))
		.sort()
		.flatMap((folder) => {
			const file = path.join(root, 'dist/nodes', folder, `${folder}Trigger.node.js`);
			if (!existsSync(file)) return [];
			const { displayName, name, description } = new (require(file)[`${folder}Trigger`])()
				.description;
			const anchor = displayName.toLowerCase().replaceAll(' ', '-');
			return `| [${displayName}](docs/triggers.md#${anchor}) |  | Trigger (\`${name}\`) | ${description} |  |`;
		});

/** How a provider's trigger learns of an end; undefined where there is none. */
function learningOf(folder) {
	const file = path.join(root, 'dist/nodes', folder, `${folder}Trigger.node.js`);
	if (!existsSync(file)) return undefined;
	const { description } = new (require(file)[`${folder}Trigger`])();
	if (description.polling) return 'polls';
	const { webhooks } = require(path.join(root, 'dist/nodes', folder, 'trigger.js'));
	return webhooks ? 'registers its webhook' : 'its URL is pasted once';
}

/** By what a target is found: the modes of a locator, or the choices of the field that names the target. */
function foundBy({ operations: all, defaultOperation }) {
	const { identifyBy, ...fields } = all[defaultOperation].fields;
	const locator = Object.values(fields).find(({ property }) => property.type === 'resourceLocator');
	const names = identifyBy
		? identifyBy.property.options.map(({ name }) => name)
		: (locator?.property.modes ?? [{ displayName: 'By ID' }]).map(({ displayName }) => displayName);
	return names
		.filter((name) => name !== 'From List')
		.map((name) => name.replace(/^By /, ''))
		.join(', ');
}

/** All providers side by side, from what they declare. */
const overview = (docs) => {
	const rows = providerFolders().map(({ folder, provider }) => {
		const { displayName, name, rateLimits } = provider;
		const { ends, timing, undo, money } = provider.overview;
		const cells = [
			...[`[${displayName}](${docs}${name.toLowerCase()}.md)`, ends, timing, undo],
			...[foundBy(provider), money, learningOf(folder) ?? 'none', rateLimits.requestsPerMinute],
		];
		return `| ${cells.join(' | ')} |`;
	});
	return tableOf(
		'| provider | what ends, and for whom | when | undo | found by | money | trigger | requests per minute |',
		rows,
	);
};

/** How long 100,000 requests take at each provider's pace. */
function paces() {
	const rows = providers()
		.map(({ displayName, rateLimits: { requestsPerMinute } }) => ({
			displayName,
			requestsPerMinute,
		}))
		.sort((one, other) => other.requestsPerMinute - one.requestsPerMinute)
		.map(({ displayName, requestsPerMinute }) => {
			const hours = 100_000 / requestsPerMinute / 60;
			const long = hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`;
			return `| ${displayName} | ${requestsPerMinute} | ${long} |`;
		});
	return tableOf('| | requests per minute | 100,000 requests take |', rows);
}

/** What the response and the record come to together, from the table that the engine uses. */
function reconciliationTable() {
	const { reconciliation } = require('../dist/nodes/shared/model/reconcile.js');
	const claims = {
		accepted: 'it was carried out',
		nothingToDo: 'there was nothing left to do',
		contradictory: 'there was nothing to end, although the record showed it active before',
		rejected: 'it is refused',
		unclear: 'nothing clear',
	};
	const evidence = {
		done: 'it has ended, or its end is fixed',
		unchanged: 'unchanged',
		changed: 'changed, and not by what was asked for',
		notYetVisible: 'unchanged, but a change may show later',
		missing: 'no such record',
		unreadable: 'cannot be read',
	};
	const results = {
		verified: 'a success, `verified`',
		alreadyDone: '`alreadyCancelled`',
		trustResponse: 'the response stands',
		notFound: '`notFound`',
		notCancellable: '`notCancellable`',
		unknown: '`unknown`',
		retry: 'sent again',
	};
	const rows = Object.entries(reconciliation).flatMap(([claim, { clear, doubted }]) =>
		Object.entries(clear).map(
			([shown, result]) =>
				`| ${claims[claim]} | ${evidence[shown]} | ${results[result]} | ${results[doubted[shown]]} |`,
		),
	);
	return tableOf(
		'| the response says | the record then shows | it comes out as | with an earlier doubt |',
		rows,
	);
}

/** The generated parts of the pages: file, marker, what stands there. */
const generated = () => [
	['README.md', 'providers', overview('docs/')],
	['README.md', 'operations', operations()],
	['docs/providers.md', 'providers', overview('')],
	['docs/scale.md', 'paces', paces()],
	['docs/promises.md', 'settle', reconciliationTable()],
];

exports.generated = generated;

if (require.main === module) {
	for (const [page, marker, inside] of generated()) {
		const file = path.join(root, page);
		const before = readFileSync(file, 'utf8');
		const after = between(before, marker, inside);
		if (after !== before) writeFileSync(file, after);
	}
	void writeVariants();
}
