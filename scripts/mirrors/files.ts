import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { graphOf } from './importGraph';
import type { Service } from './service';

/** Files that every package contains unchanged. */
const commonFiles = [
	'.gitignore',
	'.npmrc',
	'.dependency-cruiser.cjs',
	'.prettierignore',
	'.github/workflows/publish.yml',
	'LICENSE',
	'eslint.config.mjs',
	'eslint.rules.mjs',
	'gulpfile.js',
	'index.js',
	'jest.config.js',
	'sandbox/main.ts',
	'sandbox/statusPage.html',
	'scripts/comingRules.js',
	'scripts/lintPackage.mjs',
	'tsconfig.dev.json',
	'tsconfig.json',
];

/** Tests of all providers, and one of all triggers. */
const ofAll = ['test/credentials', 'test/providers/contract.test.ts'];
const ofTriggers = 'test/triggers/shape.test.ts';

/**
 * The files of a provider's package: its code, its tests, its part of the sandbox, and their imports.
 * @returns paths, relative to `root`
 * @throws Error if one of them imports another provider
 */
export function filesOf(root: string, { folder, name, credentials }: Service): string[] {
	const below = (place: string) => filesBelow(root, place);
	const triggers = below('test/triggers').filter((file) => path.basename(file).startsWith(name));
	const seeds = [
		...commonFiles,
		// jest.config.js leads to it.
		...below('test/environment').filter((file) => file.endsWith('.js')),
		...below('nodes/shared'),
		...below(`nodes/${folder}`),
		...credentials,
		// Browser tests of the panels run only in this repository.
		...below(`test/providers/${name}`).filter((file) => path.basename(file) !== 'panels.ts'),
		...triggers,
		...(triggers.length > 0 ? [ofTriggers] : []),
		...ofAll.flatMap((place) => (place.endsWith('.ts') ? [place] : below(place))),
		...below(`sandbox/providers/${name}`),
		`test/specs/${name}.yaml`,
	];
	const graph = graphOf(root, ['credentials', 'nodes', 'sandbox', 'test']);
	const files = new Set(seeds);
	// The loop also visits the files that it adds to the set.
	for (const file of files) for (const imported of graph.get(file) ?? []) files.add(imported);
	const foreignFiles = [...files].filter((file) => isOfAnother(file, folder, name));
	if (foreignFiles.length > 0) {
		throw new Error(`What ${folder} needs is not its own: ${foreignFiles.join(', ')}`);
	}
	const manifests = [...files].filter((file) => path.basename(file) === 'package.json');
	if (manifests.length > 0) {
		throw new Error(
			`A repository has one package.json, and it is written: ${manifests.join(', ')}`,
		);
	}
	return [...files].sort();
}

function isOfAnother(file: string, folder: string, name: string): boolean {
	const [, place, inside] =
		/^(nodes|sandbox\/providers|test\/providers)\/([^/]+)\//.exec(file) ?? [];
	if (place === undefined) return false;
	return ![folder, name, 'shared'].includes(inside);
}

function filesBelow(root: string, place: string): string[] {
	const folder = path.join(root, place);
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
		.map((file) => file.replaceAll('\\', '/'));
}
