import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** Every .ts file below some folders, with the files of these folders that it imports, types included. */
export type Graph = Map<string, string[]>;

/** Paths are relative to `root`, with "/". */
export function graphOf(root: string, folders: string[]): Graph {
	const files = folders.flatMap((folder) => filesIn(join(root, folder)));
	const own = new Set(files);
	const named = (file: string) => relative(root, file).split('\\').join('/');
	return new Map(
		files.map((file) => {
			const imported = importsOf(file)
				.map((one) => resolvedFrom(file, one))
				.filter((one) => one !== undefined && own.has(one));
			return [named(file), [...new Set(imported as string[])].map(named)];
		}),
	);
}

/** Each import of a .ts file below some folders that leads to no file, as "file: import". */
export function brokenImports(root: string, folders: string[]): string[] {
	return folders
		.flatMap((folder) => filesIn(join(root, folder)))
		.flatMap((file) =>
			importsOf(file)
				.filter((one) => one.startsWith('.') && resolvedFrom(file, one) === undefined)
				.map((one) => `${relative(root, file)}: ${one}`),
		);
}

/** Circles of imports, each a shortest way from a file back to itself; every file on one is in some. */
export function circlesIn(graph: Graph): string[][] {
	const circles: string[][] = [];
	const told = new Set<string>();
	for (const file of [...graph.keys()].sort()) {
		if (told.has(file)) continue;
		const circle = wayBack(graph, file);
		if (!circle) continue;
		circles.push(circle);
		for (const one of circle) told.add(one);
	}
	return circles;
}

/** Breadth first, so that what is found is the shortest. */
function wayBack(graph: Graph, start: string): string[] | undefined {
	const ways = [[start]];
	const seen = new Set<string>();
	for (const way of ways) {
		for (const next of graph.get(way.at(-1)!) ?? []) {
			if (next === start) return [...way, start];
			if (seen.has(next)) continue;
			seen.add(next);
			ways.push([...way, next]);
		}
	}
	return undefined;
}

const importsOf = (file: string): string[] =>
	ts
		.preProcessFile(readFileSync(file, 'utf8'), true, true)
		.importedFiles.map((one) => one.fileName);

function filesIn(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
		.map((name) => join(folder, name));
}

function resolvedFrom(file: string, imported: string): string | undefined {
	if (!imported.startsWith('.')) return undefined;
	const path = resolve(dirname(file), imported);
	const candidates = [path, `${path}.ts`, `${path}.js`, join(path, 'index.ts')];
	return candidates.find((one) => existsSync(one) && statSync(one).isFile());
}
