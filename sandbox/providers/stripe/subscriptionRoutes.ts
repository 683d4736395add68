import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
	type ProviderResponse,
	pathParameter,
	readRoute,
	stringField,
	writeRoute,
} from '../../providerApi';
import { invalidParam, missing } from './errors';
import { cancelNow, refuseManaged, type Operation, update } from './lifecycle';
import { page } from './lists';
import { choiceParam, filledParam, paging, refuseUnknown, retrieval } from './params';
import type { ApiCall, StripePlugin } from './plugin';
import { preview, previewParams } from './preview';
import type { StripeRecords } from './records';
import { hasEnded } from './subscription';
import type { Subscription } from './wire';

const statuses = [
	'active',
	'all',
	'canceled',
	'ended',
	'incomplete',
	'incomplete_expired',
	'past_due',
	'paused',
	'trialing',
	'unpaid',
] as const;
const listParams = { ...paging, customer: true, price: true, status: true } as const;
const id = (request: FastifyRequest) => pathParameter(request, 'id');

/**
 * Retrieve, list, update and cancel subscriptions, and preview an invoice.
 * @see https://docs.stripe.com/api/subscriptions
 */
export function addSubscriptionRoutes(
	scope: FastifyInstance,
	plugin: StripePlugin,
	records: StripeRecords,
): void {
	const mayRead = { stripePermission: 'subscription_read' } as const;
	const mayWrite = { stripePermission: 'subscription_write' } as const;
	scope.get(
		'/v1/subscriptions',
		{ config: { ...readRoute(({ query }) => stringField(query, 'customer')), ...mayRead } },
		plugin.handle((call) => list(call, records)),
	);
	scope.get(
		'/v1/subscriptions/:id',
		{ config: { ...readRoute(id), ...mayRead } },
		plugin.handle((call) => {
			refuseUnknown(call.params, retrieval);
			const record = records.visibleSubscription(id(call.request), call.caller);
			if (!record) return missing('subscription', id(call.request));
			return { status: 200, body: records.render(record, call) };
		}),
	);
	scope.post(
		'/v1/subscriptions/:id',
		{ config: { ...writeRoute(id), ...mayWrite } },
		plugin.handle((call) =>
			change(call, records, (record) => {
				const code = records.assumes('canceledUpdateCode');
				return update(record, call.params, records.now(), code === 'none' ? undefined : code);
			}),
		),
	);
	scope.delete(
		'/v1/subscriptions/:id',
		{ config: { ...writeRoute(id), ...mayWrite } },
		plugin.handle((call) =>
			change(call, records, (record) => {
				const isRefused = records.assumes('deleteWithSchedule') === 'refused';
				if (isRefused && record.schedule !== null) return refuseManaged(record);
				const done = cancelNow(record, call.params, records.now());
				if (typeof done === 'string') records.endSchedule(record);
				return done;
			}),
		),
	);
	scope.post(
		'/v1/invoices/create_preview',
		{
			config: {
				...readRoute(({ body }) => stringField(body, 'subscription')),
				stripePermission: 'invoice_read',
			},
		},
		plugin.handle((call) => previewInvoice(call, records)),
	);
}

function change(
	call: ApiCall,
	records: StripeRecords,
	act: (record: Subscription) => Operation | ProviderResponse,
): ProviderResponse {
	const record = records.visibleSubscription(id(call.request), call.caller);
	if (!record) return missing('subscription', id(call.request));
	const before = structuredClone(record);
	const done = act(record);
	if (typeof done !== 'string') return done;
	records.accept(call, record, before, done);
	return { status: 200, body: records.render(record, call) };
}

function list(call: ApiCall, records: StripeRecords): ProviderResponse {
	const { params, caller } = call;
	refuseUnknown(params, listParams);
	const customer = filledParam(params, 'customer');
	const price = filledParam(params, 'price');
	const status = choiceParam(params, 'status', statuses);
	const known = records.visibleCustomers(caller).some((one) => one.id === customer);
	if (customer !== undefined && !known && records.assumes('unknownCustomer') === 'refused') {
		return missing('customer', customer, 'customer');
	}
	const found = records.subscriptions
		.all()
		.filter((record) => records.isVisible(caller, record))
		.map((record) => records.refresh(record))
		.filter(
			(record) =>
				(customer === undefined || record.customer === customer) &&
				(price === undefined || record.items.data.some((item) => item.price.id === price)) &&
				hasStatus(record, status),
		);
	const view = (record: Subscription) => records.render(record, call);
	return page(found, params, { what: 'subscription', url: '/v1/subscriptions', view });
}

function hasStatus(record: Subscription, status: (typeof statuses)[number] | undefined): boolean {
	if (status === undefined) return record.status !== 'canceled';
	if (status === 'all') return true;
	return status === 'ended' ? hasEnded(record) : record.status === status;
}

function previewInvoice({ params, caller }: ApiCall, records: StripeRecords): ProviderResponse {
	refuseUnknown(params, previewParams);
	const named = filledParam(params, 'subscription');
	if (named === undefined) {
		throw invalidParam(
			'subscription',
			'The sandbox models previews of a subscription only: subscription is required.',
			'parameter_missing',
		);
	}
	const record = records.visibleSubscription(named, caller);
	const owner = record && records.customerOf(record);
	if (!record || !owner) return missing('subscription', named, 'subscription');
	return preview(record, owner, params, records.now());
}
