import { Listr } from 'listr2';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cacheFolder, digest, filesIn, readJson, readText, repository } from './files.mjs';
import { damage, folderOf, installN8n, nodeFile } from './installN8n.mjs';
import { runNpm } from './runNpm.mjs';

/**
 * Installs the host lines that are missing and builds the package if its source changed. Shows the
 * necessary steps on the terminal.
 * @param lines names of manifests
 * @param options.built whether dist is what its source makes
 */
export async function installLinesAndBuild(lines, { signal, build: mayBuild, built }) {
	if (built) recordBuild();
	const n8n = lines.map((line) => {
		const manifest = path.join(repository, 'host', `${line}.json`);
		const host = { manifest, place: folderOf(manifest) };
		return {
			title: `Install ${readJson(manifest).description}: two to five minutes, only once`,
			enabled: () => damage(host) !== undefined,
			task: async (_, task) => {
				const onStep = (title) => (task.output = title);
				await installN8n(host, { signal, onStep });
			},
			host,
			line,
		};
	});
	const build = {
		title: 'Build the package',
		enabled: () => mayBuild && !isBuilt(),
		task: async () => await buildPackage(signal),
	};
	await new Listr([...n8n, build], {
		fallbackRenderer: 'simple',
		// The stop signal ends npm first.
		registerSignalListeners: false,
	}).run();
	for (const { host, line } of n8n) await recordInstallation(host, line, signal);
}

/** Tells paths.ts where n8n is. */
async function recordInstallation(host, line, signal) {
	const { program, node = ownNode(line) } = await installN8n(host, { signal });
	const place = JSON.stringify({ line, folder: host.place, node, program }, null, '\t');
	fs.writeFileSync(path.join(cacheFolder, `${line}.json`), place);
}

/** Our own Node, in a folder without npm, so that a test can put another npm into the path. */
function ownNode(line) {
	const node = path.join(cacheFolder, `${line}-node`, nodeFile);
	fs.mkdirSync(path.dirname(node), { recursive: true });
	fs.rmSync(node, { force: true });
	if (process.platform === 'win32') fs.copyFileSync(process.execPath, node);
	else fs.symlinkSync(process.execPath, node);
	return node;
}

const stampFile = path.join(cacheFolder, 'build-stamp');

/** Covers dist/, too, because another command may have built something else meanwhile. */
function buildStamp() {
	const folders = ['nodes', 'credentials', 'index.js', 'gulpfile.js', 'tsconfig.json', 'dist'];
	return digest(
		...folders.flatMap((name) => filesIn(path.join(repository, name))),
		path.join(repository, 'package.json'),
	);
}

const isBuilt = () =>
	fs.existsSync(path.join(repository, 'dist', 'nodes')) && readText(stampFile) === buildStamp();

async function buildPackage(signal) {
	await runNpm('Build the package', {
		args: ['run', 'build'],
		cwd: repository,
		log: 'build.log',
		signal,
	});
	recordBuild();
}

const recordBuild = () => fs.writeFileSync(stampFile, buildStamp());
