import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** Puts the bench's own nodes into an n8n home, as a community package beside the one measured. */
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

/** Compiles one of the files beside this one. @param to where the JavaScript goes */
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
