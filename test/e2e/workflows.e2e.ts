import type { IDataObject } from 'n8n-workflow';
import { readyWorkflows } from '../../host/demo';
import { type Execution, itemsOf, type WorkflowFile } from '../../host/n8n';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import type { N8nSession } from '../../host/server';
import { sampleId as stripeId } from '../../sandbox/providers/stripe/ids';
import type { Scenario } from '../../sandbox/server';
import { eventually } from '../eventually';
import {
	mapNodes,
	withInput,
	inputTrigger,
	withFormPath,
	withoutRateLimit,
} from './workflowCopies';
import { bulkIds, bulkNames, openShared, type SharedN8n } from './n8nInstance';
import { type FormSession, createFormClient } from './visitor';

const workflows = readyWorkflows();

/** More than the limit of each workflow. */
const overLimit = 110;

let instance: SharedN8n;
let n8n: N8nSession;
let client: ReturnType<typeof createFormClient>;
/** The execution of a form without an answer; n8n checks once a minute for expired ones. */
let silent: string;

beforeAll(async () => {
	instance = await openShared();
	({ n8n } = instance);
	client = createFormClient(n8n, instance.owner);
	silent = await leaveUnanswered('bulk-cancel', ['ada@example.com,sub_ada', '1']);
});
beforeEach(() => instance.sandbox.reset());
afterAll(async () => await instance.close());

/** Items that a node returned in all its runs. */
function allOf({ runData }: Execution, node: string, output = 0): IDataObject[] {
	return (runData[node] ?? []).flatMap(({ data }) =>
		(data?.main[output] ?? []).map(({ json }) => json),
	);
}

const firstOf = (execution: Execution, node: string) => itemsOf(execution, node)[0].json;

/** Targets of the writes at each provider, in order. */
const written = (provider?: string) =>
	instance.sandbox.journal(provider).map(({ operation, target }) => `${operation} ${target}`);

const fileOf = (id: string) => workflows.filter((one) => one.id === id)[0];

/** The choices of a form page with one dropdown. */
function choicesOf(workflow: WorkflowFile, page: string): string[] {
	const { parameters } = workflow.nodes.filter(({ name }) => name === page)[0];
	const { formFields } = parameters as {
		formFields: { values: Array<{ fieldOptions: { values: Array<{ option: string }> } }> };
	};
	return formFields.values[0].fieldOptions.values.map(({ option }) => option);
}

/** Runs a copy of a workflow. @returns the ID of the execution */
const ran = async (copy: WorkflowFile, trigger = inputTrigger) =>
	await n8n.run(await n8n.createWorkflow(copy), trigger);

let copies = 0;

/** Fills in the form of a copy. */
async function copied(copy: WorkflowFile, values: string[]): Promise<FormSession> {
	const path = `copy-${(copies += 1)}`;
	return await client.openForm(await n8n.createWorkflow(withFormPath(copy, path)), values, path);
}

/** Fills in the form of a copy that waits for one second, and does not answer. */
async function leaveUnanswered(id: string, values: string[]): Promise<string> {
	const hurried = mapNodes(fileOf(id), ({ parameters }) =>
		parameters.limitWaitTime
			? { parameters: { ...parameters, resumeAmount: 1, resumeUnit: 'seconds' } }
			: {},
	);
	return (await copied(hurried, values)).executionId;
}

/** A copy in which one node has a wrong key. */
async function withWrongKey(workflow: WorkflowFile, name: string): Promise<WorkflowFile> {
	const node = workflow.nodes.filter((one) => one.name === name)[0];
	const [type] = Object.keys(node.credentials as object);
	const account = sandboxCredentials(instance.sandbox.url).filter((one) => one.type === type)[0];
	const wrong = Object.fromEntries(
		['apiKey', 'apiToken', 'secretKey']
			.filter((field) => field in account.data)
			.map((field) => [field, 'nobody_gave_this_out']),
	);
	const data = { ...account.data, ...wrong };
	const saved = await n8n.rest<{ id: string }>('POST', '/credentials', {
		name: `Wrong key of ${name}`,
		type,
		data,
	});
	return mapNodes(workflow, (one) =>
		one.name === name ? { credentials: { [type]: { id: saved.id, name: 'wrong' } } } : {},
	);
}

/** Receipts by operation and outcome. */
function outcomesOf(execution: Execution): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { what, outcome } of allOf(execution, 'Receipt')) {
		const words = `${String(what)} ${String(outcome)}`;
		counts[words] = (counts[words] ?? 0) + 1;
	}
	return counts;
}

function expectReceiptOf(outcome: string, target: string, execution: Execution): void {
	expect(execution.message).toBeUndefined();
	const receipts = allOf(execution, 'Receipt').filter((receipt) => receipt.outcome === outcome);
	expect(receipts).toMatchObject([
		{ providerId: target, toDo: expect.stringContaining('did not accept the credential') },
	]);
}

it('explains every workflow in a note', () => {
	for (const { nodes } of workflows) {
		const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		expect(notes.length).toBeGreaterThan(2);
	}
});

