import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { graphOf } from '../../test/graph';
import type { Service } from './service';

/** What every package has as it is. */
const asItIs = [
	'.gitignore',
	'.npmrc',
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
	'test/environment/environment.js',
	'test/environment/n8nCore.js',
	'test/environment/n8nPackages.js',
	'test/environment/n8nWorkflow.js',
	'tsconfig.dev.json',
	'tsconfig.json',
];

/** Tests that hold every service to the same, and one that holds every trigger. */
const ofAll = ['test/credentials', 'test/providers/contract.test.ts'];
const ofTriggers = 'test/triggers/shape.test.ts';

/**
 * The files that a package for one service takes from the whole: its code, its tests and the
 * sandbox's part for it, and whatever these import.
 * @returns paths, relative to `root`
 * @throws Error where something of it imports another service
 */
export function filesOf(root: string, { folder, name, credentials }: Service): string[] {
	const below = (place: string) => filesBelow(root, place);
	const triggers = below('test/triggers').filter((file) => path.basename(file).startsWith(name));
	const seeds = [
		...asItIs,
		...below('nodes/shared'),
		...below(`nodes/${folder}`),
		...credentials,
		// How its panel looks is tested in the browser, for the whole.
		...below(`test/providers/${name}`).filter((file) => path.basename(file) !== 'panels.ts'),
		...triggers,
		...(triggers.length > 0 ? [ofTriggers] : []),
		...ofAll.flatMap((place) => (place.endsWith('.ts') ? [place] : below(place))),
		...below(`sandbox/providers/${name}`),
		`test/specs/${name}.yaml`,
	];
	const graph = graphOf(root, ['credentials', 'nodes', 'sandbox', 'test']);
	const files = new Set(seeds);
	// A set is walked to its end, also where the walk adds to it.
	for (const file of files) for (const imported of graph.get(file) ?? []) files.add(imported);
	const strangers = [...files].filter((file) => isOfAnother(file, folder, name));
	if (strangers.length > 0) {
		throw new Error(`What ${folder} needs is not its own: ${strangers.join(', ')}`);
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
