import {
	type ProviderResponse,
	bulkSuffix,
	type CustomerCancellation,
	type ApiImplementation,
	customerName,
} from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { isKnownKey } from './access';
import { customer } from './customer';
import { addCustomerRoutes } from './customerRoutes';
import { stripeError } from './errors';
import { newId } from './ids';
import { clearEnd, end } from './lifecycle';
import { StripePlugin } from './plugin';
import { StripeRecords } from './records';
import { samples } from './samples';
import { addScheduleRoutes } from './scheduleRoutes';
import { customerMay, earliestEnd, hasEnded, standing, subscription } from './subscription';
import { addSubscriptionRoutes } from './subscriptionRoutes';
import { addWebhookRoutes } from './webhookRoutes';
import type { EventCause } from './webhooks';
import { seconds } from './wire';

/** `cancellation_details.reason` by the source of a cancellation that does not use the sandbox's keys. */
const reasons: Record<string, string> = {
	portal: 'cancellation_requested',
	api: 'cancellation_requested',
	dunning: 'payment_failed',
	dispute: 'payment_disputed',
};

/** The part of Stripe's API that is about the end of subscriptions. */
export function stripe(sandboxState: SandboxState): ApiImplementation {
	const { clock } = sandboxState;
	const records = new StripeRecords(sandboxState);
	const plugin = new StripePlugin(sandboxState);

	return {
		addRoutes(scope) {
			plugin.register(scope);
			addSubscriptionRoutes(scope, plugin, records);
			addCustomerRoutes(scope, plugin, records);
			addScheduleRoutes(scope, plugin, records);
			addWebhookRoutes(scope, plugin, records);
		},
		authStatus: (request) => (isKnownKey(request) ? undefined : 401),
		errorResponse,
		wrongRecordResponse(request) {
			const owner = customer(clock, 'another', 'another@example.com');
			const another = subscription(clock, 'another', owner);
			end(another, records.now(), 'cancellation_requested');
			if ('id' in (request.params as object)) return { status: 200, body: another };
			const url = '/v1/subscriptions';
			return { status: 200, body: { object: 'list', data: [another], has_more: false, url } };
		},
		catchUp() {
			for (const record of records.subscriptions.all()) records.refresh(record);
		},
		clear() {
			records.clear();
			plugin.clear();
		},
		addSamples() {
			const { customers, subscriptions, schedules, owners } = samples(clock);
			for (const [id, account] of owners) records.owners.set(id, account);
			for (const record of customers) records.customers.put(record);
			for (const record of schedules) records.schedules.set(record.id, record);
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
				const endsAt = record.ended_at ?? record.cancel_at ?? earliestEnd(record);
				return {
					customer: customerName(email ?? record.id.replace(/^sub_1SandboxSample/, '')),
					target: record.id,
					email,
					state: standing(record),
					customerMay: customerMay(record),
					endsAt: new Date(endsAt * 1000).toISOString(),
				};
			}),
		recordNames(target) {
			const record = records.subscriptions.named(target);
			if (!record) return undefined;
			const names = records.subscriptions.names(record);
			return { record: record.id, email: records.emailOf(record), names };
		},
		change: (target, change) => records.subscriptions.change(target, change),
		remove: (target) => records.subscriptions.remove(target),
		customerCancels(target, { source = 'portal', at, ends }: CustomerCancellation) {
			const record = records.subscriptions.named(target);
			if (!record) return false;
			if (!Object.hasOwn(reasons, source)) {
				throw new RangeError(`The source is ${Object.keys(reasons).join(', ')}`);
			}
			const before = structuredClone(record);
			end(record, seconds(at), reasons[source]);
			if (ends === 'atPeriodEnd') {
				// Under flexible billing the customer portal sets a date and not the flag.
				const isFlagged = record.billing_mode.type !== 'flexible' || source === 'api';
				Object.assign(record, {
					status: before.status,
					ended_at: null,
					cancel_at: earliestEnd(record),
					cancel_at_period_end: isFlagged,
				});
			}
			records.announce(record, before, causeOf(source));
			return true;
		},
		customerReturns(target) {
			const record = records.subscriptions.named(target);
			// A subscription that has ended cannot come back.
			if (!record || hasEnded(record)) return false;
			const before = structuredClone(record);
			clearEnd(record);
			records.announce(record, before, causeOf('portal'));
			return true;
		},
		webhooks: () => records.webhooks.all(),
		forgetWebhooks: () => records.webhooks.clear(),
	};
}

/** The body of a refusal that is not one endpoint's own. */
function errorResponse(status: number, message: string, path: string): ProviderResponse {
	if (status === 401) return stripeError(401, 'Invalid API Key provided: **********');
	if (status === 404) return stripeError(404, `Unrecognized request URL (${path}).`);
	if (status === 429)
		return stripeError(429, 'Request rate limit exceeded.', { code: 'rate_limit' });
	if (status >= 500) return stripeError(status, message, { type: 'api_error' });
	const otherwise = 'The provided key does not have the required permissions for this endpoint.';
	return stripeError(status, message || otherwise);
}

/** Assumption: an act in the portal has a request of its own, without a key. */
function causeOf(source: string): EventCause {
	if (source === 'api') return { id: newId('req'), idempotency_key: newId('other') };
	return { id: source === 'portal' ? newId('req') : null, idempotency_key: null };
}
