/**
 * Does something for each of a list, so many side by side, begun in order.
 * @param work never throws
 * @returns what came of each, in the order of the list
 */
export async function mapConcurrent<T, R>(
	list: T[],
	lanes: number,
	work: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
	const done: R[] = [];
	let next = 0;
	const lane = async () => {
		while (next < list.length) {
			const index = next++;
			done[index] = await work(list[index], index);
		}
	};
	await Promise.all(Array.from({ length: Math.min(Math.max(1, lanes), list.length) }, lane));
	return done;
}
