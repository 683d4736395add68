import type { FastifyInstance } from 'fastify';
import { pathParameter, readRoute, stringField } from '../../providerApi';
import { missing } from './errors';
import { page, search, searchParams } from './lists';
import { filledParam, paging, refuseUnknown, retrieval } from './params';
import type { StripePlugin } from './plugin';
import type { StripeRecords } from './records';

const permission = { stripePermission: 'customer_read' } as const;

/**
 * Find customers: the list compares addresses with regard to capitals, the search without.
 * @see https://docs.stripe.com/api/customers
 */
export function addCustomerRoutes(
	scope: FastifyInstance,
	plugin: StripePlugin,
	records: StripeRecords,
): void {
	scope.get(
		'/v1/customers',
		{ config: { ...readRoute(({ query }) => stringField(query, 'email')), ...permission } },
		plugin.handle(({ params, caller }) => {
			refuseUnknown(params, { ...paging, email: true });
			const email = filledParam(params, 'email');
			const found = records
				.visibleCustomers(caller)
				// Customers of test clocks are only listed with their clock.
				.filter((one) => !one.test_clock && (email === undefined || one.email === email));
			return page(found, params, { what: 'customer', url: '/v1/customers' });
		}),
	);
	scope.get(
		'/v1/customers/search',
		{ config: { ...readRoute(), ...permission } },
		plugin.handle(({ params, caller }) => {
			refuseUnknown(params, searchParams);
			return search(records.visibleCustomers(caller), params);
		}),
	);
	scope.get(
		'/v1/customers/:id',
		{ config: { ...readRoute(), ...permission } },
		plugin.handle(({ request, params, caller }) => {
			refuseUnknown(params, retrieval);
			const id = pathParameter(request, 'id');
			const found = records.visibleCustomers(caller).find((one) => one.id === id);
			return found ? { status: 200, body: found } : missing('customer', id);
		}),
	);
}
