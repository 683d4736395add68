import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Params } from '../../form';
import { type ProviderResponse, pathParameter, readRoute, writeRoute } from '../../providerApi';
import { type Catalog, type Caller, sites } from './access';
import { type Cancellation, readCancellation } from './cancelRequest';
import { chargebeeError, notFound } from './errors';
import { assertCancellable, cancel, reactivate, removeScheduledCancellation } from './lifecycle';
import { page, paging } from './lists';
import { charge, creditNote, creditOf, estimate, invoice, priceOf } from './money';
import { booleanParam, filterParam, refuseUnknown } from './params';
import type { ApiCall, ChargebeePlugin } from './plugin';
import type { ChargebeeRecords } from './records';
import { cardOf, type Subscription } from './subscription';
import type { EventCause } from './webhooks';

const id = (request: FastifyRequest) => pathParameter(request, 'id');
const statuses = [
	'future',
	'in_trial',
	'active',
	'non_renewing',
	'paused',
	'cancelled',
	'transferred',
] as const;
const read = { chargebeeAccess: 'read' } as const;
const full = { chargebeeAccess: 'full' } as const;

/** The events of an API request carry the name of its key. */
const causeOf = ({ keyName }: Caller): EventCause => ({ source: 'api', user: keyName });

/** The calls of the two product catalogs. */
const calls: Record<Catalog, { cancel: string; estimate: string }> = {
	items: { cancel: 'cancel_for_items', estimate: 'cancel_subscription_for_items_estimate' },
	plans: { cancel: 'cancel', estimate: 'cancel_subscription_estimate' },
};

/** As reported for a call of the wrong catalog. */
const notEnabled = (): ProviderResponse =>
	chargebeeError(
		'configuration_incompatible',
		'This API operation is not enabled for this site. Please contact support@chargebee.com to get this enabled.',
	);

/**
 * Get, list, cancel and revive subscriptions.
 * @see https://apidocs.chargebee.com/docs/api/subscriptions
 */
export function addSubscriptionRoutes(
	scope: FastifyInstance,
	plugin: ChargebeePlugin,
	records: ChargebeeRecords,
): void {
	const find = ({ request, caller }: ApiCall) => records.visibleSubscription(id(request), caller);
	const customerIn = ({ query }: FastifyRequest) =>
		(query as Record<string, string | undefined>)['customer_id[is]'];
	scope.get(
		'/subscriptions',
		{ config: { ...readRoute(customerIn), ...read } },
		plugin.handle(({ caller, params }) => {
			refuseUnknown(params, [...paging, 'id', 'customer_id', 'status', 'include_deleted']);
			const isId = filterParam(params, 'id');
			const isCustomer = filterParam(params, 'customer_id');
			const isStatus = filterParam(params, 'status', statuses);
			const withDeleted = booleanParam(params, 'include_deleted') ?? false;
			const found = records
				.visibleSubscriptions(caller)
				.filter(
					(record) =>
						(withDeleted || !record.deleted) &&
						(isId?.(record.id) ?? true) &&
						(isCustomer?.(record.customer_id) ?? true) &&
						(isStatus?.(record.status) ?? true),
				);
			const createdAt = (record: Subscription) => record.created_at ?? 0;
			return page(found, params, { createdAt, view: (record) => records.render(record) });
		}),
	);
	scope.get(
		'/subscriptions/:id',
		{ config: { ...readRoute(id), ...read } },
		plugin.handle((call) => {
			refuseUnknown(call.params, []);
			const record = find(call);
			if (!record) return notFound('subscription', id(call.request));
			return { status: 200, body: records.render(record) };
		}),
	);
	for (const catalog of ['items', 'plans'] as const) {
		const options = (isEstimate: boolean) => ({
			...{ catalog, isEstimate },
			siteDefaults: records.siteDefaults(),
			reasonIsMandatory: records.assumption('reasonCode') === 'mandatory',
		});
		scope.post(
			`/subscriptions/:id/${calls[catalog].cancel}`,
			{ config: { ...writeRoute(id), ...full } },
			plugin.handle((call) => {
				if (sites[call.caller.site] !== catalog) return notEnabled();
				const record = find(call);
				if (!record) return notFound('subscription', id(call.request));
				const cancellation = readCancellation(record, call.params, options(false));
				return carryOut(records, record, cancellation, call);
			}),
		);
		scope.post(
			`/subscriptions/:id/${calls[catalog].estimate}`,
			// Assumption: a key that only reads may estimate.
			{ config: { ...readRoute(id), ...read } },
			plugin.handle(
				(call) => {
					if (sites[call.caller.site] !== catalog) return notEnabled();
					const record = find(call);
					if (!record) return notFound('subscription', id(call.request));
					const cancellation = readCancellation(record, call.params, options(true));
					assertCancellable(record, cancellation, records.cancelAssumptions());
					const charges = records.charges.get(record.id) ?? [];
					const body = { estimate: estimate(record, charges, cancellation, records.now()) };
					return { status: 200, body };
				},
				{ isIdempotent: false },
			),
		);
	}
	for (const [path, revive] of [
		['remove_scheduled_cancellation', removeScheduledCancellation],
		['reactivate', reactivate],
	] as const) {
		scope.post(
			`/subscriptions/:id/${path}`,
			{ config: { ...writeRoute(id), ...full } },
			plugin.handle((call) => {
				const record = find(call);
				if (!record) return notFound('subscription', id(call.request));
				return undo(records, record, revive, call);
			}),
		);
	}
}

