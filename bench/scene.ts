import { type BareApi, startApi } from './api';
import { ensureInstalled } from '../host/ensureInstalled';
import { packPackage } from '../host/tarball';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { rmSync } from 'node:fs';
import { homes, openStage, prepareHome, type Stage } from './stage';
import { credential } from './workflows';

/** All that the measures share. */
export interface Scene {
	/** A fast pass: fewer items and rounds. Its figures say little. */
	quick: boolean;
	/** Tells how far it is. */
	say(text: string): void;
	/** The packed package. */
	tarball: string;
	/** Bare, for what is about speed. Its account is `bareAccount`. */
	api: BareApi;
	/** For what is about limits: it counts what was accepted. */
	sandbox: Sandbox;
	/** The sandbox's base URL of FunnelFox. */
	limited: string;
	/** An account of the sandbox that nothing has been sent on yet, so that nothing was learned about its pace. */
	freshAccount(): string;
	/** The n8n that most measures share. */
	stage(): Promise<Stage>;
	close(): Promise<void>;
}

export const bareAccount = 'bare';
const freshAccounts = 40;

export async function setScene(quick: boolean, say: Scene['say']): Promise<Scene> {
	ensureInstalled();
	const tarball = await packPackage();
	const api = await startApi();
	const sandbox = await startSandbox();
	const limited = `${sandbox.url}/funnelfox/public/v1`;
	const fresh = Array.from({ length: freshAccounts }, (_, index) => `fresh${index}`);
	const credentials = fresh.map((id) => credential(id, limited));
	await prepareHome(tarball, [credential(bareAccount, api.url), ...credentials]);
	let opened: Promise<Stage> | undefined;
	return {
		quick,
		say,
		tarball,
		api,
		sandbox,
		limited,
		freshAccount() {
			const account = fresh.pop();
			if (!account) throw new Error('More fresh accounts are needed.');
			return account;
		},
		async stage() {
			opened ??= openStage('shared');
			return await opened;
		},
		async close() {
			await opened?.then(async (stage) => await stage.stop()).catch(() => {});
			await sandbox.close();
			api.close();
			rmSync(homes, { recursive: true, force: true });
		},
	};
}
