import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

import { isEnded, outcomes } from '../nodes/shared/contract/outcome';
import type { Limits, Provider } from '../nodes/shared/contract/provider';
import { properties } from '../nodes/shared/properties';
import { keys } from '../sandbox/keys';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { runNode } from './host/harness';

const root = resolve(__dirname, '..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const filesBelow = (folder: string, ending: string) =>
	readdirSync(join(root, folder), { recursive: true })
		.map((file) => join(folder, String(file)))
		.filter((file) => file.endsWith(ending))
		.sort();

const pages = [
	...readdirSync(root).filter((name) => name.endsWith('.md')),
	...filesBelow('docs', '.md'),
	...filesBelow('.github', '.md'),
];

/** As GitHub makes anchors of headings. */
const anchor = (heading: string) =>
	heading
		.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');

const anchorsIn = (page: string) =>
	[...text(page).matchAll(/^#+ (.+)$/gm)].map(([, one]) => anchor(one));

/** Links to files and headings of this repository; examples in code are none. */
const linksIn = (page: string) =>
	[
		...text(page)
			.replace(/```[^]*?```|`[^`\n]*`/g, '')
			.matchAll(/\]\(([^)\s]+)\)/g),
	]
		.map(([, to]) => to)
		.filter((to) => !/^[a-z]+:/.test(to));

describe.each(pages)('%s', (page) => {
	test('links only to what is there', () => {
		const dead = linksIn(page).filter((to) => {
			const [file, heading] = to.split('#');
			const path = file === '' ? page : join(dirname(page), file);
			if (!existsSync(join(root, path))) return true;
			return heading !== undefined && !anchorsIn(path).includes(heading);
		});
		expect(dead).toEqual([]);
	});
});

/** The providers, each with the page of its name. */
const providers = readdirSync(join(root, 'nodes'))
	.filter((folder) => existsSync(join(root, 'nodes', folder, 'provider.ts')))
	.map((folder) => {
		const module = jest.requireActual(`../nodes/${folder}/provider.ts`) as Record<string, Provider>;
		return Object.values(module).find((one) => one?.operations)!;
	});
const pageOf = ({ name }: Provider) => `docs/${name.toLowerCase()}.md`;

test.each(providers)('the page of $displayName has a section for every operation', (provider) => {
	const headings = text(pageOf(provider)).match(/^## .*/gm);
	const wanted = Object.values(provider.operations).map(({ name }) => `## ${name}`);
	expect(headings).toEqual(expect.arrayContaining(wanted));
});

const cellsOf = (line: string) =>
	line
		.split('|')
		.slice(1, -1)
		.map((cell) => cell.trim());
/** The rows of a page's section, without heads. */
const rowsOf = (page: string, section = '') => {
	const [, ...parts] = text(page).split(`\n## ${section}`);
	const lines = (section === '' ? text(page) : (parts[0] ?? '').split('\n## ')[0]).split('\n');
	return lines
		.filter((line, at) => line.startsWith('| ') && !lines[at + 1]?.startsWith('| ---'))
		.filter((line) => !line.startsWith('| ---'))
		.map(cellsOf);
};
const promised = 'What is promised here';

describe('docs/safety.md and the promises of each provider', () => {
	const page = text('docs/safety.md');
	const tests = [...page.matchAll(/^- \*\*([A-Z]\d+)\*\* `([^`]+)`: (.+)$/gm)].map(
		([, id, file, names]) => ({ id, file, names: names.split(' › ') }),
	);
	const all = [page, ...providers.map((one) => text(pageOf(one)))].join('\n');
	const cited = [...all.matchAll(/\(([A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*)\)/g)].flatMap(([, ids]) =>
		ids.split(', '),
	);

	test('quotes tests', () => expect(tests.length).toBeGreaterThan(20));

	test.each(tests)('$id is a test of $file', ({ file, names }) => {
		const source = text(file).replaceAll("\\'", "'");
		const missing = names.filter(
			(name) => !["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`)),
		);
		expect(missing).toEqual([]);
	});

	test('cites no test that it does not name, and names none in vain', () => {
		const named = tests.map(({ id }) => id);
		expect(new Set(named).size).toBe(named.length);
		expect([...new Set(cited)].sort()).toEqual([...named].sort());
	});

	test.each(providers)('the page of $displayName backs its promises by tests', (provider) => {
		const rows = rowsOf(pageOf(provider), promised);
		expect(rows.length).toBeGreaterThan(5);
		const backed = rows.filter((cells) => /\([A-Z]\d+(, [A-Z]\d+)*\)/.test(cells.join(' ')));
		// What two workers do in the same second is no promise.
		const bare = rows.filter((row) => !backed.includes(row)).map(([first]) => first);
		expect(bare.filter((first) => !first.startsWith('Two workers'))).toEqual([]);
	});

	test.each(providers)('the page of $displayName gives its pace as it is', (provider) => {
		const { limits, credentials } = provider;
		const { requestsPerMinute, burst }: Limits =
			typeof limits === 'function' ? limits(credentials[0]) : limits;
		const [, pace] = rowsOf(pageOf(provider), promised).find(([first]) =>
			first.startsWith('Requests per minute'),
		)!;
		expect(pace.replace(/ \(.*/, '')).toBe(`${requestsPerMinute}; ${burst}`);
	});

	test.each(providers)(
		'$displayName offers Expected Email where the record has an e-mail, and nowhere else',
		(provider) => {
			const offers = JSON.stringify(properties(provider)).includes('"expectedEmail"');
			const row = rowsOf(pageOf(provider), promised).find(([first]) =>
				first.startsWith('Expected Email'),
			)!;
			expect(row[1].startsWith('not offered')).toBe(!offers);
		},
	);

	test('docs/outcomes.md tells of every outcome, in the order of the table', () => {
		const named = rowsOf('docs/outcomes.md')
			.map(([first]) => /^`(\w+)`$/.exec(first)?.[1])
			.filter(Boolean);
		expect(named).toEqual(Object.keys(outcomes));
		const ends = ['cancelled', 'scheduled', 'alreadyCancelled', 'nothingToCancel'];
		expect(Object.keys(outcomes).filter((one) => isEnded(one as never))).toEqual(ends);
	});

	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox();
	});
	beforeEach(() => sandbox.reset());
	afterAll(async () => await sandbox.close());

	const options = { maxAttempts: 2, timeout: 5000, requestsPerMinute: 60_000 };
	async function churn(who: IDataObject, more: { options?: IDataObject; dryRun?: boolean } = {}) {
		const { main } = await runNode({
			node: 'reditus',
			items: [{}],
			onError: 'continueRegularOutput',
			parameters: {
				resource: 'referral',
				operation: 'churn',
				...who,
				dryRun: more.dryRun ?? false,
				options: { ...options, ...more.options },
			},
			credentials: {
				reditusApi: { apiToken: keys.reditus.apiToken, baseUrl: `${sandbox.url}/reditus/api` },
			},
		});
		return (main[0].json.error ?? main[0].json) as IDataObject;
	}
	const byUid = { identifyBy: 'referralUid', referralUid: 'cus_ada' };
	const byEmail = { identifyBy: 'referralEmail', referralEmail: 'ada@example.com' };
	const byId = {
		identifyBy: 'referralId',
		referralId: { __rl: true, mode: 'id', value: 'ref_ada' },
	};
	const methods = () => sandbox.requests('reditus').map(({ method }) => method);
	const brokenAfterTheWrite = () =>
		sandbox.fault({ provider: 'reditus', kind: 'serverErrorAfter', times: 0 });

	async function confirm(more: { options?: IDataObject; dryRun?: boolean } = {}) {
		const { main } = await runNode({
			node: 'azotte',
			items: [{}],
			onError: 'continueRegularOutput',
			parameters: {
				resource: 'subscription',
				operation: 'confirmCancel',
				orderIdentifier: { __rl: true, mode: 'id', value: 'or_ada' },
				cancelationMethod: 'Normal',
				dryRun: more.dryRun ?? false,
				options: { ...options, ...more.options },
			},
			credentials: {
				azotteApi: {
					projectName: 'acme',
					tenantId: keys.azotte.tenantId,
					apiKey: keys.azotte.apiKey,
					baseUrl: `${sandbox.url}/azotte/api/v1/c2a`,
				},
			},
		});
		return (main[0].json.error ?? main[0].json) as IDataObject;
	}

	test.each<[string, () => Promise<void>]>([
		[
			'Expected Email at Reditus by UID',
			async () => {
				const answer = await churn(byUid, { options: { expectedEmail: 'ada@example.com' } });
				expect(answer.outcome).toBe('refused');
				expect(answer.message).toContain('no way to look a referral up by its UID');
				expect(methods()).toEqual([]);
			},
		],
		[
			'Expected Status at Reditus by UID',
			async () => {
				const answer = await churn(byUid, { options: { expectedStatus: 'paid' } });
				expect(answer.outcome).toBe('refused');
				expect(methods()).toEqual([]);
			},
		],
		[
			'the record of a plan at Reditus by UID',
			async () => {
				const { planToken, current } = await churn(byUid, { dryRun: true });
				expect(current).toEqual({ unread: expect.stringContaining('UID') });
				sandbox.change('reditus', 'ref_ada', { state: 'paid' });
				expect((await churn(byUid, { options: { planToken } })).outcome).toBe('cancelled');
				expect(methods()).toEqual(['POST']);
			},
		],
		[
			'doubt at Reditus by UID',
			async () => {
				brokenAfterTheWrite();
				expect((await churn(byUid)).outcome).toBe('unknown');
				expect(methods()).toEqual(['POST']);
			},
		],
		[
			'the record of a plan at Azotte without a Customer URN',
			async () => {
				const { planToken, current } = await confirm({ dryRun: true });
				expect(current).toEqual({ unread: expect.stringContaining('Customer URN') });
				sandbox.change('azotte', 'or_ada', { state: 'PastDue' });
				expect((await confirm({ options: { planToken } })).outcome).toBe('pendingProvider');
			},
		],
	])(
		'what cannot be read guards nothing, is refused or stays unknown: %s',
		async (_, expectIt) => await expectIt(),
	);

	test.each([
		['e-mail', byEmail],
		['ID', byId],
	])('Reditus by %s reads the record: dry run, guards, plan token, doubt', async (_, who) => {
		const dry = await churn(who, { dryRun: true });
		expect(dry).toMatchObject({ outcome: 'preview', current: { email: 'ada@example.com' } });
		for (const guard of [{ expectedEmail: 'ben@example.com' }, { expectedStatus: 'clicked' }]) {
			expect((await churn(who, { options: guard })).outcome).toBe('refused');
		}
		expect(methods()).not.toContain('POST');
		brokenAfterTheWrite();
		expect(await churn(who)).toMatchObject({ outcome: 'cancelled', verified: true });
		sandbox.clearFaults();
		const { planToken } = dry;
		expect((await churn(who, { options: { planToken } })).outcome).toBe('refused');
		expect(methods().filter((method) => method === 'POST')).toHaveLength(1);
	});

	test.each([
		['UID', byUid],
		['e-mail', byEmail],
		['ID', byId],
	])(
		'a referral that is churned again in a new execution is alreadyCancelled, by %s',
		async (_, who) => {
			expect((await churn(who)).outcome).toBe('cancelled');
			expect(await churn(who)).toMatchObject({ ok: true, outcome: 'alreadyCancelled' });
			expect(sandbox.journal('reditus')).toHaveLength(1);
		},
	);
});

describe('docs/troubleshooting.md', () => {
	const sources = filesBelow('nodes', '.ts').map(text).join('\n').replaceAll("\\'", "'");
	const quoted = [...text('docs/troubleshooting.md').matchAll(/^> (.+)$/gm)].map(([, one]) => one);

	test('quotes messages', () => expect(quoted.length).toBeGreaterThan(25));

	test.each(quoted)('%s', (message) => {
		// A refusal puts that nothing was sent between what happened and how to get on.
		const parts = message.split(/"…"|…|Nothing was sent\./).map((part) => part.trim());
		const missing = parts.filter((part) => part.length > 3 && !sources.includes(part));
		expect(missing).toEqual([]);
	});
});
