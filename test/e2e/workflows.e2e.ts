import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { type Execution, importWorkflows, itemsOf, type WorkflowFile } from '../../host/n8n';
import { repository } from '../../host/place';
import type { RunningN8n } from '../../host/server';
import { type Stage, stage } from './stage';

const folder = path.join(repository, 'workflows');
const workflows = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as WorkflowFile);

let theatre: Stage;
let n8n: RunningN8n;

beforeAll(async () => {
	theatre = await stage('workflows');
	await importWorkflows(theatre.userFolder, workflows);
	n8n = await theatre.serve();
});
beforeEach(() => theatre.sandbox.reset());
afterAll(async () => await theatre.close());

/** What a node gave out in all its runs. */
function allOf({ runData }: Execution, node: string, output = 0): IDataObject[] {
	return (runData[node] ?? []).flatMap(({ data }) =>
		(data?.main[output] ?? []).map(({ json }) => json),
	);
}

const firstOf = (execution: Execution, node: string) => itemsOf(execution, node)[0].json;

/** Who was written to at a provider, in order. */
const written = (provider?: string) =>
	theatre.sandbox.journal(provider).map(({ operation, target }) => `${operation} ${target}`);

/** Waits until an execution has stopped for a person. */
async function waiting(executionId: string): Promise<Execution> {
	for (;;) {
		const { status } = await n8n.rest<{ status: string }>('GET', `/executions/${executionId}`);
		if (status === 'waiting') return await n8n.execution(executionId);
		if (!['new', 'running'].includes(status)) {
			const { lastNodeExecuted, message } = await n8n.execution(executionId);
			throw new Error(`It does not wait: ${status} in "${lastNodeExecuted}", ${message}`);
		}
		await wait(100);
	}
}

/** The newest execution of a workflow, as soon as there is one more than `before`. */
async function started(workflowId: string, before: number): Promise<string> {
	for (;;) {
		const executions = await n8n.executions(workflowId);
		if (executions.length > before) return executions[0].id;
		await wait(100);
	}
}

