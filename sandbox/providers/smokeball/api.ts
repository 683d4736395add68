import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendResponse } from '../../faultInjection';
import { Records } from '../../records';
import {
	type ProviderResponse,
	bulkSuffix,
	header,
	pathParameter,
	readRoute,
	type ApiImplementation,
	writeRoute,
} from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { monotonicNow } from '../../time';
import { keys } from './keys';
import { problem } from './problem';
import { sampleSubscriptions, subscription } from './samples';
import {
	type CancellationRequest,
	cancelBody,
	cancellationView,
	collection,
	link,
	type CancellationPlan,
	stateLabel,
	type Subscription,
	view,
} from './shapes';
import { smokeballTokens } from './tokens';

/**
 * Smokeball: a law firm's own subscription to Smokeball. The sample customers are firms.
 * @see https://docs.smokeball.com/api-reference/subscriptions/get-subscriptions
 */
export function createSmokeballApi(sandboxState: SandboxState): ApiImplementation {
	const { clock } = sandboxState;
	const records = new Records<Subscription>(
		({ id }) => id,
		({ customer }) => [customer],
	);
	const tokens = smokeballTokens(sandboxState);

	/** Applies a pending change at once. */
	function applyPending(record: Subscription): Subscription {
		const { pending } = record;
		delete record.pending;
		pending?.takeEffect();
		return record;
	}

	/** Applies what is due by now, and returns the record. */
	function current(record: Subscription): Subscription {
		if (record.pending && record.pending.due <= monotonicNow()) applyPending(record);
		const isDue = record.cancelAt && new Date(record.cancelAt) <= clock.now();
		if (record.cancellationStatus === 'Pending' && isDue) {
			Object.assign(record, {
				status: 'Canceled',
				cancellationStatus: 'Canceled',
				canceledAt: record.cancelAt,
			});
		}
		return record;
	}

	/** The effect of a cancellation, or the error response. */
	function planCancellation(
		record: Subscription,
		wish: CancellationRequest,
	): CancellationPlan | ProviderResponse {
		const { cancellationType: type = 'PeriodEnd', cancelSubscription: force } = wish;
		if (!record.status) return problem(400, 'The firm does not have a platform subscription.');
		// Assumption: a canceled subscription cannot be canceled again, a pending one can.
		if (record.status === 'Canceled') return problem(400, 'The subscription is canceled.');
		if (type === 'Date' && !wish.cancelAt) {
			return problem(400, 'cancelAt is required with the cancellation type Date.');
		}
		if (record.trialingTier && !force) {
			// Assumption: "only works with PeriodEnd" means that other types are refused.
			if (type !== 'PeriodEnd') {
				return problem(400, 'Trials can only be canceled with the type PeriodEnd.');
			}
			return { behaviour: 'CancelTrials', type, cancelAt: record.trialPeriodEndDate ?? null };
		}
		// Assumption: "immediately cancels" applies to every type.
		if (force || type === 'Immediate') {
			return { behaviour: 'Cancel', type: 'Immediate', cancelAt: null };
		}
		const cancelAt = type === 'Date' ? wish.cancelAt : record.currentPeriodEndDate;
		// Assumption: a date in the past is refused.
		if (new Date(cancelAt ?? '') < clock.now()) return problem(400, 'cancelAt is in the past.');
		return { behaviour: 'Cancel', type, cancelAt: cancelAt ?? null };
	}

	function cancel(request: FastifyRequest): ProviderResponse {
		const record = records.get(pathParameter(request, 'id'));
		if (!record) return problem(404, 'Subscription not found.');
		const wish = request.body as CancellationRequest;
		// Earlier accepted changes take effect first; a preview changes nothing.
		const planned = planCancellation(current(wish.preview ? record : applyPending(record)), wish);
		if ('status' in planned) return planned;
		if (!wish.preview) {
			carryOut(planned, record, clock.now().toISOString());
			accept(request, 'cancel', record, 200);
		}
		return { status: 200, body: cancellationView(wish, planned, record) };
	}

	function carryOut(planned: CancellationPlan, record: Subscription, at: string): void {
		if (planned.behaviour === 'CancelTrials') {
			if (record.trialingTier) record.trialingTier.cancellationStatus = 'Pending';
			return;
		}
		const isNow = planned.type === 'Immediate';
		Object.assign(record, {
			cancellationType: planned.type,
			cancellationStatus: isNow ? 'Canceled' : 'Pending',
			canceledAt: at,
			cancelAt: planned.cancelAt,
			...(isNow ? { status: 'Canceled', trialingTier: null, trialStatus: 'None' } : {}),
		});
	}

	function resume(request: FastifyRequest): ProviderResponse {
		const record = records.get(pathParameter(request, 'id'));
		if (!record) return problem(404, 'Subscription not found.');
		if (!canResume(current(record))) return problem(400, 'The subscription is not canceled.');
		record.pending = {
			due: monotonicNow() + sandboxState.settings.number('smokeball', 'lagMs'),
			takeEffect: () => restore(record),
		};
		accept(request, 'resume', record, 202);
		return { status: 202, body: link('/subscriptions', record.id) };
	}

	/** Assumption: only pending and canceled subscriptions can be resumed. */
	function canResume({ status, cancellationStatus }: Subscription): boolean {
		return status === 'Canceled' || cancellationStatus === 'Pending';
	}

	/** Resuming an ended subscription charges the firm at once. */
	function restore(record: Subscription): void {
		const charged = record.chargeFails ? 'PastDue' : 'Active';
		Object.assign(record, {
			status: record.status === 'Canceled' ? charged : record.status,
			cancellationStatus: 'None',
			cancellationType: undefined,
			canceledAt: undefined,
			cancelAt: undefined,
		});
	}

	function accept(
		request: FastifyRequest,
		operation: string,
		{ id }: Subscription,
		status: number,
	): void {
		sandboxState.requestLog.recordWrite('smokeball', request, {
			operation,
			target: id,
			record: id,
			status,
		});
	}

	function addRoutes(scope: FastifyInstance): void {
		const target = (request: FastifyRequest) => pathParameter(request, 'id');
		scope.removeContentTypeParser('text/plain');
		const parser = scope.getDefaultJsonParser('error', 'ignore');
		scope.addContentTypeParser(/^application\/[\w.-]+\+json/, { parseAs: 'string' }, parser);
		tokens.addRoutes(scope);
		scope.patch(
			'/subscriptions/:id/cancel',
			{
				config: writeRoute(
					target,
					({ body }) => !(body as CancellationRequest | undefined)?.preview,
				),
				schema: { body: cancelBody },
			},
			(request, reply) => sendResponse(reply, cancel(request)),
		);
		scope.patch(
			'/subscriptions/:id/resume',
			// Assumption: the body is required and must be an empty object.
			{ config: writeRoute(target), schema: { body: { type: 'object', maxProperties: 0 } } },
			(request, reply) => sendResponse(reply, resume(request)),
		);
		scope.get('/subscriptions', { config: readRoute() }, (_request, reply) =>
			sendResponse(reply, { status: 200, body: collection(records.all().map(current)) }),
		);
		scope.get('/subscriptions/:id', { config: readRoute(target) }, (request, reply) => {
			const record = records.get(target(request));
			return sendResponse(
				reply,
				record
					? { status: 200, body: view(current(record)) }
					: problem(404, 'Subscription not found.'),
			);
		});
		scope.get('/webhooks/types', { config: readRoute() }, (_request, reply) =>
			sendResponse(reply, { status: 200, body: ['contact.created', 'firm.updated', 'error'] }),
		);
		scope.get('/firm', { config: readRoute() }, (_request, reply) =>
			sendResponse(reply, { status: 200, body: { id: 'b471682e-0000-4e46-b7fe-000000000000' } }),
		);
	}

	return {
		addRoutes,
		authStatus(request) {
			if (request.url.startsWith('/smokeball/oauth2/')) return undefined;
			if (!tokens.accepts(header(request, 'authorization'))) return 401;
			return header(request, 'x-api-key') === keys.apiKey ? undefined : 403;
		},
		errorResponse: (status, text) => problem(status, text || 'Access is denied.'),
		wrongRecordResponse({ method, params, url }) {
			const id = 'b471682e-fa17-4e46-b7fe-000000000099';
			const another = subscription(clock, id, 'another', {
				status: 'Canceled',
				cancellationStatus: 'Canceled',
				cancellationType: 'Immediate',
				canceledAt: clock.midnight(-3),
			});
			if (!url.includes('/subscriptions')) return undefined;
			if (url.endsWith('/resume')) return { status: 202, body: link('/subscriptions', id) };
			if (url.endsWith('/cancel')) {
				// The response to a cancellation contains no subscription.
				const ended = { behaviour: 'Cancel', type: 'Immediate', cancelAt: null } as const;
				return { status: 200, body: cancellationView({}, ended, another) };
			}
			const isOne = method === 'GET' && 'id' in (params as object);
			return { status: 200, body: isOne ? view(another) : collection([another]) };
		},
		catchUp: () => records.all().forEach(applyPending),
		clear() {
			records.clear();
			tokens.clear();
		},
		addSamples() {
			for (const record of sampleSubscriptions(clock)) records.put(record);
		},
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const name = `${prefix}_${bulkSuffix(index)}`;
				records.put(subscription(clock, `sub_${name}`, name));
			}
		},
		rows: () =>
			records.all().map((record) => {
				const { customer, id: target, status, cancelAt } = current(record);
				return {
					customer,
					target,
					state: stateLabel(record),
					endsAt: status === 'Canceled' ? null : (cancelAt ?? record.currentPeriodEndDate),
				};
			}),
		recordNames(target) {
			const record = records.get(target);
			return record && { record: record.id, names: records.names(record) };
		},
		change: (target, change) => records.change(target, change),
		remove: (target) => records.remove(target),
		// Smokeball has no webhook for subscriptions; clients poll.
		customerCancels(target, { at, ends }) {
			const record = records.named(target);
			if (!record) return false;
			const type = ends === 'now' ? 'Immediate' : 'PeriodEnd';
			const cancelAt = ends === 'now' ? null : current(record).currentPeriodEndDate;
			carryOut({ behaviour: 'Cancel', type, cancelAt }, record, at);
			return true;
		},
		customerReturns(target) {
			const record = records.named(target);
			if (record) restore(record);
			return record !== undefined;
		},
	};
}
