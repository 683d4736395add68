import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const text = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const description = JSON.parse(text('package.json'));
const folders = readdirSync(join(root, 'nodes')).filter((name) => name !== 'shared');

describe('what ships', () => {
	const [packed] = JSON.parse(
		execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
			cwd: root,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		}),
	) as [{ size: number; files: Array<{ path: string }> }];

	test('is dist, index.js, README, LICENSE and package.json, nothing else', () => {
		const others = packed.files
			.map(({ path }) => path)
			.filter(
				(path) =>
					!/^(dist\/(nodes|credentials)\/.+\.(js|json|svg)|index\.js|README\.md|LICENSE|package\.json)$/.test(
						path,
					),
			);
		expect(others).toEqual([]);
		expect(packed.files.some(({ path }) => /(test|sandbox|host|bench)\//.test(path))).toBe(false);
	});

	test('weighs less than 225 kB', () => expect(packed.size).toBeLessThan(225_000));

	test('needs nothing at run time but n8n', () => {
		expect(description.dependencies ?? {}).toEqual({});
		expect(description.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		expect(description).not.toHaveProperty('overrides');
	});

	test('is listed in package.json, by paths that exist', () => {
		const nodes = folders.flatMap((name) =>
			readdirSync(join(root, 'nodes', name))
				.filter((file) => file.endsWith('.node.ts'))
				.map((file) => `dist/nodes/${name}/${file.replace('.ts', '.js')}`),
		);
		expect(description.n8n.nodes).toEqual(nodes.sort());
		expect(description.n8n.credentials).toEqual(
			readdirSync(join(root, 'credentials'))
				.sort()
				.map((file) => `dist/credentials/${file.replace('.ts', '.js')}`),
		);
		for (const path of [...description.n8n.nodes, ...description.n8n.credentials]) {
			expect(existsSync(join(root, path))).toBe(true);
		}
	});
});

const { generated } = jest.requireActual<{ generated: () => Array<[string, string, string]> }>(
	'../scripts/readme.js',
);
test.each(generated())('what %s shows of "%s" is as the code has it', (file, marker, inside) => {
	expect(text(file)).toContain(`<!-- ${marker} -->\n\n${inside}\n\n<!-- /${marker} -->`);
});
