import type { Marks } from '../../nodes/shared/wire/sharers';

/** What a node has processed, as n8n keeps it: one row, read and written back as a whole. */
export interface ProcessedStore {
	helpers: Marks;
	/** So often it was written. */
	writes(): number;
}

/** @param random decides how long the database takes, 15 to 75 ms for each step, as on two busy cores */
export function createProcessedStore(random: () => number): ProcessedStore {
	let row: string[] | undefined;
	let writes = 0;
	const database = async () =>
		await new Promise<void>((done) => setTimeout(done, 15 + 60 * random()));
	return {
		helpers: {
			async checkProcessedAndRecord(items) {
				await database();
				const found = row && [...row];
				const isNew = (item: unknown) => !found?.includes(String(item));
				const added = items.filter(isNew);
				await database();
				writes++;
				// Only one of two can insert the row that both missed; a row that is gone is not updated.
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