describe('a deal is lost in the CRM', () => {
	const id = 'crm-deal-lost';
	const receipts = (execution: Execution) => allOf(execution, 'Receipt');

	it('changes nothing before the approval, then ends the plans and updates both tools', async () => {
		const executionId = await n8n.run(id, 'Try it with a sample');
		const asked = await client.untilWaiting(executionId);
		expect(written()).toEqual([]);
		const { text, approvalUrl } = firstOf(asked, 'Ask for approval');
		expect(text).toMatch(
			/^2 to approve:\nada@example.com: would end on \d+ \w+ \d{4} \(FunnelFox\)\. Reason: Too expensive/,
		);
		expect(text).toContain('Left out: zoe@example.com: FunnelFox has no subscription with this');

		const ending = await client.submit(String(approvalUrl), ['Approve']);
		expect(JSON.parse(ending)).toEqual({
			formSubmittedText: `2 plans are being cancelled now. Receipts: node "Receipt" of execution ${executionId} in n8n.`,
		});
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
			'funnelFox cancel notFound zoe@example.com',
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
			toDo: null,
			executionId,
			summary: expect.stringMatching(/^ada@example\.com: cancelled, ends on /),
		});
	});

	it('refuses what has changed since it was approved', async () => {
		const executionId = await n8n.run(id, 'Try it with a sample');
		const asked = await client.untilWaiting(executionId);
		instance.sandbox.change('funnelFox', 'sub_ada', { status: 'paused' });
		await client.submit(String(firstOf(asked, 'Ask for approval').approvalUrl), ['Approve']);
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
			await client.untilWaiting(await n8n.run(id, 'Try it with a sample')),
			'Sample events',
		);
		const executionId = await client.called(id, 'crm-deal-lost', [sample]);
		const asked = await client.untilWaiting(executionId);
		const { approvalUrl } = firstOf(asked, 'Ask for approval');
		const ending = await client.submit(String(approvalUrl), ['Keep all']);
		expect(ending).toContain('Nothing is cancelled.');
		const execution = await n8n.finished(executionId);
		expect(execution.status).toBe('success');
		expect(receipts(execution)).toMatchObject([
			{ who: 'ada@example.com', outcome: 'notApproved', toDo: null },
		]);
		expect(written()).toEqual([]);
	});

	it('refuses a call without the key', async () => {
		await n8n.activate(id);
		const before = (await n8n.executions(id)).length;
		expect(await client.call('crm-deal-lost', [], 'guessed')).toBe(403);
		expect(await n8n.executions(id)).toHaveLength(before);
	});

	const deal = (email: string) => ({
		propertyName: 'dealstage',
		propertyValue: 'closedlost',
		properties: { customer_email: { value: email } },
	});
	const crm = () => fileOf(id);

	/** Runs a copy with these deals up to the approval. */
	const asked = async (deals: object[], copy = crm()) =>
		await ran(withInput(copy, 'Only lost deals', deals));
	async function approved(deals: object[], copy = crm()): Promise<Execution> {
		const executionId = await asked(deals, copy);
		const question = firstOf(await client.untilWaiting(executionId), 'Ask for approval');
		await client.submit(String(question.approvalUrl), ['Approve']);
		return await n8n.finished(executionId);
	}

	it('lists the subscriptions of a customer with several, and asks for no approval', async () => {
		const execution = await n8n.finished(await asked([deal('twin@example.com')]));
		expect(execution.runData).not.toHaveProperty('Ask for approval');
		expect(receipts(execution)).toMatchObject([
			{
				who: 'twin@example.com',
				outcome: 'refused',
				toDo: expect.stringMatching(/has 2 active subscriptions: .*sub_twin_1; .*sub_twin_2/),
			},
		]);
		expect(written()).toEqual([]);
	});

	it('updates no tool if the customer has another active subscription', async () => {
		const run = (renews: boolean) =>
			instance.sandbox.change('funnelFox', 'sub_twin_2', {
				status: renews ? 'active' : 'expired',
				renews,
			});
		run(false);
		const executionId = await asked([deal('twin@example.com')]);
		const question = firstOf(await client.untilWaiting(executionId), 'Ask for approval');
		// The other subscription starts before the approval.
		run(true);
		await client.submit(String(question.approvalUrl), ['Approve']);
		const execution = await n8n.finished(executionId);
		expect(written()).toEqual(['cancel sub_twin_1']);
		expect(receipts(execution)).toContainEqual(
			expect.objectContaining({
				who: 'twin@example.com',
				what: 'affiliateTools tell',
				outcome: 'stillCustomer',
				toDo: null,
			}),
		);
		await approved([deal('twin@example.com')]);
		expect(written().slice(1).sort()).toEqual([
			'cancel sub_twin_2',
			'cancel twin@example.com',
			'churn twin@example.com',
		]);
	});

	it('asks for no approval if no deal was lost', async () => {
		const execution = await n8n.finished(await asked([]));
		expect(execution.status).toBe('success');
		expect(receipts(execution)).toEqual([]);
	});

	const many = (count: number) => {
		instance.sandbox.seed({ bulk: { provider: '*', count, prefix: 'deal' } });
		return bulkIds('deal', count).map((sub) => deal(`${sub.slice(4)}@example.com`));
	};

	it('refuses more plans than At most before it asks for approval', async () => {
		const execution = await n8n.finished(await asked(many(101)));
		expect(execution.runData).not.toHaveProperty('Ask for approval');
		expect(receipts(execution)).toHaveLength(101);
		expect(receipts(execution)[100]).toMatchObject({
			outcome: 'refused',
			toDo: expect.stringContaining('101 plans would end, and At most says 100.'),
		});
		expect(written()).toEqual([]);
	});

	it('carries out a hundred and ten where that many are allowed', async () => {
		const larger = mapNodes(withoutRateLimit(crm()), (node) =>
			node.name === 'At most'
				? {
						parameters: JSON.parse(
							JSON.stringify(node.parameters).replace('100', String(overLimit)),
						) as object,
					}
				: {},
		);
		const execution = await approved(many(overLimit), larger);
		expect(execution.message).toBeUndefined();
		expect(outcomesOf(execution)).toEqual({
			'funnelFox cancel scheduled': overLimit,
			'firstPromoter cancel cancelled': overLimit,
			'reditus churn cancelled': overLimit,
		});
		expect(written()).toHaveLength(3 * overLimit);
	});

	it.each([
		['Look first', ['kim@example.com'], []],
		['Cancel in FunnelFox', ['sub_kim'], []],
		['Anything else?', ['sub_kim'], ['cancel sub_kim']],
		['Track in FirstPromoter', ['kim@example.com'], ['cancel sub_kim', 'churn kim@example.com']],
		['Churn in Reditus', ['kim@example.com'], ['cancel kim@example.com', 'cancel sub_kim']],
	])('leaves a receipt where %s fails', async (node, [target], expected) => {
		const broken = await withWrongKey(crm(), node);
		const deals = [deal('kim@example.com')];
		const execution =
			node === 'Look first'
				? await n8n.finished(await asked(deals, broken))
				: await approved(deals, broken);
		expectReceiptOf('unauthorized', target, execution);
		expect(written().sort()).toEqual(expected);
	});
});

