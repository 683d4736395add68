import type { INodeProperties } from 'n8n-workflow';

import type { Limits, Operation } from '../contract/provider';
import type { Values } from '../contract/field';
import { guards } from './guards';
import type { Option } from './option';
import { plumbing } from './plumbing';

const all = (operation: Operation, { requestsPerMinute }: Limits) => ({
	...guards(operation),
	...plumbing(requestsPerMinute),
});

/** The options of an operation, parsed, with their defaults filled in. */
export type Options = Values<ReturnType<typeof all>>;

/** The options that are offered for an operation, by name, in the order of the panel. */
export const optionsFor = (operation: Operation, limits: Limits): Array<[string, Option]> =>
	Object.entries(all(operation, limits)).filter(([, { offered }]) => offered(operation));

/** What n8n shows under Options. */
export const shownOptions = (operation: Operation, limits: Limits): INodeProperties[] =>
	optionsFor(operation, limits).map(([name, { shown }]) => ({ name, ...shown }));
