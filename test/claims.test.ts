import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { IDataObject, INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';

import { keys } from '../sandbox/keys';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { runNode } from './host/harness';

/** Sentences of the pages that tell of the code, and could be overtaken by it. */

const root = resolve(__dirname, '..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const { n8n } = JSON.parse(text('package.json')) as {
	n8n: { nodes: string[]; credentials: string[] };
};
const pages = [
	...readdirSync(root).filter((name) => name.endsWith('.md')),
	...readdirSync(join(root, 'docs')).flatMap((name) =>
		name.endsWith('.md') ? `docs/${name}` : [],
	),
];

describe('numbers', () => {
	const words = [
		'no',
		'one',
		'two',
		'three',
		'four',
		'five',
		'six',
		'seven',
		'eight',
		'nine',
		'ten',
	];
	const triggers = n8n.nodes.filter((file) => file.endsWith('Trigger.node.js'));
	const counted: Array<[string, number]> = [
		['credential types', n8n.credentials.length],
		['providers', n8n.nodes.length - triggers.length],
		['triggers', triggers.length],
	];

	test.each(counted)('of %s are right on every page', (what, count) => {
		const said = pages.flatMap((page) =>
			[...text(page).matchAll(new RegExp(`\\b(${words.join('|')})\\s+${what}`, 'gi'))].map(
				([, word]) => `${page}: ${word.toLowerCase()}`,
			),
		);
		expect(said.filter((one) => !one.endsWith(` ${words[count]}`))).toEqual([]);
	});
});

type Class = new () => INodeType;
const nodes = n8n.nodes
	.filter((file) => !file.endsWith('Trigger.node.js'))
	.map((file) => {
		const [Node] = Object.values(jest.requireActual<Record<string, Class>>(join(root, file)));
		return new Node().description;
	});

/** All properties of a node, those inside others too. */
const deep = (properties: INodeProperties[]): INodeProperties[] =>
	properties.flatMap((one) => [
		one,
		...deep((one.options ?? []).filter((option) => 'type' in option) as INodeProperties[]),
	]);

test.each(nodes)(
	'the page of $displayName calls nothing the default that is none',
	({ name, properties }) => {
		const page = text(`docs/${name.toLowerCase()}.md`);
		const said = [...page.matchAll(/([A-Z][\w ]*?) \(default[);]/g)].map(([, label]) => label);
		const isDefault = (label: string) =>
			deep(properties).some(({ options = [], default: chosen }) =>
				(options as INodePropertyOptions[]).some(
					(option) => option.value === chosen && option.name === label,
				),
			);
		expect(said.filter((label) => !isDefault(label))).toEqual([]);
	},
);

describe('docs/outcomes.md', () => {
	let sandbox: Sandbox;
	beforeAll(async () => void (sandbox = await startSandbox()));
	afterAll(async () => await sandbox.close());

	const cell = (outcome: string) =>
		new RegExp(`^\\| \`${outcome}\` \\|[^|]*\\|([^|]*)\\|$`, 'm').exec(
			text('docs/outcomes.md'),
		)![1];

	async function cancelled(mode: string, value: string, secretKey = keys.funnelFox.secretKey) {
		const { main } = await runNode({
			node: 'funnelFox',
			items: [{}],
			onError: 'continueRegularOutput',
			parameters: {
				resource: 'subscription',
				operation: 'cancel',
				subscriptionId: { __rl: true, mode, value },
				dryRun: false,
				options: { maxAttempts: 1 },
			},
			credentials: {
				funnelFoxApi: { secretKey, baseUrl: `${sandbox.url}/funnelfox/public/v1` },
			},
		});
		return main[0].json as IDataObject;
	}
	const writes = () => sandbox.requests().filter(({ effect }) => effect === 'write');

	test.each([
		['notFound', ['email', 'zoe@example.com'], 'only looked up'],
		['unauthorized', ['email', 'ada@example.com', 'wrong'], 'only looked up'],
		['failed', ['email', 'ben@example.com'], 'see `description`'],
	] as const)('says of %s that it may come of a look alone', async (outcome, wish, words) => {
		sandbox.reset();
		if (outcome === 'failed') sandbox.fault({ provider: 'funnelFox', kind: 'html', on: 'read' });
		const [mode, value, key] = wish;
		expect(await cancelled(mode, value, key)).toMatchObject({ outcome, requestedAt: null });
		expect(writes()).toEqual([]);
		expect(cell(outcome)).toContain(words);
	});
});

test.each([
	['a repository that package.json does not name', 'ada/fork', 1],
	['the repository that it names', 'n8n-nodes-cancellations/n8n-nodes-cancellations', 0],
])('RELEASING.md: publishing goes on only from there: %s', (_, repository, status) => {
	expect(text('RELEASING.md')).toContain('placeholder');
	const [, script] = /placeholder.*\n\s+run: \|\n([^]*?)\n\s+- run/.exec(
		text('.github/workflows/publish.yml'),
	)!;
	const env = {
		...process.env,
		GITHUB_SERVER_URL: 'https://github.com',
		GITHUB_REPOSITORY: repository,
	};
	expect(spawnSync('bash', ['-ec', script], { cwd: root, env }).status).toBe(status);
});
