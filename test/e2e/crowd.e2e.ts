import type { N8nSession } from '../../host/server';
import {
	acceptedPerTarget,
	bulkIds,
	bulkNames,
	cancelByEmailWorkflow,
	cancelWorkflow,
	failures,
	oncePerId,
	sentPerTarget,
	type NodeSetup,
	openShared,
	type SharedN8n,
	ranIn,
	successes,
} from './n8nInstance';
import type { FaultKind } from '../../sandbox/scenario';

const count = 200;
/** A higher rate than the limit of any provider here, to provoke 429s. */
const tooFast = { maxPerExecution: 0, requestsPerMinute: 12_000, maxConcurrency: 20 };

let instance: SharedN8n;
let n8n: N8nSession;

beforeAll(async () => {
	instance = await openShared();
	({ n8n } = instance);
});
beforeEach(() => instance.sandbox.reset());
afterAll(async () => await instance.close());

describe('200 items against a provider that takes 40 requests a second', () => {
	it.each([
		['off', undefined],
		['on', 5],
	])('are all accepted, each once, with Retry On Fail %s', async (_, retryOnFail) => {
		const { sandbox } = instance;
		sandbox.seed({ bulk: { provider: 'funnelfox', count, prefix: 'crowd' } });
		sandbox.limit('funnelfox', { perSecond: 40, retryAfter: 'seconds' });
		const ids = bulkIds('crowd', count);
		const setup = { options: tooFast, retryOnFail };
		const execution = await ranIn(n8n, cancelWorkflow(ids, setup));
		expect(failures(execution)).toEqual([]);
		expect(successes(execution).map(({ target }) => target)).toEqual(ids);
		expect(acceptedPerTarget(sandbox)).toEqual(oncePerId(ids));
		expect(sentPerTarget(sandbox)).toEqual(oncePerId(ids));
		const turnedAway = sandbox.requests('funnelfox').filter(({ status }) => status === 429);
		expect(turnedAway.length).toBeGreaterThan(0);
	});
});

describe('200 items on a bad day', () => {
	it('are each accepted once, and none stays in doubt', async () => {
		const { sandbox } = instance;
		sandbox.seed({ bulk: { provider: 'funnelfox', count, prefix: 'storm' } });
		const ids = bulkIds('storm', count);
		ids.forEach((target, index) => {
			if (index % 5 === 0)
				sandbox.fault({ provider: 'funnelfox', kind: 'serverErrorAfter', target });
			if (index % 10 !== 3) return;
			const kind = index % 20 === 3 ? 'timeoutAfter' : 'timeoutBefore';
			sandbox.fault({ provider: 'funnelfox', kind, target });
		});
		const options = { ...tooFast, timeout: 1000 };
		const execution = await ranIn(n8n, cancelWorkflow(ids, { options }));
		expect(failures(execution)).toEqual([]);
		expect(successes(execution).map(({ target }) => target)).toEqual(ids);
		expect(new Set(successes(execution).map(({ outcome }) => outcome))).toEqual(
			new Set(['scheduled']),
		);
		expect(acceptedPerTarget(sandbox)).toEqual(oncePerId(ids));
		// A second request is right only if the first one did not arrive.
		const lost = ids.filter((_, index) => index % 20 === 13);
		expect(sentPerTarget(sandbox)).toEqual({
			...oncePerId(ids),
			...Object.fromEntries(lost.map((id) => [id, 2])),
		});
		const faulted = sandbox.requests('funnelfox').filter(({ fault }) => fault);
		expect(faulted).toHaveLength(count / 5 + count / 10);
	});
});

