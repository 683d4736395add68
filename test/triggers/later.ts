import { sleep } from 'n8n-workflow';

import { installClock } from '../../nodes/shared/contract/clock';

let restore: () => void = () => {};
afterEach(() => restore());

/** From now on the engine's clock is so many milliseconds ahead, until the test ends. */
export function later(ms: number): void {
	restore = installClock({
		now: () => Date.now() + ms,
		monotonicNow: () => performance.now() + ms,
		sleep,
	});
}
