import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { n8nInstallation } from '../host/paths';
import type { Row } from './figures';

const file = path.join(__dirname, 'RESULTS.md');

export function tableOf(rows: Row[]): string {
	const cells = ({ found }: Row) => (typeof found === 'string' ? { found } : found);
	const line = (of: string[]) => `| ${of.join(' | ')} |`;
	const heads = ['measure', 'must reach', ...Object.keys(cells(rows[0])), 'met'];
	const lines = rows.map((row) => {
		const met = row.met === undefined ? '–' : row.met ? 'yes' : '**no**';
		return line([row.measure, row.bound, ...Object.values(cells(row)), met]);
	});
	return [line(heads), line(heads.map(() => '---')), ...lines].join('\n');
}

/** Replaces a table in RESULTS.md; what was found and done around it is written by hand. */
export function writeReport(rows: Row[], minutes: number, table: 'figures' | 'queue'): void {
	const marker = `<!-- ${table} -->`;
	const [before, , after] = readFileSync(file, 'utf8').split(marker);
	const text = `${machine(minutes)}\n\n${tableOf(rows)}`;
	writeFileSync(file, `${before}${marker}\n\n${text}\n\n${marker}${after}`);
}

function machine(minutes: number): string {
	const [{ model }] = cpus();
	const [load] = loadavg();
	const { node, folder } = n8nInstallation();
	const version = (name: string) =>
		(
			JSON.parse(readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
				version: string;
			}
		).version;
	const inNpm = /node_modules[\\/](node-[a-z0-9-]+)[\\/]/.exec(node)?.[1];
	const nodeVersion = inNpm ? version(inNpm) : process.versions.node;
	const memory = (totalmem() / 2 ** 30).toFixed(0);
	return `${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores of ${model}, ${memory} GiB; n8n ${version('n8n')} on Node ${nodeVersion}, API and sandbox in another process on Node ${process.versions.node}. The whole run took ${minutes.toFixed(0)} minutes; the load at its end was ${load.toFixed(1)}.`;
}
