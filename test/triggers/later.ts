import { sleep } from 'n8n-workflow';

import { installClock } from '../../nodes/shared/contract/clock';

let restore: () => void = () => {};
afterEach(() => restore());

/** From now on the time of day is so many milliseconds ahead for the engine, until the test ends. */
export function later(ms: number): void {
	restore = installClock({
		now: () => Date.now() + ms,
		monotonicNow: () => performance.now(),
		sleep,
	});
}
