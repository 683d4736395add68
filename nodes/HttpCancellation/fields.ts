import type { Field, FieldProperty } from '../shared/contract/field';
import { invalid } from '../shared/contract/refusal';
import { identifierField } from '../shared/fields/identifier';
import {
	inAdditionalFields,
	inOptions,
	optional,
	showWhenFilled,
} from '../shared/fields/modifiers';
import { choiceField } from '../shared/fields/primitives';
import { textField } from '../shared/fields/string';
import { parseBody, type JsonObject } from './bodyTemplate';
import { parseDotPath, plainText } from './dotPath';
import { headerName } from './headers';
import { parsePath, problemWithTarget } from './pathTemplate';

type Text = Omit<FieldProperty, 'type'>;

/** A field that takes no expression: what it says holds for every item. */
const fixed = <T>(property: Text, parse: (raw: unknown, label: string) => T): Field<T> => ({
	property: { ...property, type: 'string', noDataExpression: true },
	parse: (raw) => parse(raw, property.displayName),
});

/** The way to a field of a response. */
const dotPathField = (property: Text): Field<string> => ({
	property: { ...property, type: 'string' },
	parse: (raw) => parseDotPath(raw, property.displayName),
});

/** Values with commas between them, or a list; compared exactly, without the blanks around them. */
const valuesField = (property: Text): Field<string[]> => ({
	property: { ...property, type: 'string' },
	parse(raw) {
		const given: unknown[] = Array.isArray(raw) ? raw : (plainText(raw) ?? '').split(',');
		const values = given.map((value) => plainText(value) ?? '');
		if (values.length > 0 && !values.includes('')) return [...new Set(values)];
		throw invalid(
			`${property.displayName} is empty, or has an empty value.`,
			'Write the values with a comma between two of them.',
		);
	},
});

/** A field of the record: there where the record is read. */
const ofRecord = <T>(field: Field<T>) => showWhenFilled('readPath', field);

export const targetId: Field<string> = {
	...identifierField(
		{
			displayName: 'Target ID',
			type: 'string',
			default: '',
			placeholder: 'e.g. sub_4711',
			description: 'What your API calls the subscription; stands for {id} below',
		},
		{ check: problemWithTarget },
	),
	previewsRecord: true,
};

export const method = choiceField({
	displayName: 'Method',
	default: 'POST',
	noDataExpression: true,
	options: [
		{ name: 'DELETE', value: 'DELETE' },
		{ name: 'PATCH', value: 'PATCH' },
		{ name: 'POST', value: 'POST' },
		{ name: 'PUT', value: 'PUT' },
	],
});

export const path = fixed(
	{
		displayName: 'Path',
		required: true,
		default: '/subscriptions/{id}/cancel',
		placeholder: 'e.g. /subscriptions/{id}/cancel',
		hint: 'Below the base URL of the credential; {id} is the Target ID',
	},
	parsePath,
);

export const bodyFormat = choiceField({
	displayName: 'Body Format',
	default: 'json',
	noDataExpression: true,
	options: [
		{ name: 'Form', value: 'form', description: 'Application/x-www-form-urlencoded' },
		{ name: 'JSON', value: 'json' },
	],
});

export const body: Field<JsonObject | undefined> = optional(
	fixed(
		{
			displayName: 'Body',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: 'e.g. {"reason": "{reason}"}',
			hint: 'A JSON object. {id} and {reason} may stand in its texts. Leave it empty for no body.',
		},
		parseBody,
	),
);

export const reason = inAdditionalFields(
	textField({
		displayName: 'Reason',
		type: 'string',
		default: '',
		placeholder: 'e.g. Too expensive',
		description: 'Stands for {reason} in the body',
	}),
);

export const readPath = optional(
	fixed(
		{
			displayName: 'Read Path',
			default: '/subscriptions/{id}',
			placeholder: 'e.g. /subscriptions/{id}',
			hint: 'Where a GET shows the record. Leave it empty if your API cannot show it: then doubt stays doubt.',
		},
		parsePath,
	),
);

export const idField = ofRecord(
	dotPathField({
		displayName: 'ID Field',
		required: true,
		default: 'id',
		placeholder: 'e.g. data.id',
		description: 'Where the record has its ID. A record with another ID is not believed.',
	}),
);

export const statusField = ofRecord(
	optional(
		dotPathField({
			displayName: 'Status Field',
			default: 'status',
			placeholder: 'e.g. data.status',
			description: 'Where the record has its status. Positions in lists are numbers: data.0.status',
		}),
	),
);

export const endedStatuses = ofRecord(
	optional(
		valuesField({
			displayName: 'Ended Statuses',
			default: '',
			placeholder: 'e.g. cancelled, expired',
			description: 'Statuses of what has ended, exactly as your API writes them',
		}),
	),
);

export const scheduledStatuses = ofRecord(
	optional(
		valuesField({
			displayName: 'Scheduled Statuses',
			default: '',
			placeholder: 'e.g. pending_cancellation',
			description: 'Statuses of what will end for certain, exactly as your API writes them',
		}),
	),
);

export const endsAtField = ofRecord(
	optional(
		dotPathField({
			displayName: 'Ends At Field',
			default: '',
			placeholder: 'e.g. data.ends_at',
			description: 'Where the record has the time of its end. It counts only beside such a status.',
		}),
	),
);

export const emailField = ofRecord(
	optional(
		dotPathField({
			displayName: 'Email Field',
			default: '',
			placeholder: 'e.g. data.customer.email',
			description: "Where the record has the customer's address; Expected Email needs it",
		}),
	),
);

export const readNotFound = ofRecord(
	choiceField({
		displayName: 'If Not Found',
		default: 'notFound',
		description: 'What it means if your API answers the read with its own 404 or 410',
		options: [
			{
				name: 'Counts as Ended',
				value: 'ended',
				description: 'Only where your API removes what has ended',
			},
			{ name: 'Not Found', value: 'notFound', description: 'Nothing is sent for it' },
		],
	}),
);

export const successField = optional(
	dotPathField({
		displayName: 'Success Field',
		default: '',
		placeholder: 'e.g. success',
		description: 'Where a 2xx response says whether it was accepted, if the status alone does not',
	}),
);

export const successValues = showWhenFilled(
	'successField',
	valuesField({
		displayName: 'Success Values',
		required: true,
		default: '',
		placeholder: 'e.g. true, ok',
		description: 'Values that mean accepted, exactly as your API writes them',
	}),
);

export const idempotencyHeader: Field<string | undefined> = inOptions({
	property: {
		displayName: 'Idempotency Header',
		type: 'string',
		default: '',
		placeholder: 'e.g. Idempotency-Key',
		description:
			'Only if your API documents it: a header by which it drops a second request. A doubtful request is then sent again.',
	},
	parse(raw) {
		const name = headerName(raw, 'Idempotency Header');
		if (!/^(authorization|accept|user-agent)$/i.test(name)) return name;
		throw invalid(`Idempotency Header is "${name}".`, 'Name the header that your API documents.');
	},
});
