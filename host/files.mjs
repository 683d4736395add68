import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** All files that a run writes, logs included. */
export const cacheFolder = path.join(repository, '.cache');

/** A reason why n8n cannot start, worded for the user at the terminal. */
export class CannotStart extends Error {}

/** A signal, such as Ctrl-C, ended the command. */
export class Stopped extends Error {
	message = 'Stopped';
}

/** Without npm's settings for the folder of the outer npm, which it passes on to its children. */
export function withoutOuterNpm(env) {
	const outer = /^npm_(config_(ignore_scripts|local_prefix|prefix)|package_|lifecycle_)/;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !outer.test(name)));
}

/** @returns the files in a folder and its subfolders, sorted; a file as it is; none if there is no such path */
export function filesIn(start) {
	if (!fs.existsSync(start)) return [];
	if (!fs.statSync(start).isDirectory()) return [start];
	return fs
		.readdirSync(start)
		.sort()
		.flatMap((name) => filesIn(path.join(start, name)));
}

/** @returns a digest of the names and contents of files in the repository */
export function digest(...files) {
	const hash = createHash('sha256');
	for (const file of files) {
		hash.update(path.relative(repository, file)).update('\0').update(fs.readFileSync(file));
	}
	return hash.digest('hex');
}

/** @returns undefined if the file does not exist */
export function readText(file) {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

/** @returns undefined if the file does not exist or is not JSON */
export function readJson(file) {
	try {
		return JSON.parse(readText(file));
	} catch {
		return undefined;
	}
}

/** @throws CannotStart if the folder's disk has less than `needed` bytes free */
export function checkDiskSpace(folder, needed) {
	const { bavail, bsize } = fs.statfsSync(folder);
	const free = Number(bavail) * Number(bsize);
	if (free >= needed) return;
	const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);
	throw new CannotStart(
		`The disk of ${folder} has ${gigabytes(free)} GB free, but ${gigabytes(needed)} GB are needed. ` +
			'Free some space and run npm start again.',
	);
}
