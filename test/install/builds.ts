import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packPackage } from '../../host/tarball';

/** FunnelFox's description in the first and in the next build. */
export const described = { now: 'or look them up', next: 'or look each of them up' };

/** Two builds of the package, as tarballs in one folder. */
export interface Builds {
	name: string;
	/** The version of package.json. */
	now: string;
	/** The next version: the same code with another version and description. */
	next: string;
	/** Folder of both, as `<name>-<version>.tgz`. */
	folder: string;
}

/** Packs the package twice: as it is, and as the next version. */
export async function packBuilds(folder: string): Promise<Builds> {
	mkdirSync(folder, { recursive: true });
	const tarball = await packPackage();
	const unpacked = path.join(folder, 'next');
	mkdirSync(unpacked);
	run('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
	const manifestFile = path.join(unpacked, 'package.json');
	const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Record<string, unknown>;
	const name = String(manifest.name);
	const now = String(manifest.version);
	const [major, minor, patch] = now.split('.').map(Number);
	const next = `${major}.${minor}.${patch + 1}`;
	copyFileSync(tarball, path.join(folder, `${name}-${now}.tgz`));

	writeFileSync(manifestFile, JSON.stringify({ ...manifest, version: next }, null, '\t'));
	const node = path.join(unpacked, 'dist/nodes/FunnelFox/FunnelFox.node.js');
	writeFileSync(node, readFileSync(node, 'utf8').replace(described.now, described.next));
	run('npm', ['pack', unpacked, '--pack-destination', folder, '--ignore-scripts', '--silent']);
	return { name, now, next, folder };
}

const run = (program: string, args: string[]) =>
	execFileSync(program, args, { shell: process.platform === 'win32' && program === 'npm' });
