/** How a simulated stretch of time has come to an end. */
export type Ending = 'done' | 'nothingMoves' | 'tooLong';

interface Event {
	at: number;
	/** Events of the same time happen in the order in which they were planned. */
	order: number;
	happen: () => void;
}

/** Between two of them all promises settle that can; many at once, because a turn of Node's event loop is dear. */
const stepsPerTurn = 50;

/** The one time of a simulated world, ms. It passes only while everything waits, and then jumps. */
export class VirtualTime {
	/** ms since 1970. */
	now = Date.parse('2026-11-21T10:00:00Z');
	private planned = 0;
	/** A binary heap: the next event is first. */
	private readonly heap: Event[] = [];

	/** Plans an event in `ms` milliseconds. */
	after(ms: number, happen: () => void): void {
		const event = { at: this.now + Math.max(0, ms), order: this.planned++, happen };
		const { heap } = this;
		let index = heap.push(event) - 1;
		while (index > 0) {
			const parent = (index - 1) >> 1;
			if (!isBefore(event, heap[parent])) break;
			heap[index] = heap[parent];
			index = parent;
		}
		heap[index] = event;
	}

	/** Lets time pass until something holds, nothing is planned any more, or `limit` ms are over. */
	async passUntil(isDone: () => boolean, limit: number): Promise<Ending> {
		const end = this.now + limit;
		return await new Promise((resolve, reject) => {
			let ending: Ending | undefined;
			const step = () => {
				if (ending !== undefined) return;
				try {
					ending = isDone() ? 'done' : this.passOnce(end);
				} catch (error) {
					ending = 'nothingMoves';
					reject(error as Error);
				}
				if (ending !== undefined) resolve(ending);
			};
			const turn = () => {
				for (let steps = 0; steps < stepsPerTurn; steps++) setImmediate(step);
				setImmediate(() => ending === undefined && turn());
			};
			turn();
		});
	}

	/** Lets the next event happen, unless it lies behind the end. */
	private passOnce(end: number): Ending | undefined {
		if (this.heap.length === 0) return 'nothingMoves';
		if (this.heap[0].at > end) {
			this.now = end;
			return 'tooLong';
		}
		const { at, happen } = this.next();
		this.now = at;
		happen();
		return undefined;
	}

	private next(): Event {
		const { heap } = this;
		const [first] = heap;
		const last = heap.pop() as Event;
		if (heap.length === 0) return first;
		let index = 0;
		for (;;) {
			let child = 2 * index + 1;
			if (child >= heap.length) break;
			if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
			if (!isBefore(heap[child], last)) break;
			heap[index] = heap[child];
			index = child;
		}
		heap[index] = last;
		return first;
	}
}

const isBefore = (one: Event, other: Event) =>
	one.at < other.at || (one.at === other.at && one.order < other.order);

/** A reproducible random number generator (mulberry32). */
export function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
