import { importCredentials, type CredentialFile } from './n8n';
import { type Part, startPostgres, startRedis } from './parts';
import {
	type RunningN8n,
	type RunningProcess,
	startN8n,
	startWebhooks,
	startWorker,
} from './server';

/** n8n's queue mode as people run it: Postgres, Redis, a main process, a webhook processor, workers. */
export interface QueueMode {
	postgres: Part;
	redis: Part;
	readonly main: RunningN8n;
	/** Takes the webhooks. Without a slash at the end. */
	webhooks: RunningProcess & { url: string };
	/** What the commands and processes of n8n have to be told. */
	env: NodeJS.ProcessEnv;
	/** Starts a worker. */
	hire(name: string, env?: NodeJS.ProcessEnv): Promise<RunningProcess>;
	/** Starts the main process again, after it was ended. */
	startMain(): Promise<void>;
	/** Ends the workers that were hired. */
	dismiss(): Promise<void>;
	close(): Promise<void>;
}

/**
 * @param userFolder a prepared home, which all processes share
 * @param env settings of n8n besides those that queue mode needs
 * @throws Error that names the part that could not be started
 */
export async function startQueueMode(
	userFolder: string,
	credentials: CredentialFile[],
	env: NodeJS.ProcessEnv = {},
): Promise<QueueMode> {
	const postgres = await startPostgres();
	const ends = [postgres.stop];
	try {
		const redis = await startRedis();
		ends.push(redis.stop);
		const settings: NodeJS.ProcessEnv = {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			...env,
		};
		const options = { userFolder, env: settings };
		// The first command of a new database makes its tables.
		await importCredentials(userFolder, credentials, settings);
		let main = await startN8n(options);
		ends.push(async () => await main.stop());
		const webhooks = await startWebhooks(options);
		ends.push(webhooks.stop);
		const workers: RunningProcess[] = [];
		const dismiss = async () =>
			void (await Promise.all(workers.splice(0).map(async (worker) => await worker.stop())));
		ends.push(dismiss);
		return {
			postgres,
			redis,
			get main() {
				return main;
			},
			webhooks,
			env: settings,
			async hire(name, more) {
				const worker = await startWorker({ userFolder, env: { ...settings, ...more }, name });
				workers.push(worker);
				return worker;
			},
			async startMain() {
				main = await startN8n({ ...options, port: Number(new URL(main.url).port) });
			},
			dismiss,
			close: async () => await endAll(ends),
		};
	} catch (reason) {
		await endAll(ends);
		throw reason;
	}
}

/** In the opposite order of their beginning. */
async function endAll(ends: Array<() => Promise<void>>): Promise<void> {
	for (const end of ends.splice(0).reverse()) await end();
}
