import { invariants } from './invariants';
import { runWorld } from './runWorld';
import { tell } from './story';
import { triggerInvariants } from './triggers/invariants';
import { runTriggerWorld } from './triggers/runWorld';
import { tellTriggers } from './triggers/story';
import type { TriggerWorld } from './triggers/world';
import type { World } from './world';

/** Every kind of world. */
export type SimulatedWorld = World | TriggerWorld;

/** A broken invariant, and how it came to that. */
export class BrokenWorld extends Error {
	constructor(
		readonly broken: Array<{ name: string; what: string }>,
		private readonly tellHistory: () => string,
	) {
		super(broken.map(({ name, what }) => `${name}: ${what}`).join('\n'));
	}

	get story(): string {
		return `${this.message}\n\n${this.tellHistory()}`;
	}
}

/** Lives a world through. @throws BrokenWorld where an invariant does not hold */
export async function checkWorld(world: SimulatedWorld): Promise<void> {
	if (world.kind === 'triggers') {
		hold(await runTriggerWorld(world), triggerInvariants, tellTriggers);
	} else {
		hold(await runWorld(world), invariants, tell);
	}
}

function hold<H>(
	history: H,
	all: Record<string, (history: H) => string[]>,
	tellHistory: (history: H) => string,
): void {
	const broken = Object.entries(all).flatMap(([name, invariant]) =>
		invariant(history).map((what) => ({ name, what })),
	);
	if (broken.length > 0) throw new BrokenWorld(broken, () => tellHistory(history));
}
