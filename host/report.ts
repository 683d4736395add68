import type { Sandbox } from '../sandbox/server';
import { expected } from './expectedOutcomes';
import type { Execution, WorkflowFile } from './n8n';
import { type Result, resultsOf } from './results';

/** Prints the table of outcomes. @returns whether all outcomes are as expected */
export function report(execution: Execution, workflow: WorkflowFile, sandbox: Sandbox): boolean {
	if (execution.status !== 'success') {
		say(`The rehearsal stopped in "${execution.lastNodeExecuted}": ${execution.message}`);
		return false;
	}
	const results = resultsOf(execution, workflow);
	say(`\n${table(results)}\n`);
	const surprises = surprisesIn(results);
	for (const surprise of surprises) say(surprise);
	const accepted = sandbox.journal().length;
	const twice = repeatedWrites(sandbox);
	if (twice.length > 0) say(`Sent twice: ${twice.join(', ')}`);
	if (surprises.length > 0 || twice.length > 0) return false;
	say(
		`${results.length} outcomes, all as expected. The sandbox took ${accepted} writes, none twice.`,
	);
	return true;
}

function repeatedWrites(sandbox: Sandbox): string[] {
	const seen = new Set<string>();
	return sandbox.journal().flatMap(({ provider, operation, record }) => {
		const write = `${provider} ${operation} ${record}`;
		if (seen.has(write)) return [write];
		seen.add(write);
		return [];
	});
}

function surprisesIn(results: Result[]): string[] {
	return Object.entries(expected).flatMap(([node, outcomes]) =>
		outcomes.flatMap((outcome, item) => {
			const result = results.find((each) => each.node === node && each.item === item);
			if (result?.outcome === outcome) return [];
			const was = result?.outcome ?? 'not tried';
			return [`${node}, item ${item + 1}: ${was}, expected ${outcome ?? 'not tried'}`];
		}),
	);
}

/** One line per item, below the name of its node. */
function table(results: Result[]): string {
	const rows = results.map((result) => [
		String(result.item + 1),
		result.provider,
		result.target || '(empty)',
		inWords(result),
		result.effectiveAt ?? '–',
	]);
	const lines = [['item', 'provider', 'target', 'outcome', 'effective at'], ...rows];
	const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
	const [head, ...text] = lines.map((line) =>
		line
			.map((cell, column) => cell.padEnd(widths[column]))
			.join('  ')
			.trimEnd(),
	);
	const named = text.flatMap((line, index) => {
		const { node } = results[index];
		return node === results[index - 1]?.node ? [line] : ['', node, line];
	});
	return [head, widths.map((width) => '─'.repeat(width)).join('  '), ...named].join('\n');
}

function inWords({ outcome, wouldBe, duplicateOf }: Result): string {
	if (wouldBe !== undefined) return `${outcome} (would be ${wouldBe})`;
	return duplicateOf === undefined ? outcome : `${outcome} (same as item ${duplicateOf + 1})`;
}

/** On the terminal. */
export function say(text: string): void {
	process.stdout.write(`${text}\n`);
}
