/** One row of the results. */
export interface ResultRow {
	/** Number of the measure, and what it does. */
	measure: string;
	bound: string;
	/** Text, or cells by column; all rows of a table have the same columns. */
	result: string | Record<string, string>;
	/** Undefined where the row has no bound. */
	met?: boolean;
	/** Rows of the table that compares this node with n8n's HTTP Request. */
	comparisons?: Comparison[];
}

export interface Comparison {
	measure: string;
	node: string;
	httpRequest: string;
}

export function median(numbers: number[]): number {
	const sorted = [...numbers].sort((one, other) => one - other);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs the sides alternately, so that other load on the machine affects all of them alike.
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

/** Median of the ratios per round; load that slows a round slows both of its sides. */
export const ratio = (mine: number[], peer: number[]): number =>
	median(mine.map((value, round) => value / peer[round]));

export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
export const ms = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
export const factor = (value: number) => `${value.toFixed(2)} ×`;
/** Minimum to maximum, for figures that vary between runs. */
export const range = (numbers: number[], show: (value: number) => string) =>
	`${show(Math.min(...numbers))} to ${show(Math.max(...numbers))}`;
