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
import { cacheFolder, hostPlace, repository } from './place';
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
 * Takes the steps that n8n takes when somebody installs a community package from its editor, with
 * a tarball in place of the download.
 * @param userFolder what n8n gets as N8N_USER_FOLDER
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
 * A user's n8n folder has no `n8n-workflow` above it, so a community package gets n8n's own copy.
 * Ours lies inside the repository, where Node would find the development copy first; then its
 * errors would be none of n8n's.
 */
function shareWorkflowLibrary(userFolder: string): void {
	const link = path.join(userFolder, 'node_modules', 'n8n-workflow');
	rmSync(link, { recursive: true, force: true });
	mkdirSync(path.dirname(link), { recursive: true });
	symlinkSync(path.join(hostPlace().folder, 'node_modules', 'n8n-workflow'), link, 'junction');
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
	// Without npm above it, the shell finds npm (npm.cmd on Windows).
	const shell = process.platform === 'win32';
	return (await run('npm', all, { cwd, maxBuffer: 64e6, shell })).stdout;
}
