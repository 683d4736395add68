import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import type { Provider } from '../../nodes/shared/contract/provider';
import type { Facts } from '../../test/providers/facts';
import { filesOf } from './files';
import { type Manifest, manifestOf, webAddress } from './manifest';
import { readmeOf, type Source } from './readme';
import { type Service, servicesOf } from './service';

/** A written repository. */
export interface Mirror {
	packageName: string;
	folder: string;
}

/**
 * Writes a complete repository per provider, with one package.json.
 * @param root folder of this repository
 * @param into target folder; existing repositories are replaced
 * @param only the provider of this folder in nodes/; default: all
 */
export async function writeMirrors(root: string, into: string, only?: string): Promise<Mirror[]> {
	const services = servicesOf(root).filter(({ folder }) => only === undefined || folder === only);
	const written: Mirror[] = [];
	for (const service of services) written.push(await writeMirror(root, into, service));
	return written;
}

async function writeMirror(root: string, into: string, service: Service): Promise<Mirror> {
	const { packageName } = service;
	const folder = path.join(into, packageName);
	const whole = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
	const source = await sourceOf(root, service, whole);
	rmSync(folder, { recursive: true, force: true });
	const renamed: string[] = [];
	const texts = filesOf(root, service).map((file) => {
		const before = readFileSync(path.join(root, file), 'utf8');
		const text = before.replaceAll(whole.name, packageName);
		write(folder, file, text);
		if (text !== before) renamed.push(file);
		return text;
	});
	const manifest = manifestOf(
		whole,
		{ ...service, description: await descriptionOf(root, service, source.provider) },
		texts,
		servicesOf(root)
			.map(({ name }) => name.toLowerCase())
			.filter((name) => name !== service.name.toLowerCase()),
	);
	write(folder, 'package.json', `${JSON.stringify(manifest, null, '\t')}\n`);
	write(folder, 'README.md', readmeOf(source));
	write(folder, 'CHANGELOG.md', changelogOf(root, whole));
	format(root, folder, [...renamed, 'package.json', 'README.md', 'CHANGELOG.md']);
	lock(root, folder);
	return { packageName, folder };
}

function write(folder: string, file: string, text: string): void {
	mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
	writeFileSync(path.join(folder, file), text);
}

/** What the README of a service is made of. */
export async function sourceOf(root: string, service: Service, whole: Manifest): Promise<Source> {
	const { folder, name } = service;
	const provider = await exported<Provider>(
		path.join(root, 'nodes', folder, 'provider.ts'),
		(one) => (one as Partial<Provider> | undefined)?.operations !== undefined,
	);
	const facts = await exported<Facts>(
		path.join(root, 'test/providers', name, 'facts.ts'),
		(one) => (one as Partial<Facts> | undefined)?.samples !== undefined,
	);
	const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
	const trigger = path.join(root, 'nodes', folder, `${folder}Trigger.node.ts`);
	return {
		service,
		provider,
		trigger: existsSync(trigger) ? await nodeDescription(trigger) : undefined,
		facts,
		page: readFileSync(path.join(root, 'docs', `${name.toLowerCase()}.md`), 'utf8').trimEnd(),
		whole: {
			name: whole.name,
			version: whole.version,
			address: webAddress(whole),
			compatibility: section(readme, 'Compatibility'),
		},
	};
}

/** The first matching export of a module. */
async function exported<T>(file: string, isIt: (one: unknown) => boolean): Promise<T> {
	const module = (await import(file)) as Record<string, unknown>;
	return Object.values(module).find(isIt) as T;
}

/** The description of the node class that a file exports under its own name. */
async function nodeDescription(file: string): Promise<INodeTypeDescription> {
	const className = path.basename(file).replace('.node.ts', '');
	const Node = ((await import(file)) as Record<string, new () => INodeType>)[className];
	return new Node().description;
}

async function descriptionOf(root: string, { folder }: Service, { displayName }: Provider) {
	const file = path.join(root, 'nodes', folder, `${folder}.node.ts`);
	return `n8n nodes for ${displayName}: ${(await nodeDescription(file)).description}`;
}

const section = (page: string, title: string) =>
	page.split(`\n## ${title}\n`)[1].split('\n## ')[0].trim();

function changelogOf(root: string, whole: Manifest): string {
	const all = readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
	return `# Changelog

Of [${whole.name}](${webAddress(whole)}), from which this package is generated under the same versions. What it says of other
services does not concern this package.

${all.slice(all.search(/^## \[/m))}`;
}

/** The package's name changes the length of lines. Runs here, where the plugins of the format are installed. */
function format(root: string, folder: string, files: string[]): void {
	const prettier = path.join(root, 'node_modules/prettier/bin/prettier.cjs');
	const options = [
		...['--write', '--log-level=warn', '--ignore-unknown'],
		...['--ignore-path', path.join(folder, '.prettierignore')],
	];
	const paths = files.map((file) => path.join(folder, file));
	execFileSync(process.execPath, [prettier, ...options, ...paths], { cwd: root });
}

/** This repository's lock file without the unused packages; npm works offline. */
function lock(root: string, folder: string): void {
	cpSync(path.join(root, 'package-lock.json'), path.join(folder, 'package-lock.json'));
	const args = ['install', '--package-lock-only', '--offline', '--ignore-scripts'];
	execFileSync('npm', [...args, '--loglevel=error'], {
		cwd: folder,
		shell: process.platform === 'win32',
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true });
}
