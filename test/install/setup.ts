import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { repository } from '../../host/place';

/** Installs what is missing of both lines of n8n, and builds the package. */
export default function setUp(): void {
	for (const installer of ['host/install.mjs', 'host/line1/install.mjs']) {
		const file = path.join(repository, installer);
		const { status } = spawnSync(process.execPath, [file], { stdio: 'inherit' });
		if (status !== 0) throw new Error('n8n could not be installed; the reason is above.');
	}
}
