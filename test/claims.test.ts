import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

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
		'eleven',
		'twelve',
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
