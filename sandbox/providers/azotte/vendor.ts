import type { FastifyInstance, FastifyRequest } from 'fastify';
import { send } from '../../gate';
import { keys } from './keys';
import { people, person, type Person } from '../../people';
import { Records } from '../../records';
import {
	type Answer,
	bulkNumber,
	header,
	pathPart,
	reads,
	textIn,
	type VendorApi,
	writes,
} from '../../vendor';
import type { World } from '../../world';

type Channel = 'Azotte' | 'InappPlayStore' | 'InappAppStore' | 'ExternalPartner';

/** An order as the vendor shows it, and what the sandbox knows besides. */
interface Order {
	orderIdentifier: string;
	customerUrn: string;
	externalIdentifier: string;
	email: string;
	/** Trial, Active, PastDue, Canceled, Reactivated, Expired */
	state: string;
	startDate: string;
	endDate: string;
	subscriptionChannel: Channel;
	options: { canCancel: boolean; canReplace: boolean };
	/** What the first step of a cancellation answers. */
	firstStep: 'Processed' | 'Presentation' | 'Offer';
	/** The method of the last cancellation request. */
	requested?: string;
}

const reasons = [
	{ code: 'PRICE', label: 'Too expensive' },
	{ code: 'USAGE', label: "I don't use it enough" },
];

/**
 * Azotte's C2A API: a cancellation in two steps, and taking it back.
 * @see https://azotte.com/academy/developers/API/C2A/subscription/request-cancel
 * @see https://azotte.com/academy/developers/API/C2A/subscription/confirm-cancel
 * @see https://azotte.com/academy/developers/API/C2A/subscription/reactivate
 */
