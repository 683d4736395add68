import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import { Records } from '../../records';
import {
	type ProviderResponse,
	bulkSuffix,
	header,
	pathParameter,
	readRoute,
	stringField,
	type ApiImplementation,
	customerName,
	writeRoute,
} from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { keys } from './keys';
import { message, page } from './page';
import {
	funnel,
	reduced,
	sampleSubscriptions,
	stateLabel,
	type Subscription,
	subscription,
} from './subscription';
import { FunnelFoxWebhook } from './webhook';

const statuses = ['created', 'trialing', 'active', 'paused', 'cancelled', 'expired', 'unpaid'];
const providers = ['stripe', 'paddle', 'paypal', 'braintree', 'solidgate'];

/**
 * FunnelFox's public API: list, get and cancel subscriptions.
 * @see https://funnelfox.com/docs/api-reference/cancel-subscription
 * @see https://funnelfox.com/docs/api-reference/list-subscriptions
 */
export function createFunnelFoxApi(sandboxState: SandboxState): ApiImplementation {
	const { clock } = sandboxState;
	const records = new Records<Subscription>(
		({ id }) => id,
		({ profile }) => [profile.email],
	);

	const webhook = new FunnelFoxWebhook(sandboxState);

	/** Applies what is due by now, and returns the record. */
	function current(record: Subscription): Subscription {
		// Assumption: a cancelled subscription becomes `expired` when its period is over.
		if (isCancelled(record) && isOver(record)) record.status = 'expired';
		return record;
	}

	/** Under the assumption `afterCancel: active`, only `cancelled_at` shows the cancellation. */
	function isCancelled({ status, renews, cancelled_at: at }: Subscription): boolean {
		return status === 'cancelled' || (!renews && at !== undefined && status !== 'expired');
	}

	function isOver({ period_ends_at: end }: Subscription): boolean {
		return end !== undefined && new Date(end) <= clock.now();
	}

	function refuseToCancel(record: Subscription): string | undefined {
		// Assumption: the documents announce "a corresponding error" without a status; the sandbox uses 400.
		if (record.status === 'expired') return 'Subscription is expired';
		if (isCancelled(record)) return 'Subscription is already cancelled';
		// Assumption: braintree is a payment provider, but not listed as supported.
		if (record.payment_provider === 'braintree') {
			return 'Cancellation is not supported for payment provider braintree';
		}
		// Assumption: a subscription without auto-renewal can be cancelled.
		return undefined;
	}

	/** Switches the renewal off, and calls the webhook if it was on. */
	function end(
		record: Subscription,
		at: string,
		{ source, reason = 'User requested cancellation' }: { source: string; reason?: string },
	): void {
		const staysActive = sandboxState.settings.assumption('funnelFox', 'afterCancel') === 'active';
		const renewed = record.renews;
		Object.assign(record, {
			...(staysActive ? {} : { status: 'cancelled' }),
			renews: false,
			cancelled_at: at,
			updated_at: at,
			cancellation_reason: reason,
		});
		if (renewed) webhook.sendEvent('subscription.auto_renew_off', record, at, source);
		if (sandboxState.settings.assumption('funnelFox', 'cancelledEvent') === 'beside') {
			webhook.sendEvent('subscription.cancelled', record, at, source);
		}
	}

	/** Cancels and ends access at once. */
	function endNow(record: Subscription, at: string, source: string): void {
		Object.assign(record, {
			status: 'cancelled',
			renews: false,
			cancelled_at: record.cancelled_at ?? at,
			updated_at: at,
			period_ends_at: at,
		});
		webhook.sendEvent('subscription.cancelled', record, at, source);
	}

	function isOf(email: string | undefined, { profile }: Subscription): boolean {
		if (email === undefined || email === profile.email) return true;
		const anyCase = sandboxState.settings.assumption('funnelFox', 'emailMatch') === 'anyCase';
		return anyCase && email.toLowerCase() === profile.email?.toLowerCase();
	}

	function cancel(request: FastifyRequest): ProviderResponse {
		const record = records.get(pathParameter(request, 'id'));
		if (!record) return message(404, 'Subscription not found');
		const refusal = refuseToCancel(current(record));
		if (refusal) return message(400, refusal);
		const now = clock.now().toISOString();
		end(record, now, { source: 'api', reason: stringField(request.body, 'reason') });
		sandboxState.requestLog.recordWrite('funnelFox', request, {
			operation: 'cancel',
			target: record.id,
			record: record.id,
			email: record.profile.email,
			status: 200,
		});
		return { status: 200, body: record };
	}

	function list(request: FastifyRequest): ProviderResponse {
		const query = request.query as Record<string, string | undefined>;
		const found = records
			.all()
			.filter((record) => isOf(query['filter[email]'], record))
			.map(current)
			.filter(
				({ profile, status, payment_provider: psp }) =>
					[undefined, profile.id].includes(query['filter[profile_id]']) &&
					[undefined, status].includes(query['filter[status]']) &&
					[undefined, psp].includes(query['filter[psp]']) &&
					[undefined, funnel.id].includes(query['filter[funnel_id]']),
			);
		return page(found, query, reduced);
	}

	function addRoutes(scope: FastifyInstance): void {
		scope.post(
			'/subscriptions/:id/cancel',
			{
				config: writeRoute((request) => pathParameter(request, 'id')),
				schema: { body: cancelBody },
			},
			(request, reply) => sendResponse(reply, cancel(request)),
		);
		scope.get(
			'/subscriptions',
			{
				config: readRoute((request) => stringField(request.query, 'filter[email]')),
				schema: { querystring: listQuery },
			},
			(request, reply) => sendResponse(reply, list(request)),
		);
		scope.get(
			'/subscriptions/:id',
			{ config: readRoute((request) => pathParameter(request, 'id')) },
			(request, reply) => {
				const record = records.get(pathParameter(request, 'id'));
				return sendResponse(
					reply,
					record ? { status: 200, body: current(record) } : message(404, 'Subscription not found'),
				);
			},
		);
		scope.get(
			'/profiles',
			{ config: readRoute(), schema: { querystring: listQuery } },
			(request, reply) => {
				const query = request.query as Record<string, string | undefined>;
				const profiles = new Map(records.all().map(({ profile }) => [profile.id, profile]));
				const found = [...profiles.values()].filter(({ email }) =>
					[undefined, email].includes(query['filter[email]']),
				);
				return sendResponse(
					reply,
					page(found, query, (profile) => profile),
				);
			},
		);
		scope.get(
			'/funnels',
			{ config: readRoute(), schema: { querystring: listQuery } },
			(request, reply) =>
				sendResponse(
					reply,
					page([funnel], request.query as Record<string, string>, (item) => item),
				),
		);
	}

	return {
		addRoutes,
		authStatus: (request) => (header(request, 'fox-secret') === keys.secretKey ? undefined : 401),
		errorResponse: (status, text) =>
			message(status, text || (status === 401 ? 'Invalid secret key' : 'Forbidden')),
		wrongRecordResponse(request) {
			const another = subscription(clock, 'another', 'another@example.com', {
				status: 'cancelled',
				renews: false,
				cancelled_at: clock.midnight(-3),
			});
			if (request.method === 'GET' && !('id' in (request.params as object))) {
				return page([another], {}, reduced);
			}
			return { status: 200, body: another };
		},
		clear: () => records.clear(),
		addSamples() {
			for (const record of sampleSubscriptions(clock)) records.put(record);
		},
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const name = `${prefix}_${bulkSuffix(index)}`;
				records.put(subscription(clock, name, `${name}@example.com`));
			}
		},
		rows: () =>
			records.all().map((record) => ({
				customer: customerName(record.profile.email ?? record.id.replace(/^sub_/, '')),
				target: record.id,
				email: record.profile.email,
				state: stateLabel(current(record)),
				endsAt: record.period_ends_at,
			})),
		recordNames(target) {
			const record = records.get(target);
			return (
				record && {
					record: record.id,
					email: record.profile.email,
					names: records.names(record),
				}
			);
		},
		change: (target, change) =>
			records.change(target, { updated_at: clock.now().toISOString(), ...change }),
		remove: (target) => records.remove(target),
		customerCancels(target, { at, ends, source = 'funnel' }) {
			const record = records.named(target);
			if (!record) return false;
			if (ends === 'now') endNow(record, at, source);
			else end(record, at, { source });
			return true;
		},
		customerReturns(target, { at }) {
			const record = records.named(target);
			if (!record) return false;
			// The documents have no event for a renewal that is switched on again.
			Object.assign(record, { status: 'active', renews: true, updated_at: at });
			delete record.cancelled_at;
			delete record.cancellation_reason;
			return true;
		},
		webhooks: () => webhook.all(),
		pasteWebhook: (pasted) => webhook.paste(pasted),
		forgetWebhooks: () => webhook.paste(null),
	};
}

const cancelBody = {
	type: ['object', 'null'],
	properties: { reason: { type: 'string' } },
};

const listQuery = {
	type: 'object',
	properties: {
		limit: { type: 'string', pattern: '^[0-9]+$' },
		'filter[status]': { type: 'string', enum: statuses },
		'filter[psp]': { type: 'string', enum: providers },
	},
};
