import { execFile } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, n8nInstallation, repository } from './paths';
import { runNode } from './processes';

const run = promisify(execFile);

/**
 * Packs the built package as it would be published.
 * @returns the tarball's path
 */
export async function packPackage(): Promise<string> {
	const folder = path.join(cacheFolder, 'package');
	mkdirSync(folder, { recursive: true });
	const work = mkdtempSync(path.join(folder, 'pack-'));
	const stdout = await npm(['pack', repository, '--pack-destination', work, '--json'], folder);
	const [{ filename }] = JSON.parse(stdout) as Array<{ filename: string }>;
	const tarball = path.join(folder, filename);
	renameSync(path.join(work, filename), tarball);
	rmSync(work, { recursive: true });
	return tarball;
}

/**
 * Takes the same steps as n8n's editor when it installs a community package, with a tarball instead
 * of the download.
 * @param userFolder the value of N8N_USER_FOLDER
 */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const packed = await run('tar', ['-xzOf', tarball, 'package/package.json']);
	const { name } = JSON.parse(packed.stdout) as Manifest;
	const nodes = path.join(userFolder, '.n8n', 'nodes');
	const folder = path.join(nodes, 'node_modules', name);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);

	const file = path.join(folder, 'package.json');
	const manifest = readManifest(file);
	delete manifest.devDependencies;
	delete manifest.peerDependencies;
	delete manifest.optionalDependencies;
	writeFileSync(file, JSON.stringify(manifest, null, 2));
	await npm(
		[
			'install',
			'--audit=false',
			'--fund=false',
			'--bin-links=false',
			'--install-strategy=shallow',
			'--ignore-scripts=true',
			'--package-lock=false',
		],
		folder,
	);
	const listFile = path.join(nodes, 'package.json');
	const list = existsSync(listFile)
		? readManifest(listFile)
		: { name: 'installed-nodes', private: true };
	const dependencies = { ...list.dependencies, [name]: manifest.version };
	writeFileSync(listFile, JSON.stringify({ ...list, dependencies }, null, 2));
	shareWorkflowLibrary(userFolder);
}

/**
 * Links n8n's own copy of `n8n-workflow` into the home. This home is inside the repository, where Node
 * would find the development copy first, whose error classes are not those of n8n.
 */
function shareWorkflowLibrary(userFolder: string): void {
	const link = path.join(userFolder, 'node_modules', 'n8n-workflow');
	rmSync(link, { recursive: true, force: true });
	mkdirSync(path.dirname(link), { recursive: true });
	symlinkSync(
		path.join(n8nInstallation().folder, 'node_modules', 'n8n-workflow'),
		link,
		'junction',
	);
}

interface Manifest {
	name: string;
	version?: string;
	private?: boolean;
	dependencies?: Record<string, string | undefined>;
	devDependencies?: object;
	peerDependencies?: object;
	optionalDependencies?: object;
}

function readManifest(file: string): Manifest {
	return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}

async function npm(args: string[], cwd: string): Promise<string> {
	const all = [...args, '--ignore-scripts', '--offline', '--loglevel=error'];
	const cli = process.env.npm_execpath;
	if (cli?.endsWith('npm-cli.js') === true && existsSync(cli)) {
		const { env } = process;
		const { code, stdout, stderr } = await runNode(process.execPath, [cli, ...all], { cwd, env });
		if (code !== 0) throw new Error(`npm ${args[0]} stopped with exit code ${code}:\n${stderr}`);
		return stdout;
	}
	// On Windows, only a shell finds npm.cmd.
	const shell = process.platform === 'win32';
	return (await run('npm', all, { cwd, maxBuffer: 64e6, shell })).stdout;
}
