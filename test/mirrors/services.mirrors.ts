import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { itemsOf, prepareHost, type CredentialFile, type WorkflowFile } from '../../host/n8n';
import { repository } from '../../host/paths';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import { type RunningN8n, startN8n } from '../../host/server';
import { installPackage, packPackage } from '../../host/tarball';
import { type Sandbox, startSandbox } from '../../sandbox/server';
import type { Mirror } from '../../scripts/mirrors/write';
import { make, type MirrorBuild, stepsOf } from './mirrorBuild';

// The mirrors are built concurrently, so a test waits for the earlier steps.
jest.setTimeout(900_000);

const written = path.join(repository, '.cache/mirrors');
execFileSync('npm', ['run', 'mirrors'], { cwd: repository, shell: process.platform === 'win32' });
const mirrors: Mirror[] = readdirSync(written).map((packageName) => ({
	packageName,
	folder: path.join(written, packageName),
}));

/** Outside the repository, where nothing of the whole lies above it: as for users. */
const home = mkdtempSync(path.join(tmpdir(), 'mirrors-'));
const userFolder = path.join(home, 'n8n');

let making: MirrorBuild;
beforeAll(() => {
	making = make(mirrors, home);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('there is a mirror for each service', () => {
	const folders = readdirSync(path.join(repository, 'nodes')).filter((one) => one !== 'shared');
	expect(mirrors.map(({ packageName }) => packageName)).toEqual(
		folders.map((folder) => `n8n-nodes-${folder.toLowerCase()}-cancellations`).sort(),
	);
});

describe.each(mirrors)('$packageName', (mirror) => {
	test.each(Object.keys(stepsOf(mirror)))('%s', async (step) => await making.done(mirror, step));

	test('holds its own nodes and credentials, what they share, and nothing else', async () => {
		await making.done(mirror, 'is packed');
		const list = execFileSync('tar', ['-tf', making.tarball(mirror)], { encoding: 'utf8' });
		const files = list.trim().split('\n');
		const within = (place: string) => readdirSync(path.join(mirror.folder, place));
		const expected = [
			...within('credentials').map((name) => `credentials/${name.replace(/\.ts$/, '.js')}`),
			...within('nodes').map((name) => `nodes/${name}`),
		];
		const packed = files.flatMap(
			(file) => /^package\/dist\/((?:nodes|credentials)\/[^/]+)/.exec(file)?.[1] ?? [],
		);
		expect([...new Set(packed)].sort()).toEqual(expected.sort());
		const others = files.filter((file) => !file.startsWith('package/dist/'));
		const plain = ['CHANGELOG.md', 'LICENSE', 'README.md', 'index.js', 'package.json'];
		expect(
			others.map((file) => file.replace('package/', '')).filter((one) => !plain.includes(one)),
		).toEqual([]);
	});
});

describe('all of them and the whole, in one n8n', () => {
	let sandbox: Sandbox;
	let n8n: RunningN8n;
	let credentials: CredentialFile[];

	beforeAll(async () => {
		await prepareHost({ userFolder, tarball: await packPackage() });
		for (const mirror of mirrors) {
			await making.done(mirror, 'is packed');
			await installPackage(making.tarball(mirror), userFolder);
		}
		sandbox = await startSandbox();
		n8n = await startN8n({ userFolder });
		credentials = sandboxCredentials(sandbox.url);
		for (const credential of credentials) {
			const { name, type, data } = credential;
			credential.id = (
				await n8n.rest<{ id: string }>('POST', '/credentials', { name, type, data })
			).id;
		}
	});
	beforeEach(() => sandbox.reset());
	afterAll(async () => {
		await n8n?.stop();
		await sandbox?.close();
	});

	/** The example of its README. */
	const exampleOf = ({ folder }: Mirror) => {
		const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
		const [, text] = /^## Example workflow\n[^]*?```json\n([^]*?)\n```/m.exec(readme) ?? [];
		return JSON.parse(text) as WorkflowFile;
	};
	const cancels = ({ nodes }: WorkflowFile) =>
		nodes.find(({ type }) => !String(type).startsWith('n8n-nodes-base.'))!;
	/** The first credential of the sandbox that a node of this provider accepts. */
	const accountFor = ({ packageName, folder }: Mirror) => {
		const own = readdirSync(path.join(folder, 'credentials')).map((file) =>
			file.replace('.credentials.ts', '').toLowerCase(),
		);
		const found = credentials.find(({ type }) => own.includes(type.toLowerCase()));
		if (!found) throw new Error(`The sandbox has no account for ${packageName}`);
		return found;
	};

	/** Runs an example with the sandbox's credential. @returns the items of its node */
	async function ran(
		mirror: Mirror,
		workflow: WorkflowFile,
		dryRun: boolean,
	): Promise<IDataObject> {
		const { id, name, type } = accountFor(mirror);
		const node = cancels(workflow);
		const nodes = workflow.nodes.map((one) =>
			one === node
				? {
						...one,
						parameters: { ...(one.parameters as object), dryRun },
						credentials: { [type]: { id, name } },
					}
				: one,
		);
		const workflowId = await n8n.createWorkflow({ ...workflow, name: mirror.packageName, nodes });
		const execution = await n8n.finished(await n8n.run(workflowId, 'Start'));
		expect(execution.message).toBeUndefined();
		return itemsOf(execution, String(node.name))[0].json;
	}

	test.each(mirrors)('$packageName carries out its cancel on the sandbox', async (mirror) => {
		const example = exampleOf(mirror);
		expect(await ran(mirror, example, true)).toMatchObject({ outcome: 'preview', ok: true });
		expect(sandbox.journal()).toEqual([]);
		expect(await ran(mirror, example, false)).toMatchObject({ ok: true, ended: true });
		expect(sandbox.journal()).toHaveLength(1);
	});

	test.each(mirrors)('a workflow of the whole is moved to $packageName', async (mirror) => {
		const example = exampleOf(mirror);
		const text = JSON.stringify(example).replaceAll(mirror.packageName, 'n8n-nodes-cancellations');
		const ofTheWhole = JSON.parse(text) as WorkflowFile;
		expect(await ran(mirror, ofTheWhole, true)).toMatchObject({ outcome: 'preview', ok: true });
		const move = [path.join(repository, 'scripts/moveWorkflows.mjs')];
		const moved = execFileSync(process.execPath, move, { input: text, encoding: 'utf8' });
		expect(JSON.parse(moved)).toEqual(example);
	});

	test.each(mirrors)(
		'the credentials of $packageName are tested and its nodes are known',
		async (mirror) => {
			const { id, name, type, data } = accountFor(mirror);
			const told = await n8n.rest<{ status: string }>('POST', '/credentials/test', {
				credentials: { id, name, type, data },
			});
			expect(told.status).toBe('OK');
			const { n8n: lists } = JSON.parse(
				readFileSync(path.join(mirror.folder, 'package.json'), 'utf8'),
			) as { n8n: { nodes: string[] } };
			const names = lists.nodes.map((file) => {
				const one = path.basename(file, '.node.js');
				return `${one[0].toLowerCase()}${one.slice(1)}`;
			});
			// n8n refuses an unknown type.
			const known = await n8n.rest<Array<{ name: string }>>('POST', '/node-types', {
				nodeInfos: names.map((one) => ({ name: `${mirror.packageName}.${one}`, version: 1 })),
			});
			expect(known.map((one) => one.name.split('.').at(-1))).toEqual(names);
		},
	);
});
