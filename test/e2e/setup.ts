import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { importCredentials, prepareHost } from '../../host/n8n';
import { packPackage } from '../../host/tarball';
import { repository } from '../../host/place';
import { templateFolder } from './stage';

/** Installs n8n if need be, and prepares one home with the packed package for all tests to copy. */
export default async function setUp(): Promise<void> {
	const installer = path.join(repository, 'host', 'install.mjs');
	const { status } = spawnSync(process.execPath, [installer], { stdio: 'inherit' });
	if (status !== 0) throw new Error('n8n could not be installed; the reason is above.');
	const tarball = await packPackage();
	await prepareHost({ userFolder: templateFolder, tarball, fresh: true });
	// The first command of a new home creates the database.
	await importCredentials(templateFolder, []);
}
