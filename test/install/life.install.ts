import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject, INodeTypeDescription } from 'n8n-workflow';
import { type Execution, itemsOf, type WorkflowFile } from '../../host/n8n';
import { ownerOf } from '../../host/owner';
import { repository } from '../../host/paths';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import { type RunningN8n, startN8n } from '../../host/server';
import { providerNames } from '../../sandbox/providerNames';
import { type Sandbox, startSandbox } from '../../sandbox/server';
import { chainWorkflow, itemListNodes, node } from '../e2e/n8nInstance';
import { eventually } from '../eventually';
import { type Builds, described, packBuilds } from './builds';
import { openShop, type Shop } from './shop';

interface InstalledPackage {
	packageName: string;
	installedVersion: string;
	updateAvailable?: string;
	failedLoading?: boolean;
	installedNodes: Array<{ name: string; type: string; latestVersion: number }>;
}

const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};
const credentialTypes = manifest.n8n.credentials.map((file) => {
	const name = path.basename(file, '.credentials.js');
	return name[0].toLowerCase() + name.slice(1);
});

/** Outside the repository, where no other copy of n8n-workflow lies above it: as for users. */
const home = mkdtempSync(path.join(tmpdir(), 'n8n-install-'));
const userFolder = path.join(home, 'user');
const nodesFolder = path.join(userFolder, '.n8n', 'nodes');

let builds: Builds;
let folder: string;
let shop: Shop;
let sandbox: Sandbox;
let n8n: RunningN8n;
let workflowId: string;

beforeAll(async () => {
	builds = await packBuilds(path.join(home, 'builds'));
	folder = path.join(nodesFolder, 'node_modules', builds.name);
	shop = await openShop(path.join(home, 'shop'), builds);
	process.env.PATH = `${shop.counter}${path.delimiter}${process.env.PATH ?? ''}`;
	sandbox = await startSandbox();
	await start();
});

afterAll(async () => {
	await n8n?.stop();
	await sandbox?.close();
	await shop?.close();
	rmSync(home, { recursive: true, force: true });
});

