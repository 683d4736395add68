import {
	NodeOperationError,
	type IDataObject,
	type INodeProperties,
	type INodePropertyOptions,
	type JsonObject,
} from 'n8n-workflow';

import type { Field } from '../contract/field';
import { booleanField, multiChoiceField } from '../fields/primitives';
import type { TriggerContext } from './triggerClient';

const eventKinds = {
	scheduled: {
		name: 'Cancellation Scheduled',
		value: 'scheduled',
		description: 'The customer cancelled; access ends later',
	},
	cancelled: { name: 'Subscription Ended', value: 'cancelled', description: 'It is over' },
	restored: {
		name: 'Cancellation Undone',
		value: 'restored',
		description: 'It continues after all',
	},
} as const;
type EventKind = keyof typeof eventKinds;

/** What a provider calls its events, where the general words do not fit. */
type EventNames = Partial<Record<EventKind, { name: string; description: string }>>;

/** Which outcomes start the workflow; the default is every one that ends something. */
export const eventsField = (kinds: EventKind[], names: EventNames = {}): Field<EventKind[]> =>
	multiChoiceField({
		displayName: 'Events',
		default: kinds.filter((kind) => kind !== 'restored'),
		description: kinds.includes('scheduled')
			? 'Most cancellations are scheduled first and end later: keep Cancellation Scheduled and Subscription Ended unless you want only one of them'
			: 'What starts the workflow',
		options: kinds.map((kind) => ({ ...eventKinds[kind], ...names[kind] })),
	});

/** The chosen events in the words of the panel, for the node's subtitle. */
export function eventsSubtitle({ property }: Field<EventKind[]>): string {
	const options = (property.options ?? []) as INodePropertyOptions[];
	const names = Object.fromEntries(options.map(({ value, name }) => [value, name]));
	const chosen = '[$parameter["events"]].flat()';
	return `={{ ${chosen}.map((event) => (${JSON.stringify(names)})[event] ?? event).join(", ") }}`;
}

/** The names of a trigger's options. */
export type TriggerOptionName = 'ignoreOwn' | 'includeRaw' | 'includeTest' | 'readFirst';

/** Set by the user, or the default. */
export type TriggerSettings = Record<TriggerOptionName, boolean>;

/** In alphabetical order of their labels. */
const optionFields = (displayName: string): Record<TriggerOptionName, Field<boolean>> => ({
	ignoreOwn: booleanField({
		displayName: 'Ignore Own Cancellations',
		default: true,
		description: `Whether to skip cancellations made through the API, such as by the ${displayName} node. If off, a workflow that cancels may trigger itself.`,
	}),
	includeRaw: booleanField({
		displayName: 'Include Raw Data',
		default: false,
		description: `Whether to add what ${displayName} sent and showed, without secrets, as raw`,
	}),
	includeTest: booleanField({
		displayName: 'Include Test Customers',
		default: false,
		description: 'Whether to also start for sandbox and preview customers',
	}),
	readFirst: booleanField({
		displayName: `Verify with ${displayName}`,
		default: true,
		description: `Whether to look up the subscription and trust it over the call, which may be old, repeated or forged`,
	}),
});

/** What n8n shows under Options. */
export const optionProperties = (
	{ displayName }: { displayName: string },
	names: TriggerOptionName[],
): INodeProperties[] =>
	names.map((name) => ({ name, ...optionFields(displayName)[name].property }));

const parseContext = { timeZone: 'UTC', now: new Date(0) };

/** @throws NodeOperationError if the value is empty or not offered */
function parse<T>(context: TriggerContext, field: Field<T>, value: unknown): T {
	try {
		return field.parse(value, parseContext);
	} catch (error) {
		throw new NodeOperationError(context.getNode(), error as JsonObject);
	}
}

export const selectedEvents = (context: TriggerContext, field: Field<EventKind[]>): EventKind[] =>
	parse(context, field, context.getNodeParameter('events'));

/** An option that is left out has its default; an empty one is refused. */
export function readTriggerOptions(
	context: TriggerContext,
	{ displayName }: { displayName: string },
): TriggerSettings {
	const set = context.getNodeParameter('options', {}) as IDataObject;
	const values = Object.entries(optionFields(displayName)).map(([name, field]) => [
		name,
		name in set ? parse(context, field, set[name]) : field.property.default,
	]);
	return Object.fromEntries(values) as TriggerSettings;
}
