import { spawn } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { environment, freePort } from '../../host/n8n';
import { n8nInstallation } from '../../host/paths';
import { inTurn, median, ms, range, type Row } from '../figures';
import type { Scene } from '../scene';
import { compile } from '../probes/install';
import { homes, newHome } from '../stage';

const packages = (userFolder: string) => path.join(userFolder, '.n8n', 'nodes', 'node_modules');

interface Start {
	/** From the start of n8n's process until it says that its editor can be opened, in milliseconds. */
	whole: number;
	/** Of that, loading packages and writing their descriptions for the editor. */
	packages: number;
}

/**
 * 7: n8n's start with the package installed and without it, and what an install downloads. The whole
 * start scatters by more than the bound; only the part of it that deals with packages can tell.
 */
export async function start(scene: Scene): Promise<Row[]> {
	const [withIt, without] = [newHome('with'), newHome('without')];
	for (const home of [withIt, without]) {
		rmSync(path.join(packages(home), 'n8n-nodes-bench'), { recursive: true });
	}
	rmSync(path.join(packages(without), 'n8n-nodes-cancellations'), { recursive: true });
	const clock = path.join(homes, 'startClock.cjs');
	compile('startClock.ts', clock);
	const sides = [withIt, without].map((home) => async () => await startOf(home, clock));
	await inTurn(1, sides);
	const rounds = scene.quick ? 1 : 8;
	const [mine, peer] = await inTurn(rounds, sides);
	const found = (part: keyof Start) => {
		const [one, other] = [mine, peer].map((starts) => starts.map((each) => each[part]));
		const more = median(one.map((took, round) => took - other[round]));
		const show = (taken: number[]) => `${ms(median(taken))} (${range(taken, ms)})`;
		return { more, text: `${show(one)} beside ${show(other)}: ${more.toFixed(0)} ms more` };
	};
	const part = found('packages');
	const size = statSync(scene.tarball).size;
	return [
		{
			measure:
				"7. n8n's start with the package and without it: the part of it that deals with packages",
			bound: 'at most 50 ms more',
			found: `${part.text} (median of ${rounds} pairs)`,
			met: part.more <= 50,
		},
		{
			measure: '7. The whole start',
			bound: 'for comparison; it scatters',
			found: found('whole').text,
		},
		{
			measure: '7. The tarball',
			bound: 'at most 200 kB',
			found: `${Math.round(size / 1000)} kB`,
			met: size <= 200_000,
		},
	];
}

async function startOf(userFolder: string, clock: string): Promise<Start> {
	const { node, program } = n8nInstallation();
	const env = { ...(await environment(userFolder)), N8N_PORT: String(await freePort()) };
	const began = performance.now();
	const child = spawn(node, ['--require', clock, program, 'start'], {
		cwd: userFolder,
		env,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	let said = '';
	const whole = await new Promise<number>((resolve, reject) => {
		child.stdout.on('data', (chunk: Buffer) => {
			said += chunk.toString();
			if (/Editor is now accessible/.test(said)) resolve(performance.now() - began);
		});
		child.once('close', () => reject(new Error(`n8n ended while it was starting:\n${said}`)));
	});
	child.kill('SIGTERM');
	await ended;
	const parts = [...said.matchAll(/^bench \w+ ([\d.]+)$/gm)].map(([, took]) => Number(took));
	if (parts.length !== 2) throw new Error(`The clock in n8n was not heard:\n${said}`);
	return { whole, packages: parts[0] + parts[1] };
}