describe('Stripe ended a subscription', () => {
	const id = 'subscription-ended';
	const sub = (name: string) => stripeId('sub', name);

	it("tells both tools under Stripe's event ID, and sums up", async () => {
		const execution = await n8n.finished(await n8n.run(id, 'Try it with a sample'));
		expect(execution.message).toBeUndefined();
		const both = ['ada@example.com', 'emil@example.com'];
		expect(written('firstPromoter').sort()).toEqual(both.map((one) => `cancel ${one}`));
		expect(written('reditus').sort()).toEqual(both.map((one) => `churn ${one}`));
		expect(written('stripe')).toEqual([]);
		const events = instance.sandbox
			.requests('firstPromoter')
			.map(({ query }) => (query as IDataObject).event_id);
		expect(events).toContain('evt_1SandboxEvent1');
		expect(firstOf(execution, 'Summary message').text).toBe(
			[
				'4 subscriptions ended in Stripe.',
				'firstPromoter cancel: 2 cancelled (ada@example.com, emil@example.com)',
				'firstPromoter cancel: 1 nothingToCancel (over@example.com)',
				'reditus churn: 2 cancelled (ada@example.com, emil@example.com)',
				'reditus churn: 1 nothingToCancel (over@example.com)',
				'affiliateTools tell: 1 stillCustomer (kim@example.com)',
			].join('\n'),
		);
	});

	describe('published', () => {
		const executions = async () => await n8n.executions(id);
		const webhooks = () => instance.sandbox.webhooks('stripe');
		/** Waits for the executions that have started since. */
		async function startedSince(before: number, count: number): Promise<Execution[]> {
			await instance.sandbox.deliveriesDone();
			await eventually(async () => expect(await executions()).toHaveLength(before + count));
			const newest = (await executions()).slice(0, count);
			return await Promise.all(newest.map(async (one) => await n8n.finished(one.id)));
		}

		beforeEach(async () => {
			await n8n.activate(id);
			await eventually(async () => expect(webhooks()).toHaveLength(1));
		});
		afterEach(async () => {
			await n8n.rest('POST', `/workflows/${id}/deactivate`);
			await eventually(async () => expect(webhooks()).toEqual([]));
		});

		it('is started by the end of a subscription, and told once where it is delivered twice', async () => {
			const before = (await executions()).length;
			instance.sandbox.deliveryFault('stripe', 'twice');
			instance.sandbox.customerCancels('stripe', sub('ada'), { ends: 'now' });
			const [execution] = await startedSince(before, 1);
			expect(execution.message).toBeUndefined();
			expect(written().sort()).toEqual(['cancel ada@example.com', 'churn ada@example.com']);
			expect(await executions()).toHaveLength(before + 1);
		});

		it('is not started in test mode, nor by an end that is still to come', async () => {
			const before = (await executions()).length;
			instance.sandbox.customerCancels('stripe', sub('ivo'), { ends: 'now' });
			instance.sandbox.customerCancels('stripe', sub('emil'));
			await startedSince(before, 0);
			expect(written()).toEqual([]);
		});
	});

	const ended = (name: string, more: object = {}) => ({
		outcome: 'cancelled',
		ended: true,
		provider: 'stripe',
		target: sub(name),
		email: `${name}@example.com`,
		effectiveAt: '2026-11-18T11:06:41.000Z',
		eventId: `evt_${name}`,
		...more,
	});
	const stripe = () => fileOf(id);
	const told = async (events: object[], copy = stripe()) =>
		await n8n.finished(await ran(withInput(copy, 'Customer', events)));

	it.each([
		['another subscription of theirs runs', 'twin', { target: sub('twin_0') }, 'stillCustomer'],
		['another one runs until its end', 'cleo', { target: sub('cleo_old') }, 'stillCustomer'],
		['the customer has no e-mail address', 'ada', { email: null }, 'invalid'],
		['Stripe does not know the address', 'zoe', {}, 'notFound'],
	])('updates no tool if %s', async (_, name, more, outcome) => {
		const execution = await told([ended(name, more)]);
		expect(execution.message).toBeUndefined();
		expect(written()).toEqual([]);
		const toDo = outcome === 'stillCustomer' ? null : expect.stringContaining('not told');
		expect(allOf(execution, 'Receipt')).toMatchObject([{ outcome, toDo }]);
	});

	it('updates no tool while it cannot be found out what else runs', async () => {
		instance.sandbox.fault({ provider: 'stripe', kind: 'errorInside', on: 'read', times: 0 });
		const execution = await told([ended('ada')]);
		expect(written()).toEqual([]);
		expect(allOf(execution, 'Receipt')).toMatchObject([
			{ outcome: 'failed', toDo: expect.stringContaining('not told') },
		]);
	});

	it.each([
		['event ID', { eventId: null }],
		['time', { effectiveAt: null, occurredAt: null }],
	])('tells both tools of an event without %s', async (_, more) => {
		await told([ended('ada', more)]);
		expect(written().sort()).toEqual(['cancel ada@example.com', 'churn ada@example.com']);
	});

	it('sends no message if nothing ended', async () => {
		const execution = await told([]);
		expect(execution.status).toBe('success');
		expect(execution.runData).not.toHaveProperty('Summary message');
	});

	it('sends nothing of a run over its limit, and a hundred and ten where they are allowed', async () => {
		instance.sandbox.seed({ bulk: { provider: '*', count: overLimit, prefix: 'stripe' } });
		const events = bulkNames('stripe', overLimit).map((name) => ended(name));
		const refused = await told(events);
		expect(written()).toEqual([]);
		expect(outcomesOf(refused)).toEqual({
			'firstPromoter cancel refused': overLimit,
			'reditus churn refused': overLimit,
		});
		const execution = await told(
			events,
			withoutRateLimit(stripe(), { maxPerExecution: overLimit }),
		);
		expect(outcomesOf(execution)).toEqual({
			'firstPromoter cancel cancelled': overLimit,
			'reditus churn cancelled': overLimit,
		});
	});

	it.each([
		['Track in FirstPromoter', 'churn ada@example.com'],
		['Churn in Reditus', 'cancel ada@example.com'],
	])('leaves a receipt where %s fails', async (node, other) => {
		const execution = await told([ended('ada')], await withWrongKey(stripe(), node));
		expectReceiptOf('unauthorized', 'ada@example.com', execution);
		expect(written()).toEqual([other]);
	});
});

