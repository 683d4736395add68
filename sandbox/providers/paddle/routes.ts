import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
	type ProviderResponse,
	pathParameter,
	readRoute,
	stringField,
	writeRoute,
} from '../../providerApi';
import { notFound } from './errors';
import { cancel, update } from './lifecycle';
import { entity, page, valueOf, valuesOf } from './lists';
import { eventTypes } from './notifications';
import type { ApiCall, PaddlePlugin } from './plugin';
import type { PaddleRecords } from './records';

const id = (request: FastifyRequest) => pathParameter(request, 'id');
const statuses = ['active', 'canceled', 'past_due', 'paused', 'trialing'] as const;

/**
 * Get, list, update and cancel subscriptions.
 * @see https://developer.paddle.com/api-reference/subscriptions
 */
export function addSubscriptionRoutes(
	scope: FastifyInstance,
	plugin: PaddlePlugin,
	records: PaddleRecords,
): void {
	const mayRead = { paddlePermission: 'subscription.read' } as const;
	const mayWrite = { paddlePermission: 'subscription.write' } as const;
	const find = ({ request, caller }: ApiCall) => records.visibleSubscription(id(request), caller);
	const times = (request: FastifyRequest) => ({
		now: records.now(),
		processingUntil: records.processingUntil.get(id(request)),
	});
	scope.get(
		'/subscriptions',
		{ config: { ...readRoute(({ query }) => stringField(query, 'customer_id')), ...mayRead } },
		plugin.handle(({ request, caller }) => {
			const ids = valuesOf(request, 'id');
			const customers = valuesOf(request, 'customer_id');
			const wanted = valuesOf(request, 'status', { choices: statuses });
			const actions = valuesOf(request, 'scheduled_change_action', {
				choices: ['cancel', 'pause', 'resume'],
			});
			const found = records
				.visibleSubscriptions(caller)
				.filter(
					(record) =>
						(ids?.includes(record.id) ?? true) &&
						(customers?.includes(record.customer_id) ?? true) &&
						(wanted?.includes(record.status) ?? true) &&
						(actions?.includes(record.scheduled_change?.action ?? '') ?? true),
				);
			return page(found, request, (record) => records.render(record, caller));
		}),
	);
	scope.get(
		'/subscriptions/:id',
		{ config: { ...readRoute(id), ...mayRead } },
		plugin.handle((call) => {
			const record = find(call);
			if (!record) return notFound('Subscription', id(call.request));
			return entity(records.render(record, call.caller));
		}),
	);
	scope.post(
		'/subscriptions/:id/cancel',
		{ config: { ...writeRoute(id), ...mayWrite } },
		plugin.handle((call) => {
			const { request, caller } = call;
			const record = find(call);
			if (!record) return notFound('Subscription', id(request));
			const context = { ...times(request), assumptions: records.assumptions() };
			const done = cancel(record, request.body, context);
			if (typeof done !== 'string') return done;
			records.accept(request, 'cancel');
			records.announce(record, 'subscription.updated');
			if (done === 'canceled') records.announce(record, 'subscription.canceled');
			return entity(records.render(record, caller));
		}),
	);
	scope.patch(
		'/subscriptions/:id',
		{ config: { ...writeRoute(id), ...mayWrite } },
		plugin.handle((call) => {
			const { request, caller } = call;
			const record = find(call);
			if (!record) return notFound('Subscription', id(request));
			const refusal = update(record, request.body, times(request));
			if (refusal) return refusal;
			const isUndo = 'scheduled_change' in (request.body as object);
			records.accept(request, isUndo ? 'resume' : 'update');
			records.announce(record, 'subscription.updated');
			return entity(records.render(record, caller));
		}),
	);
}

/**
 * Find customers: by default the archived ones are left out.
 * @see https://developer.paddle.com/api-reference/customers/list-customers
 */
