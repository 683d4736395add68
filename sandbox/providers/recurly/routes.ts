import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
	type ProviderResponse,
	pathParameter,
	readRoute,
	stringField,
	writeRoute,
} from '../../providerApi';
import { notFound, simultaneousRequest } from './errors';
import { cancel, type EventType, reactivate, terminate } from './lifecycle';
import { choiceOf, page, queryOf } from './lists';
import type { ApiCall, RecurlyPlugin } from './plugin';
import type { RecurlyRecords } from './records';
import { siteOf } from './site';
import type { Subscription } from './subscription';

const id = (request: FastifyRequest) => pathParameter(request, 'id');
const stateFilters = ['active', 'canceled', 'expired', 'future', 'in_trial', 'live'] as const;

/** Every list answers HEAD, too, with the number of its records in a header. */
const lists = { method: ['GET', 'HEAD'] as Array<'GET' | 'HEAD'> };

/**
 * Get and list subscriptions; cancel, terminate and reactivate one.
 * @see https://recurly.com/developers/api/v2021-02-25#tag/subscription
 */
export function addSubscriptionRoutes(
	scope: FastifyInstance,
	plugin: RecurlyPlugin,
	records: RecurlyRecords,
): void {
	/** A list of those that match the query. */
	const listOf = (found: Subscription[], call: ApiCall): ProviderResponse => {
		const query = queryOf(call, ['state']);
		const state = choiceOf(query, 'state', stateFilters);
		return page(
			found.filter((record) => state === undefined || matches(record, state)),
			call,
			query,
		);
	};
	/** `live` does not name the paused ones. */
	const matches = (record: Subscription, filter: string): boolean => {
		if (filter === 'in_trial') return records.isInTrial(record);
		if (filter !== 'live') return record.state === filter;
		return ['active', 'canceled', 'future'].includes(record.state);
	};
	/** A write on one subscription, which no other write may change meanwhile. */
	const write = (
		operation: 'cancel' | 'reactivate' | 'terminate',
		act: (record: Subscription, request: FastifyRequest) => ProviderResponse | undefined,
	) =>
		plugin.handle(async ({ request, caller }) => {
			const record = records.subscription(id(request), caller);
			if (!record) return notFound('Subscription', id(request));
			const answer = await records.exclusively(record.id, () => {
				const refusal = act(record, request);
				if (refusal) return refusal;
				records.accept(request, record, operation);
				const event = eventOf(record);
				if (event) records.announce(record, event);
				return { status: 200, body: record };
			});
			return answer ?? simultaneousRequest;
		});
	const context = () => ({ now: records.now(), assumptions: records.assumptions() });

	scope.route({
		...lists,
		url: '/subscriptions',
		config: readRoute(),
		handler: plugin.handle((call) => listOf(records.subscriptionsOf(call.caller), call)),
	});
	scope.route({
		...lists,
		url: '/accounts/:id/subscriptions',
		config: readRoute(),
		handler: plugin.handle((call) => {
			const { request, caller } = call;
			const account = records.account(id(request), caller);
			if (!account) return notFound('Account', id(request));
			const all = records.subscriptionsOf(caller);
			return listOf(
				all.filter((record) => record.account.id === account.id),
				call,
			);
		}),
	});
	scope.get(
		'/subscriptions/:id',
		{ config: readRoute(id) },
		plugin.handle(({ request, caller }) => {
			const record = records.subscription(id(request), caller);
			return record ? { status: 200, body: record } : notFound('Subscription', id(request));
		}),
	);
	scope.put(
		'/subscriptions/:id/cancel',
		{ config: writeRoute(id) },
		write('cancel', (record, { body }) => cancel(record, body, context())),
	);
	scope.put(
		'/subscriptions/:id/reactivate',
		{ config: writeRoute(id) },
		write('reactivate', (record) => reactivate(record, records.now())),
	);
	scope.delete(
		'/subscriptions/:id',
		{ config: writeRoute(id) },
		write('terminate', (record, { query }) =>
			terminate(record, query as { refund?: string; charge?: string }, context()),
		),
	);
}

/** No event is documented for one that could not start. */
function eventOf({ state }: Subscription): EventType | undefined {
	if (state === 'active') return 'reactivated';
	return state === 'canceled' || state === 'expired' ? state : undefined;
}

/**
 * Find accounts. A blank address finds those that have none.
 * @see https://recurly.com/developers/api/v2021-02-25#operation/list_accounts
 */
export function addAccountRoutes(
	scope: FastifyInstance,
	plugin: RecurlyPlugin,
	records: RecurlyRecords,
): void {
	const isMeant = (email: string | null, wanted: string): boolean => {
		const anyCase = records.sandboxState.settings.assumption('recurly', 'emailMatch') === 'anyCase';
		const folded = (text: string) => (anyCase ? text.toLowerCase() : text);
		return folded(email ?? '') === folded(wanted);
	};
	scope.route({
		...lists,
		url: '/accounts',
		config: readRoute(({ query }) => stringField(query, 'email')),
		handler: plugin.handle((call) => {
			const query = queryOf(call, ['email', 'subscriber', 'past_due']);
			const { email } = query;
			const found = records
				.accountsOf(call.caller)
				.filter((account) => email === undefined || isMeant(account.email, email));
			const { status, body } = page(found, call, query);
			const { data, ...rest } = body as { data: typeof found };
			return { status, body: { ...rest, data: data.map((one) => records.render(one)) } };
		}),
	});
}

/**
 * The site of the key.
 * @see https://recurly.com/developers/api/v2021-02-25#operation/list_sites
 */
export function addSiteRoutes(
	scope: FastifyInstance,
	plugin: RecurlyPlugin,
	{ sandboxState }: RecurlyRecords,
): void {
	scope.route({
		...lists,
		url: '/sites',
		config: readRoute(),
		handler: plugin.handle((call) => {
			const query = queryOf(call, ['state']);
			return page([siteOf(call.caller.site, sandboxState.clock)], call, query);
		}),
	});
}