function carryOut(
	records: ChargebeeRecords,
	record: Subscription,
	cancellation: Cancellation,
	{ request, caller }: ApiCall,
): ProviderResponse {
	const now = records.now();
	const assumptions = records.cancelAssumptions();
	assertCancellable(record, cancellation, assumptions);
	const credit = creditOf(record, cancellation, now);
	const change = cancel(record, cancellation, now, assumptions);
	const isNow = change !== 'scheduled';
	const charges = isNow ? (records.charges.get(record.id) ?? []) : [];
	if (isNow) records.charges.delete(record.id);
	records.accept(request, 'cancel');
	records.announce(record, change, causeOf(caller));
	return {
		status: 200,
		body: structuredClone({
			...records.render(record),
			...(charges.length > 0 &&
				cancellation.unbilledCharges === 'invoice' && { invoice: invoice(record, charges, now) }),
			...(isNow && credit > 0 && { credit_notes: [creditNote(record, credit, now)] }),
		}),
	};
}

function undo(
	records: ChargebeeRecords,
	record: Subscription,
	revive: (record: Subscription, params: Params, now: number) => ReturnType<typeof reactivate>,
	{ request, caller, params }: ApiCall,
): ProviderResponse {
	const now = records.now();
	const change = revive(record, params, now);
	records.accept(request, 'resume');
	records.announce(record, change, causeOf(caller));
	const isCharged = change !== 'unscheduled';
	const term = charge(record, { amount: priceOf(record), description: 'First term', now });
	return {
		status: 200,
		body: structuredClone({
			...records.render(record),
			...(isCharged && { invoice: invoice(record, [term], now) }),
		}),
	};
}

/**
 * Find customers.
 * @see https://apidocs.chargebee.com/docs/api/customers
 */
export function addCustomerRoutes(
	scope: FastifyInstance,
	plugin: ChargebeePlugin,
	records: ChargebeeRecords,
): void {
	const emailIn = ({ query }: FastifyRequest) =>
		(query as Record<string, string | undefined>)['email[is]'];
	scope.get(
		'/customers',
		{ config: { ...readRoute(emailIn), ...read } },
		plugin.handle(({ caller, params }) => {
			refuseUnknown(params, [...paging, 'id', 'email', 'include_deleted']);
			const anyCase = records.assumption('emailMatch') === 'anyCase';
			const isId = filterParam(params, 'id');
			const isEmail = filterParam(anyCase ? lowerCase(params) : params, 'email');
			const withDeleted = booleanParam(params, 'include_deleted') ?? false;
			const found = records
				.visibleCustomers(caller)
				.filter(
					(record) =>
						(withDeleted || !record.deleted) &&
						(isId?.(record.id) ?? true) &&
						(isEmail?.(anyCase ? record.email?.toLowerCase() : record.email) ?? true),
				);
			return page(found, params, {
				createdAt: (record) => record.created_at,
				view: (customer) => ({ customer, card: cardOf(customer) }),
			});
		}),
	);
	scope.get(
		'/customers/:id',
		{ config: { ...readRoute(), ...read } },
		plugin.handle(({ request, caller, params }) => {
			refuseUnknown(params, []);
			const customer = records.visibleCustomers(caller).find((one) => one.id === id(request));
			if (!customer) return notFound('customer', id(request));
			return { status: 200, body: { customer, card: cardOf(customer) } };
		}),
	);
}

/** The filter by e-mail in lower case. */
function lowerCase({ email }: Params): Params {
	if (typeof email !== 'object' || Array.isArray(email))
		return email === undefined ? {} : { email };
	const filters = Object.entries(email).map(([name, text]) => [name, String(text).toLowerCase()]);
	return { email: Object.fromEntries(filters) as Params };
}

/**
 * Register webhook endpoints.
 * @see https://apidocs.chargebee.com/docs/api/webhook_endpoints
 */
export function addWebhookRoutes(
	scope: FastifyInstance,
	plugin: ChargebeePlugin,
	{ webhooks }: ChargebeeRecords,
): void {
	const all = '/webhook_endpoints';
	const one = `${all}/:id`;
	const mayRead = { config: { ...readRoute(), ...read } };
	const mayWrite = { config: { ...writeRoute(() => undefined), ...full } };
	const find = ({ request, caller }: ApiCall) => webhooks.find(id(request), caller.site);
	const unknown = ({ request }: ApiCall) => notFound('webhook endpoint', id(request));
	scope.get(
		all,
		mayRead,
		plugin.handle(({ caller, params }) => {
			refuseUnknown(params, paging);
			return page(webhooks.list(caller.site), params, {
				createdAt: () => 0,
				view: (webhook_endpoint) => ({ webhook_endpoint }),
			});
		}),
	);
	scope.post(
		all,
		mayWrite,
		plugin.handle(({ caller, params }) => webhooks.create(params, caller.site)),
	);
	scope.get(
		one,
		mayRead,
		plugin.handle((call) => {
			const webhook_endpoint = find(call);
			return webhook_endpoint ? { status: 200, body: { webhook_endpoint } } : unknown(call);
		}),
	);
	scope.post(
		one,
		mayWrite,
		plugin.handle((call) => {
			const found = find(call);
			return found ? webhooks.update(found, call.params) : unknown(call);
		}),
	);
	scope.post(
		`${one}/delete`,
		mayWrite,
		plugin.handle((call) => {
			const webhook_endpoint = find(call);
			if (!webhook_endpoint) return unknown(call);
			webhooks.delete(webhook_endpoint);
			return { status: 200, body: { webhook_endpoint } };
		}),
	);
}