export function addCustomerRoutes(
	scope: FastifyInstance,
	plugin: PaddlePlugin,
	records: PaddleRecords,
): void {
	const permission = { paddlePermission: 'customer.read' } as const;
	scope.get(
		'/customers',
		{ config: { ...readRoute(({ query }) => stringField(query, 'email')), ...permission } },
		plugin.handle(({ request, caller }) => {
			const ids = valuesOf(request, 'id');
			const emails = valuesOf(request, 'email', { most: 100 });
			const wanted = valuesOf(request, 'status', { choices: ['active', 'archived'] }) ?? ['active'];
			const search = valueOf(request, 'search')?.toLowerCase();
			const anyCase =
				records.sandboxState.settings.assumption('paddle', 'emailMatch') === 'anyCase';
			const folded = (text: string) => (anyCase ? text.toLowerCase() : text);
			const found = records
				.visibleCustomers(caller)
				.filter(
					(record) =>
						wanted.includes(record.status) &&
						(ids?.includes(record.id) ?? true) &&
						(emails?.some((email) => folded(email) === folded(record.email)) ?? true) &&
						(search === undefined || record.email.toLowerCase().includes(search)),
				);
			return page(found, request);
		}),
	);
	scope.get(
		'/customers/:id',
		{ config: { ...readRoute(), ...permission } },
		plugin.handle(({ request, caller }) => {
			const found = records.visibleCustomers(caller).find((one) => one.id === id(request));
			return found ? entity(found) : notFound('Customer', id(request));
		}),
	);
}

/**
 * Register notification settings.
 * @see https://developer.paddle.com/api-reference/notification-settings
 */
export function addNotificationRoutes(
	scope: FastifyInstance,
	plugin: PaddlePlugin,
	{ notifications }: PaddleRecords,
): void {
	const all = '/notification-settings';
	const one = `${all}/:id`;
	const mayRead = {
		config: { ...readRoute(), paddlePermission: 'notification_setting.read' },
	} as const;
	const mayWrite = {
		config: { ...writeRoute(() => undefined), paddlePermission: 'notification_setting.write' },
	} as const;
	const find = ({ request, caller }: ApiCall) =>
		notifications.find(id(request), caller.environment);
	const unknown = ({ request }: ApiCall): ProviderResponse =>
		notFound('Notification setting', id(request));
	scope.get(
		all,
		mayRead,
		plugin.handle(({ request, caller }) => {
			const active = valueOf(request, 'active');
			const found = notifications.list(caller.environment);
			return page(
				found.filter((setting) => active === undefined || String(setting.active) === active),
				request,
			);
		}),
	);
	scope.post(
		all,
		mayWrite,
		plugin.handle(({ request, caller }) => {
			const made = notifications.create(request.body, caller.environment);
			return 'endpoint_secret_key' in made ? entity(made, 201) : made;
		}),
	);
	scope.get(
		one,
		mayRead,
		plugin.handle((call) => {
			const found = find(call);
			return found ? entity(found) : unknown(call);
		}),
	);
	scope.patch(
		one,
		mayWrite,
		plugin.handle((call) => {
			const found = find(call);
			return found ? entity(notifications.update(found, call.request.body)) : unknown(call);
		}),
	);
	scope.delete(
		one,
		mayWrite,
		plugin.handle((call) => {
			if (!find(call)) return unknown(call);
			notifications.delete(id(call.request));
			return { status: 204 };
		}),
	);
}

/**
 * The API root lists the permissions of a key; any key can read the event types.
 * @see https://developer.paddle.com/api-reference/api-root/get-api-root
 */
export function addRootRoutes(scope: FastifyInstance, plugin: PaddlePlugin): void {
	scope.get(
		'/',
		{ config: { ...readRoute(), paddlePermission: 'open' } },
		plugin.handle(({ caller }) => {
			const { environment, isAuthenticated, permissions } = caller;
			return entity({
				api: {
					name: 'Paddle API',
					version: '1',
					environment,
					documentation_url: 'https://developer.paddle.com/api-reference/overview',
				},
				caller: {
					auth_type: isAuthenticated ? 'api_key' : null,
					// Assumption: the page names the account without its fields.
					account: isAuthenticated ? { id: `acc_${environment}`, name: 'Sandbox' } : null,
					permissions,
				},
			});
		}),
	);
	scope.get(
		'/event-types',
		{ config: { ...readRoute(), paddlePermission: 'none' } },
		plugin.handle(() => entity(eventTypes)),
	);
}
