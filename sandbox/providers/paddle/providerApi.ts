import { namedPlugin } from '../../plugin';
import {
	type ProviderResponse,
	bulkSuffix,
	type CustomerCancellation,
	type ApiImplementation,
	customerName,
} from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { otherError, paddleError } from './errors';
import { end, schedule, unschedule } from './lifecycle';
import { entity } from './lists';
import { PaddlePlugin } from './plugin';
import { PaddleRecords } from './records';
import {
	addCustomerRoutes,
	addNotificationRoutes,
	addRootRoutes,
	addSubscriptionRoutes,
} from './routes';
import { samples } from './samples';
import { customer, customerMay, endOf, standing, subscription } from './subscription';

/** The namedPlugin of Paddle Billing's API that is about the end of subscriptions. */
export function paddle(sandboxState: SandboxState): ApiImplementation {
	const { clock } = sandboxState;
	const records = new PaddleRecords(sandboxState);
	const plugin = new PaddlePlugin();

	return {
		addRoutes(scope) {
			plugin.register(scope);
			// Two environments with addresses and keys of their own.
			for (const prefix of ['/live', '/sandbox']) {
				void scope.register(
					namedPlugin(`Paddle ${prefix}`, (routes) => {
						addRootRoutes(routes, plugin);
						addSubscriptionRoutes(routes, plugin, records);
						addCustomerRoutes(routes, plugin, records);
						addNotificationRoutes(routes, plugin, records);
					}),
					{ prefix },
				);
			}
		},
		// The plugin answers itself: the codes of a missing and of a wrong key differ.
		authStatus: () => undefined,
		errorResponse,
		wrongRecordResponse(request) {
			const another = subscription(
				clock,
				'another',
				customer(clock, 'another', 'another@example.com'),
			);
			end(another, records.now());
			return entity('id' in (request.params as object) ? another : [another]);
		},
		catchUp() {
			for (const record of records.subscriptions.all()) records.refresh(record);
		},
		clear: () => records.clear(),
		addSamples() {
			const { customers, subscriptions, inSandbox, processingUntil } = samples(clock);
			for (const id of inSandbox) records.inSandbox.add(id);
			for (const [id, until] of processingUntil) records.processingUntil.set(id, until);
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
				const isTest = records.environmentOf(record.id) === 'sandbox';
				return {
					customer: customerName(email ?? record.id),
					target: record.id,
					email,
					state: standing(record) + (isTest ? ', in the sandbox environment' : ''),
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
		/** Paddle's events name no actor: the customer used a link in an e-mail, or dunning ended it. */
		customerCancels(target, { at, ends }: CustomerCancellation) {
			const record = records.subscriptions.named(target);
			if (!record) return false;
			if (ends === 'now') end(record, at);
			else schedule(record, at);
			records.announce(record, 'subscription.updated');
			if (ends === 'now') records.announce(record, 'subscription.canceled');
			return true;
		},
		customerReturns(target, { at }) {
			const record = records.subscriptions.named(target);
			// A canceled subscription cannot come back.
			if (!record || record.status === 'canceled') return false;
			unschedule(record, at);
			records.announce(record, 'subscription.updated');
			return true;
		},
		webhooks: () => records.notifications.all(),
		forgetWebhooks: () => records.notifications.clear(),
	};
}

/** The body of a refusal that is not one endpoint's own. */
function errorResponse(status: number, message: string, path: string): ProviderResponse {
	if (status === 401 || status === 403) {
		const code = status === 401 ? 'invalid_token' : 'forbidden';
		return { ...paddleError(code), status };
	}
	if (status === 404) return otherError(404, 'invalid_url', `${path} is not a known URL.`);
	if (status === 429)
		return otherError(429, 'too_many_requests', 'IP address exceeded the allowed rate limit.');
	if (status >= 500) return otherError(status, 'internal_error', message);
	return otherError(status, 'bad_request', message);
}
