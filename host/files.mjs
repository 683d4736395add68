import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Everything that a run leaves behind, logs included, is in here. */
export const cacheFolder = path.join(repository, '.cache');

/** A reason why nothing can be started, worded for the person at the terminal. */
export class CannotStart extends Error {}

/** @returns the files below a folder, sorted; the file itself; or nothing where there is none */
export function filesIn(start) {
	if (!fs.existsSync(start)) return [];
	if (!fs.statSync(start).isDirectory()) return [start];
	return fs
		.readdirSync(start)
		.sort()
		.flatMap((name) => filesIn(path.join(start, name)));
}

/** @returns a digest over the names and contents of files of the repository */
export function digest(...files) {
	const hash = createHash('sha256');
	for (const file of files) {
		hash.update(path.relative(repository, file)).update('\0').update(fs.readFileSync(file));
	}
	return hash.digest('hex');
}

/** @returns undefined where there is no such file */
export function readText(file) {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

/** @returns undefined where there is no such file, or it holds something else */
export function readJson(file) {
	try {
		return JSON.parse(readText(file));
	} catch {
		return undefined;
	}
}

/** @throws CannotStart where the folder's disk has less left */
export function checkDiskSpace(folder, needed) {
	const { bavail, bsize } = fs.statfsSync(folder);
	const free = Number(bavail) * Number(bsize);
	if (free >= needed) return;
	const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);
	throw new CannotStart(
		`The disk of ${folder} has ${gigabytes(free)} GB left and ${gigabytes(needed)} GB are needed. ` +
			'Free some space and run npm start again.',
	);
}
