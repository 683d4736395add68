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
async function submit(url: string, values: string[]): Promise<string> {
	const form = new FormData();
	values.forEach((value, index) => form.append(`field-${index}`, value));
	const response = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
	const text = await response.text();
	if (response.status >= 400) throw new Error(`The form answered ${response.status}: ${text}`);
	return text;
}

/** A visitor of a form with several pages. */
interface Visit {
	executionId: string;
	/** The text of the page that is shown now. */
	page(): Promise<string>;
	choose(value: string): Promise<void>;
	/** Sees the last page, and waits for the end. */
	leave(): Promise<Execution>;
}

/** Opens a form and fills in its first page. */
async function visit(workflowId: string, values: string[]): Promise<Visit> {
	await n8n.activate(workflowId);
	const before = (await n8n.executions(workflowId)).length;
	const form = `${n8n.url}/form/${workflowId}`;
	// n8n has it open a moment after the workflow was switched on.
	while ((await fetch(form)).status === 404) await wait(100);
	const answer = await submit(form, values);
	const { formWaitingUrl: url } = JSON.parse(answer) as { formWaitingUrl: string };
	const executionId = await started(workflowId, before);
	const page = async () => {
		await waiting(executionId);
		return await (await fetch(url)).text();
	};
	return {
		executionId,
		page,
		async choose(value) {
			await waiting(executionId);
			await submit(url, [value]);
		},
		async leave() {
			await page();
			await submit(url, []);
			return await n8n.finished(executionId);
		},
	};
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
			'funnelFox cancel notFound sub_zoe',
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
				'reditus churn: 1 nothingToCancel',
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

describe('a list is cancelled', () => {
	const id = 'bulk-cancel';
	const rows = [
		'email\tsubscription\treason',
		'ada@example.com\tsub_ada\tToo expensive',
		'ben@example.com, sub_ben',
		'cleo@example.com;sub_cleo;Company closed',
		'',
		'hana@example.com,sub_hana,Too expensive',
		'somebody.else@example.com,sub_kim,Too expensive',
		'jo@example.com,,No longer needed',
	].join('\r\n');

	it('shows what would happen, carries it out, and counts', async () => {
		const visitor = await visit(id, [rows, '10']);
		const page = await visitor.page();
		expect(page).toContain('4 of 6 rows can be carried out');
		expect(page).toContain('ada@example.com, sub_ada: scheduled');
		expect(page).not.toContain('sub_kim');
		expect(written()).toEqual([]);
		await visitor.choose('Carry it out');
		const report = await visitor.page();
		expect(report).toContain('2 scheduled');
		const execution = await visitor.leave();
		expect(execution.message).toBeUndefined();
		expect(written().sort()).toEqual(['cancel sub_ada', 'cancel sub_ben']);
		const counts = Object.fromEntries(
			allOf(execution, 'Count').map(({ outcome, rows: count }) => [outcome, count]),
		);
		expect(counts).toEqual({
			scheduled: 2,
			alreadyCancelled: 1,
			notCancellable: 1,
			refused: 1,
			invalid: 1,
		});
		const receipts = allOf(execution, 'Receipt');
		expect(receipts).toHaveLength(6);
		expect(receipts.find(({ outcome }) => outcome === 'invalid')).toMatchObject({
			who: 'jo@example.com',
			reason: 'No longer needed',
		});
	});

	it('sends nothing of a list that is longer than its limit', async () => {
		const visitor = await visit(id, [rows, '3']);
		await visitor.choose('Carry it out');
		expect(await visitor.page()).toContain('5 refused');
		await visitor.leave();
		expect(written()).toEqual([]);
	});

	it('cancels nobody where nobody approves', async () => {
		const visitor = await visit(id, [rows, '10']);
		await visitor.choose('Cancel nobody');
		expect(await visitor.page()).toContain('4 notApproved');
		await visitor.leave();
		expect(written()).toEqual([]);
	});

	it('reports a list of which nothing can be carried out', async () => {
		const visitor = await visit(id, ['zoe@example.com,sub_zoe', '10']);
		expect(await visitor.page()).toContain('1 notFound');
		await visitor.leave();
		expect(written()).toEqual([]);
	});
});

describe('a customer wants to leave', () => {
	const id = 'retention-offer';

	it('keeps who takes the offer', async () => {
		const visitor = await visit(id, ['cu.00.008', 'or_hana', 'PRICE']);
		expect(await visitor.page()).toContain('Half price for three months');
		await visitor.choose('Take the offer');
		expect(await visitor.page()).toContain('of_or_hana');
		expect((await visitor.leave()).status).toBe('success');
		expect(written()).toEqual([]);
	});

	it('ends the plan of who declines it, and takes it back on second thoughts', async () => {
		const visitor = await visit(id, ['cu.00.008', 'or_hana', 'PRICE']);
		await visitor.choose('Cancel all the same');
		expect(await visitor.page()).toMatch(/It ends at \d{4}-/);
		expect(written()).toEqual(['confirmCancel or_hana']);
		expect(theatre.sandbox.journal()[0].body).toMatchObject({
			survey: JSON.stringify({ reasonCode: 'PRICE' }),
		});
		await visitor.choose('Take it back');
		expect(await visitor.page()).toContain('The plan goes on');
		const execution = await visitor.leave();
		expect(execution.message).toBeUndefined();
		expect(written()).toEqual(['confirmCancel or_hana', 'reactivate or_hana']);
		expect(allOf(execution, 'Receipt').map(({ outcome }) => outcome)).toEqual([
			'scheduled',
			'restored',
		]);
	});

	it('asks once where there is no offer', async () => {
		const visitor = await visit(id, ['cu.00.001', 'or_ada', 'USAGE']);
		expect(await visitor.page()).toContain('There is no offer');
		await visitor.choose('Cancel the plan');
		await visitor.choose('Done');
		expect((await visitor.leave()).status).toBe('success');
		expect(written()).toEqual(['confirmCancel or_ada']);
	});

	it.each([
		['who is cancelled already', 'cu.00.003', 'or_cleo', 'It is cancelled already'],
		['who bought in a store', 'cu.00.004', 'or_dora', 'Only the customer can end it'],
		['whom nobody knows', 'cu.00.099', 'or_zoe', 'Nothing was cancelled'],
	])('has a page for %s', async (_, customer, order, words) => {
		const visitor = await visit(id, [customer, order, 'PRICE']);
		expect(await visitor.page()).toContain(words);
		expect(written()).toEqual([]);
	});
});

describe("the firm's own plan ends at a date", () => {
	const id = 'smokeball-cancel-at-date';
	const plan = 'b471682e-fa17-4e46-b7fe-000000000001';
	const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);

	it('is previewed, ended at the date, and taken back in time', async () => {
		const visitor = await visit(id, [plan, day, 'Too expensive']);
		expect(await visitor.page()).toContain(`It would end at ${day}`);
		expect(written()).toEqual([]);
		await visitor.choose('End it then');
		expect(await visitor.page()).toContain(`It ends at ${day}`);
		const [{ body }] = theatre.sandbox.journal('smokeball');
		expect(body).toMatchObject({ cancellationType: 'Date', reason: 'Too expensive' });
		await visitor.choose('Take it back');
		expect(await visitor.page()).toContain('The plan goes on');
		const execution = await visitor.leave();
		expect(execution.message).toBeUndefined();
		expect(written()).toEqual([`cancel ${plan}`, `resume ${plan}`]);
		expect(allOf(execution, 'Receipt').map(({ outcome }) => outcome)).toEqual([
			'scheduled',
			'restored',
		]);
	});

	it('ends nothing at a day that is over, nor without approval', async () => {
		const past = await visit(id, [plan, '2024-01-31', 'Too expensive']);
		expect(await past.page()).toContain('in the past');
		await past.leave();
		const kept = await visit(id, [plan, day, 'Too expensive']);
		await kept.choose('Keep it');
		expect(await kept.page()).toContain('The plan goes on');
		await kept.leave();
		expect(written()).toEqual([]);
	});
});

