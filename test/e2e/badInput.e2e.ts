import { freePort } from '../../host/n8n';
import { cancelling, failures, names, type Stage, stage, successes } from './stage';

/** Words for people: what happened to which target, in no jargon of Node or n8n. */
function expectClear(message: string, target: string): void {
	expect(message).toContain(target);
	expect(message).not.toMatch(
		/undefined|\[object|ECONN|ETIMEDOUT|<html|\berrors?\b|\bfail(ed|ure)\b/i,
	);
	expect(message.length).toBeGreaterThan(target.length + 15);
}

describe('with a working account', () => {
	let theatre: Stage;

	beforeAll(async () => {
		theatre = await stage('bad-input');
	});
	afterEach(() => theatre.sandbox.reset());
	afterAll(async () => await theatre.close());

	it('addresses no other path, whatever is in the id', async () => {
		const ids = [
			'a/b',
			'../profiles',
			'..',
			'.',
			'sub_ada/../sub_ben',
			'sub_ada?x=1',
			'sub_ada#x',
			'%2e%2e',
			'sub_ada/cancel',
			'sub ada',
			'undefined',
			'null',
			' ',
		];
		const execution = await theatre.run(cancelling(ids));
		expect(successes(execution)).toEqual([]);
		const outcomes = failures(execution).map(({ error }) => error.outcome);
		expect(outcomes).toHaveLength(ids.length);
		expect(
			outcomes.filter((outcome) => !['invalid', 'notFound'].includes(String(outcome))),
		).toEqual([]);
		const paths = theatre.sandbox.requests().map((request) => request.path);
		const allowed = /^\/funnelfox\/public\/v1\/subscriptions\/[^/]+(\/cancel)?$/;
		expect(paths.filter((each) => !allowed.test(each))).toEqual([]);
		expect(theatre.sandbox.journal()).toEqual([]);
	});

	it('says so when a web page comes back in place of an answer', async () => {
		theatre.sandbox.fault({ provider: 'funnelfox', kind: 'html', on: 'any', times: 0 });
		const options = { maxAttempts: 2 };
		const [failure, ...others] = failures(await theatre.run(cancelling(['sub_ada'], { options })));
		expect(others).toEqual([]);
		expectClear(failure.message, 'sub_ada');
		expect(failure.error.outcome).toBe('unknown');
	});

	it('names the target that nobody knows', async () => {
		const [failure] = failures(await theatre.run(cancelling(['sub_nobody'])));
		expectClear(failure.message, 'sub_nobody');
		expect(failure.error).toMatchObject({ outcome: 'notFound', httpStatus: 404 });
	});

	it('stops at the first one in stop mode, and says what was done by then', async () => {
		const setup = { onError: 'stopWorkflow', options: { maxConcurrency: 1 } } as const;
		const execution = await theatre.run(
			cancelling(['sub_ada', 'sub_nobody', 'sub_ben', 'sub_emil'], setup),
		);
		expect(execution.status).toBe('error');
		expect(execution.lastNodeExecuted).toBe(names.node);
		expectClear(execution.message ?? '', 'sub_nobody');
		expect(theatre.sandbox.journal().map(({ target }) => target)).toEqual(['sub_ada']);
	});
});

describe('with a key that is not accepted', () => {
	let theatre: Stage;

	beforeAll(async () => {
		theatre = await stage('wrong-key', (credential) => ({
			...credential,
			data: { ...credential.data, secretKey: 'secret_of_somebody_else' },
		}));
	});
	afterAll(async () => await theatre.close());

	it('says so on the first item and does not try the others', async () => {
		const ids = ['sub_ada', 'sub_ben', 'sub_emil'];
		const execution = await theatre.run(cancelling(ids, { options: { maxConcurrency: 1 } }));
		const outcomes = failures(execution);
		expect(outcomes.map(({ error }) => error.outcome)).toEqual([
			'unauthorized',
			'skipped',
			'skipped',
		]);
		expect(outcomes[0].message).toMatch(/key|credential/i);
		expect(theatre.sandbox.requests()).toHaveLength(1);
		expect(JSON.stringify(execution)).not.toContain('secret_of_somebody_else');
	});
});

describe('with a server that is down', () => {
	let theatre: Stage;

	beforeAll(async () => {
		const port = await freePort();
		theatre = await stage('server-down', (credential) => ({
			...credential,
			data: { ...credential.data, baseUrl: `http://127.0.0.1:${port}/public/v1` },
		}));
	});
	afterAll(async () => await theatre.close());

	it('says so on every item', async () => {
		const ids = ['sub_ada', 'sub_ben'];
		const execution = await theatre.run(cancelling(ids, { options: { maxAttempts: 2 } }));
		const outcomes = failures(execution);
		expect(outcomes).toHaveLength(2);
		outcomes.forEach(({ message }, index) => expectClear(message, ids[index]));
	});
});