/** The tests depend on each other: each continues where the previous one ended. */
describe('the packed package, installed by n8n itself', () => {
	test('is not there before', async () => {
		expect(await installed()).toEqual([]);
		await eventually(async () => expect(await typesOf('nodes')).toEqual([]));
	});

	test('installs, and n8n records its version and nodes', async () => {
		const record = await n8n.rest<InstalledPackage>('POST', '/community-packages', {
			name: builds.name,
			version: builds.now,
		});
		expect(record).toMatchObject({ packageName: builds.name, installedVersion: builds.now });
		expect(record.installedNodes.map(({ type }) => type).sort()).toEqual(nodeTypes());
		expect(ledger()).toEqual({ [builds.name]: builds.now });
		const version = `${builds.name}@${builds.now}`;
		expect(shop.commands()).toEqual([`view ${version}`, `pack ${version}`, 'install']);
	});

	test('holds nothing but what was packed, and needs no other package', () => {
		const packed = ['LICENSE', 'README.md', 'dist', 'index.js', 'package.json'];
		expect(readdirSync(folder).filter((name) => !packed.includes(name))).toEqual([]);
		expect(readdirSync(path.join(nodesFolder, 'node_modules'))).toEqual([builds.name]);
		const { dependencies, ...others } = JSON.parse(
			readFileSync(path.join(folder, 'package.json'), 'utf8'),
		) as IDataObject;
		expect(dependencies ?? {}).toEqual({});
		expect(others).not.toHaveProperty('devDependencies');
		const required = filesBelow(path.join(folder, 'dist'))
			.filter((file) => file.endsWith('.js'))
			.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/require\("([^"]+)"\)/g)])
			.map(([, wanted]) => wanted)
			.filter((wanted) => !wanted.startsWith('.'));
		expect([...new Set(required)].sort()).toEqual(['crypto', 'n8n-workflow']);
	});

	test('is MIT, and contains no code of other projects', () => {
		const read = (file: string) => readFileSync(file, 'utf8');
		expect(JSON.parse(read(path.join(folder, 'package.json')))).toMatchObject({ license: 'MIT' });
		expect(read(path.join(folder, 'LICENSE'))).toMatch(/^MIT License/);
		const files = filesBelow(path.join(folder, 'dist')).filter((file) => path.extname(file));
		const shipped = files.filter((file) => !/\.(js|json|svg)$/.test(file));
		expect(shipped).toEqual([]);
		const notices = files.filter((file) => /copyright|licen[cs]ed|@license/i.test(read(file)));
		expect(notices).toEqual([]);
		// Plain shapes only: no text, images or metadata of drawing programs.
		for (const icon of files.filter((file) => file.endsWith('.svg'))) {
			const elements = [...read(icon).matchAll(/<(\w+)/g)].map(([, element]) => element);
			expect([...new Set(elements)].sort()).toEqual(['path', 'rect', 'svg']);
		}
	});

	test.each(['at once', 'after a restart'])('offers nodes and credentials %s', async (when) => {
		if (when === 'after a restart') await restart();
		// Agents can use the nodes, but not the triggers.
		const expected = nodeTypes().flatMap((type) =>
			type.endsWith('Trigger') ? [type] : [type, `${type}Tool`],
		);
		const nodes = await eventually(async () => {
			const offered = await typesOf('nodes');
			expect([...new Set(offered.map(({ name }) => name))].sort()).toEqual(expected.sort());
			return offered;
		});
		await eventually(async () => {
			const offered = await typesOf('credentials');
			expect(offered.map(({ name }) => name).sort()).toEqual(credentialTypes);
		});
		for (const { name, iconUrl } of nodes as Array<{ name: string; iconUrl?: unknown }>) {
			const { light, dark } = iconUrl as { light: string; dark: string };
			for (const icon of [light, dark]) expect([name, await iconAt(icon)]).toEqual([name, 'svg']);
		}
		const [record, ...others] = await installed();
		expect(others).toEqual([]);
		expect(record.failedLoading ?? false).toBe(false);
	});

	test('runs a saved workflow', async () => {
		const [credential] = sandboxCredentials(sandbox.url).filter(
			(one) => one.type === 'funnelFoxApi',
		);
		const { type, name, data } = credential;
		const saved = await n8n.rest<{ id: string }>('POST', '/credentials', { name, type, data });
		workflowId = await save(cancelling(builds.name, { id: saved.id, name }));
		await expectToCancel();
	});

	test('is offered as an update, and updates', async () => {
		expect(await installed()).toMatchObject([{ updateAvailable: builds.next }]);
		const record = await n8n.rest<InstalledPackage>('PATCH', '/community-packages', {
			name: builds.name,
			version: builds.next,
		});
		expect(record).toMatchObject({ packageName: builds.name, installedVersion: builds.next });
		expect(ledger()).toEqual({ [builds.name]: builds.next });
		expect(readdirSync(path.join(nodesFolder, 'node_modules'))).toEqual([builds.name]);
		await eventually(async () => expect(await descriptionOfFunnelFox()).toContain(described.next));
	});

	test.each(['at once', 'after a restart'])(
		'runs the workflow of the earlier version %s',
		async (when) => {
			if (when === 'after a restart') await restart();
			await expectToCancel();
		},
	);

	test('says what to do where n8n cannot get a version, and stays as it is', async () => {
		const request = n8n.rest('PATCH', '/community-packages', {
			name: builds.name,
			version: '99.0.0',
		});
		await expect(request).rejects.toThrow('n8n answered');
		expect(ledger()).toEqual({ [builds.name]: builds.next });
		await expectToCancel();
	});

	test('is removed completely, and n8n starts without it', async () => {
		await n8n.rest('DELETE', `/community-packages?name=${builds.name}`);
		expect(await installed()).toEqual([]);
		await eventually(async () => {
			expect(await typesOf('nodes')).toEqual([]);
			expect(await typesOf('credentials')).toEqual([]);
		});
		expect(readdirSync(path.join(nodesFolder, 'node_modules'))).toEqual([]);
		await restart();
		expect(await installed()).toEqual([]);
		await eventually(async () => expect(await typesOf('nodes')).toEqual([]));
		expect(readFileSync(n8n.log, 'utf8')).not.toContain('packages are missing');
	});

	test('comes back, and the workflow is as it was', async () => {
		await n8n.rest<InstalledPackage>('POST', '/community-packages', {
			name: builds.name,
			version: builds.next,
		});
		await expectToCancel();
	});

	test('lets n8n reach no provider by itself', () => {
		const providers = new RegExp(providerNames.join('|'), 'i');
		expect(shop.refused().filter((host) => providers.test(host))).toEqual([]);
	});
});

async function start(): Promise<void> {
	n8n = await startN8n({ userFolder: existing(userFolder), env: shop.env });
}

async function restart(): Promise<void> {
	await n8n.stop();
	rmSync(n8n.log, { force: true });
	await start();
}

