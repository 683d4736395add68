import { execFile } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Mirror } from '../../scripts/mirrors/write';

const run = promisify(execFile);

/** The steps of publishing a mirror, in order. */
export const steps = {
	'is installed from nothing': ['npm', 'ci', '--prefer-offline'],
	// The engine, and both n8n versions, are tested in this repository.
	'is linted, built, and passes its tests': [
		...['npm', 'test', '--', 'test/providers', 'test/credentials', 'test/triggers'],
		...['--maxWorkers=1', '--selectProjects', 'n8n 2.41'],
	],
	'passes what n8n checks, in its source and its tarball': ['node', 'scripts/lintPackage.mjs'],
	'is packed': ['npm', 'pack', '--silent'],
};
export type Step = keyof typeof steps;

/** The builds of some mirrors. */
export interface MirrorBuild {
	/** Resolves after the step; rejects with the output if it or an earlier one failed. */
	done(mirror: Mirror, step: Step): Promise<void>;
	/** Path of a mirror's tarball. */
	tarball(mirror: Mirror): string;
}

/**
 * Runs all steps on copies of mirrors, two mirrors at a time.
 * @param folder outside this repository, so that no parent folder has its node_modules
 */
export function make(mirrors: Mirror[], folder: string): MirrorBuild {
	const all = new Map<Mirror, Map<Step, Promise<void>>>();
	const lanes: Array<Promise<void>> = [Promise.resolve(), Promise.resolve()];
	mirrors.forEach((mirror, index) => {
		const lane = index % lanes.length;
		const place = path.join(folder, mirror.packageName);
		let before = lanes[lane].then(async () => {
			cpSync(mirror.folder, place, { recursive: true });
			await run('git', ['init', '-q'], { cwd: place });
		});
		const done = new Map<Step, Promise<void>>();
		for (const [step, words] of Object.entries(steps) as Array<[Step, string[]]>) {
			before = before.then(async () => await command(words, place));
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
			return path.join(place, readdirSync(place).find((file) => file.endsWith('.tgz'))!);
		},
	};
}

async function command([program, ...args]: string[], cwd: string): Promise<void> {
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
}

/** Removes variables that npm and jest set for this repository. */
function ownEnvironment(): NodeJS.ProcessEnv {
	const outer =
		/^(JEST_|NODE_ENV$|npm_(config_(ignore_scripts|local_prefix|prefix)|package_|lifecycle_))/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
}
