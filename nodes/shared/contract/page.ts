import type { ApiRequest } from './http';

/** Where a list goes on, as one of its pages says. */
export type NextPage =
	| { kind: 'next'; request: ApiRequest }
	| { kind: 'last' }
	/** There may be more rows, but the page names no way to them. */
	| { kind: 'unknown'; reason: string };