describe('the workflows for Stripe', () => {
	const ada = stripeId('sub', 'ada');
	const kim = stripeId('sub', 'kim');

	it('end the plans of lost deals and tell the tools', async () => {
		const executionId = await n8n.run('crm-deal-lost-stripe', 'Try it with a sample');
		const asked = await client.untilWaiting(executionId);
		expect(written()).toEqual([]);
		await client.submit(String(firstOf(asked, 'Ask for approval').approvalUrl), ['Approve']);
		const execution = await n8n.finished(executionId);
		expect(execution.message).toBeUndefined();
		expect(written('stripe').sort()).toEqual([`cancel ${ada}`, `cancel ${kim}`]);
		expect(outcomesOf(execution)).toEqual({
			'stripe cancel scheduled': 2,
			'stripe cancel notFound': 1,
			'firstPromoter cancel cancelled': 2,
			'reditus churn cancelled': 2,
		});
		const receipts = allOf(execution, 'Receipt');
		expect(receipts.find(({ providerId }) => providerId === ada)).toMatchObject({
			who: 'ada@example.com',
			reason: 'Too expensive',
			toDo: null,
		});
	});

	it('carry out a list as it was approved', async () => {
		const list = [
			`ada@example.com,${ada},Too expensive`,
			'kim@example.com,,No longer needed',
			`ben@example.com,${ada},`,
			'hana@example.com,,',
			'gus@example.com,,',
			'twin@example.com,,',
		];
		const visitor = await client.openForm('bulk-cancel-stripe', [list.join('\n'), '10']);
		await visitor.choose('Cancel these');
		expect(await visitor.page()).toContain(
			'2 cancelled, to end later: ada@example.com, kim@example.com',
		);
		const execution = await visitor.finish();
		expect(written().sort()).toEqual([`cancel ${ada}`, `cancel ${kim}`]);
		const found = allOf(execution, 'Receipt').map(({ outcome }) => String(outcome));
		expect(found.sort()).toEqual([
			'alreadyCancelled',
			'notCancellable',
			'refused',
			'refused',
			'scheduled',
			'scheduled',
		]);
	});
});

