import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A provider that gets a package of its own. */
export interface Service {
	/** Its folder in nodes/, e.g. FunnelFox. */
	folder: string;
	/** The name of its node, and of its folders elsewhere, e.g. funnelFox. */
	name: string;
	/** The name of its package. */
	packageName: string;
	/** The files of its credentials. */
	credentials: string[];
}

/**
 * The providers, from the folders of nodes/.
 * @throws Error if a credential is used by several providers, or by none
 */
export function servicesOf(root: string): Service[] {
	const folders = readdirSync(path.join(root, 'nodes')).filter((folder) =>
		existsSync(path.join(root, 'nodes', folder, 'provider.ts')),
	);
	const users = Object.fromEntries(
		readdirSync(path.join(root, 'credentials')).map((file) => [
			file,
			folders.filter((folder) => names(path.join(root, 'nodes', folder), typeIn(file))),
		]),
	);
	for (const [file, all] of Object.entries(users)) {
		if (all.length === 1) continue;
		const said = all.length === 0 ? 'by no node' : `by ${all.join(' and ')}`;
		throw new Error(
			`credentials/${file} is used ${said}. A package for one service needs credentials of its own: give each service its own type.`,
		);
	}
	return folders.map((folder) => ({
		folder,
		name: lower(folder),
		packageName: `n8n-nodes-${folder.toLowerCase()}-cancellations`,
		credentials: Object.keys(users)
			.filter((file) => users[file][0] === folder)
			.map((file) => `credentials/${file}`),
	}));
}

const lower = (name: string) => name[0].toLowerCase() + name.slice(1);
const typeIn = (file: string) => lower(path.basename(file, '.credentials.ts'));

/** Whether code in a folder names a credential type. */
function names(folder: string, type: string): boolean {
	return readdirSync(folder)
		.filter((file) => file.endsWith('.ts'))
		.some((file) => readFileSync(path.join(folder, file), 'utf8').includes(`'${type}'`));
}
