import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { type Execution, freePort, type WorkflowFile } from '../../host/n8n';
import { repository } from '../../host/paths';
import type { RunningN8n } from '../../host/server';
import {
	funnelFoxCancelNode,
	chainWorkflow,
	node,
	type N8nInstance,
	openInstance,
	saveAll,
} from './n8nInstance';

const workflow = (file: string) =>
	JSON.parse(readFileSync(path.join(repository, 'workflows', file), 'utf8')) as WorkflowFile;
const sample = 'Try it with a sample';

const agent = workflow('support-agent.json');
const review = workflow('support-agent-review.json');

let instance: N8nInstance;
let n8n: RunningN8n;
let post: PostOffice;

beforeAll(async () => {
	instance = await openInstance('agent');
	post = await openPostOffice();
	n8n = await instance.serve();
	const { id } = await n8n.rest<{ id: string }>('POST', '/credentials', {
		name: 'Mail of the approver',
		type: 'smtp',
		data: { host: '127.0.0.1', port: post.port, secure: false, disableStartTls: true },
	});
	const text = JSON.stringify(review).replaceAll('rehearsalSmtp', id);
	Object.assign(review, JSON.parse(text));
	await saveAll(n8n, [agent, review]);
});
beforeEach(() => instance.sandbox.reset());
afterAll(async () => {
	post.close();
	await instance.close();
});

/** Results of a tool's calls, in order. */
function answersOf({ runData }: Execution, tool: string): IDataObject[] {
	return (runData[tool] ?? []).map(({ data }) => data?.ai_tool?.[0]?.[0]?.json ?? {});
}

/** Requests to FunnelFox, in order. */
const traffic = () =>
	instance.sandbox.requests('funnelFox').map(({ effect, target }) => `${effect} ${target}`);

const lookUp = 'read ada@example.com';

const accepted = () => instance.sandbox.journal().map(({ target }) => target);

describe('the support agent', () => {
	it('gets a preview first, and acts once with its token', async () => {
		const execution = await n8n.finished(await n8n.run(agent.id, sample));
		expect(execution.message).toBeUndefined();
		const [preview, done, ...more] = answersOf(execution, 'Cancel a subscription');
		expect(more).toEqual([]);
		expect(preview).toMatchObject({
			outcome: 'preview',
			ended: false,
			wouldBe: { outcome: 'scheduled' },
			nextStep: expect.stringContaining('call this tool again'),
		});
		expect(done).toMatchObject({ outcome: 'scheduled', ended: true, target: 'sub_ada' });
		const [, second] = execution.runData['Cancel a subscription'];
		expect(JSON.stringify(second.inputOverride)).toContain(preview.planToken);
		expect(traffic()).toEqual([lookUp, lookUp, 'read sub_ada', 'write sub_ada']);
		expect(accepted()).toEqual(['sub_ada']);
		const [{ data }] = execution.runData['Support agent'].slice(-1);
		expect(data?.main[0]?.[0].json.output).toContain('scheduled');
	});

	it('cancels nothing where it stops after the preview', async () => {
		instance.sandbox.agent({ tool: 'Cancel_a_subscription', carryOut: false });
		const execution = await n8n.finished(await n8n.run(agent.id, sample));
		expect(execution.message).toBeUndefined();
		expect(traffic()).toEqual([lookUp]);
		expect(accepted()).toEqual([]);
	});

	it('acts on the one whose token comes back, where a customer has several', async () => {
		const both = { arguments: { Email: 'twin@example.com' } };
		instance.sandbox.agent({ tool: 'Cancel_a_subscription', ...both });
		const execution = await n8n.finished(await n8n.run(agent.id, sample));
		expect(execution.message).toBeUndefined();
		const [shown, done] = (execution.runData['Cancel a subscription'] ?? []).map(({ data }) =>
			JSON.stringify(data?.ai_tool),
		);
		for (const id of ['sub_twin_1', 'sub_twin_2']) expect(shown).toContain(id);
		expect(done).toContain('scheduled');
		expect(accepted()).toEqual(['sub_twin_2']);
	});

	it('cannot make a token up', async () => {
		instance.sandbox.agent({
			tool: 'Cancel_a_subscription',
			arguments: { Plan_Token: 'plan1.made.up' },
		});
		const execution = await n8n.finished(await n8n.run(agent.id, sample));
		const told = JSON.stringify(execution.runData['Cancel a subscription']);
		expect(told).toContain(
			'ada@example.com (sub_ada): the plan token cannot be read. Nothing was sent.',
		);
		expect(accepted()).toEqual([]);
	});
});

