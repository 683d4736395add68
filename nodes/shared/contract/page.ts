import type { ApiRequest } from './http';

/** What follows a page of a list. `unknown`: there is more, and the response does not say where. */
export type NextPage =
	{ kind: 'next'; request: ApiRequest } | { kind: 'last' } | { kind: 'unknown'; reason: string };

export const lastPage: NextPage = { kind: 'last' };
