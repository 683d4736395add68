import type { FastifyInstance } from 'fastify';
import { pathParameter, readRoute, writeRoute } from '../../providerApi';
import { page } from './lists';
import { paging, refuseUnknown, retrieval } from './params';
import type { ApiCall, StripePlugin } from './plugin';
import type { StripeRecords } from './records';

const all = '/v1/webhook_endpoints';
const one = `${all}/:id`;

/**
 * Register webhook endpoints.
 * @see https://docs.stripe.com/api/webhook_endpoints
 */
export function addWebhookRoutes(
	scope: FastifyInstance,
	plugin: StripePlugin,
	{ webhooks }: StripeRecords,
): void {
	const mayRead = { config: { ...readRoute(), stripePermission: 'webhook_read' } } as const;
	const mayWrite = {
		config: { ...writeRoute(() => undefined), stripePermission: 'webhook_write' },
	} as const;
	const id = ({ request }: ApiCall) => pathParameter(request, 'id');
	scope.get(
		all,
		mayRead,
		plugin.handle(({ params, caller }) => {
			refuseUnknown(params, paging);
			return page(webhooks.list(caller), params, { what: 'webhook endpoint', url: all });
		}),
	);
	scope.post(
		all,
		mayWrite,
		plugin.handle(({ params, caller }) => webhooks.create(params, caller)),
	);
	scope.get(
		one,
		mayRead,
		plugin.handle((call) => {
			refuseUnknown(call.params, retrieval);
			return webhooks.get(id(call), call.caller);
		}),
	);
	scope.post(
		one,
		mayWrite,
		plugin.handle((call) => webhooks.update(id(call), call.params, call.caller)),
	);
	scope.delete(
		one,
		mayWrite,
		plugin.handle((call) => webhooks.delete(id(call), call.caller)),
	);
}
