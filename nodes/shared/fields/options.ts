import type { INodeProperties } from 'n8n-workflow';

import type { Limits, Operation } from '../contract/provider';
import { guards } from './guards';
import type { Option } from './option';
import { plumbing } from './plumbing';

/** The options of an operation, parsed, with their defaults filled in. */
export interface Options {
	alreadyCancelled: 'success' | 'fail';
	ifNotReferral: 'nothingToCancel' | 'fail';
	ifSeveral: 'refuse' | 'all';
	expectedEmail?: string;
	expectedStatus?: string[];
	planToken?: string;
	requirePlanToken: boolean;
	maxPerExecution: number;
	maxConcurrency: number;
	requestsPerMinute?: number;
	maxAttempts: number;
	/** Milliseconds per try. */
	timeout: number;
	includeResponse: boolean;
}

/** The options that are offered for an operation, by name, in the order of the panel. */
export function optionsFor(operation: Operation, { requestsPerMinute }: Limits) {
	const all: Record<keyof Options, Option> = {
		...guards(operation),
		...plumbing(requestsPerMinute),
	};
	return Object.entries(all).filter(([, { offered }]) => offered(operation));
}

/** What n8n shows under Options. */
export const shownOptions = (operation: Operation, limits: Limits): INodeProperties[] =>
	optionsFor(operation, limits).map(([name, { shown }]) => ({ name, ...shown }));
