import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { isEnded, isSuccess, outcomes, type Outcome } from '../nodes/shared/contract/outcome';
import type { Provider } from '../nodes/shared/contract/provider';
import { nodeProperties } from '../nodes/shared/nodeProperties';
import { providers as known } from './providers/samples';

const root = resolve(__dirname, '..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const filesBelow = (folder: string, ending: string) =>
	readdirSync(join(root, folder), { recursive: true })
		.map((file) => join(folder, String(file)))
		.filter((file) => file.endsWith(ending))
		.sort();

test('every page links only to files and headings that exist', () => {
	const checker = join(root, 'node_modules/remark-cli/cli.js');
	const plugin = 'remark-validate-links=repository:false';
	const { status, stderr } = spawnSync(
		process.execPath,
		[checker, '.', '--ignore-path', '.gitignore', '--use', plugin, '--frail', '--quiet'],
		{ cwd: root, encoding: 'utf8' },
	);
	expect(stderr).toBe('');
	expect(status).toBe(0);
});

/** The providers, each with the page of its name. */
const providers = known.map(({ provider }) => provider);
const pageOf = ({ name }: Provider) => `docs/${name.toLowerCase()}.md`;

test.each(providers)('the page of $displayName has a section for every operation', (provider) => {
	const headings = text(pageOf(provider)).match(/^## .*/gm);
	const wanted = Object.values(provider.operations).map(({ name }) => `## ${name}`);
	expect(headings).toEqual(expect.arrayContaining(wanted));
});

const cellsOf = (line: string) =>
	line
		.split('|')
		.slice(1, -1)
		.map((cell) => cell.trim());
/** The rows of a page's section, without heads. */
const rowsOf = (page: string, section = '') => {
	const [, ...parts] = text(page).split(`\n## ${section}`);
	const lines = (section === '' ? text(page) : (parts[0] ?? '').split('\n## ')[0]).split('\n');
	return lines
		.filter((line, at) => line.startsWith('| ') && !lines[at + 1]?.startsWith('| ---'))
		.filter((line) => !line.startsWith('| ---'))
		.map(cellsOf);
};
const promised = 'What is promised here';

describe('docs/safety.md and the promises of each provider', () => {
	const shared = ['docs/safety.md', 'docs/promises.md', 'docs/triggers.md'];
	const all = [...shared, ...providers.map(pageOf)].map(text).join('\n');
	const tests = [...all.matchAll(/^- \*\*([A-Z]\d+)\*\* `([^`]+)`: (.+)$/gm)].map(
		([, id, file, names]) => ({ id, file, names: names.split(' › ') }),
	);
	const cited = [...all.matchAll(/\(([A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*)\)/g)].flatMap(([, ids]) =>
		ids.split(', '),
	);

	test('quotes tests', () => expect(tests.length).toBeGreaterThan(20));

	test.each(tests)('$id is a test of $file', ({ file, names }) => {
		const source = text(file).replaceAll("\\'", "'");
		const missing = names.filter(
			(name) => !["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`)),
		);
		expect(missing).toEqual([]);
	});

	test('cites no test that it does not name, and names none in vain', () => {
		const named = tests.map(({ id }) => id);
		expect(new Set(named).size).toBe(named.length);
		expect([...new Set(cited)].sort()).toEqual([...named].sort());
	});

	test('docs/triggers.md backs each of its promises by a test', () => {
		const section = text('docs/triggers.md')
			.split('\n## What you can rely on')[1]
			.split('\n## ')[0];
		const promises = section.match(/^- \*\*.*(?:\n  .*)*/gm) ?? [];
		const bare = promises.filter((promise) => !/\(H\d+(, H\d+)*\)/.test(promise));
		expect(promises.length).toBeGreaterThan(8);
		expect(bare).toEqual([]);
	});

	test.each(providers)('the page of $displayName backs its promises by tests', (provider) => {
		const rows = rowsOf(pageOf(provider), promised);
		expect(rows.length).toBeGreaterThan(5);
		const backed = rows.filter((cells) => /\([A-Z]\d+(, [A-Z]\d+)*\)/.test(cells.join(' ')));
		// What two workers do in the same second is no promise.
		const bare = rows.filter((row) => !backed.includes(row)).map(([first]) => first);
		expect(bare.filter((first) => !first.startsWith('Two workers'))).toEqual([]);
	});

	test.each(providers)('the page of $displayName gives its pace as it is', (provider) => {
		const { requestsPerMinute, burst } = provider.rateLimits;
		const [, pace] = rowsOf(pageOf(provider), promised).find(([first]) =>
			first.startsWith('Requests per minute'),
		)!;
		expect(pace.replace(/ \(.*/, '')).toBe(`${requestsPerMinute}; ${burst}`);
	});

	test.each(providers)(
		'$displayName offers Expected Email where the record has an e-mail, and nowhere else',
		(provider) => {
			const offers = JSON.stringify(nodeProperties(provider)).includes('"expectedEmail"');
			const row = rowsOf(pageOf(provider), promised).find(([first]) =>
				first.startsWith('Expected Email'),
			)!;
			expect(row[1].startsWith('not offered')).toBe(!offers);
		},
	);
});

describe('docs/outcomes.md', () => {
	const all = Object.keys(outcomes) as Outcome[];
	const named = (words: string) => [...words.matchAll(/`(\w+)`/g)].map(([, name]) => name);

	test.each([
		['It was carried out', true],
		['It was not', false],
	])(
		'tells under "%s" of every outcome that belongs there, in the order of the table',
		(head, ok) => {
			const told = rowsOf('docs/outcomes.md', head).map(([first]) => named(first)[0]);
			expect(told).toEqual(all.filter((one) => isSuccess(one) === ok));
		},
	);

	test('says which of them have ended', () => {
		const [, words] = /^- `ended`: .*? True for ([^]*?), false for everything else/m.exec(
			text('docs/outcomes.md'),
		)!;
		expect(named(words)).toEqual(all.filter(isEnded));
	});
});

test('every picture is shown on some page', () => {
	const pages = [
		...readdirSync(root).filter((name) => name.endsWith('.md')),
		...filesBelow('docs', '.md'),
	];
	const shown = pages.flatMap((page) =>
		[...text(page).matchAll(/\]\(([^)\s]+\.png)\)/g)].map(([, to]) => basename(to)),
	);
	const kept = filesBelow('docs/images', '.png').map((file) => basename(file));
	expect(kept.filter((picture) => !shown.includes(picture))).toEqual([]);
});

describe('docs/troubleshooting.md', () => {
	const sources = filesBelow('nodes', '.ts').map(text).join('\n').replaceAll("\\'", "'");
	const quoted = [...text('docs/troubleshooting.md').matchAll(/^> (.+)$/gm)].map(([, one]) => one);

	test('quotes messages', () => expect(quoted.length).toBeGreaterThan(25));

	test.each(quoted)('%s', (message) => {
		// The engine joins sentences: the name, what happened, that nothing was sent, what to do.
		const parts = message
			.split(/"…"|…|Nothing was sent\.|(?<=[.!?]) /)
			.map((part) => part.replace(/^: |\.$/g, '').trim());
		const missing = parts.filter((part) => part.length > 3 && !sources.includes(part));
		expect(missing).toEqual([]);
	});
});
