import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

import { decodeForm, type Param } from '../../sandbox/form';
import { asks } from '../providers/chargebee/asks';
import { files } from './described';

/** A schema of the vendor's SDK. */
interface Schema {
	/** The schema that refuses a parameter that it does not know. */
	strict(): Schema;
	safeParse(value: unknown): { success: boolean; error?: { message: string } };
}

/** The SDK loads its schemas by these names; its package exports none. */
const folder = join(dirname(require.resolve('chargebee')), 'schema');
const schema = (file: string, name: string) =>
	jest.requireActual<Record<string, Schema>>(join(folder, `${file}.schema.js`))[name].strict();

/** The vendor's schema of each described call that has a form. */
const schemas: Record<string, Schema> = {
	cancelSubscription: schema('subscription', 'CancelSubscriptionBodySchema'),
	cancelSubscriptionForItems: schema('subscription', 'CancelForItemsSubscriptionBodySchema'),
	estimateCancellation: schema('estimate', 'CancelSubscriptionEstimateBodySchema'),
	estimateCancellationForItems: schema('estimate', 'CancelSubscriptionForItemsEstimateBodySchema'),
	removeScheduledCancellation: schema(
		'subscription',
		'RemoveScheduledCancellationSubscriptionBodySchema',
	),
	reactivateSubscription: schema('subscription', 'ReactivateSubscriptionBodySchema'),
	createWebhookEndpoint: schema('webhook_endpoint', 'CreateWebhookEndpointBodySchema'),
};

/** What the SDK would have been given for the text of a form. */
function typed(value: Param): unknown {
	if (Array.isArray(value)) return value.map(typed);
	if (typeof value !== 'string') return value;
	if (value === 'true' || value === 'false') return value === 'true';
	return /^\d+$/.test(value) ? Number(value) : value;
}

/** What the vendor's schema says against a form; undefined: nothing. */
function against(call: string, form: Record<string, string>): string | undefined {
	const decoded = decodeForm(new URLSearchParams(form).toString());
	const values = Object.entries(decoded).map(([name, value]) => [name, typed(value)]);
	return schemas[call].safeParse(Object.fromEntries(values)).error?.message;
}

type Property = { $ref?: string; enum?: string[]; pattern?: string };
type Node = { $ref?: string } & Record<string, unknown>;
const document = parse(readFileSync(files.chargebee, 'utf8')) as Node;
const resolved = (node: Node): Node =>
	node.$ref
		? resolved(
				node.$ref
					.slice(2)
					.split('/')
					.reduce((at, key) => at[key] as Node, document),
			)
		: node;

/** Each parameter of each described form, with a value of every kind that the description allows. */
const parameters = Object.values(document.paths as Record<string, Record<string, Node>>)
	.flatMap((methods) => Object.values(methods))
	.filter(({ requestBody }) => requestBody)
	.flatMap(({ operationId, requestBody }) => {
		const { content } = resolved(requestBody as Node) as unknown as {
			content: Record<string, { schema: Node }>;
		};
		const { properties } = resolved(content['application/x-www-form-urlencoded'].schema);
		return Object.entries(properties as Record<string, Property>).flatMap(([name, property]) => {
			const { enum: values, pattern } = resolved(property as Node) as Property;
			const kinds = values ?? [pattern ? '1800000000' : 'text'];
			return kinds.map((value) => [String(operationId), name, value] as const);
		});
	});

const required: Record<string, Record<string, string>> = {
	createWebhookEndpoint: { name: 'n8n', url: 'https://n8n.example' },
};

test('every described form of Chargebee has a schema of the vendor', () => {
	expect(new Set(parameters.map(([call]) => call))).toEqual(new Set(Object.keys(schemas)));
});

test.each(parameters)('the SDK takes %s with %s=%s', (call, name, value) => {
	expect(against(call, { ...required[call], [name]: value })).toBeUndefined();
});

test.each([
	['cancelSubscriptionForItems', { cancel_option: 'soon' }],
	['cancelSubscriptionForItems', { cancel_at: 'soon' }],
	['cancelSubscriptionForItems', { reason: 'none' }],
	['removeScheduledCancellation', { billing_cycles: 'many' }],
] as Array<[string, Record<string, string>]>)('the SDK would not take %s with %j', (call, form) => {
	expect(against(call, form)).toBeDefined();
});

test.each(
	asks
		.filter(({ form, status, call }) => form && status === 200 && call in schemas)
		.map(({ call, form = {} }) => [call, form] as const),
)('the SDK takes the example of %s: %j', (call, form) => {
	expect(against(call, form)).toBeUndefined();
});