describe('reconciliation', () => {
	it('names who is cancelled in FunnelFox but not elsewhere, and changes nothing', async () => {
		const { sandbox } = theatre;
		sandbox.change('funnelFox', 'sub_fay', { status: 'cancelled' });
		const execution = await n8n.finished(await n8n.run('reconciliation', 'Run it now'));
		expect(execution.message).toBeUndefined();
		const todo = 'Track the cancellation in FirstPromoter; Churn in Reditus';
		expect(allOf(execution, 'Something to do')).toMatchObject([
			{ email: 'dora@example.com', firstPromoter: 'active', reditus: 'converted', toDo: todo },
			{ email: 'fay@example.com', firstPromoter: 'active', reditus: 'paid', toDo: todo },
		]);
		expect(firstOf(execution, 'Report').text).toMatch(
			/^2 of 5 cancelled customers are not cancelled everywhere\.\ndora@example\.com: /,
		);
		expect(written()).toEqual([]);
		expect(sandbox.requests().filter(({ effect }) => effect === 'write')).toEqual([]);
	});

	it('does not take trouble for a no', async () => {
		theatre.sandbox.fault({
			provider: 'firstPromoter',
			kind: 'unauthorized',
			on: 'read',
			target: 'gus@example.com',
			times: 0,
		});
		const execution = await n8n.finished(await n8n.run('reconciliation', 'Run it now'));
		const gus = allOf(execution, 'Something to do').find(
			({ email }) => email === 'gus@example.com',
		);
		expect(gus).toMatchObject({ toDo: 'Look at FirstPromoter (unauthorized)' });
	});
});
