import { median, range, type Row, times } from '../figures';
import { bareAccount, type Scene } from '../scene';
import { openStage } from '../stage';
import { cancel, httpRequest, peak, plain, type Side } from '../workflows';
import { unhurried } from './speed';

const mebibytes = (value: number) => `${value.toFixed(0)} MiB`;

/** 4: the most memory that n8n has had, execution saved as by default, in a new n8n each time. */
export async function memory(scene: Scene): Promise<Row[]> {
	const { quick, api } = scene;
	const count = quick ? 2000 : 10_000;
	const ours = cancel(bareAccount, { ...unhurried, maxConcurrency: 10 });
	const http = httpRequest(bareAccount, api.url);
	const rounds = quick ? 1 : 5;
	const mine: number[] = [];
	const peer: number[] = [];
	// Side by side: a peak does not depend on how long the way to it takes.
	for (let round = 0; round < rounds; round++) {
		const [one, other] = await Promise.all([
			peakOf('ours', ours, count),
			peakOf('http', http, count),
		]);
		mine.push(one);
		peer.push(other);
	}
	return [
		{
			measure: `4. Peak memory of the n8n process, ${count.toLocaleString('en')} items, answers kept, beside HTTP Request`,
			bound: 'at most 1.10 ×',
			found: `${mebibytes(median(mine))} (${range(mine, mebibytes)}) beside ${mebibytes(median(peer))} (${range(peer, mebibytes)}) = ${times(median(mine) / median(peer))} (${rounds} runs each)`,
			met: median(mine) <= 1.1 * median(peer),
		},
	];
}

async function peakOf(name: string, side: Side, count: number): Promise<number> {
	const stage = await openStage(name);
	try {
		await stage.open(peak('peak'));
		const workflow = await stage.open(plain('run', side));
		await stage.call('run', { count, prefix: 'm' });
		await stage.settled(workflow);
		return (await stage.call<{ peak: number }>('peak')).peak;
	} finally {
		await stage.stop();
	}
}
