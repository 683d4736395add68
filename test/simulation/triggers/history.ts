import type { IDataObject } from 'n8n-workflow';

import type { Network } from '../network';
import type { Ending } from '../virtualTime';
import type { Source } from './sources/source';
import type { TriggerWorld } from './world';

/** A customer left: what the trigger is there to tell. */
export interface CustomerEnd {
	customer: number;
	at: number;
	/** When it takes effect. */
	endsAt: number;
	byApi: boolean;
	/** The customer did not come back. */
	stays: boolean;
	/** The customer had come back before. */
	isRepeated: boolean;
	/** The provider has delivered it as often as it ever does. */
	isGivenUp: boolean;
}

/** A delivery as it arrived, and what became of it. */
export interface Arrival {
	at: number;
	eventId: string;
	customer: number;
	attempt: number;
	fault?: string;
	/** What n8n answered, and when; absent: the connection was gone. */
	status?: number;
	reason?: unknown;
	finishedAt?: number;
}

/** An execution that n8n has started. */
export interface StartedExecution {
	at: number;
	items: IDataObject[];
	/** Of the webhook that started it; absent for a poll. */
	arrival?: Arrival;
}

export interface Poll {
	at: number;
	endedAt?: number;
	failed?: string;
	items?: number;
}

/** All that happened in a world with a trigger. */
export interface TriggerHistory {
	world: TriggerWorld;
	source: Source;
	network: Network;
	ends: CustomerEnd[];
	arrivals: Arrival[];
	polls: Poll[];
	executions: StartedExecution[];
	/** All that came out in words: errors, lines of the log, answers. */
	words: string[];
	ending: Ending;
	/** An end after all of it, with nothing in its way, and how long until it was told of. */
	afterwards?: { end: CustomerEnd; ending: Ending };
}