async function installed(): Promise<InstalledPackage[]> {
	return await n8n.rest<InstalledPackage[]>('GET', '/community-packages');
}

/** n8n's records of installed packages. */
function ledger(): unknown {
	const file = path.join(nodesFolder, 'package.json');
	return (JSON.parse(readFileSync(file, 'utf8')) as IDataObject).dependencies;
}

function nodeTypes(): string[] {
	return manifest.n8n.nodes
		.map((file) => path.basename(file, '.node.js'))
		.map((name) => `${builds.name}.${name[0].toLowerCase()}${name.slice(1)}`)
		.sort();
}

/** Types of this package that n8n sends to its editor. */
async function typesOf(kind: 'nodes' | 'credentials'): Promise<INodeTypeDescription[]> {
	const all = await editorFile<INodeTypeDescription[]>(`/types/${kind}.json`);
	return kind === 'nodes'
		? all.filter(({ name }) => name.startsWith(`${builds.name}.`))
		: all.filter(({ name }) => credentialTypes.includes(name));
}

async function descriptionOfFunnelFox(): Promise<string> {
	const type = `${builds.name}.funnelFox`;
	return (await typesOf('nodes')).find(({ name }) => name === type)?.description ?? '';
}

/**
 * A file that n8n serves to its signed-in editor. n8n rewrites it after a change of packages, so a read
 * may be incomplete.
 */
async function editorFile<T>(address: string): Promise<T> {
	const { email, password } = ownerOf(userFolder);
	const browser = { 'browser-id': 'install', 'content-type': 'application/json' };
	const login = await fetch(`${n8n.url}/rest/login`, {
		method: 'POST',
		headers: browser,
		body: JSON.stringify({ emailOrLdapLoginId: email, password }),
	});
	const cookie = login.headers.getSetCookie().map((entry) => entry.split(';')[0]);
	const response = await fetch(n8n.url + address, {
		headers: { ...browser, cookie: cookie.join('; ') },
	});
	expect(response.status).toBe(200);
	return (await response.json()) as T;
}

async function iconAt(address: string): Promise<string> {
	const response = await fetch(`${n8n.url}/${address}`);
	return (await response.text()).includes('<svg') ? 'svg' : `no icon at ${address}`;
}

function filesBelow(start: string): string[] {
	return readdirSync(start, { recursive: true }).map((file) => path.join(start, String(file)));
}

function existing(start: string): string {
	if (!existsSync(start)) mkdirSync(start, { recursive: true });
	return start;
}

/** Runs the saved workflow with a known and an unknown subscription. */
async function expectToCancel(): Promise<void> {
	sandbox.reset();
	const execution = await run();
	expect(execution.message).toBeUndefined();
	expect(itemsOf(execution, 'Cancel', 0).map(({ json }) => json)).toMatchObject([
		{ ok: true, ended: true, outcome: 'scheduled', target: 'sub_ada' },
	]);
	expect(itemsOf(execution, 'Cancel', 1).map(({ json }) => json.error)).toMatchObject([
		{ outcome: 'notFound', target: 'sub_nobody' },
	]);
	expect(sandbox.journal('funnelFox').map(({ target }) => target)).toEqual(['sub_ada']);
}

/** n8n 1.123 requires `active: false` for a new workflow. */
async function save(workflow: WorkflowFile): Promise<string> {
	const content = { ...workflow, id: undefined, active: false };
	return (await n8n.rest<{ id: string }>('POST', '/workflows', content)).id;
}

/** n8n 1.123 requires the whole workflow to run it; newer versions ignore it. */
async function run(): Promise<Execution> {
	const workflowData = await n8n.rest<WorkflowFile>('GET', `/workflows/${workflowId}`);
	const { executionId } = await n8n.rest<{ executionId: string }>(
		'POST',
		`/workflows/${workflowId}/run`,
		{ workflowData, triggerToStartFrom: { name: 'Start' } },
	);
	return await n8n.finished(executionId);
}

function cancelling(packageName: string, credential: { id: string; name: string }): WorkflowFile {
	return chainWorkflow('cancelling', [
		...itemListNodes([{ id: 'sub_ada' }, { id: 'sub_nobody' }]),
		{
			...node('Cancel', `${packageName}.funnelFox`, 1, {
				resource: 'subscription',
				operation: 'cancel',
				subscriptionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
				dryRun: false,
				options: {},
			}),
			onError: 'continueErrorOutput',
			credentials: { funnelFoxApi: credential },
		},
	]);
}
