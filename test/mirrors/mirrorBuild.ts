import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../../host/paths';
import { brokenImports } from '../../scripts/mirrors/importGraph';
import type { Mirror } from '../../scripts/mirrors/write';

const run = promisify(execFile);

/** One step of publishing. @param place the mirror's folder */
type Action = (place: string) => Promise<void>;

// The engine, and both n8n versions, are tested in this repository.
const onNewerLine = ['--maxWorkers=1', '--selectProjects', 'n8n 2.41'];
const ownTests = ['test/providers', 'test/credentials', 'test/triggers', ...onNewerLine];

const fromNothing: Record<string, Action> = {
	'is installed from nothing': command('npm', 'ci', '--prefer-offline'),
};

const lockStep: Record<string, Action> = {
	'has the lock file of its package.json': command(
		...['npm', 'ci', '--dry-run', '--offline', '--silent'],
	),
};

/** In place of `npm ci`, which takes forty seconds. */
const fromHere: Record<string, Action> = {
	...lockStep,
	'needs the packages of its lock file only': async (place) => copyPackages(place),
};

/** All steps of publishing after the installation. */
const everyStep: Record<string, Action> = {
	'is linted, built, and passes its tests': command('npm', 'test', '--', ...ownTests),
	'passes what n8n checks, in its source and its tarball': command(
		'node',
		'scripts/lintPackage.mjs',
	),
	'is packed': command('npm', 'pack', '--silent'),
};

/** The steps in which a mirror can differ from the representative; it uses the packages of this repository. */
const ownSteps: Record<string, Action> = {
	...lockStep,
	'is built': async (place) => {
		symlinkSync(
			path.join(repository, 'node_modules'),
			path.join(place, 'node_modules'),
			'junction',
		);
		await command('npm', 'run', 'build')(place);
	},
	// What its tests hold is held in this repository; that none of them misses a file is to be seen.
	'has all that its tests import': async (place) =>
		expect(brokenImports(place, ['credentials', 'nodes', 'sandbox', 'test'])).toEqual([]),
	// The name of the package stands in the webhooks that a trigger registers.
	'keeps the contract, and its trigger works': command(
		...['npx', 'jest', 'test/providers/contract', 'test/triggers', ...onNewerLine],
	),
	'is packed': everyStep['is packed'],
};

/** Takes every step but for the download; the others have the same scripts, engine and packages. */
const representative = 'n8n-nodes-reditus-cancellations';

/**
 * The steps of a mirror, in order. With CANCELLATIONS_MIRRORS=all each is installed from nothing and takes
 * every step, as before a release.
 */
export function stepsOf({ packageName }: Mirror): Record<string, Action> {
	if (process.env.CANCELLATIONS_MIRRORS === 'all') return { ...fromNothing, ...everyStep };
	return packageName === representative ? { ...fromHere, ...everyStep } : ownSteps;
}

/** The builds of some mirrors. */
export interface MirrorBuild {
	/** Resolves after the step; rejects with the output if it or an earlier one failed. */
	done(mirror: Mirror, step: string): Promise<void>;
	/** Path of a mirror's tarball. */
	tarball(mirror: Mirror): string;
}

/**
 * Takes all steps on copies of mirrors, two mirrors at a time.
 * @param folder outside this repository, so that no parent folder has its node_modules
 */
export function make(mirrors: Mirror[], folder: string): MirrorBuild {
	const all = new Map<Mirror, Map<string, Promise<void>>>();
	const lanes: Array<Promise<void>> = [Promise.resolve(), Promise.resolve()];
	mirrors.forEach((mirror, index) => {
		const lane = index % lanes.length;
		const place = path.join(folder, mirror.packageName);
		let before = lanes[lane].then(async () => {
			cpSync(mirror.folder, place, { recursive: true });
			await run('git', ['init', '-q'], { cwd: place });
		});
		const done = new Map<string, Promise<void>>();
		for (const [step, action] of Object.entries(stepsOf(mirror))) {
			before = before.then(async () => await action(place));
			// A later caller gets the same error.
			before.catch(() => undefined);
			done.set(step, before);
		}
		all.set(mirror, done);
		lanes[lane] = before
			.catch(() => undefined)
			.then(() => rmSync(path.join(place, 'node_modules'), { recursive: true, force: true }));
	});
	return {
		done: async (mirror, step) => await all.get(mirror)!.get(step)!,
		tarball({ packageName }) {
			const place = path.join(folder, packageName);
			return path.join(
				place,
				readdirSync(place).find((file) => file.endsWith('.tgz'))!,
			);
		},
	};
}

/** Puts each package of the lock file, and no other, into the mirror. */
function copyPackages(place: string): void {
	const lock = readFileSync(path.join(place, 'package-lock.json'), 'utf8');
	const { packages } = JSON.parse(lock) as { packages: Record<string, unknown> };
	for (const folder of [...Object.keys(packages).filter(Boolean), 'node_modules/.bin']) {
		const source = path.join(repository, folder);
		// Packages for other systems are not installed.
		if (!existsSync(source)) continue;
		cpSync(source, path.join(place, folder), {
			recursive: true,
			verbatimSymlinks: true,
			filter: (one) => path.basename(one) !== 'node_modules',
		});
	}
}

function command(...[program, ...args]: string[]): Action {
	return async (cwd) => {
		try {
			await run(program, args, {
				cwd,
				env: ownEnvironment(),
				maxBuffer: 64e6,
				shell: process.platform === 'win32',
			});
		} catch (reason) {
			const { stdout, stderr } = reason as { stdout: string; stderr: string };
			throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`.slice(-20_000));
		}
	};
}

/** Removes variables that npm and jest set for this repository. */
function ownEnvironment(): NodeJS.ProcessEnv {
	const outer =
		/^(JEST_|NODE_ENV$|npm_(config_(ignore_scripts|local_prefix|prefix)|package_|lifecycle_))/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
}
