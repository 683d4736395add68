import type { Service } from './service';

/** The fields of package.json that are used here. */
export interface Manifest {
	name: string;
	version: string;
	description: string;
	keywords: string[];
	homepage: string;
	repository: { type: string; url: string };
	scripts: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
	devDependencies: Record<string, string>;
	[field: string]: unknown;
}

/** Dependencies that no file names: types, and packages whose version must be fixed. */
const unnamed = ['@swc/core', '@types/jest', '@types/node', 'typescript', 'unrs-resolver', 'zod'];

const scripts = ['build', 'lint', 'types', 'lint:package', 'format', 'test', 'sandbox'];

/** Web address of a repository. */
export const webAddress = ({ repository }: Manifest): string =>
	repository.url.replace(/^git\+/, '').replace(/\.git$/, '');

/**
 * The package.json of a provider's package.
 * @param service.description description of its node
 * @param texts of all its files, to find the dependencies that they use
 * @param others names of the other providers
 */
export function manifestOf(
	whole: Manifest,
	service: Service & { description: string },
	texts: string[],
	others: string[],
): Manifest {
	const { packageName, folder, credentials } = service;
	const address = webAddress(whole).replace(/[^/]+$/, packageName);
	const kept = Object.fromEntries(scripts.map((name) => [name, whole.scripts[name]]));
	const used = [...texts, ...Object.values(kept), JSON.stringify(whole.prettier)].join('\n');
	return {
		...whole,
		name: packageName,
		description: service.description,
		keywords: whole.keywords.filter((word) => !others.includes(word)),
		homepage: `${address}#readme`,
		repository: { ...whole.repository, url: `git+${address}.git` },
		scripts: kept,
		n8n: {
			...whole.n8n,
			credentials: credentials.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`),
			nodes: whole.n8n.nodes.filter((file) => file.startsWith(`dist/nodes/${folder}/`)),
		},
		devDependencies: Object.fromEntries(
			Object.entries(whole.devDependencies).filter(
				([name]) => unnamed.includes(name) || isNamed(name, used),
			),
		),
	};
}

const isNamed = (name: string, text: string) =>
	new RegExp(`(?<![\\w@-])${name}(?![\\w-])`).test(text);
