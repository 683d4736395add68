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
import {
	type Customer,
	customerWithoutOrder,
	isCancelable,
	offerFor,
	type Order,
	order,
	sampleOrders,
	stateLabel,
	view,
} from './order';
import { bodyWith, codes, envelope, infoOf } from './responses';

const reasons = [
	{ code: 'PRICE', label: 'Too expensive' },
	{ code: 'USAGE', label: "I don't use it enough" },
];

/**
 * Azotte's C2A API: cancellation in two steps, and reactivation.
 * @see https://azotte.com/academy/developers/API/C2A/subscription/request-cancel
 * @see https://azotte.com/academy/developers/API/C2A/subscription/confirm-cancel
 * @see https://azotte.com/academy/developers/API/C2A/subscription/reactivate
 */
export function createAzotteApi(sandboxState: SandboxState): ApiImplementation {
	const { clock } = sandboxState;
	let hasSamples = false;
	const orders = new Records<Order>(
		({ orderIdentifier }) => orderIdentifier,
		({ customerUrn, externalIdentifier, email }) => [customerUrn, externalIdentifier, email],
	);

	/** Applies what is due by now, and returns the order. */
	function current(record: Order): Order {
		// Assumption: a canceled order becomes Expired at its end date.
		if (record.state === 'Canceled' && new Date(record.endDate) <= clock.now()) {
			record.state = 'Expired';
		}
		return record;
	}

	function requestCancel(request: FastifyRequest): ProviderResponse {
		const record = orders.get(targetOf(request) ?? '');
		// Assumption: the documents give no HTTP status for these; the sandbox uses 200 with the envelope.
		if (!record) return envelope(200, 'SUBSCRIPTION_NOT_FOUND');
		if (!isCancelable(current(record))) return envelope(200, 'SUBSCRIPTION_NOT_CANCELABLE');
		const { currentStep } = request.body as { currentStep?: number };
		record.requested = methodIn(request);
		// Assumption: a presentation or an offer is step 0; step 1 and later are processed.
		const responseType = (currentStep ?? 0) > 0 ? 'Processed' : record.firstStep;
		return envelope(200, 'SUCCESS', {
			responseType,
			...(responseType === 'Offer' ? { offer: offerFor(record, clock.midnight(2)) } : {}),
			cancellationReasons: reasons,
		});
	}

	function confirmCancel(request: FastifyRequest): ProviderResponse {
		const record = orders.get(targetOf(request) ?? '');
		if (!record) return envelope(200, 'SUBSCRIPTION_NOT_FOUND');
		if (!isCancelable(current(record))) return envelope(200, 'SUBSCRIPTION_NOT_CANCELABLE');
		// Assumption: a confirmation without a request is accepted; one with another method is refused.
		if (record.requested && record.requested !== methodIn(request)) {
			return envelope(400, 'INVALID_REQUEST');
		}
		// Azotte forwards the request to the partner, who decides later; a control request sets the result.
		if (record.subscriptionChannel !== 'ExternalPartner') {
			record.state = 'Canceled';
			// Assumption: Normal ends with the period, like EndOfPeriod. The app stores keep their end date.
			if (methodIn(request) === 'Immediate' && record.subscriptionChannel === 'Azotte') {
				record.endDate = clock.now().toISOString();
			}
		}
		accept(request, 'confirmCancel', record);
		return envelope(200, 'SUCCESS');
	}

	function reactivate(request: FastifyRequest): ProviderResponse {
		const record = orders.get(targetOf(request) ?? '');
		if (!record) return envelope(200, 'SUBSCRIPTION_NOT_FOUND');
		if (current(record).state !== 'Canceled') {
			return envelope(200, 'SUBSCRIPTION_NOT_REACTIVATABLE');
		}
		// Assumption: for an app store the call returns SUCCESS and changes nothing.
		if (record.subscriptionChannel.startsWith('Inapp')) return envelope(200, 'SUCCESS');
		record.state = 'Reactivated';
		record.requested = undefined;
		accept(request, 'reactivate', record);
		return envelope(200, 'SUCCESS');
	}

	function accept(request: FastifyRequest, operation: string, record: Order): void {
		sandboxState.requestLog.recordWrite('azotte', request, {
			operation,
			target: record.orderIdentifier,
			record: record.orderIdentifier,
			email: record.email,
			status: 200,
		});
	}

	function customers(): Customer[] {
		const known = orders
			.all()
			.map(({ customerUrn: urn, externalIdentifier: externalId, email }) => ({
				urn,
				externalId,
				email,
			}));
		return hasSamples ? [...known, customerWithoutOrder] : known;
	}

	/** `urn` takes precedence over `exId`. */
	function customerInfo({ query }: FastifyRequest): ProviderResponse {
		const wanted = stringField(query, 'urn');
		const wantedId = stringField(query, 'exId');
		if (!wanted && !wantedId) return envelope(400, 'INVALID_REQUEST');
		const found = customers().find(({ urn, externalId }) =>
			wanted ? urn === wanted : externalId === wantedId,
		);
		if (!found) return envelope(404, 'CUSTOMER_NOT_FOUND');
		const channels = orders
			.all()
			.filter(({ customerUrn }) => customerUrn === found.urn)
			.map(({ subscriptionChannel }) => subscriptionChannel);
		return envelope(200, 'SUCCESS', { result: infoOf(found, [...new Set(channels)]) });
	}

	function list(request: FastifyRequest): ProviderResponse {
		const urn = pathParameter(request, 'customerUrn');
		const found = orders.all().filter((record) => record.customerUrn === urn);
		const isKnown = found.length > 0 || customers().some((customer) => customer.urn === urn);
		// Assumption: the documents do not define the response for an unknown customer.
		if (!isKnown && sandboxState.settings.assumption('azotte', 'unknownCustomer') === 'notFound') {
			return envelope(404, 'CUSTOMER_NOT_FOUND');
		}
		return envelope(200, 'SUCCESS', { result: found.map(current).map(view) });
	}

	function addRoutes(scope: FastifyInstance): void {
		const orderOnly = { body: bodyWith([]) };
		scope.get(
			'/subscription/:customerUrn',
			{ config: readRoute((request) => pathParameter(request, 'customerUrn')) },
			(request, reply) => sendResponse(reply, list(request)),
		);
		scope.post(
			'/subscription/cancel/request',
			{ config: readRoute(targetOf), schema: orderOnly },
			(request, reply) => sendResponse(reply, requestCancel(request)),
		);
		scope.post(
			'/subscription/cancel/confirm',
			{ config: writeRoute(targetOf), schema: { body: bodyWith(['cancelationMethod']) } },
			(request, reply) => sendResponse(reply, confirmCancel(request)),
		);
		scope.post(
			'/subscription/reactivate',
			{ config: writeRoute(targetOf), schema: orderOnly },
			(request, reply) => sendResponse(reply, reactivate(request)),
		);
		scope.get(
			'/customer/info',
			{ config: readRoute(({ query }) => stringField(query, 'urn') ?? stringField(query, 'exId')) },
			(request, reply) => sendResponse(reply, customerInfo(request)),
		);
		scope.post(
			'/customer/validate',
			{ config: readRoute(), schema: { body: { type: 'object' } } },
			(request, reply) => {
				const externalId = stringField(request.body, 'externalId');
				const isAvailable = customers().every((customer) => customer.externalId !== externalId);
				return sendResponse(reply, envelope(200, 'SUCCESS', { isAvailable }));
			},
		);
	}

	return {
		addRoutes,
		authStatus: (request) =>
			header(request, 'x-api-key') === keys.apiKey && header(request, 'x-tn') === keys.tenantId
				? undefined
				: 401,
		errorResponse(status, text) {
			// The documents say "401 without envelope". Assumption: it has no body.
			if (status === 401) return { status };
			if (status === 429) return { status, body: { message: text } };
			return envelope(status, codes[status] ?? 'INTERNAL_SERVER_ERROR');
		},
		wrongRecordResponse({ method, url }) {
			const customer = {
				urn: 'cu.00.999',
				externalId: 'cus_another',
				email: 'another@example.com',
			};
			const another = order(clock, 'another', customer, { state: 'Canceled' });
			if (url.includes('/customer/info')) {
				return envelope(200, 'SUCCESS', { result: infoOf(customer, ['Azotte']) });
			}
			if (method === 'GET') return envelope(200, 'SUCCESS', { result: [view(another)] });
			if (!url.includes('/subscription/')) return undefined;
			// The responses to writes contain no order.
			const step = { responseType: 'Processed', cancellationReasons: reasons };
			return envelope(200, 'SUCCESS', url.endsWith('/request') ? step : {});
		},
		clear() {
			orders.clear();
			hasSamples = false;
		},
		addSamples() {
			hasSamples = true;
			for (const record of sampleOrders(clock)) orders.put(record);
		},
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const name = `${prefix}_${bulkSuffix(index)}`;
				const urn = `cu.${prefix}.${bulkSuffix(index)}`;
				const customer = { urn, externalId: `cus_${name}`, email: `${name}@example.com` };
				orders.put(order(clock, name, customer));
			}
		},
		rows: () =>
			orders.all().map((record) => ({
				customer: customerName(record.email),
				target: record.orderIdentifier,
				email: record.email,
				state: stateLabel(current(record)),
				endsAt: record.endDate,
			})),
		recordNames(target) {
			const record = orders.named(target);
			return (
				record && {
					record: record.orderIdentifier,
					email: record.email,
					names: orders.names(record),
				}
			);
		},
		change: (target, change) => orders.change(target, change),
		remove: (target) => orders.remove(target),
		customerCancels(target, { at, ends }) {
			const record = orders.named(target);
			if (record)
				orders.change(target, { state: 'Canceled', ...(ends === 'now' && { endDate: at }) });
			return record !== undefined;
		},
		customerReturns: (target) =>
			orders.change(target, { state: 'Reactivated', requested: undefined }),
	};
}

function targetOf({ body }: FastifyRequest): string | undefined {
	return stringField(body, 'orderIdentifier');
}

function methodIn({ body }: FastifyRequest): string {
	return stringField(body, 'cancelationMethod') ?? 'Normal';
}
