import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** Installs the bench's nodes into an n8n home as a community package of their own. */
export function installProbes(userFolder: string): void {
	const folder = path.join(userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-bench');
	mkdirSync(folder, { recursive: true });
	const sources = readdirSync(__dirname).filter((file) => file.endsWith('.node.ts'));
	const compiled = sources.map((file) => file.replace(/\.ts$/, '.js'));
	for (const [index, file] of sources.entries()) compile(file, path.join(folder, compiled[index]));
	const manifest = {
		name: 'n8n-nodes-bench',
		version: '0.0.0',
		keywords: ['n8n-community-node-package'],
		n8n: { n8nNodesApiVersion: 1, nodes: compiled, credentials: [] },
	};
	writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
}

/** Compiles a file of this folder. @param to path of the JavaScript file */
export function compile(file: string, to: string): void {
	const { outputText } = transpileModule(readFileSync(path.join(__dirname, file), 'utf8'), {
		compilerOptions: {
			module: ModuleKind.CommonJS,
			target: ScriptTarget.ES2022,
			esModuleInterop: true,
		},
	});
	writeFileSync(to, outputText);
}
