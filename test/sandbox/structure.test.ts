import { execFileSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../..');
const sandbox = join(root, 'sandbox');

/** The files that a file imports, types included. */
function imports(file: string): string[] {
	return ts
		.preProcessFile(readFileSync(file, 'utf8'), true, true)
		.importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
		.map(({ fileName }) => join(dirname(file), fileName))
		.map((path) => [`${path}.ts`, join(path, 'index.ts')].find(existsSync) ?? path);
}

/** The first circle of imports below these files, as a path that ends where it began. */
function circle(files: string[], importsOf: (file: string) => string[]): string[] | undefined {
	const clean = new Set<string>();
	const search = (file: string, way: string[]): string[] | undefined => {
		if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
		if (clean.has(file)) return undefined;
		for (const next of importsOf(file)) {
			const found = search(next, [...way, file]);
			if (found) return found;
		}
		clean.add(file);
		return undefined;
	};
	for (const file of files) {
		const found = search(file, []);
		if (found) return found;
	}
	return undefined;
}

describe('the files of the sandbox', () => {
	it('import each other in no circle, types included', () => {
		const files = readdirSync(sandbox, { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => join(sandbox, name));
		expect(files.length).toBeGreaterThan(20);
		expect(circle(files, imports)?.map((file) => relative(root, file))).toBeUndefined();
	});

	it('would be caught in a circle', () => {
		const planted: Record<string, string[]> = { a: ['b'], b: ['c', 'd'], c: [], d: ['b'] };
		expect(circle(['a'], (file) => planted[file])).toEqual(['b', 'd', 'b']);
	});

	it('take in a sixth provider by its folder alone', () => {
		mkdirSync(join(root, '.cache'), { recursive: true });
		const copy = mkdtempSync(join(root, '.cache', 'sixth-'));
		try {
			cpSync(sandbox, join(copy, 'sandbox'), { recursive: true });
			const folder = join(copy, 'sandbox/providers/sixth');
			mkdirSync(folder);
			writeFileSync(join(folder, 'keys.ts'), "export const keys = { token: 'sandbox_sixth' };\n");
			writeFileSync(join(folder, 'index.ts'), sixth);
			writeFileSync(join(copy, 'ask.ts'), asking);
			const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
			const said = execFileSync(process.execPath, [tsx, join(copy, 'ask.ts')], {
				encoding: 'utf8',
			});
			expect(JSON.parse(said)).toEqual({
				hello: 'sixth',
				key: 'sandbox_sixth',
				titles: expect.arrayContaining(['FunnelFox', 'The sixth']),
			});
		} finally {
			rmSync(copy, { recursive: true });
		}
	});
});

const sixth = `import type { Provider } from '../../vendor';
import { send } from '../../gate';

export const provider: Provider = {
	title: 'The sixth',
	base: '/sixth',
	access: [],
	credentials: () => [],
	vendor: () => ({
		addRoutes: (scope) => void scope.get('/hello', (_, reply) => send(reply, { status: 200, body: 'sixth' })),
		turnsAway: () => undefined,
		refusal: (status) => ({ status }),
		clear: () => undefined,
		addSamples: () => undefined,
		addBulk: () => undefined,
		rows: () => [],
		namesOf: () => undefined,
		change: () => false,
		remove: () => false,
	}),
};
`;

const asking = `import { keys } from './sandbox/keys';
import { startSandbox } from './sandbox/server';

async function main() {
	const { url, close } = await startSandbox();
	const hello = await (await fetch(url + '/sixth/hello')).json();
	const { providers } = await (await fetch(url + '/_control/state')).json();
	const titles = providers.map((each: { title: string }) => each.title);
	process.stdout.write(JSON.stringify({ hello, key: keys.sixth.token, titles }));
	await close();
}
void main();
`;
