/** Settings of the scripted agent. With an empty script it previews, then executes the preview's plan. */
export interface AgentScript {
	/** Name of the first tool to call. Default: a tool named preview, else one with a plan token, else the first. */
	tool?: string;
	/** Arguments of the call. The agent takes missing ones from the prompt. */
	arguments?: Record<string, unknown>;
	/** False: stop after the preview. Default true. */
	carryOut?: boolean;
	/** Text of the final message; `{outcome}` is replaced with the outcome that the tool reported. */
	final?: string;
}

/** A tool of the request, with the JSON schema of its arguments. */
export interface Tool {
	name: string;
	parameters?: Schema;
}

interface Schema {
	type?: unknown;
	enum?: unknown[];
	properties?: Record<string, Schema>;
}

/** One turn of the conversation. */
export type Turn =
	{ by: 'user'; text: string } | { by: 'agent'; calledWith: string } | { by: 'tool'; text: string };

export type Step = { call: string; with: Record<string, unknown> } | { say: string };

/**
 * The agent's next step after the user's last message: a call without a plan token, then a call with
 * the token of the preview (of a tool that accepts one), then a final message.
 */
export function nextStep(turns: Turn[], tools: Tool[], script: AgentScript): Step {
	const tool =
		tools.find(({ name }) => name === script.tool) ??
		tools.find(({ name }) => /preview/i.test(name)) ??
		tools.find(acceptsToken) ??
		tools[0];
	const recent = turns.slice(turns.map(({ by }) => by).lastIndexOf('user') + 1);
	const prompt = turns.filter((turn) => turn.by === 'user').at(-1)?.text ?? '';
	const result = recent.filter((turn) => turn.by === 'tool').at(-1)?.text;
	if (!tool) return { say: 'No tool is offered to me, so there is nothing that I can do.' };
	if (result === undefined) return { call: tool.name, with: argumentsFor(tool, prompt, script) };
	const token = lastValueOf(result, 'planToken');
	const isUsed = recent.some(
		(turn) => turn.by === 'agent' && turn.calledWith.includes(token ?? ''),
	);
	if (token && !isUsed && script.carryOut !== false) {
		const acting = acceptsToken(tool) ? tool : (tools.find(acceptsToken) ?? tool);
		const given = argumentsFor(acting, prompt, script, token);
		const extra = acceptsToken(acting) ? {} : { planToken: token };
		return { call: acting.name, with: { ...given, ...extra } };
	}
	const outcome = lastValueOf(result, 'outcome') ?? 'none';
	const words = script.final ?? 'The tool reported the outcome "{outcome}".';
	return { say: words.replaceAll('{outcome}', outcome) };
}

/** The last value of a string field in a JSON text, including JSON that is escaped in a string. */
function lastValueOf(text: string, field: string): string | undefined {
	const matches = [...text.matchAll(new RegExp(`"${field}\\\\*"\\s*:\\s*\\\\*"([^"\\\\]+)`, 'g'))];
	return matches.at(-1)?.[1];
}

/** The author of a workflow names the argument, for example `Plan_Token`. */
const isPlanToken = (name: string) => /plan[ _]?token/i.test(name);

const acceptsToken = ({ parameters }: Tool) => hasToken(parameters);
/** n8n's human review nests the arguments one level deeper. */
const hasToken = (schema?: Schema): boolean =>
	Object.entries(schema?.properties ?? {}).some(
		([name, inner]) => isPlanToken(name) || hasToken(inner),
	);

function argumentsFor(
	{ parameters }: Tool,
	prompt: string,
	script: AgentScript,
	token?: string,
): Record<string, unknown> {
	return { ...fillSchema(parameters, prompt, token), ...script.arguments };
}

function fillSchema(
	schema: Schema | undefined,
	prompt: string,
	token?: string,
): Record<string, unknown> {
	const values = Object.entries(schema?.properties ?? {}).map(([name, inner]) => {
		if (isPlanToken(name)) return [name, token];
		return [
			name,
			inner.properties ? fillSchema(inner, prompt, token) : valueFromPrompt(name, inner, prompt),
		];
	});
	return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function valueFromPrompt(name: string, { type, enum: choices }: Schema, prompt: string): unknown {
	if (choices) return choices[0];
	if (type === 'boolean') return false;
	if (type === 'number' || type === 'integer') return 0;
	const email = /[\w.+-]+@[\w-]+\.[\w.]*\w/.exec(prompt)?.[0];
	if (/mail/i.test(name)) return email ?? '';
	const id = /\b(?:sub|cus|or|ref)_\w+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\bcu\.[\w.]*\w/.exec(
		prompt,
	)?.[0];
	if (/reason|comment/i.test(name)) return '';
	if (/input|query|request/i.test(name)) return prompt;
	return id ?? email ?? '';
}
