import { importCredentials, type CredentialFile } from './n8n';
import { type QueueServer, startPostgres, startRedis } from './queueServers';
import {
	type RunningN8n,
	type RunningProcess,
	startN8n,
	startWebhooks,
	startWorker,
} from './server';

/** n8n's queue mode: Postgres, Redis, a main process, a webhook processor, workers. */
export interface QueueMode {
	postgres: QueueServer;
	redis: QueueServer;
	readonly main: RunningN8n;
	/** The webhook processor. Its URL has no slash at the end. */
	webhooks: RunningProcess & { url: string };
	/** Environment of n8n's commands and processes. */
	env: NodeJS.ProcessEnv;
	/** Starts a worker. */
	hire(name: string, env?: NodeJS.ProcessEnv): Promise<RunningProcess>;
	/** Starts the main process again after its end. */
	startMain(): Promise<void>;
	/** Ends all workers. */
	dismiss(): Promise<void>;
	close(): Promise<void>;
}

/**
 * @param userFolder a prepared home, which all processes share
 * @param env settings of n8n in addition to those of queue mode
 * @throws Error that names the server that does not start
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
		// The first command creates the tables of a new database.
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

/** In the opposite order of their start. */
async function endAll(ends: Array<() => Promise<void>>): Promise<void> {
	for (const end of ends.splice(0).reverse()) await end();
}
