import type { PresenceStore } from '../../nodes/shared/http/peerProcesses';

/** n8n's store of processed items: one row, which n8n reads and writes as a whole. */
export interface ProcessedStore {
	helpers: PresenceStore;
	/** Number of writes. */
	writes(): number;
}

/**
 * @param random varies the duration of a database step: 15 to 75 ms, as on two busy cores
 * @param sleep takes that time
 */
export function createProcessedStore(
	random: () => number,
	sleep: (ms: number) => Promise<void>,
): ProcessedStore {
	let row: string[] | undefined;
	let writes = 0;
	const database = async () => await sleep(15 + 60 * random());
	return {
		helpers: {
			async checkProcessedAndRecord(items) {
				await database();
				const found = row && [...row];
				const isNew = (item: unknown) => !found?.includes(String(item));
				const added = items.filter(isNew);
				await database();
				writes++;
				// Two concurrent inserts conflict; an update of a deleted row has no effect.
				if (!found && row) throw new Error('duplicate key value violates unique constraint');
				const left = [...(found ?? []), ...added.map(String)];
				if (!found || row) row = left;
				return { new: added, processed: items.filter((item) => !isNew(item)) };
			},
			async clearAllProcessedItems() {
				await database();
				writes++;
				row = undefined;
			},
			async getProcessedDataCount() {
				await database();
				return row?.length ?? 0;
			},
		},
		writes: () => writes,
	};
}
