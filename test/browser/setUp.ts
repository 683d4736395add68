import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { formCredentials } from '../../host/formCredentials';
import { ensureInstalled } from '../../host/ensureInstalled';
import { importCredentials, importWorkflows, prepareHost } from '../../host/n8n';
import { readyWorkflows } from '../../host/demo';
import { ownerOf } from '../../host/owner';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import { startN8n } from '../../host/server';
import { packPackage } from '../../host/tarball';
import { startSandbox } from '../../sandbox/server';
import { places, running, userFolder } from './places';

/** One n8n with the packed package and the ready workflows, and one sandbox, for all files. */
export default async function setUp(): Promise<void> {
	ensureInstalled();
	places.profile = mkdtempSync(path.join(tmpdir(), 'browser-'));
	running.push(async () => rmSync(places.profile, { recursive: true, force: true }));
	await prepareHost({ userFolder, tarball: await packPackage(), fresh: true });
	const sandbox = await startSandbox();
	running.push(async () => await sandbox.close());
	try {
		await importCredentials(userFolder, [
			...sandboxCredentials(sandbox.url),
			...formCredentials(ownerOf(userFolder)),
		]);
		await importWorkflows(userFolder, readyWorkflows());
		const n8n = await startN8n({ userFolder });
		running.push(async () => await n8n.stop());
		places.editor = n8n.url;
		places.sandbox = sandbox.url;
	} catch (reason) {
		await sandbox.close();
		throw reason;
	}
}
