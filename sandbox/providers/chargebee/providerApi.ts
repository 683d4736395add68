import { namedPlugin } from '../../plugin';
import {
	type ApiImplementation,
	bulkSuffix,
	type CustomerCancellation,
	customerName,
	type ProviderResponse,
} from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { sites } from './access';
import { chargebeeError } from './errors';
import { cancel, end, unschedule } from './lifecycle';
import { ChargebeePlugin } from './plugin';
import { ChargebeeRecords } from './records';
import { addCustomerRoutes, addSubscriptionRoutes, addWebhookRoutes } from './routes';
import { samples } from './samples';
import {
	customer,
	customerMay,
	endOf,
	isOver,
	seconds,
	standing,
	subscription,
	termEnd,
} from './subscription';
import type { EventCause } from './webhooks';

/** The causes of a cancellation that does not use the sandbox's keys. */
const causes: Record<string, (email?: string) => EventCause> = {
	portal: (user) => ({ source: 'portal', user }),
	admin_console: () => ({ source: 'admin_console', user: 'support@example.com' }),
	api: () => ({ source: 'api', user: 'Another key' }),
	dunning: () => ({ source: 'scheduled_job' }),
};

/** The part of Chargebee's API that is about the end of subscriptions. */
export function chargebee(sandboxState: SandboxState): ApiImplementation {
	const { clock } = sandboxState;
	const records = new ChargebeeRecords(sandboxState);
	const plugin = new ChargebeePlugin(sandboxState);

	return {
		addRoutes(scope) {
			plugin.register(scope);
			// Each site has an address and keys of its own.
			for (const site of Object.keys(sites)) {
				void scope.register(
					namedPlugin(`Chargebee ${site}`, (routes) => {
						addSubscriptionRoutes(routes, plugin, records);
						addCustomerRoutes(routes, plugin, records);
						addWebhookRoutes(routes, plugin, records);
					}),
					{ prefix: `/${site}/api/v2` },
				);
			}
		},
		// The plugin answers itself: a missing and a wrong key have codes of their own.
		authStatus: () => undefined,
		errorResponse,
		wrongRecordResponse(request) {
			const owner = customer(clock, 'another', 'another@example.com');
			const another = subscription(clock, 'another', owner);
			end(another, records.now());
			const entry = { subscription: another, customer: owner };
			const isSingle = 'id' in (request.params as object);
			return { status: 200, body: isSingle ? entry : { list: [entry] } };
		},
		catchUp() {
			for (const record of records.subscriptions.all()) records.refresh(record);
		},
		clear() {
			records.clear();
			plugin.clear();
		},
		addSamples() {
			const { customers, subscriptions, classic, charges } = samples(clock);
			for (const id of classic) records.classic.add(id);
			for (const [id, open] of charges) records.charges.set(id, open);
			for (const record of customers) records.customers.put(record);
			for (const record of subscriptions) records.subscriptions.put(record);
		},
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const name = `${prefix}_${bulkSuffix(index)}`;
				const owner = customer(clock, name, `${name}@example.com`);
				records.customers.put(owner);
				records.subscriptions.put(subscription(clock, name, owner));
			}
		},
		rows: () =>
			records.subscriptions.all().map((found) => {
				const record = records.refresh(found);
				const email = records.emailOf(record);
				const site = records.siteOf(record.id);
				return {
					customer: customerName(email ?? record.id.replace(/^16Sandbox_sub_/, '')),
					target: record.id,
					email,
					state: standing(record) + (site === 'acme-test' ? '' : `, at ${site}`),
					endsAt: endOf(record),
					customerMay: customerMay(record),
				};
			}),
		recordNames(target) {
			const record = records.subscriptions.named(target);
			if (!record) return undefined;
			const names = records.subscriptions.names(record);
			return { record: record.id, email: records.emailOf(record), names };
		},
		change: (target, change) =>
			records.subscriptions.change(target, { updated_at: records.now(), ...change }),
		remove: (target) => records.subscriptions.remove(target),
		customerCancels(target, { source = 'portal', at, ends }: CustomerCancellation) {
			const record = records.subscriptions.named(target);
			if (!record) return false;
			if (!Object.hasOwn(causes, source)) {
				throw new RangeError(`The source is ${Object.keys(causes).join(', ')}`);
			}
			if (source === 'dunning') record.cancel_reason = 'not_paid';
			const term = termEnd(record);
			const isAtTermEnd = ends === 'atPeriodEnd' && term !== undefined;
			const change = cancel(
				record,
				{
					at: isAtTermEnd ? term : 'now',
					isAtTermEnd,
					credits: 'none',
					unbilledCharges: 'delete',
					refundsCredits: false,
					reasonCode: undefined,
				},
				seconds(at),
				records.cancelAssumptions(),
			);
			records.announce(record, change, causes[source](records.emailOf(record)));
			return true;
		},
		customerReturns(target, { at }) {
			const record = records.subscriptions.named(target);
			// Only the merchant can reactivate one that has ended.
			if (!record || isOver(record)) return false;
			unschedule(record, seconds(at));
			records.announce(record, 'unscheduled', causes.portal(records.emailOf(record)));
			return true;
		},
		webhooks: () => records.webhooks.all(),
		forgetWebhooks: () => records.webhooks.clear(),
	};
}

/** The body of a refusal that is not one endpoint's own. */
function errorResponse(status: number, message: string, path: string): ProviderResponse {
	const code = codes[status] ?? (status >= 500 ? 'internal_error' : 'invalid_request');
	const text = status === 404 ? `Sorry, ${path.split('?')[0]} is not known` : message;
	return { ...chargebeeError(code, text || 'Sorry, this is not allowed'), status };
}

const codes: Record<number, Parameters<typeof chargebeeError>[0]> = {
	401: 'api_authentication_failed',
	403: 'api_authorization_failed',
	404: 'resource_not_found',
	429: 'api_request_limit_exceeded',
};
