import type { FastifyInstance, FastifyReply } from 'fastify';
import { type AgentScript, nextStep, type Step, type Tool, type Turn } from './agent';
import { namedPlugin } from './plugin';
import type { SandboxState } from './sandboxState';

const model = 'sandbox-agent';
const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

interface Message {
	role: string;
	content?: unknown;
	tool_calls?: Array<{ function: { arguments: string } }>;
}

interface ChatRequest {
	messages: Message[];
	tools?: Array<{ function: Tool }>;
	stream?: boolean;
}

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

/** The scripted model: its script, and what it was asked. */
export interface Model {
	script: AgentScript;
	requests: unknown[];
}

/**
 * A scripted model behind OpenAI's two interfaces, for rehearsals with an AI agent. Any key is good.
 * @see https://platform.openai.com/docs/api-reference/chat
 * @see https://platform.openai.com/docs/api-reference/responses
 */
export function addOpenAiRoutes(
	app: FastifyInstance,
	sandboxState: SandboxState,
	scripted: Model,
): void {
	let last = 0;
	const about = (kind: string) => {
		last += 1;
		const created = Math.floor(sandboxState.clock.now().getTime() / 1000);
		return { id: `${kind}_sandbox_${last}`, created };
	};
	const decide = (turns: Turn[], tools: Tool[], request: unknown) => {
		scripted.requests.push(request);
		return nextStep(turns, tools, scripted.script);
	};

	app.register(
		namedPlugin('openai', (scope) => {
			scope.get('/models', () => ({
				object: 'list',
				data: [{ id: model, object: 'model', created: 0, owned_by: 'sandbox' }],
			}));
			scope.post<{ Body: ChatRequest }>('/chat/completions', ({ body }, reply) => {
				const tools = (body.tools ?? []).map((tool) => tool.function);
				const step = decide(body.messages.flatMap(turnOfMessage), tools, body);
				const head = { ...about('chatcmpl'), model };
				return body.stream
					? stream(reply, chatChunks(head, step))
					: reply.send(chatCompletion(head, step));
			});
			scope.post<{ Body: ResponseRequest }>('/responses', ({ body }, reply) => {
				const items =
					typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input;
				const step = decide(items.flatMap(turnOfItem), body.tools ?? [], body);
				const answer = response(about('resp'), step);
				return body.stream ? stream(reply, responseEvents(answer)) : reply.send(answer);
			});
		}),
		{ prefix: '/openai/v1' },
	);
}

function turnOfMessage({ role, content, tool_calls: calls = [] }: Message): Turn[] {
	if (role === 'user') return [{ by: 'user', text: textOf(content) }];
	if (role === 'tool') return [{ by: 'tool', text: textOf(content) }];
	return calls.map((call) => ({ by: 'agent', calledWith: call.function.arguments }));
}

function turnOfItem({ type, role, content, arguments: given, output }: Item): Turn[] {
	if (type === 'function_call') return [{ by: 'agent', calledWith: given ?? '' }];
	if (type === 'function_call_output') return [{ by: 'tool', text: textOf(output) }];
	return role === 'user' ? [{ by: 'user', text: textOf(content) }] : [];
}

/** Content is a text, or a list of parts with texts. */
function textOf(content: unknown): string {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content)) return JSON.stringify(content ?? '');
	return content.map((part: { text?: string }) => part.text ?? '').join('\n');
}

function chatMessage(id: string, step: Step) {
	if ('say' in step) return { role: 'assistant', content: step.say };
	const call = {
		id: `call_${id}`,
		type: 'function',
		function: { name: step.call, arguments: JSON.stringify(step.with) },
	};
	return { role: 'assistant', content: null, tool_calls: [call] };
}

function chatCompletion(head: { id: string; created: number; model: string }, step: Step) {
	const finish = 'say' in step ? 'stop' : 'tool_calls';
	const message = chatMessage(head.id, step);
	const choices = [{ index: 0, message, logprobs: null, finish_reason: finish }];
	return { ...head, object: 'chat.completion', choices, usage };
}

function chatChunks(head: { id: string; created: number; model: string }, step: Step): string[] {
	const { tool_calls: calls, ...message } = chatMessage(head.id, step);
	const numbered = calls?.map((call, index) => ({ index, ...call }));
	const delta = numbered ? { ...message, tool_calls: numbered } : message;
	const chunk = (choice: object) =>
		JSON.stringify({
			...head,
			object: 'chat.completion.chunk',
			choices: [{ index: 0, logprobs: null, finish_reason: null, ...choice }],
		});
	const end = JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage });
	const finish = 'say' in step ? 'stop' : 'tool_calls';
	const chunks = [chunk({ delta }), chunk({ delta: {}, finish_reason: finish }), end, '[DONE]'];
	return chunks.map((data) => `data: ${data}\n\n`);
}

function response({ id, created }: { id: string; created: number }, step: Step) {
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
		model,
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

function responseEvents(answer: ReturnType<typeof response>): string[] {
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
