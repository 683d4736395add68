import { type BareApi, startApi } from './bareApi';
import { ensureInstalled } from '../host/ensureInstalled';
import { packPackage } from '../host/tarball';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { rmSync } from 'node:fs';
import { homes, startInstance, prepareHome, type N8nInstance } from './n8nInstance';
import { credential } from './workflows';

/** Resources that the measures share. */
export interface BenchSetup {
	/** Fewer items and rounds, to check that the bench works. */
	quick: boolean;
	/** Prints the progress. */
	say(text: string): void;
	/** Path of the packed package. */
	tarball: string;
	/** API with constant records, for measures of speed. Its credential is `bareAccount`. */
	api: BareApi;
	/** For measures with limits, because it counts accepted writes. */
	sandbox: Sandbox;
	/** The sandbox's base URL of FunnelFox. */
	limitedUrl: string;
	/** A credential of the sandbox without earlier requests, so that n8n has no learned rate for it. */
	freshAccount(): string;
	/** The n8n that most measures share. */
	instance(): Promise<N8nInstance>;
	close(): Promise<void>;
}

export const bareAccount = 'bare';
const freshAccounts = 40;

export async function createSetup(quick: boolean, say: BenchSetup['say']): Promise<BenchSetup> {
	ensureInstalled();
	const tarball = await packPackage();
	const api = await startApi();
	const sandbox = await startSandbox();
	const limitedUrl = `${sandbox.url}/funnelfox/public/v1`;
	const fresh = Array.from({ length: freshAccounts }, (_, index) => `fresh${index}`);
	const credentials = fresh.map((id) => credential(id, limitedUrl));
	await prepareHome(tarball, [credential(bareAccount, api.url), ...credentials]);
	let opened: Promise<N8nInstance> | undefined;
	return {
		quick,
		say,
		tarball,
		api,
		sandbox,
		limitedUrl,
		freshAccount() {
			const account = fresh.pop();
			if (!account) throw new Error('More fresh accounts are needed.');
			return account;
		},
		async instance() {
			opened ??= startInstance('shared');
			return await opened;
		},
		async close() {
			await opened?.then(async (instance) => await instance.stop()).catch(() => {});
			await sandbox.close();
			api.close();
			rmSync(homes, { recursive: true, force: true });
		},
	};
}