describe("an agent behind n8n's Workflow Tool, whose node does not see it", () => {
	const name = 'Cancel it';
	const fromAi = (field: string, what: string) =>
		`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${field}', \`${what}\`, 'string', '') }}`;

	/** The support agent with a sub-workflow as its tool. */
	async function throughTool(options: IDataObject): Promise<Execution> {
		const cancel = funnelFoxCancelNode('={{ $json.subscriptionId }}', {
			onError: 'continueRegularOutput',
			options: { planToken: '={{ $json.planToken }}', ...options },
		});
		const takes = ['subscriptionId', 'planToken'].map((each) => ({ name: each, type: 'string' }));
		const trigger = { inputSource: 'workflowInputs', workflowInputs: { values: takes } };
		const child = await n8n.createWorkflow(
			chainWorkflow('called', [
				node('Called', 'n8n-nodes-base.executeWorkflowTrigger', 1.1, trigger),
				cancel,
			]),
		);
		await n8n.activate(child);
		const tool = node(name, '@n8n/n8n-nodes-langchain.toolWorkflow', 2.2, {
			description: 'Cancel one subscription. Without a planToken it answers with a preview.',
			workflowId: { __rl: true, mode: 'id', value: child },
			workflowInputs: {
				mappingMode: 'defineBelow',
				value: {
					subscriptionId: fromAi('subscriptionId', 'such as sub_ada'),
					planToken: fromAi('planToken', 'the planToken of the preview; empty at first'),
				},
				schema: takes.map(({ name: id, type }) => ({ id, displayName: id, type, display: true })),
			},
		});
		const { nodes, connections, ...others } = agent;
		const kept = nodes.filter(({ type }) => !String(type).startsWith('n8n-nodes-cancellations.'));
		const left = kept.map((each) => String(each.name));
		instance.sandbox.agent({ tool: 'Cancel_it', arguments: { subscriptionId: 'sub_ada' } });
		const id = await n8n.createWorkflow({
			...others,
			nodes: [...kept, tool],
			connections: {
				...Object.fromEntries(Object.entries(connections).filter(([from]) => left.includes(from))),
				[name]: { ai_tool: [[{ node: 'Support agent', type: 'ai_tool', index: 0 }]] },
			},
		});
		return await n8n.finished(await n8n.run(id, sample));
	}

	it('gets a preview first where a plan token is required, and acts once with it', async () => {
		const execution = await throughTool({ requirePlanToken: true });
		expect(execution.message).toBeUndefined();
		expect(traffic()).toEqual(['read sub_ada', 'read sub_ada', 'write sub_ada']);
		expect(accepted()).toEqual(['sub_ada']);
	});

	it('cannot do without: an empty token where none is required is invalid, and nothing is sent', async () => {
		const execution = await throughTool({});
		expect(JSON.stringify(execution.runData[name])).toContain('Plan Token is empty');
		expect(traffic()).toEqual([]);
	});
});

describe('the support agent with a human review', () => {
	/** Runs until the approver has received an email. */
	async function untilAsked(): Promise<{ executionId: string; mail: Mail }> {
		instance.sandbox.agent({ tool: 'Preview_a_cancellation' });
		const before = post.mails.length;
		const executionId = await n8n.run(review.id, sample);
		for (;;) {
			const { status } = await n8n.rest<{ status: string }>('GET', `/executions/${executionId}`);
			if (status === 'waiting') break;
			if (!['new', 'running'].includes(status)) {
				throw new Error(`It does not wait: ${(await n8n.execution(executionId)).message}`);
			}
			await wait(100);
		}
		expect(post.mails).toHaveLength(before + 1);
		return { executionId, mail: post.mails[before] };
	}

	/** Opens a link of the email. */
	async function press({ text }: Mail, approved: boolean): Promise<void> {
		const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, link]) =>
			link.replaceAll('&amp;', '&'),
		);
		const link = new URL(links.find((each) => each.includes(`approved=${approved}`)) ?? '');
		const response = await fetch(`${n8n.url}${link.pathname}${link.search}`, {
			headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
		});
		expect(response.status).toBe(200);
	}

	it('sends nothing before the approver says so, then exactly one', async () => {
		const { executionId, mail } = await untilAsked();
		expect(mail.to).toBe('approver@example.com');
		expect(mail.text).toMatch(/ada@example\.com/);
		expect(traffic()).toEqual([lookUp]);
		await press(mail, true);
		const execution = await n8n.finished(executionId);
		expect(execution.message).toBeUndefined();
		expect(answersOf(execution, 'Cancel a subscription')).toMatchObject([
			{ outcome: 'scheduled', ended: true },
		]);
		expect(traffic()).toEqual([lookUp, lookUp, 'read sub_ada', 'write sub_ada']);
		expect(accepted()).toEqual(['sub_ada']);
	});

	it('sends nothing at all where the approver declines', async () => {
		const { executionId, mail } = await untilAsked();
		await press(mail, false);
		const execution = await n8n.finished(executionId);
		expect(execution.message).toBeUndefined();
		expect(traffic()).toEqual([lookUp]);
	});

	it('refuses what has changed while the approver was thinking', async () => {
		const { executionId, mail } = await untilAsked();
		instance.sandbox.change('funnelFox', 'sub_ada', { status: 'paused' });
		await press(mail, true);
		const execution = await n8n.finished(executionId);
		expect(JSON.stringify(execution.runData['Cancel a subscription'])).toContain(
			'has changed since the dry run',
		);
		expect(accepted()).toEqual([]);
	});
});

interface Mail {
	to: string;
	text: string;
}

interface PostOffice {
	port: number;
	mails: Mail[];
	close(): void;
}

/** An SMTP server that accepts every email and delivers none. */
async function openPostOffice(): Promise<PostOffice> {
	const port = await freePort();
	const mails: Mail[] = [];
	const server: Server = createServer((socket) => take(socket, mails));
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	return { port, mails, close: () => server.close() };
}

function take(socket: Socket, mails: Mail[]): void {
	let body: string[] | undefined;
	let to = '';
	let rest = '';
	const line = (text: string) => {
		if (body) {
			if (text !== '.') return void body.push(text);
			mails.push({ to, text: plain(body.join('\n')) });
			body = undefined;
			return socket.write('250 taken\r\n');
		}
		if (/^RCPT TO/i.test(text)) to = /<(.*)>/.exec(text)?.[1] ?? '';
		if (/^DATA/i.test(text)) body = [];
		if (/^QUIT/i.test(text)) return socket.end('221 bye\r\n');
		return socket.write(body ? '354 go on\r\n' : '250 ok\r\n');
	};
	socket.write('220 post office\r\n');
	socket.on('data', (chunk) => {
		const lines = (rest + chunk.toString()).split('\r\n');
		rest = lines.pop() ?? '';
		lines.forEach(line);
	});
}

/** Decodes quoted-printable text. */
function plain(text: string): string {
	return text
		.replace(/=\n/g, '')
		.replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
