import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Who signs in to an n8n that `npm start` or the tests run. */
export interface Owner {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}

/** The file in a home that keeps its owner. Only its user may read it. */
export const ownerFile = (userFolder: string): string => path.join(userFolder, 'owner.json');

/**
 * The owner of a home: kept in it, or made now with a password that nobody knows.
 * @param userFolder what n8n gets as N8N_USER_FOLDER
 */
export function ownerOf(userFolder: string): Owner {
	const file = ownerFile(userFolder);
	if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Owner;
	const owner = {
		email: 'you@example.com',
		// n8n asks for a capital letter and a digit.
		password: `R1-${randomBytes(12).toString('base64url')}`,
		firstName: 'Rehearsal',
		lastName: 'Owner',
	};
	mkdirSync(userFolder, { recursive: true });
	writeFileSync(file, JSON.stringify(owner, null, '\t'), { mode: 0o600 });
	return owner;
}
