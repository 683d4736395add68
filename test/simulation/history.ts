import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { ProviderModel } from './models/providerModel';
import type { Network } from './network';
import type { Ending } from './virtualTime';
import type { Continuation, Execution, World } from './world';

/** One run of the node. */
export interface Run {
	number: number;
	execution: Execution;
	/** Runs that share a ledger: a retry, a loop's next round. */
	chain: number;
	chainStartedAt: number;
	/** Of the running program: another one after a crash. */
	process: number;
	kind: 'first' | Continuation['kind'] | 'afterwards';
	credential: number;
	startedAt: number;
	stoppedAt?: number;
	diedAt?: number;
	endedAt?: number;
	rows?: INodeExecutionData[];
	thrown?: { message: string; description?: string | null; context?: IDataObject };
	hints: string[];
}

/** All that happened in a world. */
export interface History {
	world: World;
	model: ProviderModel;
	network: Network;
	runs: Run[];
	/** How the world, and then another execution on each customer, came to an end. */
	ending: Ending;
	afterwards?: Ending;
	/** Wall clocks that are not right. */
	clocksJumped: boolean;
}
