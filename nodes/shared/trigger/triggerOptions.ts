import {
	NodeOperationError,
	type IDataObject,
	type INodeProperties,
	type JsonObject,
} from 'n8n-workflow';

import type { Field } from '../contract/field';
import { booleanField, multiChoiceField } from '../fields/primitives';
import type { TriggerContext } from './triggerClient';

const eventKinds = {
	cancelled: { name: 'Cancelled', value: 'cancelled', description: 'It has ended' },
	restored: { name: 'Restored', value: 'restored', description: 'It goes on after all' },
	scheduled: { name: 'Scheduled', value: 'scheduled', description: 'It will end at a fixed time' },
} as const;
type EventKind = keyof typeof eventKinds;

/** Which outcomes a trigger tells of, in alphabetical order; chosen at first: those that end something. */
export const eventsField = (...values: EventKind[]): Field<EventKind[]> =>
	multiChoiceField({
		displayName: 'Events',
		default: values.filter((value) => value !== 'restored'),
		description: 'What starts the workflow',
		options: values.map((value) => eventKinds[value]),
	});

const switches = {
	ignoreOwn: booleanField({
		displayName: 'Ignore What Came by the API',
		default: true,
		description:
			"Whether to leave out cancellations that began with a call of the provider's API, as those of this package's own nodes do. Without it a workflow that also cancels may start itself.",
	}),
	includeTest: booleanField({
		displayName: 'Include Test Customers',
		default: false,
		description: "Whether to start for the provider's sandbox and preview customers, too",
	}),
	readFirst: booleanField({
		displayName: 'Read the Record First',
		default: true,
		description:
			'Whether to look up the record behind each call and to believe it rather than the call, which may be old, repeated or forged',
	}),
};
type TriggerSwitches = Record<keyof typeof switches, boolean>;

/** What n8n shows under Options. */
export const triggerOptionProperties: INodeProperties[] = Object.entries(switches).map(
	([name, { property }]) => ({ name, ...property }),
);

const around = { timeZone: 'UTC', now: new Date(0) };

/** @throws NodeOperationError where the value is empty or none that is offered */
function parsed<T>(listener: TriggerContext, field: Field<T>, value: unknown): T {
	try {
		return field.parse(value, around);
	} catch (error) {
		throw new NodeOperationError(listener.getNode(), error as JsonObject);
	}
}

/** The outcomes that were chosen. */
export const selectedEvents = (listener: TriggerContext, field: Field<EventKind[]>): EventKind[] =>
	parsed(listener, field, listener.getNodeParameter('events'));

/** The options as they were set; left out means default, empty is refused. */
export function readTriggerOptions(listener: TriggerContext): TriggerSwitches {
	const set = listener.getNodeParameter('options', {}) as IDataObject;
	const values = Object.entries(switches).map(([name, field]) => [
		name,
		name in set ? parsed(listener, field, set[name]) : field.property.default,
	]);
	return Object.fromEntries(values) as TriggerSwitches;
}
