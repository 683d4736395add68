/** One line of the results. */
export interface ResultRow {
	/** Its number and what was done. */
	measure: string;
	bound: string;
	/** In words, or by column, the same ones for all rows of a table. */
	result: string | Record<string, string>;
	/** Absent: a side that is only looked at. */
	met?: boolean;
}

export function median(numbers: number[]): number {
	const sorted = [...numbers].sort((one, other) => one - other);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs the sides in turn, so that a busy moment of the machine meets all of them.
 * @returns each side's results, in the order of the sides
 */
export async function alternate<T>(
	rounds: number,
	sides: Array<(round: number) => Promise<T>>,
): Promise<T[][]> {
	const results: T[][] = sides.map(() => []);
	for (let round = 0; round < rounds; round++) {
		for (const [index, side] of sides.entries()) results[index].push(await side(round));
	}
	return results;
}

/** Medians of ratios, round by round: what disturbs one round disturbs both of its sides. */
export const ratio = (mine: number[], peer: number[]): number =>
	median(mine.map((value, round) => value / peer[round]));

export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
export const ms = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
export const factor = (value: number) => `${value.toFixed(2)} ×`;
/** The least and the most, for figures whose median alone would hide how they scatter. */
export const range = (numbers: number[], show: (value: number) => string) =>
	`${show(Math.min(...numbers))} to ${show(Math.max(...numbers))}`;
