import {
	type ApiImplementation,
	bulkSuffix,
	type CustomerCancellation,
	customerName,
	type ProviderResponse,
} from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { type ErrorType, recurlyError } from './errors';
import { expire, reactivate, schedule } from './lifecycle';
import { RecurlyPlugin } from './plugin';
import { RecurlyRecords } from './records';
import { addAccountRoutes, addSiteRoutes, addSubscriptionRoutes } from './routes';
import { samples } from './samples';
import { account, customerMay, endOf, isOver, standing, subscription } from './subscription';

/** The part of Recurly's API that is about the end of subscriptions. */
export function recurly(sandboxState: SandboxState): ApiImplementation {
	const { clock } = sandboxState;
	const records = new RecurlyRecords(sandboxState);
	const plugin = new RecurlyPlugin(sandboxState);

	return {
		addRoutes(scope) {
			plugin.register(scope);
			addSiteRoutes(scope, plugin, records);
			addAccountRoutes(scope, plugin, records);
			addSubscriptionRoutes(scope, plugin, records);
		},
		// The plugin answers itself: the types of a missing and of a wrong key differ.
		authStatus: () => undefined,
		errorResponse,
		wrongRecordResponse(request) {
			const another = subscription(clock, 'another', account(clock, 'another', 'a@example.com'));
			expire(another, records.now());
			if ('id' in (request.params as object)) return { status: 200, body: another };
			const list = { object: 'list', has_more: false, next: null, data: [another] };
			return { status: 200, body: list };
		},
		catchUp() {
			for (const record of records.subscriptions.all()) records.refresh(record);
		},
		clear() {
			records.clear();
			plugin.clear();
		},
		addSamples() {
			const { accounts, subscriptions, inSandbox } = samples(clock);
			for (const id of inSandbox) records.inSandbox.add(id);
			for (const record of accounts) records.accounts.put(record);
			for (const record of subscriptions) records.subscriptions.put(record);
		},
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const name = `${prefix}_${bulkSuffix(index)}`;
				const owner = account(clock, name, `${name}@example.com`);
				records.accounts.put(owner);
				records.subscriptions.put(subscription(clock, name, owner));
			}
		},
		rows: () =>
			records.subscriptions.all().map((found) => {
				const record = records.refresh(found);
				const email = record.account.email ?? undefined;
				const isTest = records.siteOf(record.id) === 'sandbox';
				return {
					customer: customerName(email ?? record.account.code),
					target: record.id,
					email,
					state: standing(record, records.now()) + (isTest ? ', on the sandbox site' : ''),
					endsAt: endOf(record),
					customerMay: customerMay(record),
				};
			}),
		recordNames(target) {
			const record = records.subscriptions.named(target);
			if (!record) return undefined;
			const email = record.account.email ?? undefined;
			return { record: record.id, email, names: records.subscriptions.names(record) };
		},
		change: (target, change) =>
			records.subscriptions.change(target, { updated_at: records.now(), ...change }),
		remove: (target) => records.subscriptions.remove(target),
		/** Recurly's events name no actor. */
		customerCancels(target, { at, ends }: CustomerCancellation) {
			const record = records.subscriptions.named(target);
			if (!record) return false;
			if (ends === 'now') expire(record, at);
			else schedule(record, at, 'bill_date');
			records.announce(record, ends === 'now' ? 'expired' : 'canceled');
			return true;
		},
		customerReturns(target, { at }) {
			const record = records.subscriptions.named(target);
			// What has ended cannot come back.
			if (!record || isOver(record.state) || reactivate(record, at)) return false;
			records.announce(record, 'reactivated');
			return true;
		},
		webhooks: () => records.webhook.all(),
		pasteWebhook: (webhook) => records.webhook.paste(webhook),
		forgetWebhooks: () => records.webhook.paste(null),
	};
}

const types: Record<number, ErrorType> = {
	400: 'bad_request',
	401: 'unauthorized',
	403: 'invalid_permissions',
	404: 'not_found',
	429: 'rate_limited',
	500: 'internal_server_error',
	503: 'service_not_available',
};

/** The body of a refusal that is not one endpoint's own. */
function errorResponse(status: number, message: string): ProviderResponse {
	const fallback = status >= 500 ? 'internal_server_error' : 'bad_request';
	const type = types[status] ?? fallback;
	const hasOwnText = status === 400 || status >= 500;
	return { ...recurlyError(type, hasOwnText && message ? message : undefined), status };
}
