/** What the scripted agent does. Without a script it previews, then carries that out. */
export interface AgentScript {
	/** Name of the tool to call first; default: one that previews, else one that takes a plan token, else any. */
	tool?: string;
	/** Arguments of the call. What is missing is looked for in the prompt. */
	arguments?: Record<string, unknown>;
	/** False: stop after the preview, as if a person had to agree first. Default true. */
	carryOut?: boolean;
	/** The last words; `{outcome}` stands for the outcome that the tool reported. */
	final?: string;
}

/** A tool that is offered, with the JSON schema of its arguments. */
export interface Tool {
	name: string;
	parameters?: Schema;
}

interface Schema {
	type?: unknown;
	enum?: unknown[];
	properties?: Record<string, Schema>;
}

/** What was said so far, whichever of the two APIs it came by. */
export type Turn =
	| { by: 'user'; text: string }
	| { by: 'agent'; calledWith: string }
	| { by: 'tool'; text: string };

export type Step = { call: string; with: Record<string, unknown> } | { say: string };

/**
 * The agent's next step: a call without a plan token, then one with the token that came back (of
 * the tool that takes one, where the first does not), then words. Only what happened since the
 * person last spoke counts.
 */
export function nextStep(turns: Turn[], tools: Tool[], script: AgentScript): Step {
	const tool =
		tools.find(({ name }) => name === script.tool) ??
		tools.find(({ name }) => /preview/i.test(name)) ??
		tools.find(takesToken) ??
		tools[0];
	const recent = turns.slice(turns.map(({ by }) => by).lastIndexOf('user') + 1);
	const prompt = turns.filter((turn) => turn.by === 'user').at(-1)?.text ?? '';
	const result = recent.filter((turn) => turn.by === 'tool').at(-1)?.text;
	if (!tool) return { say: 'No tool is offered to me, so there is nothing that I can do.' };
	if (result === undefined) return { call: tool.name, with: argumentsFor(tool, prompt, script) };
	const token = found(result, 'planToken');
	const isUsed = recent.some(
		(turn) => turn.by === 'agent' && turn.calledWith.includes(token ?? ''),
	);
	if (token && !isUsed && script.carryOut !== false) {
		const acting = takesToken(tool) ? tool : (tools.find(takesToken) ?? tool);
		const given = argumentsFor(acting, prompt, script, token);
		const extra = takesToken(acting) ? {} : { planToken: token };
		return { call: acting.name, with: { ...given, ...extra } };
	}
	const outcome = found(result, 'outcome') ?? 'none';
	const words = script.final ?? 'The tool reported the outcome "{outcome}".';
	return { say: words.replaceAll('{outcome}', outcome) };
}

/** The last value of a text field in a JSON text, also where JSON stands inside a JSON string. */
function found(text: string, field: string): string | undefined {
	const matches = [...text.matchAll(new RegExp(`"${field}\\\\*"\\s*:\\s*\\\\*"([^"\\\\]+)`, 'g'))];
	return matches.at(-1)?.[1];
}

/** Whoever builds a workflow may call it `Plan_Token`. */
const isPlanToken = (name: string) => /plan[ _]?token/i.test(name);

const takesToken = ({ parameters }: Tool) => hasToken(parameters);
/** Behind a human review the arguments stand one level deeper. */
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
	return { ...filled(parameters, prompt, token), ...script.arguments };
}

function filled(
	schema: Schema | undefined,
	prompt: string,
	token?: string,
): Record<string, unknown> {
	const values = Object.entries(schema?.properties ?? {}).map(([name, inner]) => {
		if (isPlanToken(name)) return [name, token];
		return [
			name,
			inner.properties ? filled(inner, prompt, token) : fromPrompt(name, inner, prompt),
		];
	});
	return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function fromPrompt(name: string, { type, enum: choices }: Schema, prompt: string): unknown {
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
