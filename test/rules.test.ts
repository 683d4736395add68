import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(__dirname, '..');
const { comingRules } = jest.requireActual<{ comingRules: (root: string) => string[] }>(
	'../scripts/comingRules.js',
);

test('nothing stands against this package in what n8n is going to ask', () => {
	expect(comingRules(root)).toEqual([]);
});

test('the workflows take their actions by commit, not by a tag that may move', () => {
	const folder = path.join(root, '.github/workflows');
	const uses = readdirSync(folder).flatMap((file) => [
		...readFileSync(path.join(folder, file), 'utf8').matchAll(/uses: (.*)/g),
	]);
	const loose = uses.filter(([, action]) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\S+$/.test(action));
	expect(uses.length).toBeGreaterThan(0);
	expect(loose.map(([, action]) => action)).toEqual([]);
});

describe("n8n's coming rules", () => {
	let planted: string;
	beforeEach(() => {
		planted = mkdtempSync(path.join(tmpdir(), 'rules-'));
		execFileSync('git', ['init', '-q'], { cwd: planted });
	});
	afterEach(() => rmSync(planted, { recursive: true }));

	/** Writes a sound package with some files in place of its own, and says what is found in it. */
	function found(files: Record<string, string> = {}): string[] {
		for (const [file, text] of Object.entries({ ...sound, ...files })) {
			mkdirSync(path.dirname(path.join(planted, file)), { recursive: true });
			writeFileSync(path.join(planted, file), text);
		}
		return comingRules(planted);
	}

	const json = JSON.stringify;
	const manifest = {
		license: 'MIT',
		repository: { url: 'git+https://example.com/a.git' },
		n8n: {
			nodes: ['dist/nodes/Fox/Fox.node.js', 'dist/nodes/Cow/Cow.node.js'],
			credentials: ['dist/credentials/FoxApi.credentials.js'],
		},
	};
	const classOf = (name: string, content: object) =>
		`exports.${name} = class { constructor() { Object.assign(this, ${json(content)}); } };`;
	const node = (name: string, more: object = {}) =>
		classOf(name, { description: { name, properties: [], ...more } });
	const credential = (more: object = {}) =>
		classOf('FoxApi', { name: 'foxApi', properties: [], ...more });
	const shown = (name: string, property: string, values: string[]) => ({
		name,
		displayOptions: { show: { [property]: values } },
	});
	const icon = (tile: string, sign: string) =>
		`<svg><rect width="9" fill="${tile}"/><path d="M0 0" stroke="${sign}"/></svg>`;
	const codex = (more: object = {}) => json({ categories: ['Marketing & Content'], ...more });
	const fox = 'dist/nodes/Fox/Fox.node.js';
	const cow = 'dist/nodes/Cow/Cow.node.js';
	const sound: Record<string, string> = {
		'package.json': json(manifest),
		LICENSE: 'MIT License\n',
		'.gitignore': 'dist/\n',
		[fox]: node('Fox', {
			credentials: [shown('foxApi', 'version', ['v1']), shown('foxV2Api', 'version', ['v2'])],
			properties: [
				{ name: 'body', type: 'json', required: true, hint: 'h'.repeat(120) },
				{ name: 'all', type: 'collection', options: [{ name: 'One', value: 1 }] },
			],
		}),
		[cow]: node('Cow'),
		'dist/credentials/FoxApi.credentials.js': credential(),
		'nodes/Fox/Fox.node.json': codex(),
		'nodes/Cow/Cow.node.json': codex(),
		'nodes/Fox/icon.svg': icon('#1d4ed8', '#fff'),
		'nodes/Fox/icon.dark.svg': icon('#93c5fd', '#111827'),
		'nodes/Fox/Fox.node.ts': "export const accountId = '';\n",
	};
	const hint = 'h'.repeat(121);
	const both = 'The node Fox may use foxApi and foxV2Api at once';
	const two = (...credentials: object[]) => ({ [fox]: node('Fox', { credentials }) });

	test('have nothing against a sound package', () => expect(found()).toEqual([]));

	test.each<[string, Record<string, string>, string]>([
		['a second package.json', { 'host/package.json': '{}' }, 'host/package.json is a second'],
		[
			'a package inside of a repository',
			{ 'package.json': json({ ...manifest, repository: { url: 'x', directory: 'packages/a' } }) },
			'package.json says that it is one package of several',
		],
		['another license', { 'package.json': json({ ...manifest, license: 'ISC' }) }, 'not MIT'],
		['the text of another license', { LICENSE: 'ISC License\n' }, 'The license is not MIT'],
		[
			'a lint rule switched off',
			{ 'nodes/Fox/a.ts': `// ${'eslint-' + 'disable'}-next-line\n` },
			'nodes/Fox/a.ts switches a check off',
		],
		[
			'a type error switched off',
			{ 'test/a.test.ts': `// ${'@ts-' + 'expect-error'}\n` },
			'test/a.test.ts switches a check off',
		],
		[
			'a fixed partner',
			{ 'nodes/Fox/a.ts': "const query = { partner_id: 'p-1' };\n" },
			'nodes/Fox/a.ts has a fixed partner or account ID',
		],
		['two credentials without a condition', two({ name: 'foxApi' }, { name: 'foxV2Api' }), both],
		[
			'a credential that is hidden, not shown',
			two(shown('foxApi', 'version', ['v1']), {
				name: 'foxV2Api',
				displayOptions: { hide: { version: ['v1'] } },
			}),
			both,
		],
		[
			'credentials that are shown for one value both',
			two(shown('foxApi', 'version', ['v1', 'v2']), shown('foxV2Api', 'version', ['v2'])),
			both,
		],
		[
			'credentials that are told apart by several values at once',
			{
				[fox]: node('Fox', {
					credentials: [shown('foxApi', 'events', ['a']), shown('foxV2Api', 'events', ['b'])],
					properties: [{ name: 'events', type: 'multiOptions' }],
				}),
			},
			both,
		],
		[
			'a credential of two services',
			{ [cow]: node('Cow', { credentials: [{ name: 'foxApi' }] }) },
			'The credential foxApi is shared by Fox and Cow',
		],
		[
			'a category that n8n lacks',
			{ 'nodes/Fox/Fox.node.json': codex({ categories: ['Marketing'] }) },
			'no category "Marketing"',
		],
		[
			'a node of logic',
			{ 'nodes/Fox/Fox.node.json': codex({ categories: ['Flow'] }) },
			'no category "Flow"',
		],
		['no category', { 'nodes/Fox/Fox.node.json': codex({ categories: [] }) }, 'names no category'],
		['a subcategory', { 'nodes/Fox/Fox.node.json': codex({ subcategories: {} }) }, 'subcategories'],
		[
			'a long hint',
			{ [fox]: node('Fox', { properties: [{ name: 'a', hint }] }) },
			'a hint has more',
		],
		[
			'a long hint of an option',
			{ [fox]: node('Fox', { properties: [{ name: 'a', options: [{ type: 'string', hint }] }] }) },
			'a hint has more',
		],
		[
			'a long hint of a credential',
			{ 'dist/credentials/FoxApi.credentials.js': credential({ properties: [{ hint }] }) },
			'foxApi: a hint has more',
		],
		[
			'any JSON at all',
			{ [fox]: node('Fox', { properties: [{ name: 'body', type: 'json' }] }) },
			'Fox: body takes any JSON',
		],
		[
			'a pale icon',
			{ 'nodes/Fox/icon.svg': icon('#eee', '#000') },
			'does not stand out from the canvas',
		],
		[
			'a dim icon',
			{ 'nodes/Fox/icon.dark.svg': icon('#333', '#fff') },
			'does not stand out from the canvas',
		],
		[
			'a pale sign',
			{ 'nodes/Fox/icon.svg': icon('#1d4ed8', '#1d4ee0') },
			'its sign does not stand out',
		],
		['an icon of another kind', { 'nodes/Fox/icon.svg': '<svg></svg>' }, 'has no tile with a sign'],
	])('find %s', (_, files, sentence) => {
		expect(found(files)).toEqual([expect.stringContaining(sentence)]);
	});

	test('find a node without its codex', () => {
		const { n8n } = manifest;
		const nodes = [...n8n.nodes, 'dist/nodes/Cow/CowTrigger.node.js'];
		const files = {
			'package.json': json({ ...manifest, n8n: { ...n8n, nodes } }),
			'dist/nodes/Cow/CowTrigger.node.js': node('CowTrigger'),
		};
		expect(found(files)).toEqual([
			'The node CowTrigger has no codex nodes/Cow/CowTrigger.node.json',
		]);
	});
});
