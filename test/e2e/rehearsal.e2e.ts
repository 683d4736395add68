import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { expected } from '../../host/expected';
import { type Execution, itemsOf, type WorkflowFile } from '../../host/n8n';
import { hostPlace, repository } from '../../host/place';
import { cancellationNodes, type Result, resultsOf } from '../../host/results';
import { type Stage, stage } from './stage';

const file = path.join(repository, 'workflows', 'rehearsal.json');
const workflow = JSON.parse(readFileSync(file, 'utf8')) as WorkflowFile;
const customers = ['ada', 'ben', 'cleo', 'emil', 'kim', 'ada', 'zoe', 'jo'];

let theatre: Stage;
let execution: Execution;
let results: Result[];

beforeAll(async () => {
	theatre = await stage('rehearsal');
	execution = await theatre.run(workflow);
	results = resultsOf(execution, cancellationNodes(workflow), 'CRM events');
});

afterAll(async () => await theatre.close());

const outcomesOf = (node: string) =>
	customers.map(
		(_, customer) =>
			results.find((result) => result.node === node && result.customer === customer)?.outcome,
	);

describe('the rehearsal workflow, imported as it is, in the real n8n', () => {
	it('runs to its end', () => {
		expect(execution.message).toBeUndefined();
		expect(execution.status).toBe('success');
	});

	it.each(Object.keys(expected))('has the expected outcomes in "%s"', (node) => {
		expect(outcomesOf(node)).toEqual(expected[node]);
	});

	it('gives every customer out exactly once, linked to the list', () => {
		const plans = results.filter(({ node }) => node === 'Cancel in FunnelFox');
		expect(plans.map(({ customer }) => customer)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
	});

	it('sends only what did not go through to the error output', () => {
		const failed = results.filter(({ output }) => output === 1);
		expect(failed.map(({ customer, outcome }) => [customer, outcome])).toEqual([
			[6, 'notFound'],
			[7, 'invalid'],
		]);
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
		expect(receipts[2]).toMatchObject({ plan: 'alreadyCancelled', affiliate: 'cancelled' });
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
		const plans = theatre.sandbox.journal('funnelFox');
		expect(plans.map(({ target }) => target).sort()).toEqual([
			'sub_ada',
			'sub_ben',
			'sub_emil',
			'sub_kim',
		]);
		const ada = plans.find(({ target }) => target === 'sub_ada');
		expect(ada?.body).toEqual({ reason: 'Too expensive' });
	});

	it('has told the affiliate tool once about each customer it knows', () => {
		const told = theatre.sandbox.journal('firstPromoter').map(({ target }) => target);
		expect(told.sort()).toEqual([
			'ada@example.com',
			'ben@example.com',
			'cleo@example.com',
			'emil@example.com',
		]);
	});

	it('never sends an empty id', () => {
		const paths = theatre.sandbox.requests('funnelFox').map((request) => request.path);
		expect(paths.filter((each) => each.includes('//'))).toEqual([]);
	});
});

describe('the packed package', () => {
	const folderOf = () =>
		path.join(theatre.userFolder, '.n8n/nodes/node_modules/n8n-nodes-cancellations');

	it('holds what users need and nothing else', () => {
		const allowed = /^(dist|index\.js|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
		expect(readdirSync(folderOf()).filter((name) => !allowed.test(name))).toEqual([]);
	});

	it("uses n8n's own copy of n8n-workflow", () => {
		const { node, folder } = hostPlace();
		const script = `require.resolve('n8n-workflow', { paths: [${JSON.stringify(folderOf())}] })`;
		const found = execFileSync(node, ['-p', script], { encoding: 'utf8' }).trim();
		expect(realpathSync(found)).toMatch(realpathSync(path.join(folder, 'node_modules')));
	});
});
