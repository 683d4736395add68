import { type Sandbox, startSandbox } from '../../sandbox/server';
import type { Scenario } from '../../sandbox/scenario';

/** A sandbox for one test file, which is reset before each test. */
export function ownSandbox(scenario?: Scenario): { readonly sandbox: Sandbox } {
	let sandbox: Sandbox | undefined;
	beforeAll(async () => {
		sandbox = await startSandbox({ scenario });
	});
	beforeEach(() => sandbox?.reset());
	afterAll(async () => await sandbox?.close());
	return {
		get sandbox() {
			if (!sandbox) throw new Error('the sandbox has not been started');
			return sandbox;
		},
	};
}