describe('a customer leaves FunnelFox', () => {
	const event = (email: string | null, target: string) => ({
		email,
		target,
		outcome: 'scheduled',
		ended: true,
		eventId: `evt_${target}`,
	});
	const leaving = () => fileOf('customer-leaves');
	const told = async (events: object[], copy = leaving()) =>
		await n8n.finished(await ran(withInput(copy, 'Who leaves', events)));

	it('tells both tools of the sample', async () => {
		await n8n.finished(await n8n.run('customer-leaves', 'Try it with a sample'));
		expect(written().sort()).toEqual(['cancel ada@example.com', 'churn ada@example.com']);
	});

	it.each([
		['one other subscription of theirs runs', 'sub_twin_1', 'stillCustomer'],
		['several others run', 'sub_twin_0', 'stillCustomer'],
	])('updates no tool if %s', async (_, target, outcome) => {
		const execution = await told([event('twin@example.com', target)]);
		expect(written()).toEqual([]);
		expect(allOf(execution, 'Receipt')).toMatchObject([
			{ who: 'twin@example.com', outcome, toDo: null },
		]);
	});

	it('updates no tool for a customer without an email address, and reports that', async () => {
		const execution = await told([event(null, 'sub_bare')]);
		expect(allOf(execution, 'Receipt')).toMatchObject([
			{ who: 'sub_bare', outcome: 'invalid', toDo: expect.stringContaining('not known whether') },
		]);
		expect(written()).toEqual([]);
	});

	it('accepts an empty list and a hundred and ten events', async () => {
		expect((await told([])).status).toBe('success');
		instance.sandbox.seed({ bulk: { provider: '*', count: overLimit, prefix: 'gone' } });
		const gone = bulkIds('gone', overLimit).map((sub) => event(`${sub.slice(4)}@example.com`, sub));
		const execution = await told(gone, withoutRateLimit(leaving(), { maxPerExecution: overLimit }));
		expect(outcomesOf(execution)).toEqual({
			'firstPromoter cancel cancelled': overLimit,
			'reditus churn cancelled': overLimit,
		});
	});

	it.each([
		['Anything else?', [], 'sub_ada'],
		['Track in FirstPromoter', ['churn ada@example.com'], 'ada@example.com'],
		['Churn in Reditus', ['cancel ada@example.com'], 'ada@example.com'],
	])('leaves a receipt where %s fails', async (node, expected, target) => {
		const broken = await withWrongKey(leaving(), node);
		const execution = await told([event('ada@example.com', 'sub_ada')], broken);
		expectReceiptOf('unauthorized', target, execution);
		expect(written()).toEqual(expected);
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
		'other@example.com,sub_kim,Too expensive',
		'jo@example.com,,No longer needed',
		'emil@example.com,,No longer needed',
		'emil,,No longer needed',
	].join('\r\n');

	it('shows what would happen, carries it out, and counts', async () => {
		const visitor = await client.openForm(id, [rows, '10']);
		const page = await visitor.page();
		expect(page).toContain('4 of 8 will be cancelled, 1 already cancelled, 3 need a look');
		expect(page).toMatch(/ada@example\.com: would end on \d+ \w+ \d{4} \(FunnelFox\), sub_ada/);
		expect(page).toMatch(/Left out: .*sub_kim.*other@example\.com/s);
		expect(page.match(/Left out: /g)).toHaveLength(3);
		expect(written()).toEqual([]);
		await visitor.choose('Cancel these');
		const report = await visitor.page();
		expect(report).toMatch(
			/3 cancelled, to end later: ada@example\.com, ben@example\.com, emil@example\.com/,
		);
		expect(report).toContain('did not allow it');
		const execution = await visitor.finish();
		expect(execution.message).toBeUndefined();
		expect(written().sort()).toEqual(['cancel sub_ada', 'cancel sub_ben', 'cancel sub_emil']);
		const counts = Object.fromEntries(
			allOf(execution, 'Count').map(({ outcome, rows: count }) => [outcome, count]),
		);
		expect(counts).toEqual({
			scheduled: 3,
			alreadyCancelled: 1,
			notCancellable: 1,
			refused: 1,
			notFound: 1,
			invalid: 1,
		});
		const receipts = allOf(execution, 'Receipt');
		expect(receipts).toHaveLength(8);
		expect(receipts.find(({ outcome }) => outcome === 'invalid')).toMatchObject({
			who: 'emil',
			reason: 'No longer needed',
		});
	});

	it.each([
		['is longer than its limit', rows, '3', 'The list has 8 rows, and Cancel at most is 3.'],
		['has no limit', rows, '0', 'The list has 8 rows, and Cancel at most is 0.'],
		['holds nothing', 'email\tsubscription\n \t', '10', 'There is no row in the list.'],
	])('asks for no approval of a list that %s', async (_, list, atMost, words) => {
		const visitor = await client.openForm(id, [list, atMost]);
		expect(await visitor.page()).toContain(words);
		expect((await visitor.finish()).runData).not.toHaveProperty('Look first');
		expect(instance.sandbox.requests()).toEqual([]);
	});

	it('refuses a visitor who is not signed in', async () => {
		await n8n.activate(id);
		expect(await client.anonymousStatuses(id, [rows, '10'])).toEqual([401, 401]);
	});

	it('ends the one subscription of two that a row names, and loses no row', async () => {
		const list = 'twin@example.com,sub_twin_1\n,sub_kim,No address\nKim only';
		const visitor = await client.openForm(id, [list, '3']);
		await visitor.choose('Cancel these');
		const execution = await visitor.finish();
		expect(written()).toEqual(['cancel sub_twin_1']);
		expect(allOf(execution, 'Receipt').map(({ outcome }) => outcome)).toEqual([
			'scheduled',
			'invalid',
			'invalid',
		]);
	});

	it('takes a hundred and ten rows', async () => {
		instance.sandbox.seed({ bulk: { provider: 'funnelFox', count: overLimit, prefix: 'row' } });
		const list = bulkIds('row', overLimit).map((sub) => `${sub.slice(4)}@example.com,${sub}`);
		const visitor = await copied(withoutRateLimit(fileOf(id)), [
			list.join('\n'),
			String(overLimit),
		]);
		await visitor.choose('Cancel these');
		expect(await visitor.page()).toContain(`${overLimit} cancelled, to end later`);
		await visitor.finish();
		expect(written()).toHaveLength(overLimit);
	});

	it.each(['Look first', 'Cancel in FunnelFox'])('reports that %s failed', async (node) => {
		const broken = await withWrongKey(fileOf(id), node);
		const visitor = await copied(broken, ['ada@example.com,sub_ada', '1']);
		if (node !== 'Look first') await visitor.choose('Cancel these');
		expect(await visitor.page()).toContain('1 unauthorized');
		expectReceiptOf('unauthorized', 'sub_ada', await visitor.finish());
		expect(written()).toEqual([]);
	});

	it('cancels no subscription without an approval', async () => {
		const [, decline] = choicesOf(fileOf(id), 'Approve');
		const visitor = await client.openForm(id, [rows, '10']);
		await visitor.choose(decline);
		expect(await visitor.page()).toContain('5 not approved');
		await visitor.finish();
		expect(written()).toEqual([]);
	});

	it('reports a list of which nothing can be carried out', async () => {
		const visitor = await client.openForm(id, ['zoe@example.com,sub_zoe', '10']);
		expect(await visitor.page()).toContain('1 not found');
		await visitor.finish();
		expect(written()).toEqual([]);
	});
});

describe('a customer wants to leave', () => {
	const id = 'retention-offer';

	it('keeps a customer who accepts the offer', async () => {
		const visitor = await client.openForm(id, ['cu.00.008', 'or_hana', 'PRICE']);
		expect(await visitor.page()).toContain('Half price for three months');
		await visitor.choose('Take the offer');
		expect(await visitor.page()).toContain('of_or_hana');
		expect((await visitor.finish()).status).toBe('success');
		expect(written()).toEqual([]);
	});

	it('ends the plan of a customer who declines, and can reactivate it', async () => {
		const visitor = await client.openForm(id, ['cu.00.008', 'or_hana', 'PRICE']);
		await visitor.choose('Cancel anyway');
		expect(await visitor.page()).toMatch(/: cancelled, ends on \d+ \w+ \d{4} \(Azotte\)/);
		expect(written()).toEqual(['confirmCancel or_hana']);
		expect(instance.sandbox.journal()[0].body).toMatchObject({
			survey: JSON.stringify({ reasonCode: 'PRICE' }),
		});
		await visitor.choose('Undo the cancellation');
		expect(await visitor.page()).toContain('The plan continues');
		const execution = await visitor.finish();
		expect(execution.message).toBeUndefined();
		expect(written()).toEqual(['confirmCancel or_hana', 'reactivate or_hana']);
		expect(allOf(execution, 'Receipt').map(({ outcome }) => outcome)).toEqual([
			'scheduled',
			'restored',
		]);
	});

	it('asks once if there is no offer', async () => {
		const visitor = await client.openForm(id, ['cu.00.001', 'or_ada', 'USAGE']);
		expect(await visitor.page()).toContain('There is no offer');
		await visitor.choose('Cancel the plan');
		await visitor.choose('Done');
		expect((await visitor.finish()).status).toBe('success');
		expect(written()).toEqual(['confirmCancel or_ada']);
	});

	it.each([
		['who is cancelled already', 'cu.00.003', 'or_cleo', 'It is already cancelled'],
		['who bought in a store', 'cu.00.004', 'or_dora', 'Only the customer can end it'],
		['who is unknown', 'cu.00.099', 'or_zoe', 'Nothing was cancelled'],
	])('has a page for %s', async (_, customer, order, words) => {
		const visitor = await client.openForm(id, [customer, order, 'PRICE']);
		expect(await visitor.page()).toContain(words);
		expect(written()).toEqual([]);
	});

	it('shows a step first where Azotte wants that', async () => {
		const visitor = await client.openForm(id, ['cu.00.009', 'or_ivo', 'PRICE']);
		const page = await visitor.page();
		expect(page).toContain('Azotte wants a step shown first');
		expect(page).toContain('Too expensive');
		await visitor.choose('Cancel the plan');
		expect(await visitor.page()).toContain('The plan is cancelled');
		expect(written()).toEqual(['confirmCancel or_ivo']);
	});

	it("does not call a partner's order over before the partner confirms", async () => {
		const visitor = await client.openForm(id, ['cu.00.005', 'or_emil', 'PRICE']);
		await visitor.choose('Cancel the plan');
		const page = await visitor.page();
		expect(page).toContain('It is not over yet');
		expect(page).not.toContain('The plan is cancelled');
	});

	it('ends the one order of two', async () => {
		const visitor = await client.openForm(id, ['cu.00.021', 'or_twin_1', 'PRICE']);
		await visitor.choose('Cancel the plan');
		await visitor.choose('Done');
		await visitor.finish();
		expect(written()).toEqual(['confirmCancel or_twin_1']);
	});

	it('refuses a visitor who is not signed in', async () => {
		await n8n.activate(id);
		expect(await client.anonymousStatuses(id, ['cu.00.001', 'or_ada', 'PRICE'])).toEqual([
			401, 401,
		]);
	});

	it.each([
		['Ask Azotte', [], []],
		['Confirm in Azotte', ['Cancel the plan'], []],
		[
			'Reactivate in Azotte',
			['Cancel the plan', 'Undo the cancellation'],
			['confirmCancel or_ada'],
		],
	])('leaves a receipt where %s fails', async (node, choices, expected) => {
		const broken = await withWrongKey(fileOf(id), node);
		const visitor = await copied(broken, ['cu.00.001', 'or_ada', 'PRICE']);
		for (const choice of choices) await visitor.choose(choice);
		expect(await visitor.page()).toContain('did not accept the credential');
		expectReceiptOf('unauthorized', 'or_ada', await visitor.finish());
		expect(written()).toEqual(expected);
	});
});

describe("the firm's own plan ends at a date", () => {
	const id = 'smokeball-cancel-at-date';
	const plan = 'b471682e-fa17-4e46-b7fe-000000000001';
	const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
	const inWords = (date: string) =>
		new Date(date).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

	it('is previewed, ended at the date, and taken back in time', async () => {
		const visitor = await client.openForm(id, [plan, day, 'Too expensive']);
		expect(await visitor.page()).toContain(`It would end on ${inWords(day)}, 23:59 UTC`);
		expect(written()).toEqual([]);
		await visitor.choose('End it on that date');
		expect(await visitor.page()).toContain(`It ends on ${inWords(day)}, 23:59 UTC`);
		const [{ body }] = instance.sandbox.journal('smokeball');
		expect(body).toMatchObject({ cancellationType: 'Date', reason: 'Too expensive' });
		await visitor.choose('Undo the cancellation');
		expect(await visitor.page()).toContain('The plan continues');
		const execution = await visitor.finish();
		expect(execution.message).toBeUndefined();
		expect(written()).toEqual([`cancel ${plan}`, `resume ${plan}`]);
		expect(allOf(execution, 'Receipt').map(({ outcome }) => outcome)).toEqual([
			'scheduled',
			'restored',
		]);
	});

	it('ends nothing at a day that is over, nor without approval', async () => {
		const past = await client.openForm(id, [plan, '2024-01-31', 'Too expensive']);
		expect(await past.page()).toContain('in the past');
		await past.finish();
		const kept = await client.openForm(id, [plan, day, 'Too expensive']);
		await kept.choose('Keep it');
		expect(await kept.page()).toContain('The plan continues');
		await kept.finish();
		expect(written()).toEqual([]);
	});

	it('goes on to the end of the last day, where the workflow is at home', async () => {
		const zone = 'Australia/Sydney';
		const sydney = { ...fileOf(id), settings: { executionOrder: 'v1', timezone: zone } };
		const visitor = await copied(sydney, [plan, day, 'Too expensive']);
		await visitor.choose('End it on that date');
		await visitor.page();
		const [{ body }] = instance.sandbox.journal('smokeball');
		const { cancelAt } = body as { cancelAt: string };
		expect(new Date(cancelAt).toLocaleString('sv', { timeZone: zone })).toBe(`${day} 23:59:59`);
	});

	it('refuses a visitor who is not signed in', async () => {
		await n8n.activate(id);
		expect(await client.anonymousStatuses(id, [plan, day, 'Too expensive'])).toEqual([401, 401]);
	});

	it.each([
		['Preview in Smokeball', [], []],
		['Cancel in Smokeball', ['End it on that date'], []],
		['Resume in Smokeball', ['End it on that date', 'Undo the cancellation'], [`cancel ${plan}`]],
	])('leaves a receipt where %s fails', async (node, choices, expected) => {
		const broken = await withWrongKey(fileOf(id), node);
		const visitor = await copied(broken, [plan, day, 'Too expensive']);
		for (const choice of choices) await visitor.choose(choice);
		expect(await visitor.page()).toContain('did not accept the credential');
		expectReceiptOf('unauthorized', plan, await visitor.finish());
		expect(written()).toEqual(expected);
	});
});

describe('an API of your own', () => {
	const id = 'own-api-cancel';

	it('previews each customer, cancels as planned, and keeps a receipt of all', async () => {
		const execution = await n8n.finished(await n8n.run(id, 'Start'));
		expect(execution.message).toBeUndefined();
		expect(written()).toEqual(['cancel own_ada']);
		const receipts = allOf(execution, 'Receipt').map(({ providerId, outcome }) => [
			providerId,
			outcome,
		]);
		expect(Object.fromEntries(receipts)).toEqual({
			own_ada: 'cancelled',
			own_cleo: 'alreadyCancelled',
			own_june: 'notCancellable',
			own_nobody: 'notFound',
		});
	});

	it('sends nothing for a record of another customer', async () => {
		instance.sandbox.change('httpCancellation', 'own_ada', {
			customer: { email: 'ben@example.com' },
		});
		const execution = await n8n.finished(await n8n.run(id, 'Start'));
		expect(written()).toEqual([]);
		expect(allOf(execution, 'Receipt')).toContainEqual(
			expect.objectContaining({ providerId: 'own_ada', outcome: 'refused' }),
		);
	});
});

describe('reconciliation', () => {
	it('lists customers that are cancelled in FunnelFox only, and changes nothing', async () => {
		const { sandbox } = instance;
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

	it('reports a failed read as an error, not as a missing cancellation', async () => {
		instance.sandbox.fault({
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

	/** Replaces the sandbox's records. */
	const play = async (scenario: Scenario) =>
		await fetch(`${instance.sandbox.url}/_control/scenario`, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(scenario),
		});
	const reconciled = async (copy = fileOf('reconciliation')) =>
		await n8n.finished(await ran(copy, 'Run it now'));

	it('looks at every referral of an address, and passes over what lacks an end or an address', async () => {
		const { sandbox } = instance;
		sandbox.change('reditus', 'ref_kim', { email: 'cleo@example.com' });
		sandbox.change('funnelFox', 'sub_bare', { status: 'cancelled', renews: false });
		sandbox.change('funnelFox', 'sub_twin_1', { status: 'cancelled', renews: false });
		const execution = await reconciled();
		expect(execution.message).toBeUndefined();
		const rows = allOf(execution, 'Something to do');
		expect(rows.find(({ email }) => email === 'cleo@example.com')).toMatchObject({
			reditus: expect.stringContaining('paid'),
			toDo: expect.stringContaining('Churn in Reditus'),
		});
		expect(rows.map(({ email }) => email)).not.toContain('twin@example.com');
		expect(rows.map(({ email }) => email)).not.toContain('emil@example.com');
	});

	it('reports nothing if no subscription has ended, and reports a hundred and ten', async () => {
		const { sandbox } = instance;
		await play({ seed: { samples: false } });
		const none = await reconciled();
		expect(none.status).toBe('success');
		expect(none.runData).not.toHaveProperty('Report');
		await play({});
		sandbox.seed({ bulk: { provider: '*', count: overLimit, prefix: 'over' } });
		for (const sub of bulkIds('over', overLimit)) {
			sandbox.change('funnelFox', sub, { status: 'cancelled', renews: false });
		}
		const execution = await reconciled(withoutRateLimit(fileOf('reconciliation')));
		const rows = allOf(execution, 'Something to do').map(({ email }) => String(email));
		expect(rows.filter((email) => email.startsWith('over_0'))).toHaveLength(overLimit);
	});

	it.each(['Referrals in Reditus', 'Subscriptions in FunnelFox'])(
		'fails where %s cannot be read, rather than report half of it',
		async (node) => {
			const execution = await reconciled(await withWrongKey(fileOf('reconciliation'), node));
			expect(execution).toMatchObject({ status: 'error', lastNodeExecuted: node });
			expect(execution.message).toContain('did not accept the credential');
		},
	);
});

describe('a page without an answer', () => {
	it('counts a missing answer as a no', async () => {
		const execution = await eventually(async () => {
			const seen = await n8n.execution(silent);
			expect(seen.runData).toHaveProperty('Receipt');
			return seen;
		}, 120_000);
		expect(outcomesOf(execution)).toEqual({ 'funnelFox cancel notApproved': 1 });
		expect(execution.runData).not.toHaveProperty('Cancel in FunnelFox');
	});
});