/** Calls a webhook of an active workflow. @returns the execution that it began */
async function call(workflowId: string, webhook: string, body: unknown): Promise<string> {
	const before = (await n8n.executions(workflowId)).length;
	const response = await fetch(`${n8n.url}/webhook/${webhook}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	expect(response.status).toBe(200);
	return await started(workflowId, before);
}

/** Fills in a form page as a browser does. */
async function submit(url: string, values: Array<string | File>): Promise<string> {
	const form = new FormData();
	values.forEach((value, index) => form.append(`field-${index}`, value));
	const response = await fetch(url, { method: 'POST', body: form });
	const text = await response.text();
	if (!response.ok) throw new Error(`The form answered ${response.status}: ${text}`);
	return text;
}

it('says in every workflow what it is for', () => {
	for (const { nodes } of workflows) {
		const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		expect(notes.length).toBeGreaterThan(2);
	}
});

describe('a deal is lost in the CRM', () => {
	const id = 'crm-deal-lost';
	const receipts = (execution: Execution) => allOf(execution, 'Receipt');

	it('changes nothing before somebody approves, then ends the plans and tells both tools', async () => {
		const executionId = await n8n.run(id, 'Try it with a sample');
		const asked = await waiting(executionId);
		expect(written()).toEqual([]);
		const { text, approvalUrl } = firstOf(asked, 'Ask for approval');
		expect(text).toMatch(/^2 plans would end:\nada@example.com: scheduled, ends \d{4}/);

		await submit(String(approvalUrl), ['Approve']);
		const execution = await n8n.finished(executionId);
		expect(execution.message).toBeUndefined();
		expect(written('funnelFox').sort()).toEqual(['cancel sub_ada', 'cancel sub_kim']);
		expect(written('firstPromoter').sort()).toEqual([
			'cancel ada@example.com',
			'cancel kim@example.com',
		]);
		expect(written('reditus').sort()).toEqual(['churn ada@example.com', 'churn kim@example.com']);
		const rows = receipts(execution);
		expect(
			rows.map(({ what, outcome, providerId }) => `${what} ${outcome} ${providerId}`).sort(),
		).toEqual([
			'firstPromoter cancel cancelled ada@example.com',
			'firstPromoter cancel cancelled kim@example.com',
			'funnelFox cancel refused sub_zoe',
			'funnelFox cancel scheduled sub_ada',
			'funnelFox cancel scheduled sub_kim',
			'reditus churn cancelled ada@example.com',
			'reditus churn cancelled kim@example.com',
		]);
		expect(rows.find(({ providerId }) => providerId === 'sub_ada')).toEqual({
			who: 'ada@example.com',
			what: 'funnelFox cancel',
			outcome: 'scheduled',
			ended: true,
			acceptedAt: expect.stringMatching(/^\d{4}-.*Z$/),
			effectiveAt: expect.stringMatching(/^\d{4}-.*Z$/),
			reason: 'Too expensive',
			providerId: 'sub_ada',
			toDo: '',
			executionId,
		});
	});

	it('refuses what has changed since it was approved', async () => {
		const executionId = await n8n.run(id, 'Try it with a sample');
		const asked = await waiting(executionId);
		theatre.sandbox.change('funnelFox', 'sub_ada', { status: 'paused' });
		await submit(String(firstOf(asked, 'Ask for approval').approvalUrl), ['Approve']);
		const execution = await n8n.finished(executionId);
		expect(written('funnelFox')).toEqual(['cancel sub_kim']);
		expect(written('firstPromoter')).toEqual(['cancel kim@example.com']);
		expect(receipts(execution).find(({ providerId }) => providerId === 'sub_ada')).toMatchObject({
			outcome: 'refused',
			toDo: expect.stringContaining('has changed since the dry run'),
		});
	});

	it("takes HubSpot's own call, and keeps what is not approved", async () => {
		await n8n.activate(id);
		const sample = firstOf(
			await waiting(await n8n.run(id, 'Try it with a sample')),
			'Sample events',
		);
		const executionId = await call(id, 'crm-deal-lost', [sample]);
		const asked = await waiting(executionId);
		await submit(String(firstOf(asked, 'Ask for approval').approvalUrl), ['Keep them all']);
		expect((await n8n.finished(executionId)).status).toBe('success');
		expect(written()).toEqual([]);
	});
});

describe('Stripe ended a subscription', () => {
	const id = 'billing-subscription-deleted';

	it("tells both tools under Stripe's event ID, and sums up", async () => {
		const execution = await n8n.finished(await n8n.run(id, 'Try it with a sample'));
		expect(execution.message).toBeUndefined();
		expect(written('firstPromoter').sort()).toEqual(['cancel cus_ada', 'cancel cus_emil']);
		expect(written('reditus').sort()).toEqual(['churn cus_ada', 'churn cus_emil']);
		const events = theatre.sandbox
			.requests('firstPromoter')
			.map(({ query }) => (query as IDataObject).event_id);
		expect(events).toContain('evt_1SandboxEvent1');
		expect(firstOf(execution, 'Summary message').text).toBe(
			[
				'3 subscriptions ended in Stripe.',
				'firstPromoter cancel: 2 cancelled',
				'firstPromoter cancel: 1 nothingToCancel',
				'reditus churn: 2 cancelled',
				'reditus churn: 1 notFound',
			].join('\n'),
		);
	});

	it('records an event that is delivered twice once', async () => {
		await n8n.activate(id);
		const first = await n8n.finished(await n8n.run(id, 'Try it with a sample'));
		const before = theatre.sandbox.journal().length;
		const sample = firstOf(first, 'Sample events');
		const second = await n8n.finished(await call(id, 'billing-subscription-deleted', sample));
		expect(theatre.sandbox.journal()).toHaveLength(before);
		expect(allOf(second, 'Receipt').map(({ what, outcome }) => `${what} ${outcome}`)).toEqual([
			'firstPromoter cancel alreadyCancelled',
			'reditus churn alreadyCancelled',
		]);
	});
});
