import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { n8nInstallation } from '../host/paths';
import type { ResultRow } from './figures';

const file = path.join(__dirname, 'RESULTS.md');

export function formatTable(rows: ResultRow[]): string {
	const cells = ({ result }: ResultRow) => (typeof result === 'string' ? { result } : result);
	const line = (of: string[]) => `| ${of.join(' | ')} |`;
	const heads = ['measure', 'bound', ...Object.keys(cells(rows[0])), 'met'];
	const lines = rows.map((row) => {
		const met = row.met === undefined ? '–' : row.met ? 'yes' : '**no**';
		return line([row.measure, row.bound, ...Object.values(cells(row)), met]);
	});
	return [line(heads), line(heads.map(() => '---')), ...lines].join('\n');
}

/** The comparison with n8n's HTTP Request that the rows make. */
export function formatComparison(rows: ResultRow[]): string {
	const lines = rows
		.flatMap(({ comparisons = [] }) => comparisons)
		.map(({ measure, node, httpRequest }) => `| ${measure} | ${node} | ${httpRequest} |`);
	return ['| measure | this node | HTTP Request |', '| --- | --- | --- |', ...lines].join('\n');
}

/** Replaces the generated tables in RESULTS.md; the text around them is written by hand. */
export function writeReport(rows: ResultRow[], minutes: number, table: 'figures' | 'queue'): void {
	replaceBlock(table, `${describeMachine(minutes)}\n\n${formatTable(rows)}`);
	if (table === 'figures') replaceBlock('comparison', formatComparison(rows));
}

function replaceBlock(name: string, text: string): void {
	const marker = `<!-- ${name} -->`;
	const [before, , after] = readFileSync(file, 'utf8').split(marker);
	writeFileSync(file, `${before}${marker}\n\n${text}\n\n${marker}${after}`);
}

function describeMachine(minutes: number): string {
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