export function azotte(world: World): VendorApi {
	const { clock } = world;
	const orders = new Records<Order>(
		({ orderIdentifier }) => orderIdentifier,
		({ customerUrn, externalIdentifier, email }) => [customerUrn, externalIdentifier, email],
	);

	function order(
		{ who, email, urn }: { who: string; email: string; urn: string },
		state: Partial<Order> & { endsIn?: number } = {},
	): Order {
		const { endsIn = 12, ...fields } = state;
		return {
			orderIdentifier: `or_${who}`,
			customerUrn: urn,
			externalIdentifier: `cus_${who}`,
			email,
			state: 'Active',
			startDate: clock.midnight(endsIn - 30),
			endDate: clock.midnight(endsIn),
			subscriptionChannel: 'Azotte',
			options: { canCancel: true, canReplace: true },
			firstStep: 'Processed',
			...fields,
		};
	}

	/** Brings the order up to the present and returns it. */
	function current(record: Order): Order {
		// Assumption: a cancelled order is Expired from its end date on.
		if (record.state === 'Canceled' && new Date(record.endDate) <= clock.now()) {
			record.state = 'Expired';
		}
		return record;
	}

	function requestCancel(request: FastifyRequest): Answer {
		const record = orders.get(addressed(request) ?? '');
		// Assumption: no page gives an HTTP code for these, so they come as 200 with the envelope.
		if (!record) return envelope(200, 'SUBSCRIPTION_NOT_FOUND');
		if (!isCancelable(current(record))) return envelope(200, 'SUBSCRIPTION_NOT_CANCELABLE');
		const { currentStep } = request.body as { currentStep?: number };
		record.requested = methodIn(request);
		// Assumption: a presentation or an offer is step 0; from step 1 on the way is free.
		const responseType = (currentStep ?? 0) > 0 ? 'Processed' : record.firstStep;
		return envelope(200, 'SUCCESS', {
			responseType,
			...(responseType === 'Offer' ? { offer: offerFor(record, clock.midnight(2)) } : {}),
			cancellationReasons: reasons,
		});
	}

	function confirmCancel(request: FastifyRequest): Answer {
		const record = orders.get(addressed(request) ?? '');
		if (!record) return envelope(200, 'SUBSCRIPTION_NOT_FOUND');
		if (!isCancelable(current(record))) return envelope(200, 'SUBSCRIPTION_NOT_CANCELABLE');
		// Assumption: confirming without a request before is let through, another method is not.
		if (record.requested && record.requested !== methodIn(request)) {
			return envelope(400, 'INVALID_REQUEST');
		}
		// A third party is only asked; its answer comes later (by way of the control routes, here).
		if (record.subscriptionChannel !== 'ExternalPartner') {
			record.state = 'Canceled';
			// Assumption: Normal ends with the period, like EndOfPeriod. Stores keep their own date.
			if (methodIn(request) === 'Immediate' && record.subscriptionChannel === 'Azotte') {
				record.endDate = clock.now().toISOString();
			}
		}
		accept(request, 'confirmCancel', record);
		return envelope(200, 'SUCCESS');
	}

	function reactivate(request: FastifyRequest): Answer {
		const record = orders.get(addressed(request) ?? '');
		if (!record) return envelope(200, 'SUBSCRIPTION_NOT_FOUND');
		if (current(record).state !== 'Canceled') {
			return envelope(200, 'SUBSCRIPTION_NOT_REACTIVATABLE');
		}
		// Assumption: for a store the call says SUCCESS and changes nothing.
		if (record.subscriptionChannel.startsWith('Inapp')) return envelope(200, 'SUCCESS');
		record.state = 'Reactivated';
		record.requested = undefined;
		accept(request, 'reactivate', record);
		return envelope(200, 'SUCCESS');
	}

	function accept(request: FastifyRequest, operation: string, record: Order): void {
		world.traffic.accept('azotte', request, {
			operation,
			target: record.orderIdentifier,
			record: record.orderIdentifier,
			email: record.email,
			status: 200,
		});
	}

	function customerInfo(request: FastifyRequest): Answer {
		const urn = textIn(request.query, 'urn');
		const externalId = textIn(request.query, 'exId');
		const found = orders
			.all()
			.find((record) =>
				urn ? record.customerUrn === urn : record.externalIdentifier === externalId,
			);
		if (!urn && !externalId) return envelope(400, 'INVALID_REQUEST');
		if (!found) return envelope(404, 'CUSTOMER_NOT_FOUND');
		const { customerUrn, externalIdentifier, email, subscriptionChannel } = found;
		return envelope(200, 'SUCCESS', {
			result: {
				customerUrn,
				externalIdentifier,
				email,
				status: 'Active',
				options: { availableChannels: [subscriptionChannel], canSavePaymentMethod: true },
			},
		});
	}

	function list(request: FastifyRequest): Answer {
		const urn = pathPart(request, 'customerUrn');
		const found = orders.all().filter((record) => record.customerUrn === urn);
		return found.length === 0
			? envelope(404, 'CUSTOMER_NOT_FOUND')
			: envelope(200, 'SUCCESS', { result: found.map(current).map(view) });
	}

	function addRoutes(scope: FastifyInstance): void {
		const orderOnly = { body: bodyWith([]) };
		scope.get(
			'/subscription/:customerUrn',
			{ config: reads((request) => pathPart(request, 'customerUrn')) },
			(request, reply) => send(reply, list(request)),
		);
		scope.post(
			'/subscription/cancel/request',
			{ config: reads(addressed), schema: orderOnly },
			(request, reply) => send(reply, requestCancel(request)),
		);
		scope.post(
			'/subscription/cancel/confirm',
			{ config: writes(addressed), schema: { body: bodyWith(['cancelationMethod']) } },
			(request, reply) => send(reply, confirmCancel(request)),
		);
		scope.post(
			'/subscription/reactivate',
			{ config: writes(addressed), schema: orderOnly },
			(request, reply) => send(reply, reactivate(request)),
		);
		scope.get('/customer/info', { config: reads() }, (request, reply) =>
			send(reply, customerInfo(request)),
		);
		scope.post(
			'/customer/validate',
			{ config: reads(), schema: { body: { type: 'object' } } },
			(request, reply) => {
				const externalId = textIn(request.body, 'externalId');
				const isAvailable = orders
					.all()
					.every(({ externalIdentifier }) => externalIdentifier !== externalId);
				return send(reply, envelope(200, 'SUCCESS', { isAvailable }));
			},
		);
	}

	function addSamples(): void {
		const states: Record<string, Partial<Order> & { endsIn?: number }> = {
			ben: { state: 'Trial', subscriptionChannel: 'InappPlayStore' },
			cleo: { state: 'Canceled' },
			dora: { subscriptionChannel: 'InappAppStore' },
			emil: { subscriptionChannel: 'ExternalPartner' },
			fay: { state: 'PastDue', endsIn: 1 },
			gus: { state: 'Expired', endsIn: -20 },
			hana: { firstStep: 'Offer' },
			ivo: { firstStep: 'Presentation' },
			june: { options: { canCancel: false, canReplace: false } },
		};
		for (const customer of people) orders.put(order(sample(customer), states[customer.who]));
		orders.put(
			order(
				{ ...sample(person('kim')), who: 'kim_old' },
				{ state: 'Expired', endsIn: -90, externalIdentifier: 'cus_kim' },
			),
		);
	}

	return {
		addRoutes,
		turnsAway: (request) =>
			header(request, 'x-api-key') === keys.apiKey && header(request, 'x-tn') === keys.tenantId
				? undefined
				: 401,
		refusal(status, text) {
			// "401 without envelope". Assumption: without a body at all.
			if (status === 401) return { status };
			if (status === 429) return { status, body: { message: text } };
			return envelope(status, codes[status] ?? 'INTERNAL_SERVER_ERROR');
		},
		clear: () => orders.clear(),
		addSamples,
		addBulk(count, prefix) {
			for (let index = 1; index <= count; index += 1) {
				const who = `${prefix}_${bulkNumber(index)}`;
				const urn = `cu.${prefix}.${bulkNumber(index)}`;
				orders.put(order({ who, email: `${who}@example.com`, urn }));
			}
		},
		rows: () =>
			orders.all().map((record) => ({
				who: record.orderIdentifier.replace(/^or_/, ''),
				target: record.orderIdentifier,
				email: record.email,
				state: standing(current(record)),
				endsAt: record.endDate,
			})),
		namesOf(target) {
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
	};
}

function sample({ who, email, number }: Person): { who: string; email: string; urn: string } {
	return { who, email, urn: `cu.00.${String(number).padStart(3, '0')}` };
}

function standing({ state, subscriptionChannel, options, firstStep }: Order): string {
	const channel = subscriptionChannel === 'Azotte' ? '' : `, ${subscriptionChannel}`;
	const step = firstStep === 'Processed' ? '' : `, ${firstStep.toLowerCase()} first`;
	return state + channel + step + (options.canCancel ? '' : ', cannot be cancelled');
}

function isCancelable({ state, options }: Order): boolean {
	return options.canCancel && state !== 'Canceled' && state !== 'Expired';
}

function addressed({ body }: FastifyRequest): string | undefined {
	return textIn(body, 'orderIdentifier');
}

function methodIn({ body }: FastifyRequest): string {
	return textIn(body, 'cancelationMethod') ?? 'Normal';
}

const codes: Record<number, string> = {
	400: 'INVALID_REQUEST',
	403: 'FORBIDDEN',
	404: 'NOT_FOUND',
};

/** Answers come in a media type of the vendor's own. */
function envelope(status: number, messageCode: string, more: object = {}): Answer {
	const body = { ...more, status: { messageCode } };
	return { status, body, type: 'application/clientOutput+Json' };
}

function view(record: Order): Record<string, unknown> {
	return {
		bundleName: 'Plus',
		bundleSku: 'plus-monthly',
		bundleUrn: 'bu.00.001',
		state: record.state,
		startDate: record.startDate,
		endDate: record.endDate,
		orderIdentifier: record.orderIdentifier,
		originalOrderIdentifier: record.orderIdentifier,
		subscriptionChannelName: record.subscriptionChannel,
		subscriptionChannel: record.subscriptionChannel,
		options: { ...record.options, canCancel: isCancelable(record) },
	};
}

function offerFor({ orderIdentifier }: Order, expiresAt: string): Record<string, unknown> {
	return {
		offerIdentifier: `of_${orderIdentifier}`,
		name: 'Half price for three months',
		expiresAt,
	};
}

function bodyWith(required: string[]): Record<string, unknown> {
	return {
		type: 'object',
		required: ['orderIdentifier', ...required],
		properties: {
			orderIdentifier: { type: 'string', minLength: 1 },
			cancelationMethod: { type: 'string', enum: ['Normal', 'Immediate', 'EndOfPeriod'] },
			currentStep: { type: 'integer' },
			survey: { type: 'string' },
		},
	};
}
