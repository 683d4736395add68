import { spawn } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { environment, freePort } from '../../host/n8n';
import { hostPlace } from '../../host/place';
import { inTurn, median, ms, range, type Row, seconds } from '../figures';
import type { Scene } from '../scene';
import { newHome } from '../stage';

const packages = (userFolder: string) => path.join(userFolder, '.n8n', 'nodes', 'node_modules');

/** 7: n8n's start with the package installed and without it, and what an install downloads. */
export async function start(scene: Scene): Promise<Row[]> {
	const [withIt, without] = [newHome('with'), newHome('without')];
	for (const home of [withIt, without]) {
		rmSync(path.join(packages(home), 'n8n-nodes-bench'), { recursive: true });
	}
	rmSync(path.join(packages(without), 'n8n-nodes-cancellations'), { recursive: true });
	const sides = [withIt, without].map((home) => async () => await startOf(home));
	await inTurn(1, sides);
	const rounds = scene.quick ? 1 : 12;
	const [mine, bare] = await inTurn(rounds, sides);
	const more = median(mine.map((took, round) => took - bare[round]));
	const size = statSync(scene.tarball).size;
	return [
		{
			measure: "7. n8n's start with the package and without it",
			bound: 'at most 50 ms more',
			found: `${seconds(median(mine))} (${range(mine, seconds)}) beside ${seconds(median(bare))} (${range(bare, seconds)}): ${ms(more)} more (median of ${rounds} pairs)`,
			met: more <= 50,
		},
		{
			measure: '7. The tarball',
			bound: 'at most 200 kB',
			found: `${Math.round(size / 1000)} kB`,
			met: size <= 200_000,
		},
	];
}

/** Milliseconds from the start of n8n's process until it says that its editor can be opened. */
async function startOf(userFolder: string): Promise<number> {
	const { node, program } = hostPlace();
	const env = { ...(await environment(userFolder)), N8N_PORT: String(await freePort()) };
	const began = performance.now();
	const child = spawn(node, [program, 'start'], {
		cwd: userFolder,
		env,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	let said = '';
	const took = await new Promise<number>((resolve, reject) => {
		child.stdout.on('data', (chunk: Buffer) => {
			said = (said + chunk.toString()).slice(-4000);
			if (/Editor is now accessible/.test(said)) resolve(performance.now() - began);
		});
		child.once('close', () => reject(new Error(`n8n ended while it was starting:\n${said}`)));
	});
	child.kill('SIGTERM');
	await ended;
	return took;
}
