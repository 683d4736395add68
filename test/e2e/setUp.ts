import { ensureInstalled } from '../../host/ensureInstalled';
import { importCredentials, prepareHost } from '../../host/n8n';
import { packPackage } from '../../host/tarball';
import { templateFolder } from './n8nInstance';

/** Installs n8n if need be, and prepares one home with the packed package for all tests to copy. */
export default async function setUp(): Promise<void> {
	ensureInstalled();
	const tarball = await packPackage();
	await prepareHost({ userFolder: templateFolder, tarball, fresh: true });
	// The first command of a new home creates the database.
	await importCredentials(templateFolder, []);
}
