import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { INodeExecutionData, IRun } from 'n8n-workflow';
import { cacheFolder, n8nInstallation } from './paths';
import { runNode } from './processes';
import { installPackage } from './tarball';

/** A workflow as n8n exports it. */
export interface WorkflowFile {
	id: string;
	name: string;
	nodes: Array<Record<string, unknown>>;
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	[field: string]: unknown;
}

/** A credential in the clear, as `n8n import:credentials` takes it and then encrypts it. */
export interface CredentialFile {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
	/** The present time by default. */
	updatedAt?: string;
}

/** The saved result of one execution. */
export interface Execution {
	status: IRun['status'];
	/** n8n's error message. */
	message?: string;
	description?: string | null;
	lastNodeExecuted?: string;
	/** By node name, one entry per run of the node. */
	runData: IRun['data']['resultData']['runData'];
}

/** The items that a node output in its first run: output 0 is success, 1 the error output. */
export function itemsOf({ runData }: Execution, node: string, output = 0): INodeExecutionData[] {
	return runData[node]?.[0].data?.main[output] ?? [];
}

/**
 * n8n inherits no n8n setting, because it could then change the user's real n8n or call other
 * machines, and no proxy, because the proxy would get the sandbox's keys.
 */
const notInherited =
	/^(N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_|CREDENTIALS_|NODES_|EXTERNAL_|OFFLOAD_|GENERIC_|NODE_OPTIONS$|NODE_PATH$|NODE_ENV$|NODE_FUNCTION_|NODE_USE_ENV_PROXY$|npm_|JEST_|CODE_|ENVIRONMENT$)|_proxy$/i;

const settings = {
	DB_TYPE: 'sqlite',
	EXTERNAL_HOOK_FILES: path.join(__dirname, 'hostHeaderGuard.cjs'),
	EXTERNAL_HOOK_FILES_SEPARATOR: ';',
	GENERIC_TIMEZONE: 'UTC',
	N8N_AI_ENABLED: 'false',
	N8N_COMMUNITY_PACKAGES_ENABLED: 'true',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	// It calls n8n's servers at every start.
	N8N_DISABLED_MODULES: 'mcp-registry',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_HOST: '127.0.0.1',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_REINSTALL_MISSING_PACKAGES: 'false',
	N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
	N8N_SECURE_COOKIE: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};

/** Settings that differ for n8n 1.123. */
const settingsOfLine1 = {
	// n8n 1.123 does not start with this setting.
	N8N_DISABLED_MODULES: undefined,
	// Its default engine for expressions has binaries for Node 22 and newer only.
	...(Number(process.versions.node.split('.')[0]) < 22 ? { N8N_EXPRESSION_ENGINE: 'legacy' } : {}),
};

/** The part of this process's environment that n8n inherits. */
export function inheritedFrom(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !notInherited.test(name)));
}

/** The environment of one n8n process. Each process needs its own broker port. */
export async function environment(userFolder: string): Promise<NodeJS.ProcessEnv> {
	const { line, node } = n8nInstallation();
	return {
		...inheritedFrom(process.env),
		// n8n starts its task runner with the first `node` in PATH.
		PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
		...settings,
		...(line === 'n8n-1' ? settingsOfLine1 : {}),
		N8N_LOG_LEVEL: 'info',
		// Node 22 and newer keep the compiled code of n8n here: a start takes a sixth less of a processor.
		NODE_COMPILE_CACHE: path.join(cacheFolder, 'compiled'),
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_USER_FOLDER: userFolder,
	};
}

/** A free port on this machine. */
export async function freePort(): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => {
				if (address === null || typeof address === 'string') reject(new Error('no port given'));
				else resolve(address.port);
			});
		});
	});
}

/**
 * Makes a folder an n8n home with the packed package installed, as after an install from n8n's
 * editor.
 * @param fresh whether to delete the home's database, key and workflows first
 */
export async function prepareHost(options: {
	userFolder: string;
	tarball: string;
	fresh?: boolean;
}): Promise<void> {
	if (options.fresh) rmSync(options.userFolder, { recursive: true, force: true });
	mkdirSync(options.userFolder, { recursive: true });
	await installPackage(options.tarball, options.userFolder);
}

/**
 * Adds credentials, or replaces those with the same ID.
 * @param env more settings, such as another database
 */
export async function importCredentials(
	userFolder: string,
	credentials: CredentialFile[],
	env?: NodeJS.ProcessEnv,
): Promise<void> {
	await importFile(userFolder, 'credentials', credentials, env);
}

/** Adds workflows, or replaces those with the same ID. */
export async function importWorkflows(
	userFolder: string,
	workflows: WorkflowFile[],
	env?: NodeJS.ProcessEnv,
): Promise<void> {
	await importFile(userFolder, 'workflow', workflows, env);
}

async function importFile(
	userFolder: string,
	kind: string,
	content: unknown[],
	env?: NodeJS.ProcessEnv,
): Promise<void> {
	const folder = mkdtempSync(path.join(userFolder, 'import-'));
	try {
		const file = path.join(folder, `${kind}.json`);
		writeFileSync(file, JSON.stringify(content));
		const { stdout } = await command(userFolder, [`import:${kind}`, `--input=${file}`], env);
		if (!stdout.includes('Successfully imported')) {
			throw new Error(`n8n did not import the ${kind} file:\n${stdout}`);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** Runs a workflow from the command line and reads its execution, failed or not. */
export async function executeWorkflow(userFolder: string, id: string): Promise<Execution> {
	const { stdout } = await command(userFolder, ['execute', `--id=${id}`, '--rawOutput']);
	const start = stdout.search(/^\{$/m);
	const end = stdout.search(/^\}$/m);
	if (start < 0 || end < start) throw new Error(`n8n printed no execution:\n${stdout}`);
	return executionOf(JSON.parse(stdout.slice(start, end + 1)) as IRun);
}

/** The result in n8n's own record of an execution. */
export function executionOf({ status, data }: Pick<IRun, 'status' | 'data'>): Execution {
	const { error, runData, lastNodeExecuted } = data.resultData;
	return {
		status,
		message: error?.message,
		description: error?.description,
		lastNodeExecuted,
		runData,
	};
}

/** Runs one n8n command to its end. `stdout` includes its error output. */
export async function command(
	userFolder: string,
	args: string[],
	env?: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string }> {
	const { node, program } = n8nInstallation();
	const options = { env: { ...(await environment(userFolder)), ...env }, cwd: userFolder };
	const { code, stdout, stderr } = await runNode(node, [program, ...args], options);
	return { code, stdout: stdout + stderr };
}
