import { flag } from './choice';
import { number } from './number';
import { always, option, writes } from './option';

/**
 * How much comes out, how fast and how patiently, in the order of the panel.
 * @param pace the provider's requests per minute
 */
export const plumbing = (pace: number) => ({
	includeResponse: option(
		flag({
			displayName: 'Include Response',
			default: false,
			description: "Whether to keep the provider's answer, without secrets, under response",
		}),
		writes,
		false,
	),
	requestsPerMinute: option(
		number(
			'Requests per Minute',
			[1],
			pace,
			'Pace of this account, shared by all executions of this n8n process',
		),
		always,
	),
	maxConcurrency: option(
		number('Requests at a Time', [1, 50], 5, 'How many requests wait for an answer at most'),
		always,
		5,
	),
	maxAttempts: option(
		number(
			'Tries per Item',
			[1, 10],
			4,
			'One that may have been accepted is never repeated blindly',
		),
		always,
		4,
	),
	timeout: option(
		number('Timeout', [1, 3_600_000], 30_000, 'Milliseconds to wait for an answer, per try'),
		always,
		30_000,
	),
});
