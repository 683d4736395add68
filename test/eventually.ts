import { setTimeout as wait } from 'node:timers/promises';

/**
 * Tries until it succeeds: n8n's pages move while they load, and the files that it makes for its
 * editor are written after it has answered.
 * @param patience milliseconds
 * @throws what the last try threw
 */
export async function eventually<T>(action: () => Promise<T>, patience = 15_000): Promise<T> {
	const deadline = Date.now() + patience;
	for (;;) {
		try {
			return await action();
		} catch (reason) {
			if (Date.now() > deadline) throw reason;
			await wait(100);
		}
	}
}
