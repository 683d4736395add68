import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ICredentialType, INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/**
 * What n8n will ask of a package before it verifies it, where its ESLint plugin of today does not
 * ask yet. The rules are those of the plugin's main branch in September 2026.
 */

const root = path.resolve(__dirname, '..');
const text = (file: string) => readFileSync(path.join(root, file), 'utf8');
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
	cwd: root,
	encoding: 'utf8',
})
	.split('\n')
	.filter((file) => file !== '' && existsSync(path.join(root, file)));
const manifest = JSON.parse(text('package.json')) as {
	license: string;
	n8n: { nodes: string[]; credentials: string[] };
};

type Class = new () => { description: INodeTypeDescription };

const built = <T>(file: string): T =>
	Object.values(jest.requireActual<Record<string, T>>(path.join(root, file)))[0];
const descriptions = manifest.n8n.nodes.map((file) => new (built<Class>(file))().description);
const credentials = manifest.n8n.credentials.map(
	(file) => new (built<new () => ICredentialType>(file))(),
);
const named = <T extends { name: string }>(all: T[]) => all.map((one) => [one.name, one] as const);

describe('the repository', () => {
	test('has one package.json', () => {
		expect(files.filter((file) => path.basename(file) === 'package.json')).toEqual([
			'package.json',
		]);
	});

	test('is under the MIT license', () => {
		expect(manifest.license).toBe('MIT');
		expect(text('LICENSE')).toMatch(/^MIT License/);
	});

	test('takes the actions of its workflows by commit, not by a tag that may move', () => {
		const workflows = files.filter((file) => file.startsWith('.github/workflows/'));
		const uses = workflows.flatMap((file) => [...text(file).matchAll(/uses: (.*)/g)]);
		const loose = uses.filter(([, action]) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\S+$/.test(action));
		expect(uses.length).toBeGreaterThan(0);
		expect(loose.map(([, action]) => action)).toEqual([]);
	});

	test('switches no check off', () => {
		const switches =
			/eslint-(?:disable|enable)|@ts-(?:ignore|expect-error|nocheck)|prettier-ignore/;
		const code = files.filter(
			(file) => /\.[cm]?[jt]s$/.test(file) && file !== 'test/rules.test.ts',
		);
		expect(code.filter((file) => switches.test(text(file)))).toEqual([]);
	});

	test('names nobody by an ID in what ships', () => {
		const id =
			/\b(?:partner|affiliate|reseller|account|tenant|customer|client)[_-]?id['"]?\s*[:=]\s*['"`][^'"`=]/i;
		const shipped = files.filter((file) => /^(?:nodes|credentials)\/.*\.ts$/.test(file));
		expect(shipped.filter((file) => id.test(text(file)))).toEqual([]);
	});
});

describe.each(named(descriptions))(
	'the node %s',
	(name, { credentials: accounts = [], properties }) => {
		const codex = JSON.parse(
			text(
				files.find((file) => file.toLowerCase().endsWith(`/${name}.node.json`.toLowerCase())) ?? '',
			),
		) as { categories: string[] };

		test('uses one credential at a time', () => {
			const severalAtOnce = properties
				.filter(({ type }) => type === 'multiOptions')
				.map((property) => property.name);
			const clashes = accounts.flatMap((one, index) =>
				accounts.slice(index + 1).flatMap((other) => {
					const [shown, otherShown] = [one, other].map((each) => each.displayOptions?.show ?? {});
					const tells = Object.entries(shown).some(
						([property, values]) =>
							!severalAtOnce.includes(property) &&
							otherShown[property]?.every((value) => !values?.includes(value)),
					);
					return tells ? [] : [`${one.name} and ${other.name}`];
				}),
			);
			expect(clashes).toEqual([]);
		});

		test('is in categories that n8n has, and in no subcategory', () => {
			const known = [
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
			expect(codex.categories.length).toBeGreaterThan(0);
			expect(codex.categories.filter((category) => !known.includes(category))).toEqual([]);
			expect(codex).not.toHaveProperty('subcategories');
		});

		test('gives hints of 120 characters at most', () => expect(longHints(properties)).toEqual([]));
	},
);

describe.each(named(credentials))('the credential %s', (_name, { properties }) => {
	test('gives hints of 120 characters at most', () => expect(longHints(properties)).toEqual([]));
});

/** The editor's canvas in n8n's two themes. */
const canvas = { light: '#ffffff', dark: '#2b2b2b' };
const icons = files.filter((file) => /^nodes\/.*\.svg$/.test(file));

test.each(icons)('%s stands out from the canvas, and its sign from its tile', (file) => {
	const svg = text(file);
	const [, tile] = /<rect[^>]* fill="(#\w+)"/.exec(svg) ?? [];
	const [, sign] = /<path[^>]* stroke="(#\w+)"/.exec(svg) ?? [];
	const theme = file.endsWith('.dark.svg') ? 'dark' : 'light';
	// WCAG 2.2, 1.4.11: what a graphic is understood by.
	expect(contrast(tile, canvas[theme])).toBeGreaterThanOrEqual(3);
	expect(contrast(sign, tile)).toBeGreaterThanOrEqual(3);
});

/** As WCAG 2.2 defines it, from 1 to 21. */
function contrast(one: string, other: string): number {
	const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (bright + 0.05) / (dim + 0.05);
}

function luminance(colour: string): number {
	const digits = colour.slice(1);
	const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
	const [red, green, blue] = [0, 2, 4].map((start) => {
		const share = parseInt(full.slice(start, start + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Of properties, and of those inside them. */
function longHints(properties: INodeProperties[]): string[] {
	return properties.flatMap((property) => [
		...(property.hint !== undefined && property.hint.length > 120 ? [property.hint] : []),
		...longHints(
			(property.options ?? []).flatMap((option) =>
				'values' in option ? option.values : 'type' in option ? [option as INodeProperties] : [],
			),
		),
	]);
}
