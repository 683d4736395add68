import {
	NodeOperationError,
	type IDataObject,
	type INodeProperties,
	type JsonObject,
} from 'n8n-workflow';

import type { Field } from '../contract/field';
import { flag, several } from '../fields/choice';
import type { Listener } from './ask';

const offered = {
	cancelled: { name: 'Cancelled', value: 'cancelled', description: 'It has ended' },
	restored: { name: 'Restored', value: 'restored', description: 'It goes on after all' },
	scheduled: { name: 'Scheduled', value: 'scheduled', description: 'It will end at a fixed time' },
} as const;
type Offered = keyof typeof offered;

/** Which outcomes a trigger tells of, in alphabetical order; chosen at first: those that end something. */
export const events = (...values: Offered[]): Field<Offered[]> =>
	several({
		displayName: 'Events',
		default: values.filter((value) => value !== 'restored'),
		description: 'What starts the workflow',
		options: values.map((value) => offered[value]),
	});

const switches = {
	ignoreOwn: flag({
		displayName: 'Ignore What Came by the API',
		default: true,
		description:
			"Whether to leave out cancellations that began with a call of the provider's API, as those of this package's own nodes do. Without it a workflow that also cancels may start itself.",
	}),
	includeTest: flag({
		displayName: 'Include Test Customers',
		default: false,
		description: "Whether to start for the provider's sandbox and preview customers, too",
	}),
	readFirst: flag({
		displayName: 'Read the Record First',
		default: true,
		description:
			'Whether to look up the record behind each call and to believe it rather than the call, which may be old, repeated or forged',
	}),
};
type Switches = Record<keyof typeof switches, boolean>;

/** What n8n shows under Options. */
export const shownSwitches: INodeProperties[] = Object.entries(switches).map(
	([name, { shown }]) => ({ name, ...shown }),
);

const around = { timeZone: 'UTC', now: new Date(0) };

/** @throws NodeOperationError where the value is empty or none that is offered */
function parsed<T>(listener: Listener, field: Field<T>, value: unknown): T {
	try {
		return field.parse(value, around);
	} catch (error) {
		throw new NodeOperationError(listener.getNode(), error as JsonObject);
	}
}

/** The outcomes that were chosen. */
export const chosen = (listener: Listener, field: Field<Offered[]>): Offered[] =>
	parsed(listener, field, listener.getNodeParameter('events'));

/** The options as they were set; left out means default, empty is refused. */
export function switched(listener: Listener): Switches {
	const set = listener.getNodeParameter('options', {}) as IDataObject;
	const values = Object.entries(switches).map(([name, field]) => [
		name,
		name in set ? parsed(listener, field, set[name]) : field.shown.default,
	]);
	return Object.fromEntries(values) as Switches;
}
