import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let began = 0;
let cpuBefore = process.cpuUsage();
let profiler: Session | undefined;

/** Stands before and after the node under measure: what it took, by the clock and by the CPU. */
export class Meter implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Meter',
		name: 'meter',
		group: ['transform'],
		version: 1,
		description: 'Measures what stands between two of it',
		defaults: { name: 'Meter' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [
			{
				displayName: 'At',
				name: 'at',
				type: 'options',
				default: 'start',
				options: [
					{ name: 'Start', value: 'start' },
					{ name: 'End', value: 'end' },
					{ name: 'Peak', value: 'peak' },
				],
			},
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const at = this.getNodeParameter('at', 0) as string;
		if (at === 'peak') {
			// KiB, since this process began.
			return [[{ json: { peak: process.resourceUsage().maxRSS / 1024 } }]];
		}
		if (at === 'start') {
			collectGarbage();
			if (process.env.BENCH_PROFILE === '1') profiler = startProfile();
			cpuBefore = process.cpuUsage();
			began = performance.now();
			return [items];
		}
		const ms = performance.now() - began;
		const { user, system } = process.cpuUsage(cpuBefore);
		const profile = profiler && (await endProfile(profiler));
		profiler = undefined;
		const ok = items.filter(({ json }) => json.ok === true || 'status' in json).length;
		return [[{ json: { ms, cpu: (user + system) / 1000, items: items.length, ok, profile } }]];
	}
}

function startProfile(): Session {
	const session = new Session();
	session.connect();
	session.post('Profiler.enable');
	session.post('Profiler.setSamplingInterval', { interval: 250 });
	session.post('Profiler.start');
	return session;
}

async function endProfile(session: Session): Promise<string> {
	return await new Promise((resolve, reject) => {
		session.post('Profiler.stop', (reason, result) => {
			session.disconnect();
			if (reason) reject(reason);
			else resolve(JSON.stringify(result.profile));
		});
	});
}