describe.each(['stripe', 'paddle', 'chargebee', 'recurly'] as const)(
	'200 customers of %s, found by e-mail',
	(provider) => {
		const options = { ...tooFast, timeout: 1000 };
		const accepted = () => acceptedPerTarget(instance.sandbox, provider);
		/** Runs the workflow for all of them. */
		async function cancelAll(prefix: string, retryOnFail?: number) {
			const setup = { options, retryOnFail };
			const names = bulkNames(prefix, count);
			const execution = await ranIn(n8n, cancelByEmailWorkflow(provider, names, setup));
			expect(failures(execution)).toEqual([]);
			expect(successes(execution).map(({ target, outcome }) => [target, outcome])).toEqual(
				bulkIds(prefix, count, provider).map((id) => [id, 'scheduled']),
			);
			expect(accepted()).toEqual(oncePerId(bulkIds(prefix, count, provider)));
		}

		it('are each accepted once under its rate limit, with Retry On Fail on', async () => {
			const { sandbox } = instance;
			sandbox.seed({ bulk: { provider, count, prefix: 'crowd' } });
			sandbox.limit(provider, { perSecond: 60, retryAfter: 'none' });
			await cancelAll('crowd', 5);
			const ids = bulkIds('crowd', count, provider);
			expect(sentPerTarget(sandbox, provider)).toEqual(oncePerId(ids));
			const turnedAway = sandbox.requests(provider).filter(({ status }) => status === 429);
			expect(turnedAway.length).toBeGreaterThan(0);
		});

		it('are each accepted once on a bad day, and none stays in doubt', async () => {
			const { sandbox } = instance;
			sandbox.seed({ bulk: { provider, count, prefix: 'storm' } });
			const kinds = ['serverErrorAfter', 'dropAfter', 'dropBefore', 'timeoutAfter', 'badGateway'];
			const ids = bulkIds('storm', count, provider);
			ids.forEach((target, index) => {
				const kind = index % 4 === 0 ? kinds[(index / 4) % kinds.length] : undefined;
				if (kind) sandbox.fault({ provider, kind: kind as FaultKind, target });
			});
			await cancelAll('storm');
			const faulted = sandbox.requests(provider).filter(({ fault }) => fault);
			expect(faulted).toHaveLength(count / 4);
		});
	},
);

describe("200 targets of an API of one's own that takes 40 requests a second, on a bad day", () => {
	const provider = 'httpCancellation';
	const options = { ...tooFast, timeout: 1000 };
	const kinds: FaultKind[] = ['serverErrorAfter', 'dropAfter', 'dropBefore', 'badGateway'];
	const ids = bulkIds('own', count, provider);
	/** The faults of every tenth target. */
	const faulty = ids.flatMap((target, index) =>
		index % 10 === 0 ? [{ target, kind: kinds[(index / 10) % kinds.length] }] : [],
	);
	const arrived = faulty.filter(({ kind }) => kind.endsWith('After')).map(({ target }) => target);
	const sound = ids.filter((id) => !faulty.some(({ target }) => target === id));

	async function cancelAll(setup: NodeSetup = {}) {
		const { sandbox } = instance;
		sandbox.seed({ bulk: { provider, count, prefix: 'own' } });
		sandbox.limit(provider, { perSecond: 40, retryAfter: 'seconds' });
		for (const { target, kind } of faulty) sandbox.fault({ provider, kind, target });
		const execution = await ranIn(
			n8n,
			cancelWorkflow(ids, { options, retryOnFail: 5, ...setup }, provider),
		);
		const requests = sandbox.requests(provider);
		expect(requests.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
		expect(requests.filter(({ fault }) => fault)).toHaveLength(faulty.length);
		return execution;
	}

	it('are each accepted once where the record can be read, with Retry On Fail on', async () => {
		const execution = await cancelAll();
		expect(failures(execution)).toEqual([]);
		expect(successes(execution).map(({ target, outcome }) => [target, outcome])).toEqual(
			ids.map((id) => [id, 'cancelled']),
		);
		expect(acceptedPerTarget(instance.sandbox, provider)).toEqual(oncePerId(ids));
		// A second request is right only if the first one did not arrive.
		const lost = faulty.filter(({ target }) => !arrived.includes(target));
		expect(sentPerTarget(instance.sandbox, provider)).toEqual({
			...oncePerId(ids),
			...Object.fromEntries(lost.map(({ target }) => [target, 2])),
		});
	});

	it('are each sent once without a record, and doubt is unknown, with Retry On Fail on', async () => {
		const execution = await cancelAll({ parameters: { readPath: '' } });
		expect(successes(execution).map(({ target, outcome }) => [target, outcome])).toEqual(
			sound.map((id) => [id, 'cancelled']),
		);
		expect(failures(execution).map(({ error }) => [error.target, error.outcome])).toEqual(
			faulty.map(({ target }) => [target, 'unknown']),
		);
		expect(sentPerTarget(instance.sandbox, provider)).toEqual(oncePerId(ids));
		expect(acceptedPerTarget(instance.sandbox, provider)).toEqual(
			oncePerId([...sound, ...arrived]),
		);
	});
});
