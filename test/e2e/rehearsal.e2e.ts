import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { expected, scenario } from '../../host/expectedOutcomes';
import { type Execution, itemsOf, type WorkflowFile } from '../../host/n8n';
import { n8nInstallation, repository } from '../../host/paths';
import { cancellationNodes, type Result, resultsOf } from '../../host/results';
import { type N8nInstance, openInstance } from './n8nInstance';

const file = path.join(repository, 'workflows', 'rehearsal.json');
const workflow = JSON.parse(readFileSync(file, 'utf8')) as WorkflowFile;
/** Every outcome that there is, in the order of the documentation. */
const outcomes = [
	'cancelled',
	'scheduled',
	'alreadyCancelled',
	'nothingToCancel',
	'readyToConfirm',
	'presentation',
	'offer',
	'customerActionRequired',
	'pendingProvider',
	'restored',
	'preview',
	'invalid',
	'refused',
	'skipped',
	'notFound',
	'notCancellable',
	'unauthorized',
	'rateLimited',
	'unknown',
	'failed',
];

let instance: N8nInstance;
let execution: Execution;
let results: Result[];

beforeAll(async () => {
	instance = await openInstance('rehearsal');
	for (const fault of scenario.faults ?? []) instance.sandbox.fault(fault);
	execution = await instance.run(workflow);
	results = resultsOf(execution, workflow);
});

afterAll(async () => await instance.close());

const resultsIn = (node: string) => results.filter((result) => result.node === node);

describe('the rehearsal workflow, imported as it is, in the real n8n', () => {
	it('runs to its end', () => {
		expect(execution.message).toBeUndefined();
		expect(execution.status).toBe('success');
	});

	it.each(Object.keys(expected))('has the expected outcomes in "%s"', (node) => {
		const found = expected[node].map(
			(_, item) => resultsIn(node).find((result) => result.item === item)?.outcome,
		);
		expect(found).toEqual(expected[node]);
	});

	it('says of every node what to expect', () => {
		expect(Object.keys(expected).sort()).toEqual(cancellationNodes(workflow).sort());
	});

	it('shows every outcome that there is', () => {
		const shown = new Set(results.map(({ outcome }) => outcome));
		expect(outcomes.filter((outcome) => !shown.has(outcome))).toEqual([]);
	});

	it('gives every item out exactly once, linked to its list', () => {
		for (const node of Object.keys(expected)) {
			const reached = expected[node].flatMap((outcome, item) => (outcome ? [item] : []));
			expect(resultsIn(node).map(({ item }) => item)).toEqual(reached);
		}
	});

	it('sends what did not go through, and nothing else, to the error output', () => {
		const failed = outcomes.slice(outcomes.indexOf('invalid'));
		expect(
			results.filter(({ output, outcome }) => (output === 1) !== failed.includes(outcome)),
		).toEqual([]);
	});

	it('lets only what has ended pass the IF', () => {
		const passed = itemsOf(execution, 'Has it ended?', 0).map(({ json }) => json.ended);
		expect(passed).toEqual(Array(6).fill(true));
		expect(itemsOf(execution, 'Has it ended?', 1)).toEqual([]);
	});

	it('writes a receipt for the right customer', () => {
		const receipts = itemsOf(execution, 'Receipt').map(({ json }) => json);
		expect(receipts.map(({ customer }) => customer)).toEqual([
			'ada@example.com',
			'ben@example.com',
			'cleo@example.com',
			'emil@example.com',
			'kim@example.net',
			'ada@example.com',
		]);
		expect(receipts[2]).toMatchObject({ plan: 'alreadyCancelled', affiliate: 'alreadyCancelled' });
		expect(receipts[4]).toMatchObject({ plan: 'scheduled', affiliate: 'nothingToCancel' });
	});

	it('hands the rest to a person, by name and with a reason', () => {
		const looks = itemsOf(execution, 'Needs a look').map(({ json }) => json);
		expect(looks).toMatchObject([
			{ customer: 'zoe@example.com', outcome: 'notFound', why: expect.stringMatching(/sub_zoe/) },
			{ customer: 'jo@example.com', outcome: 'invalid', why: expect.stringMatching(/\S+ \S+/) },
		]);
	});

	it('has cancelled each plan once, with the reason from the CRM', () => {
		const plans = instance.sandbox.journal('funnelFox');
		expect(plans.map(({ target }) => target).sort()).toEqual([
			'sub_ada',
			'sub_ben',
			'sub_emil',
			'sub_june',
			'sub_kim',
		]);
		const ada = plans.find(({ target }) => target === 'sub_ada');
		expect(ada?.body).toEqual({ reason: 'Too expensive' });
	});

	it('has told the affiliate tool once about each customer it knows as a running one', () => {
		const journal = instance.sandbox.journal('firstPromoter');
		const told = journal.filter(({ operation }) => operation === 'cancel');
		expect(told.map(({ target }) => target).sort()).toEqual([
			'ada@example.com',
			'ben@example.com',
			'emil@example.com',
		]);
	});

	it('has ended at the billing providers what it found by e-mail, and undone what was still to come', () => {
		const written = (provider: string) =>
			instance.sandbox.journal(provider).map(({ operation, record }) => `${operation} ${record}`);
		expect(written('stripe').sort()).toEqual([
			'cancel sub_1SandboxSampleAda',
			'cancel sub_1SandboxSampleBen',
			'cancel sub_1SandboxSampleKim',
			'resume sub_1SandboxSampleAda',
			'resume sub_1SandboxSampleKim',
		]);
		expect(written('paddle').sort()).toEqual([
			'cancel sub_01sandbox00000000000000ada',
			'cancel sub_01sandbox0000000000000bare',
			'resume sub_01sandbox00000000000000ada',
		]);
		expect(written('chargebee').sort()).toEqual([
			'cancel 16Sandbox_sub_ada',
			'cancel 16Sandbox_sub_kim',
			'resume 16Sandbox_sub_ada',
		]);
		expect(written('recurly').sort()).toEqual([
			'cancel s000000000ada',
			'cancel s00000000dora',
			'cancel s00000000june',
			'reactivate s000000000ada',
			'reactivate s00000000dora',
			'terminate s000000000fay',
		]);
	});

	it('says unknown of both referrals, of which one was churned', () => {
		const churned = instance.sandbox.journal('reditus').map(({ target }) => target);
		expect(churned).toEqual(['ada@example.com', 'cus_fay']);
	});

	it('never writes the same thing twice', () => {
		const writes = instance.sandbox
			.journal()
			.map(({ provider, operation, record }) => `${provider} ${operation} ${record}`);
		expect(writes).toEqual([...new Set(writes)]);
	});

	it('never sends an empty id', () => {
		const paths = instance.sandbox.requests('funnelFox').map((request) => request.path);
		expect(paths.filter((each) => each.includes('//'))).toEqual([]);
	});
});

describe('the packed package', () => {
	const folderOf = () =>
		path.join(instance.userFolder, '.n8n/nodes/node_modules/n8n-nodes-cancellations');

	it('holds what users need and nothing else', () => {
		const allowed = /^(dist|index\.js|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
		expect(readdirSync(folderOf()).filter((name) => !allowed.test(name))).toEqual([]);
	});

	it("uses n8n's own copy of n8n-workflow", () => {
		const { node, folder } = n8nInstallation();
		const script = `require.resolve('n8n-workflow', { paths: [${JSON.stringify(folderOf())}] })`;
		const found = execFileSync(node, ['-p', script], { encoding: 'utf8' }).trim();
		expect(realpathSync(found)).toMatch(realpathSync(path.join(folder, 'node_modules')));
	});
});
