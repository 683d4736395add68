import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The owner account of an n8n that `npm start` or the tests run. */
export interface Owner {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}

/** The file in a home with its owner. Only the system user may read it. */
export const ownerFile = (userFolder: string): string => path.join(userFolder, 'owner.json');

/**
 * The saved owner of a home, or a new one with a random password.
 * @param userFolder the value of N8N_USER_FOLDER
 */
export function ownerOf(userFolder: string): Owner {
	const file = ownerFile(userFolder);
	if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Owner;
	const owner = {
		email: 'you@example.com',
		// n8n requires a capital letter and a digit.
		password: `R1-${randomBytes(12).toString('base64url')}`,
		firstName: 'Rehearsal',
		lastName: 'Owner',
	};
	mkdirSync(userFolder, { recursive: true });
	writeFileSync(file, JSON.stringify(owner, null, '\t'), { mode: 0o600 });
	return owner;
}
