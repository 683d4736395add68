import { answerText } from '../story';
import type { TriggerHistory } from './history';

/** Who left when, what was delivered and polled, and what started, for a person. */
export function tellTriggers(history: TriggerHistory): string {
	const { world, network, source, ends, arrivals, polls, executions, words } = history;
	const lines: Array<[number, string]> = [];
	const inTime = (at: number) => new Date(at).toISOString();
	for (const { customer, at, endsAt, byApi, stays } of ends) {
		const more = [byApi && 'by the API', !stays && 'and comes back'].filter(Boolean).join(' ');
		lines.push([at, `customer ${customer} leaves, end ${inTime(endsAt)} ${more}`]);
	}
	for (const arrival of arrivals) {
		const { at, eventId, customer, attempt, fault, status, finishedAt, reason } = arrival;
		const about = `${eventId} about customer ${customer}`;
		lines.push([at, `delivery ${attempt} of ${about} arrives${fault ? ` << ${fault}` : ''}`]);
		const answer = finishedAt === undefined ? 'no answer' : `answer ${status}`;
		lines.push([finishedAt ?? at, `${about}: ${answer} ${JSON.stringify(reason ?? '')}`]);
	}
	for (const { at, endedAt, failed, items } of polls) {
		lines.push([at, 'a poll begins']);
		const result = failed === undefined ? `ends with ${items} items` : `fails: ${failed}`;
		lines.push([endedAt ?? at, `the poll of ${inTime(at)} ${result}`]);
	}
	for (const { at, items, arrival } of executions) {
		const by = arrival ? ` by ${arrival.eventId}` : '';
		for (const item of items) lines.push([at, `an execution starts${by}: ${JSON.stringify(item)}`]);
	}
	for (const request of network.requests) {
		const { sentAt, line, fault, answeredAt } = request;
		lines.push([sentAt, `sends ${line}${fault ? `   << ${JSON.stringify(fault)}` : ''}`]);
		if (answeredAt !== undefined)
			lines.push([answeredAt, `gets ${answerText(request)} for ${line}`]);
	}
	source.truths.forEach((truths, customer) => {
		for (const { at, isOver } of truths.slice(1)) {
			lines.push([at, `the record of customer ${customer} shows ${isOver ? 'an end' : 'none'}`]);
		}
	});
	const start = Math.min(...lines.map(([at]) => at));
	const told = lines
		.sort(([one], [other]) => one - other)
		.map(([at, text]) => `${String(at - start).padStart(9)} ms  ${text}`);
	return [`the world: ${JSON.stringify(world)}`, ...told, ...new Set(words)].join('\n');
}
