import type { WorkflowFile } from '../../host/n8n';

/** A step under "Try it" in the note of a ready workflow. */
export type Step =
	| { press: string; from?: string }
	| { fill: Array<{ label: string; value: string }> }
	| { choose: string }
	| { page: string[] }
	| { node: string; words: string[] };

/**
 * The steps in the notes of a workflow; none without "Try it".
 * @throws Error for a step without a known instruction
 */
export function stepsOf({ nodes }: WorkflowFile): Step[] {
	const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
	const texts = notes.map(({ parameters }) => (parameters as { content: string }).content);
	return texts.flatMap((text) => {
		const [, list = ''] = text.split('**Try it:**');
		return [...list.split('\n\n')[0].matchAll(/^## \d+\. (.+)$/gm)].map(([, words]) => read(words));
	});
}

const marked = (sign: RegExp, text: string) => [...text.matchAll(sign)].map(([, words]) => words);
const code = /`([^`]+)`/g;

function read(text: string): Step {
	const [button] = marked(/\*\*([^*]+)\*\*/g, text);
	const [name] = marked(/(?<!\*)\*([^*]+)\*(?!\*)/g, text);
	if (/^Press /.test(text)) return { press: button };
	if (/^Open the arrow beside .* click the button\.$/.test(text)) {
		return { press: button, from: name.replace(/^from /, '') };
	}
	if (/\bchoose \*\*/.test(text)) return { choose: button };
	if (/^A page opens: /.test(text)) {
		const fields = [...text.matchAll(/\*([^*]+)\* `([^`]+)`/g)];
		return { fill: fields.map(([, label, value]) => ({ label, value })) };
	}
	if (/^The page says /.test(text)) return { page: marked(code, text) };
	if (/\bLook into \*/.test(text)) {
		return { node: name, words: marked(code, text.slice(text.indexOf('Look into'))) };
	}
	throw new Error(`This step has no known instruction: ${text}`);
}
