import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let began = 0;
let cpuBefore = process.cpuUsage();

/** Precedes and follows the measured node: measures its elapsed time and CPU time. */
export class TimingNode implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Timing',
		name: 'timingNode',
		group: ['transform'],
		version: 1,
		description: 'Measures the nodes between two of it',
		defaults: { name: 'Timing' },
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
			// maxRSS is in KiB and counts from the start of the process.
			return [[{ json: { peak: process.resourceUsage().maxRSS / 1024 } }]];
		}
		if (at === 'start') {
			collectGarbage();
			cpuBefore = process.cpuUsage();
			began = performance.now();
			return [items];
		}
		const ms = performance.now() - began;
		const { user, system } = process.cpuUsage(cpuBefore);
		const ok = items.filter(({ json }) => json.ok === true || 'status' in json).length;
		return [[{ json: { ms, cpu: (user + system) / 1000, items: items.length, ok } }]];
	}
}
