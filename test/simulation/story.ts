import type { History } from './history';
import type { SentRequest } from './network';

/** What a node got for a request. */
export const answerText = ({ answer }: SentRequest): string =>
	typeof answer === 'object'
		? `${answer.status} ${JSON.stringify(answer.body).slice(0, 160)}`
		: String(answer);

/** Who sent what when, for a person. */
export function tell(history: History): string {
	const { world, model, network, runs } = history;
	const lines: Array<[number, string]> = [];
	const start = Math.min(...runs.map(({ startedAt }) => startedAt));
	for (const run of runs) {
		const { number, execution, process, kind, credential } = run;
		const { naming, onError, operation, items, options } = execution;
		const inputs = items.map((item) => JSON.stringify(model.identifier(item, naming))).join(', ');
		const chosen = JSON.stringify(options);
		lines.push([
			run.startedAt,
			`run ${number} (${kind}, program ${process}, credential ${credential}, chain ${run.chain}): ${operation} by ${naming} ${inputs}; ${onError}; ${chosen}`,
		]);
		if (run.stoppedAt !== undefined) lines.push([run.stoppedAt, `run ${number}: Stop`]);
		if (run.diedAt !== undefined) lines.push([run.diedAt, `run ${number}: its process dies`]);
		if (run.endedAt === undefined) continue;
		if (run.thrown) {
			const { message, description } = run.thrown;
			lines.push([run.endedAt, `run ${number} throws: ${message} ${description ?? ''}`]);
		}
		for (const { json, pairedItem } of run.rows ?? []) {
			const row = (json.error ?? json) as Record<string, unknown>;
			const { outcome, ended, effectiveAt, attempts, message, description, note } = row;
			const text = JSON.stringify({
				outcome,
				ended,
				effectiveAt,
				attempts,
				message,
				description,
				note,
			});
			lines.push([run.endedAt, `run ${number} ${JSON.stringify(pairedItem)}: ${text}`]);
		}
		for (const hint of run.hints) lines.push([run.endedAt, `run ${number} hint: ${hint}`]);
	}
	for (const request of network.requests) {
		const { sentAt, run, line, fault, answeredAt } = request;
		lines.push([
			sentAt,
			`run ${run} sends ${line}${fault ? `   << ${JSON.stringify(fault)}` : ''}`,
		]);
		if (answeredAt !== undefined)
			lines.push([answeredAt, `run ${run} gets ${answerText(request)} for ${line}`]);
	}
	for (const { at, customer, wish } of model.acceptances) {
		lines.push([at, `the provider carries out "${wish}" for customer ${customer}`]);
	}
	model.truths.forEach((truths, customer) => {
		for (const { at, isOver, endsAt } of truths.slice(1)) {
			const end = endsAt === null ? '' : `, end ${new Date(endsAt).toISOString()}`;
			lines.push([at, `customer ${customer} ${isOver ? 'is over or ends' : 'goes on'}${end}`]);
		}
	});
	const told = lines
		.sort(([one], [other]) => one - other)
		.map(([at, text]) => `${String(at - start).padStart(9)} ms  ${text}`);
	const rest = { ...world, executions: undefined, faults: undefined };
	return [`the world: ${JSON.stringify(rest)}`, ...told].join('\n');
}
