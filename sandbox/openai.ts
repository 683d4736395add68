import type { FastifyInstance, FastifyReply } from 'fastify';
import { type AgentScript, nextStep, type Step, type Tool, type Turn } from './scriptedAgent';
import { namedPlugin } from './plugin';
import type { SandboxState } from './sandboxState';

const modelName = 'sandbox-agent';

/** An input or output item of the Responses API. */
interface Item {
	type?: string;
	role?: string;
	content?: unknown;
	arguments?: string;
	output?: unknown;
}

interface ResponseRequest {
	input: string | Item[];
	tools?: Tool[];
	stream?: boolean;
}

/** The scripted model's state: its script, and the requests that it received. */
export interface ScriptedModel {
	script: AgentScript;
	requests: unknown[];
}

/**
 * A scripted model behind OpenAI's Responses API, which n8n's OpenAI nodes use. Any key is accepted.
 * @see https://platform.openai.com/docs/api-reference/responses
 */
export function addOpenAiRoutes(
	app: FastifyInstance,
	sandboxState: SandboxState,
	model: ScriptedModel,
): void {
	let lastId = 0;
	app.register(
		namedPlugin('openai', (scope) => {
			scope.get('/models', () => ({
				object: 'list',
				data: [{ id: modelName, object: 'model', created: 0, owned_by: 'sandbox' }],
			}));
			scope.post<{ Body: ResponseRequest }>('/responses', ({ body }, reply) => {
				model.requests.push(body);
				const items =
					typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input;
				const step = nextStep(items.flatMap(toTurn), body.tools ?? [], model.script);
				lastId += 1;
				const created = Math.floor(sandboxState.clock.now().getTime() / 1000);
				const answer = toResponse({ id: `resp_sandbox_${lastId}`, created }, step);
				return body.stream ? stream(reply, responseEvents(answer)) : reply.send(answer);
			});
		}),
		{ prefix: '/openai/v1' },
	);
}

function toTurn({ type, role, content, arguments: given, output }: Item): Turn[] {
	if (type === 'function_call') return [{ by: 'agent', calledWith: given ?? '' }];
	if (type === 'function_call_output') return [{ by: 'tool', text: textOf(output) }];
	return role === 'user' ? [{ by: 'user', text: textOf(content) }] : [];
}

/** Joins the texts of a content, which is a string or a list of parts. */
function textOf(content: unknown): string {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content)) return JSON.stringify(content ?? '');
	return content.map((part: { text?: string }) => part.text ?? '').join('\n');
}

function toResponse({ id, created }: { id: string; created: number }, step: Step) {
	const output =
		'say' in step
			? {
					type: 'message',
					id: `msg_${id}`,
					status: 'completed',
					role: 'assistant',
					content: [{ type: 'output_text', text: step.say, annotations: [] }],
				}
			: {
					type: 'function_call',
					id: `fc_${id}`,
					call_id: `call_${id}`,
					status: 'completed',
					name: step.call,
					arguments: JSON.stringify(step.with),
				};
	return {
		id,
		object: 'response',
		created_at: created,
		status: 'completed',
		model: modelName,
		output: [output],
		error: null,
		incomplete_details: null,
		parallel_tool_calls: false,
		usage: {
			input_tokens: 1,
			input_tokens_details: { cached_tokens: 0 },
			output_tokens: 1,
			output_tokens_details: { reasoning_tokens: 0 },
			total_tokens: 2,
		},
	};
}

function responseEvents(answer: ReturnType<typeof toResponse>): string[] {
	const [item] = answer.output;
	const open = { ...answer, status: 'in_progress', output: [] };
	const at = { item_id: item.id, output_index: 0 };
	const middle =
		'arguments' in item
			? [
					{ type: 'response.function_call_arguments.delta', ...at, delta: item.arguments },
					{ type: 'response.function_call_arguments.done', ...at, arguments: item.arguments },
				]
			: [
					{
						type: 'response.output_text.delta',
						...at,
						content_index: 0,
						delta: item.content[0].text,
					},
					{
						type: 'response.output_text.done',
						...at,
						content_index: 0,
						text: item.content[0].text,
					},
				];
	const empty =
		'arguments' in item
			? { ...item, status: 'in_progress', arguments: '' }
			: { ...item, status: 'in_progress', content: [] };
	const events = [
		{ type: 'response.created', response: open },
		{ type: 'response.output_item.added', output_index: 0, item: empty },
		...middle,
		{ type: 'response.output_item.done', output_index: 0, item },
		{ type: 'response.completed', response: answer },
	];
	return events.map(
		(event, index) =>
			`event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`,
	);
}

function stream(reply: FastifyReply, parts: string[]): FastifyReply {
	return reply.type('text/event-stream; charset=utf-8').send(parts.join(''));
}
