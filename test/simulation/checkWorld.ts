import { invariants } from './invariants';
import type { History } from './history';
import { runWorld } from './runWorld';
import { tell } from './story';
import type { World } from './world';

/** A broken invariant, and how it came to that. */
export class BrokenWorld extends Error {
	constructor(
		readonly broken: Array<{ name: string; what: string }>,
		readonly history: History,
	) {
		super(broken.map(({ name, what }) => `${name}: ${what}`).join('\n'));
	}

	get story(): string {
		return `${this.message}\n\n${tell(this.history)}`;
	}
}

/** Lives a world through. @throws BrokenWorld where an invariant does not hold */
export async function checkWorld(world: World): Promise<void> {
	const history = await runWorld(world);
	const broken = Object.entries(invariants).flatMap(([name, invariant]) =>
		invariant(history).map((what) => ({ name, what })),
	);
	if (broken.length > 0) throw new BrokenWorld(broken, history);
}
