import { createServer } from 'node:net';
import { ensureInstalled } from '../../host/ensureInstalled';
import { formCredentials } from '../../host/formCredentials';
import { importCredentials, prepareHost } from '../../host/n8n';
import { ownerOf } from '../../host/owner';
import { sandboxCredentials } from '../../host/sandboxCredentials';
import { packPackage } from '../../host/tarball';
import { places, templateFolder } from './places';

/** Prepares the home that test files with an n8n of their own copy. */
export default async function setUp(): Promise<void> {
	await prepareHome(templateFolder);
}

/**
 * Installs n8n if need be, and prepares a home with the packed package and the credentials of the
 * sandbox. Each test file starts its sandbox on the same port.
 */
export async function prepareHome(userFolder: string): Promise<void> {
	ensureInstalled();
	const tarball = await packPackage();
	await prepareHost({ userFolder, tarball, fresh: true });
	places.sandboxPort ||= await reservedPort();
	// The first command of a new home creates the database.
	await importCredentials(userFolder, [
		...sandboxCredentials(`http://127.0.0.1:${places.sandboxPort}`),
		...formCredentials(ownerOf(userFolder)),
	]);
}

/** A port that no system gives to a client or to a server without a port of its own. */
async function reservedPort(): Promise<number> {
	for (;;) {
		const port = 20_000 + Math.floor(Math.random() * 10_000);
		const server = createServer();
		const isFree = await new Promise<boolean>((resolve) => {
			server.once('error', () => resolve(false));
			server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
		});
		if (isFree) return port;
	}
}
